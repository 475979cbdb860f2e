"""How others know returns: those of a case."""

from dataclasses import dataclass
from uuid import UUID

from rongdun.domains.restitution.returns import store
from rongdun.runtime.uow import Uow


@dataclass(frozen=True, slots=True)
class ReturnSeen:
    """A return as others know it; amounts in fen."""

    id: UUID
    number: str
    state: str
    approved: bool
    share_fen: int
    paid_fen: int


def returns_of(uow: Uow, case_id: UUID) -> list[ReturnSeen]:
    """Return the returns of a case within the actor's scope, the oldest first."""
    rows = store.of_case(uow.session, uow.actor.scope, case_id)
    return [
        ReturnSeen(row.id, row.number, row.state, row.state in store.DECIDED, row.share_fen, row.paid_fen)
        for row in rows
    ]
