"""Processes and commands; the one place that commits and composes."""
