"""Compiled loops of tracing: arrays in, arrays out. None of them holds Python's lock. Pure."""
