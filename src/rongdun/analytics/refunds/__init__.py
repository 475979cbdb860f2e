"""Returning frozen money to victims: which lawful mode applies, and what each victim gets. Pure."""
