"""Bank, payment and call-record files as they really arrive → canonical rows, and what was refused with its reason."""
