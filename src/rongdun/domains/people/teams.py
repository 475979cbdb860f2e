"""Case teams: whoever serves on one sees what belongs to the case, whichever unit it stands under."""

from uuid import UUID

from rongdun.domains.people import store
from rongdun.runtime.uow import Uow


def join_team(uow: Uow, case_id: UUID) -> None:
    """Let the actor serve on the team of a case; nothing happens when they do already."""
    user_id = uow.actor.user_id
    if user_id is None or store.serves(uow.session, user_id, case_id):
        return
    store.begin_service(uow.session, user_id, case_id, at=uow.now)


def leave_team(uow: Uow, case_id: UUID) -> None:
    """End the actor's service on the team of a case."""
    if uow.actor.user_id is not None:
        store.end_service(uow.session, uow.actor.user_id, case_id, at=uow.now)
