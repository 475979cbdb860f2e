"""Officers as other domains know them: who of one's own unit may do something."""

from dataclasses import dataclass
from uuid import UUID

from rongdun.domains.people import store
from rongdun.runtime.authz import permissions_of
from rongdun.runtime.uow import Uow


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody who works in a unit, by id and name."""

    id: UUID
    name: str


def colleagues(uow: Uow, permission: str) -> list[Officer]:
    """Return the enabled users of the actor's own unit, the actor among them, who hold ``permission``, by name."""
    found = store.users_at(uow.session, uow.actor.scope, uow.actor.unit_path)
    able = [user for user in found if permission in permissions_of(user.roles)]
    return sorted((Officer(user.id, user.name) for user in able), key=lambda one: (one.name, one.id))
