"""Pure computation on tables and files; knows nothing of the centre."""
