"""Who acts, and which rows they may see.

A unit's path is its codes from the root, each followed by a dot: ``cn.fj.fz.gulou.dongjie.``.
Codes match ``[a-z0-9_]+``, so ``low <= path < low + "~"`` in byte order is exactly the subtree.
"""

from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

_ABOVE_ALL = "~"
"""Sorts after every character a path may hold."""


class SubjectRef(NamedTuple):
    """What an audit entry, a deadline or a live event is about."""

    kind: str
    id: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """A half-open range of unit paths, and the cases on whose teams the actor serves."""

    low: str
    high: str
    teams: tuple[UUID, ...] = ()

    @classmethod
    def subtree(cls, path: str, *, teams: tuple[UUID, ...] = ()) -> "Scope":
        """Return the scope of the unit at ``path`` and everything below it."""
        if not path.endswith("."):
            raise ValueError(f"a unit path ends with a dot: {path!r}")
        return cls(path, path + _ABOVE_ALL, teams)

    @classmethod
    def everything(cls) -> "Scope":
        """Return the scope of the system itself: every row."""
        return cls("", _ABOVE_ALL)

    @classmethod
    def nothing(cls) -> "Scope":
        """Return the scope of somebody not signed in: no row."""
        return cls(_ABOVE_ALL, "")

    def covers(self, path: str) -> bool:
        """Tell whether a row of the unit at ``path`` lies in this scope."""
        return self.low <= path < self.high


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts, with what they may do and see at this moment."""

    user_id: UUID | None
    login: str
    name: str
    unit_id: UUID | None
    unit_path: str
    roles: frozenset[str]
    permissions: frozenset[str]
    scope: Scope
    session_id: UUID | None = None
    ip: str = ""
    unit_name: str = ""

    def may(self, permission: str) -> bool:
        """Tell whether the actor holds ``permission``."""
        return permission in self.permissions


SYSTEM = Actor(
    user_id=None,
    login="system",
    name="系统",
    unit_id=None,
    unit_path="",
    roles=frozenset({"system"}),
    permissions=frozenset(),
    scope=Scope.everything(),
)
"""The centre's own processes: migrations, sweepers, delivery."""

NOBODY = Actor(
    user_id=None,
    login="",
    name="",
    unit_id=None,
    unit_path="",
    roles=frozenset(),
    permissions=frozenset(),
    scope=Scope.nothing(),
)
"""A visitor who has not signed in."""
