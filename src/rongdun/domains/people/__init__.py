"""People: units, users, their roles, and signing in."""

from rongdun.domains.people.authenticate import authenticate, recheck

__all__ = ["authenticate", "recheck"]
