"""The public notice of mode C: published for thirty days, objections entered and settled."""

from typing import Literal
from uuid import UUID

from rongdun.domains.restitution.errors import NoSuchClaim
from rongdun.domains.restitution.returns import store
from rongdun.domains.restitution.returns.model import (
    OBJECTOR,
    Objector,
    ReturnObjection,
    ReturnOrder,
    seal_fields,
)
from rongdun.domains.restitution.returns.moves import changed, move
from rongdun.domains.restitution.returns.rules import NOTICE
from rongdun.domains.restitution.returns.service import seen
from rongdun.domains.restitution.terms import due_of
from rongdun.kernel.ids import new_id
from rongdun.kernel.person_name import mask_name
from rongdun.runtime.uow import Uow


def publish(uow: Uow, return_id: UUID, *, version: int, place: str) -> ReturnOrder:
    """Publish the reckoning at ``place`` (a paper, a site): the notice of the policy table begins now."""
    found = seen(uow, return_id, version)
    found.notice_place, found.notice_from = place, uow.now
    found.notice_until = due_of(uow, NOTICE, uow.now)
    move(uow, found, "publish", after={"place": place, "until": found.notice_until.isoformat()})
    return found


def raise_objection(uow: Uow, return_id: UUID, *, version: int, objector: Objector) -> ReturnOrder:
    """Enter an objection against the notice; nothing is approved until it is settled."""
    found = seen(uow, return_id, version)
    row = ReturnObjection(
        id=new_id(),
        return_id=found.id,
        unit_path=found.unit_path,
        name=mask_name(objector.name),
        raised_at=uow.now,
        maker_name=uow.actor.name,
        outcome="",
        settlement="",
        settled_name="",
    )
    row.person = seal_fields(uow.vault, objector, OBJECTOR.context_of(row.id))
    uow.session.add(row)
    uow.session.flush()
    move(uow, found, "object", after={"objection": row.name})
    return found


def settle(
    uow: Uow,
    return_id: UUID,
    objection_id: UUID,
    *,
    version: int,
    outcome: Literal["upheld", "dismissed"],
    settlement: str,
) -> ReturnOrder:
    """Settle an objection. Once none is open the notice goes on; one that is upheld sends the return back."""
    found = seen(uow, return_id, version)
    rows = store.objections_of(uow.session, uow.actor.scope, found.id)
    row = next((one for one in rows if one.id == objection_id and not one.outcome), None)
    if row is None:
        raise NoSuchClaim
    row.outcome, row.settlement = outcome, settlement.strip()
    row.settled_name, row.settled_at = uow.actor.name, uow.now
    after: dict[str, object] = {"objection": row.name, "outcome": outcome}
    changed(uow, found, "return.objection_settled", after=after, note=settlement)
    if all(one.outcome for one in rows):
        move(uow, found, "settle")
    return found
