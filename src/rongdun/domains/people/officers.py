"""Officers as other domains know them: who of one's own unit may do something, and the numbers of their service."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from rongdun.domains.people import store
from rongdun.domains.people.numbers import open_number
from rongdun.kernel.scope import Scope
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


@dataclass(frozen=True, slots=True)
class ServiceNumbers:
    """Numbers in clear by which an instruction names an officer; empty where none was entered."""

    police_number: str = ""
    work_phone: str = ""


def service_numbers(uow: Uow, scope: Scope, users: Collection[UUID]) -> dict[UUID, ServiceNumbers]:
    """Return the numbers of the service of ``users`` within ``scope``, disabled ones among them.

    For instructions to institutions alone: they are in clear.
    """
    return {
        user.id: ServiceNumbers(
            open_number(uow.vault, user, "police_number") or "",
            open_number(uow.vault, user, "work_phone") or "",
        )
        for user in store.users_with_ids(uow.session, scope, users)
    }
