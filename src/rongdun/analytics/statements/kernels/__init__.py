"""Compiled loops over cells: bytes in, Arrow buffers out. None of them holds Python's lock. Pure."""
