"""What follows a measure in force: extending a stop, renewing a freeze, lifting either, ending a watch."""

from datetime import datetime
from uuid import UUID

from rongdun.domains import cases, tracing
from rongdun.domains.stop_payment import clocks, store
from rongdun.domains.stop_payment.errors import NothingToRelease
from rongdun.domains.stop_payment.facts import waiting_steps
from rongdun.domains.stop_payment.finding import locked, seen
from rongdun.domains.stop_payment.model import Order, OrderStep
from rongdun.domains.stop_payment.moves import by_system, changed, move
from rongdun.domains.stop_payment.reasons import AFTERWARDS, TWICE, said, taken_over_by
from rongdun.domains.stop_payment.rules import HOLDING
from rongdun.domains.stop_payment.steps import FIRST, SYSTEM_MAKER, dispatch, prepare, prepared, steps
from rongdun.domains.stop_payment.wide import everything
from rongdun.kernel.errors import NotFound, Text
from rongdun.runtime.uow import Uow

_LIFT = {"stop": "lift_stop", "freeze": "lift_freeze"}
_CARRIED_OUT = ("done", "partial")


def extend(uow: Uow, order_id: UUID, *, version: int, note: str = "") -> Order:
    """Send the second stop of an order (延期), for another 48 hours from the end of the first."""
    order = seen(uow, order_id, version)
    with everything(uow) as scope:
        store.serialise_account(uow.session, scope, order.organ_path, order.account_key)
    step = prepared(uow, order, "extend_stop")
    move(uow, order, "extend", step=step, reason=note)
    assert order.ends_at is not None
    span = (order.ends_at, clocks.stop_end(uow, order.ends_at))
    _go(uow, order, step or prepare(uow, order, "extend_stop", reason=note, span=span), span)
    return order


def renew(uow: Uow, order_id: UUID, *, level: str, months: int, version: int, note: str = "") -> Order:
    """Approve and send the renewal of a freeze, before it ends, for ``months`` from its end."""
    order = seen(uow, order_id, version)
    step = prepared(uow, order, "renew_freeze")
    move(uow, order, f"renew_{level}", step=step, months=months, reason=note)
    assert order.ends_at is not None
    span = (order.ends_at, clocks.freeze_end(uow, order.ends_at, months))
    step = step or prepare(uow, order, "renew_freeze", reason=note, span=span)
    step.months, step.level = months, level
    step.amount_fen = order.held_fen if order.scope == "limited" else None
    _go(uow, order, step, span)
    return order


def lift(uow: Uow, order_id: UUID, *, version: int, reason: str) -> Order:
    """Send the lifting of a stop or a freeze, whole; the order is over when the bank says so."""
    order = seen(uow, order_id, version)
    move(uow, order, "lift", reason=reason)
    _send_lift(uow, order, None, reason)
    return order


def unrelated(uow: Uow, order_id: UUID, *, version: int, reason: str) -> Order:
    """Put on record that frozen money has nothing to do with the case: three days to lift it (article 247)."""
    order = seen(uow, order_id, version)
    move(uow, order, "unrelated", reason=reason)
    order.unrelated_at = order.unrelated_at or uow.now
    clocks.start(uow, order, "freeze.lift_unrelated", begun=order.unrelated_at)
    return order


def end_watch(uow: Uow, order_id: UUID, *, version: int) -> Order:
    """Ask the bank to end a dynamic watch."""
    order = seen(uow, order_id, version)
    move(uow, order, "end_watch")
    dispatch(uow, order, prepare(uow, order, "end_dynamic"))
    return order


def release(
    uow: Uow, order_id: UUID, amount_fen: int | None, reason: str, *, told: Text | None = None
) -> Order:
    """Lift a stop or freeze in full (``amount_fen`` None or all that is held) or by an amount of fen.

    For decisions that another desk has judged by its own table (relief); the order only carries them out. What is
    held goes down once the bank confirms. ``told``: what the bank is told, where it is more than ``reason``.
    Raises :class:`NothingToRelease`.
    """
    order = locked(uow, order_id)
    if order.state not in (*HOLDING, "QUEUED"):
        raise NothingToRelease()
    whole = amount_fen is None or amount_fen == order.held_fen
    if not whole and (order.kind != "freeze" or not 0 < (amount_fen or 0) < order.held_fen):
        raise NothingToRelease()
    changed(uow, order, "release", note=reason, detail={"amount_fen": None if whole else amount_fen})
    _send_lift(uow, order, None if whole else amount_fen, said(told) if told else reason)
    return order


def consume(uow: Uow, order_id: UUID, amount_fen: int, reason: str) -> Order:
    """Put on record that frozen money was paid back to victims; at nothing left the freeze is over.

    Called by the desk that returns money once the bank has paid. Raises :class:`NothingToRelease`.
    """
    order = locked(uow, order_id)
    if order.kind != "freeze" or not 0 < amount_fen <= order.held_fen:
        raise NothingToRelease()
    order.held_fen -= amount_fen
    if order.held_fen:
        changed(uow, order, "returned", note=reason, detail={"amount_fen": amount_fen})
    else:
        by_system(uow, order, "consume", detail={"amount_fen": amount_fen})
    return order


def adopt(uow: Uow, report_id: UUID, case_id: UUID, label: str) -> list[Order]:
    """Give the orders of a report, what they brought and its traces to the case that was opened from it.

    They stay the report's as well.
    """
    orders = [
        one for one in store.orders_of_report(uow.session, uow.actor.scope, report_id) if not one.case_id
    ]
    handled_by = cases.case_of(uow, case_id).unit_path
    for order in orders:
        order.case_id, order.subject_label, order.case_path = case_id, label, handled_by
        changed(uow, order, "adopt", detail={"case_id": str(case_id)})
    imports = store.imports_of(uow.session, uow.actor.scope, [order.id for order in orders])
    tracing.give_to_case(uow, report_id, case_id, handled_by, imports)
    return orders


def look_into(uow: Uow, order_id: UUID, *, version: int, reason: str) -> Order:
    """Put on record that somebody has looked into what called for attention, and what came of it."""
    order = seen(uow, order_id, version)
    if not order.attention:
        raise NotFound
    was, order.attention = order.attention, ""
    changed(uow, order, "looked_into", note=reason, detail={"attention": was})
    return order


def lift_again(uow: Uow, order: Order) -> None:
    """Send the lifting of an order once more: the bank carried the measure out after it was lifted."""
    _send_lift(uow, order, None, said(AFTERWARDS), by=SYSTEM_MAKER)


def lift_converted(uow: Uow, stop: Order, freeze: Order) -> None:
    """Send the lifting of a stop that a freeze has taken the place of, unless one is on its way already."""
    if not any(one.kind == _LIFT["stop"] for one in waiting_steps(uow, stop)):
        _send_lift(uow, stop, None, said(taken_over_by(freeze.number)), by=SYSTEM_MAKER)


def lift_the_other(uow: Uow, order: Order, *, also: OrderStep | None = None) -> bool:
    """Lift what the bank carried out under another application id of a lifted order; tell whether there was any.

    An order that was sent again may have been carried out twice; a lifting names one of the two. ``also``: the first
    instruction that is just being answered as carried out. They are lifted one after another.
    """
    there = steps(uow, order)
    named = {one.original_id for one in there if one.kind == _LIFT[order.kind] and one.sent_at is not None}
    held = [one for one in there if one.kind in FIRST and (one is also or one.outcome in _CARRIED_OUT)]
    left = [one for one in held if one.application_id not in named]
    if not left or any(one.kind == _LIFT[order.kind] for one in waiting_steps(uow, order)):
        return False
    step = prepare(uow, order, _LIFT[order.kind], reason=said(TWICE), maker=SYSTEM_MAKER, original=left[-1])
    dispatch(uow, order, step, sender=SYSTEM_MAKER)
    return True


def _send_lift(
    uow: Uow,
    order: Order,
    amount_fen: int | None,
    reason: str,
    *,
    by: tuple[UUID | None, str] | None = None,
) -> None:
    """Send a lifting in the name of the actor, or of ``by``: whoever's answer it follows from did not order it."""
    _drop_prepared(uow, order)
    step = prepare(uow, order, _LIFT[order.kind], reason=reason, amount_fen=amount_fen, maker=by)
    dispatch(uow, order, step, sender=by)


def _go(uow: Uow, order: Order, step: OrderStep, span: tuple[datetime, datetime]) -> None:
    step.starts_at, step.ends_at = span
    dispatch(uow, order, step)
    clocks.start(uow, order, clocks.REPLY_OF[order.kind])


def _drop_prepared(uow: Uow, order: Order) -> None:
    with everything(uow) as scope:
        for one in store.steps_of(uow.session, scope, order.id):
            if one.state == "DRAFT" and one.kind not in FIRST:
                one.state = "WITHDRAWN"
