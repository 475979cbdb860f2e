"""The city twin."""
