"""What to stop and what to ask next. See ``README.md``."""
