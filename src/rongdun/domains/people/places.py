"""Units as other domains know them."""

from dataclasses import dataclass
from uuid import UUID

from rongdun.domains.people import store
from rongdun.domains.people.model import Unit
from rongdun.kernel.errors import NotFound
from rongdun.runtime.uow import Uow


@dataclass(frozen=True, slots=True)
class UnitRef:
    """A unit: where it stands in the tree, what kind it is, what it is called."""

    id: UUID
    path: str
    kind: str
    name: str


def unit_at(uow: Uow, path: str) -> UnitRef:
    """Return the unit at ``path``; :class:`NotFound` outside the actor's scope."""
    return _ref(store.unit_at(uow.session, uow.actor.scope, path))


def unit_by_id(uow: Uow, unit_id: UUID) -> UnitRef:
    """Return a unit; :class:`NotFound` outside the actor's scope."""
    found = store.find_unit(uow.session, uow.actor.scope, unit_id)
    return _ref(found.unit if found else None)


def _ref(unit: Unit | None) -> UnitRef:
    if unit is None:
        raise NotFound
    return UnitRef(unit.id, unit.path, unit.kind, unit.name)
