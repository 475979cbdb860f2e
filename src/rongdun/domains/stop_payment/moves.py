"""Moving an order: judged by its table, its clocks opened and closed, put on record, told to open screens."""

from collections.abc import Mapping
from typing import Any

from rongdun.domains.stop_payment import clocks
from rongdun.domains.stop_payment.facts import facts_of
from rongdun.domains.stop_payment.model import NOTE, Order, OrderEvent, OrderStep
from rongdun.domains.stop_payment.rules import LIFECYCLES, is_over
from rongdun.kernel.ids import new_id
from rongdun.kernel.lifecycle import Facts, Moved, Offer, available, take
from rongdun.kernel.scope import SYSTEM, Actor
from rongdun.runtime.uow import Uow

TOPIC = "order"
"""The live topic of orders."""


def move(
    uow: Uow,
    order: Order,
    action: str,
    *,
    by: Actor | None = None,
    step: OrderStep | None = None,
    months: int | None = None,
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
) -> Moved:
    """Take ``action`` on a locked order; raise the refusal of its table, by name.

    ``by`` is who is judged (default: the actor; ``SYSTEM`` for what follows from an answer or the clock), ``step``
    the prepared instruction the action would send, ``months`` the term of a renewal.
    """
    decision = take(
        LIFECYCLES[order.kind],
        state=order.state,
        action=action,
        actor=by or uow.actor,
        facts=facts_of(uow, order, step=step, months=months),
        now=uow.now,
        reason=reason,
    )
    order.state = decision.to_state
    ended = is_over(order.kind, order.state)
    order.over_at = (order.over_at or uow.now) if ended else None
    clocks.follow(uow, order, decision, ended=ended)
    changed(
        uow,
        order,
        action,
        states=(decision.from_state, decision.to_state),
        note=decision.reason,
        detail=detail,
    )
    return decision


def by_system(uow: Uow, order: Order, action: str, *, detail: Mapping[str, Any] | None = None) -> Moved:
    """Take a step that follows from an answer or the clock."""
    return move(uow, order, action, by=SYSTEM, detail=detail)


def changed(
    uow: Uow,
    order: Order,
    kind: str,
    *,
    states: tuple[str, str] | None = None,
    note: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Put what happened to an order on record three times over: its event, the audit, open screens.

    ``detail`` holds no personal data; a ``note`` may and is sealed.
    """
    order.version += 1
    order.updated_at = uow.now
    before, after = states or (order.state, order.state)
    event = OrderEvent(
        id=new_id(),
        order_id=order.id,
        unit_path=order.unit_path,
        at=uow.now,
        kind=kind,
        from_state=before,
        to_state=after,
        actor_id=uow.actor.user_id,
        actor_name=uow.actor.name,
        detail=dict(detail or {}),
    )
    event.note = uow.vault.seal(note, NOTE.context_of(event.id)) if note else None
    uow.session.add(event)
    uow.session.flush()
    uow.record(
        f"order.{kind}",
        order.reference,
        unit_path=order.unit_path,
        before={"state": before},
        after={"state": after, **dict(detail or {})},
        note=note,
    )
    tell(uow, order)


def tell(uow: Uow, order: Order) -> None:
    """Tell open screens of the unit and, once it has been sent, of the bank."""
    uow.publish(TOPIC, order.reference, order.unit_path)
    if order.partner_path and order.sent_at is not None:
        uow.publish(TOPIC, order.reference, order.partner_path)


def offers(
    uow: Uow, order: Order, *, step: OrderStep | None = None, facts: Facts | None = None
) -> tuple[Offer, ...]:
    """Return what people may do to the order now, each with why not, if not; ``facts``: where they are known."""
    table = LIFECYCLES[order.kind]
    system = {each.action for each in table.transitions if each.who == SYSTEM.roles}
    facts = facts_of(uow, order, step=step) if facts is None else facts
    every = available(table, state=order.state, actor=uow.actor, facts=facts, now=uow.now)
    return tuple(offer for offer in every if offer.action not in system)
