"""A bank that has no interface answers by form: the same answer as by message, in the name of who typed it."""

from rongdun.domains.exchange import FormerFreeze, Kind, Outcome, Reply
from rongdun.domains.stop_payment import store
from rongdun.domains.stop_payment.errors import NotAnswerable
from rongdun.domains.stop_payment.finding import locked
from rongdun.domains.stop_payment.model import Order
from rongdun.domains.stop_payment.receiving import receive
from rongdun.domains.stop_payment.schemas import AnswerIn
from rongdun.kernel.ids import new_id
from rongdun.runtime.uow import Uow


def answer(uow: Uow, order: Order, body: AnswerIn) -> Order:
    """Take what a liaison filled in for an instruction of a found order; :class:`NotAnswerable` if none waits."""
    steps = store.steps_of(uow.session, uow.actor.scope, order.id)
    step = next((one for one in steps if one.application_id == body.instruction), None)
    if step is None or step.state not in ("SENT", "SUPERSEDED"):
        raise NotAnswerable()
    reply = Reply(
        application_id=step.application_id,
        kind=Kind(step.kind),
        institution=order.institution,
        message_id=f"form-{new_id()}",
        outcome=Outcome(body.outcome),
        answered_at=uow.now,
        text=body.text,
        balance_fen=body.balance_fen,
        held_fen=body.held_fen,
        start=body.started_at,
        former=_former(body),
        clerk=uow.actor.name,
    )
    uow.record("order.answer", order.reference, unit_path=order.unit_path, after={"outcome": body.outcome})
    receive(uow, reply)
    return locked(uow, order.id)


def _former(body: AnswerIn) -> FormerFreeze | None:
    if not body.former_authority:
        return None
    return FormerFreeze(authority=body.former_authority, until=body.former_until)
