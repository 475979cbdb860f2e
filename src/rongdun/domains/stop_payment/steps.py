"""Single instructions of an order: prepared, sent in one transaction with everything that belongs to it, answered."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from rongdun.domains.exchange import Kind
from rongdun.domains.stop_payment import store
from rongdun.domains.stop_payment.errors import UnknownInstitution
from rongdun.domains.stop_payment.model import STEP_REASON, Order, OrderStep
from rongdun.domains.stop_payment.wide import everything
from rongdun.kernel.ids import new_id
from rongdun.runtime.outbox import send
from rongdun.runtime.uow import Uow

CHANNEL = "bank"
"""Channel of the outbox that carries orders to institutions."""

FIRST = frozenset({"stop", "freeze", "query_transactions", "query_holder", "query_dynamic", "query_accounts"})
"""Instructions an order begins with; the others follow one of these."""


SYSTEM_MAKER: tuple[UUID | None, str] = (None, "系统")
"""Who prepares and sends what follows from an answer or the clock; anybody who may decide may check it."""


def first_kind(order: Order) -> str:
    """Return the instruction that an order begins with."""
    return order.question or order.kind


def prepare(
    uow: Uow,
    order: Order,
    kind: str,
    *,
    reason: str = "",
    amount_fen: int | None = None,
    span: tuple[datetime, datetime] | None = None,
    months: int | None = None,
    maker: tuple[UUID | None, str] | None = None,
    original: OrderStep | None = None,
) -> OrderStep:
    """Write an instruction of ``order`` down as a draft; nothing goes out. ``maker`` defaults to the actor.

    ``original``: the first instruction it follows; by default the last one that went out.
    """
    step_id = new_id()
    who, name = maker or (uow.actor.user_id, uow.actor.name)
    original = None if kind in FIRST else original or latest(uow, order, FIRST)
    step = OrderStep(
        id=step_id,
        order_id=order.id,
        unit_path=order.unit_path,
        application_id=str(step_id),
        kind=Kind(kind).value,
        state="DRAFT",
        original_id=original.application_id if original else "",
        amount_fen=amount_fen,
        starts_at=span[0] if span else None,
        ends_at=span[1] if span else None,
        reason=uow.vault.seal(reason, STEP_REASON.context_of(step_id)),
        months=months,
        maker_id=who,
        maker_name=name,
        made_at=uow.now,
    )
    uow.session.add(step)
    uow.session.flush()
    return step


def dispatch(
    uow: Uow, order: Order, step: OrderStep, *, sender: tuple[UUID | None, str] | None = None
) -> OrderStep:
    """Send a prepared instruction: the row, and the message to the institution in the same transaction.

    The idempotency key is the application id, so that one instruction is one message whatever happens. What follows
    from an answer that a liaison filled in goes out as well, though the message is none of the liaison's own unit.
    ``sender`` defaults to the actor. Raises :class:`UnknownInstitution` where there is nobody to send it to.
    """
    if not order.institution:
        raise UnknownInstitution()
    step.state, step.sent_at = "SENT", uow.now
    step.sender_id, step.sender_name = sender or (uow.actor.user_id, uow.actor.name)
    uow.session.flush()
    with everything(uow):
        send(
            uow,
            channel=CHANNEL,
            kind=step.kind,
            payload={"order_id": str(order.id), "instruction": step.application_id},
            idempotency_key=step.application_id,
            unit_path=order.unit_path,
            partner_path=order.partner_path,
            order_key=order.account_key.hex(),
        )
    return step


def prepared(uow: Uow, order: Order, kind: str) -> OrderStep | None:
    """Return the draft of an instruction of ``kind`` that was prepared, if there is one."""
    found = [one for one in steps(uow, order) if one.kind == kind and one.state == "DRAFT"]
    return found[-1] if found else None


def latest(uow: Uow, order: Order, kinds: frozenset[str]) -> OrderStep | None:
    """Return the last instruction of ``kinds`` that went out."""
    sent = [one for one in steps(uow, order) if one.kind in kinds and one.sent_at is not None]
    return sent[-1] if sent else None


def steps(uow: Uow, order: Order) -> Sequence[OrderStep]:
    """Return every instruction of a found order, whoever asks."""
    with everything(uow) as scope:
        return store.steps_of(uow.session, scope, order.id)


def set_aside(uow: Uow, order: Order, kinds: frozenset[str], *, state: str = "SUPERSEDED") -> None:
    """Put what was sent of ``kinds`` and not answered aside: another instruction takes its place."""
    for one in steps(uow, order):
        if one.kind in kinds and one.state == "SENT":
            one.state = state
    uow.session.flush()
