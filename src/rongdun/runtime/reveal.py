"""Fields that may be shown in clear to somebody with a purpose: who holds them and how they are found.

A domain registers its sealed fields once, where it is composed; :mod:`rongdun.domains.oversight` is the only
caller of the loaders, and it puts every call on record.
"""

from collections.abc import Callable
from typing import NamedTuple

from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.uow import Uow


class Revealed(NamedTuple):
    """A field in clear (``None`` when the record has none), whose it is, and its unit's path."""

    value: str | None
    subject: SubjectRef
    unit_path: str


Loader = Callable[[Uow, str], Revealed | None]
"""Finds record ``id`` inside the actor's scope and opens the field; ``None`` when there is no such record."""


class Revealable(NamedTuple):
    """One field that may be revealed, and the permission it takes."""

    kind: str
    field: str
    loader: Loader
    permission: str


_fields: dict[tuple[str, str], Revealable] = {}


def register_reveal(kind: str, field: str, loader: Loader, permission: str) -> None:
    """Declare that ``field`` of subjects of ``kind`` may be revealed to holders of ``permission``.

    Raises :class:`ValueError` when another loader already serves the field.
    """
    declared = Revealable(kind, field, loader, permission)
    if _fields.setdefault((kind, field), declared) != declared:
        raise ValueError(f"{kind}.{field} is already revealable by another loader")


def revealable(kind: str, field: str) -> Revealable | None:
    """Return how ``field`` of ``kind`` is revealed, or ``None`` when it never is."""
    return _fields.get((kind, field))


def revealable_fields() -> tuple[Revealable, ...]:
    """Return every revealable field, by kind and name."""
    return tuple(_fields[key] for key in sorted(_fields))
