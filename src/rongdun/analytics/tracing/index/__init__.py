"""The trace index: a ledger version's transfers as memory-mapped arrays, and the part of it that one trace needs."""
