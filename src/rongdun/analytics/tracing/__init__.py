"""Tracing: where each victim's money went and where it is now. Pure computation on arrays; see README.md."""
