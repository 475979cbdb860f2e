"""What an answer does to its order, by the kind of instruction and by how the institution answered."""

from collections.abc import Callable
from datetime import datetime

from rongdun.domains.exchange import Kind, Outcome, Reply
from rongdun.domains.stop_payment import clocks
from rongdun.domains.stop_payment.converting import take_over, taken_over_meanwhile
from rongdun.domains.stop_payment.following import lift_again, lift_the_other
from rongdun.domains.stop_payment.model import Order, OrderStep
from rongdun.domains.stop_payment.moves import by_system, changed
from rongdun.domains.stop_payment.rules import HOLDING, LIFECYCLES
from rongdun.domains.stop_payment.steps import FIRST, steps
from rongdun.runtime.uow import Uow

APPLIED, NOTED, LATE, CONTRADICTION = "applied", "noted", "late", "contradiction"
RETURNED = "money_returned"

_DONE = frozenset({Outcome.DONE, Outcome.PARTIAL})
_NOTHING_THERE = frozenset({Outcome.NOT_FOUND, Outcome.CLOSED})
"""Answers to a lifting after which nothing is held either."""


def apply(uow: Uow, order: Order, step: OrderStep, reply: Reply) -> str:
    """Let an answer to ``step`` have its effect on the locked order; return which it had.

    ``applied``: it moved the order or its clock. ``noted``: nothing was left to move. ``late`` and ``contradiction``:
    it says something the order cannot follow by itself any more, and is marked for somebody to look into.
    """
    _balance(order, reply)
    earlier = step.outcome if step.state == "ANSWERED" else ""
    effect = _EFFECTS[Kind(step.kind)](uow, order, step, reply)
    _answered(uow, step, reply, effect)
    if earlier and step.kind not in _QUESTIONS and _contradicts(earlier, reply.outcome):
        effect = CONTRADICTION
    if effect in (LATE, CONTRADICTION):
        order.attention = effect
        detail = {"outcome": str(reply.outcome), "earlier": earlier, "instruction": step.kind}
        changed(uow, order, f"reply_{effect}", detail=detail)
    return effect


def _contradicts(earlier: str, now: Outcome) -> bool:
    """One of two answers says that the measure is in place, the other that it is not; a place in line may move up."""
    return earlier != Outcome.QUEUED and (earlier in _DONE) != (now in _DONE)


def _answered(uow: Uow, step: OrderStep, reply: Reply, effect: str) -> None:
    if step.state == "ANSWERED" and effect != APPLIED:
        return
    if reply.outcome is Outcome.TIMEOUT and step.kind in FIRST:
        step.silent_at = step.silent_at or uow.now
        return
    step.state, step.answered_at, step.outcome = "ANSWERED", uow.now, str(reply.outcome)


def _balance(order: Order, reply: Reply) -> None:
    if reply.balance_fen is None:
        return
    if order.balance_at is None or reply.answered_at >= order.balance_at:
        order.balance_fen, order.balance_at = reply.balance_fen, reply.answered_at


def _move(uow: Uow, order: Order, action: str, reply: Reply) -> str:
    """Take the step of an answer where the table has it from here; else the answer came too late for it."""
    there = {each.action for each in LIFECYCLES[order.kind].leaving(order.state)}
    if action not in there:
        return _standing(order, action)
    detail = {"outcome": str(reply.outcome), "held_fen": order.held_fen, "balance_fen": reply.balance_fen}
    by_system(uow, order, action, detail=detail)
    return APPLIED


def _standing(order: Order, action: str) -> str:
    """Tell whether an answer that moves nothing only repeats how the order stands."""
    return NOTED if order.state in _REPEATS.get(action, ()) else LATE


_REPEATS = {
    "stopped": ("STOPPED", "PARTIAL", "EXTENDED", "CONVERTING", "CONVERTED_TO_FREEZE"),
    "partial": ("STOPPED", "PARTIAL", "EXTENDED", "CONVERTING", "CONVERTED_TO_FREEZE"),
    "reject": ("REJECTED", "LIFTED"),
    "extended": ("EXTENDED", "CONVERTING", "CONVERTED_TO_FREEZE"),
    "frozen": ("FROZEN", "RENEWED"),
    "queued": ("QUEUED",),
    "fail": ("FAILED", "LIFTED"),
    "lifted": ("LIFTED", "EXPIRED", "CONVERTED_TO_FREEZE", "AUTO_LIFTED", "CONSUMED"),
    "answer": ("ANSWERED",),
    "answer_in_part": ("ANSWERED", "PARTIAL"),
    "time_out": ("TIMEOUT",),
}


def _stop(uow: Uow, order: Order, step: OrderStep, reply: Reply) -> str:
    order.outcome, order.answered_at = str(reply.outcome), uow.now
    if reply.returned_fen is not None:
        return _returned(uow, order, step, reply)
    if reply.outcome in _DONE:
        return _held(uow, order, step, reply)
    if reply.outcome is Outcome.TIMEOUT:
        return _move(uow, order, "time_out", reply)
    return _move(uow, order, "reject", reply)


def _held(uow: Uow, order: Order, step: OrderStep, reply: Reply) -> str:
    began = reply.start or reply.answered_at
    if order.state in ("LIFTED", "CONVERTED_TO_FREEZE"):
        return _after_lifting(uow, order, step, began)
    action = "partial" if reply.outcome is Outcome.PARTIAL or _short(order, reply) else "stopped"
    if order.state in ("SENT", "TIMEOUT", "REJECTED"):
        order.starts_at = began
        order.ends_at = _earlier(clocks.stop_end(uow, began), reply.end)
        order.held_fen = _held_fen(reply)
    effect = _move(uow, order, action, reply)
    if effect == APPLIED:
        taken_over_meanwhile(uow, order)
    return effect


def _returned(uow: Uow, order: Order, step: OrderStep, reply: Reply) -> str:
    """Take off what was sent back to the payer's institution: whoever pays victims out must not count on it."""
    _held(uow, order, step, reply)
    order.held_fen = max(order.held_fen - (reply.returned_fen or 0), 0)
    order.attention = RETURNED
    changed(uow, order, RETURNED, detail={"returned_fen": reply.returned_fen, "held_fen": order.held_fen})
    return APPLIED


def _after_lifting(uow: Uow, order: Order, step: OrderStep, began: datetime) -> str:
    """Lift once more what was carried out after its lifting had been answered, or what no lifting named."""
    if lift_the_other(uow, order, also=step):
        return LATE
    lifted = max(
        (one.answered_at for one in steps(uow, order) if one.answered_at and "lift" in one.kind), default=None
    )
    if lifted is not None and began > lifted:
        lift_again(uow, order)
        return LATE
    return NOTED


def _short(order: Order, reply: Reply) -> bool:
    held = _held_fen(reply)
    return order.amount_fen is not None and held < order.amount_fen


def _held_fen(reply: Reply) -> int:
    return reply.held_fen if reply.held_fen is not None else reply.balance_fen or 0


def _earlier(ours: datetime, told: datetime | None) -> datetime:
    """Return the earlier end: the bank may count from another moment than we, and what ends first is acted on."""
    return min(ours, told) if told else ours


def _extend(uow: Uow, order: Order, step: OrderStep, reply: Reply) -> str:
    if reply.outcome not in _DONE:
        order.attention = "not_extended"
        changed(uow, order, "not_extended", detail={"outcome": str(reply.outcome)})
        clocks.close(uow, order, "stop.reply")
        return APPLIED
    if order.state not in ("STOPPED", "PARTIAL"):
        return _standing(order, "extended")
    assert order.ends_at is not None
    order.starts_at = order.ends_at
    order.ends_at = step.ends_at or clocks.stop_end(uow, order.starts_at)
    order.held_fen = reply.held_fen if reply.held_fen is not None else order.held_fen
    clocks.close(uow, order, "stop.reply")
    return _move(uow, order, "extended", reply)


def _lift(uow: Uow, order: Order, step: OrderStep, reply: Reply) -> str:
    if reply.outcome not in _DONE | _NOTHING_THERE:
        if step.state == "SENT":
            clocks.close(uow, order, clocks.REPLY_OF[order.kind])
        if order.over_at is not None:
            return NOTED
        order.attention = "not_lifted"
        changed(uow, order, "not_lifted", detail={"outcome": str(reply.outcome)})
        return APPLIED
    if step.amount_fen is not None and reply.outcome in _DONE:
        return _lifted_in_part(uow, order, step, reply)
    _answered(uow, step, reply, APPLIED)
    uow.session.flush()
    if lift_the_other(uow, order):
        return APPLIED
    order.held_fen = 0
    clocks.close(uow, order, "freeze.lift_unrelated")
    return _move(uow, order, "lifted", reply)


def _lifted_in_part(uow: Uow, order: Order, step: OrderStep, reply: Reply) -> str:
    if step.state == "ANSWERED":
        return NOTED
    assert step.amount_fen is not None
    order.held_fen = max(order.held_fen - step.amount_fen, 0)
    changed(uow, order, "lifted_in_part", detail={"amount_fen": step.amount_fen, "held_fen": order.held_fen})
    clocks.close(uow, order, "freeze.lift_unrelated")
    return APPLIED


def _freeze(uow: Uow, order: Order, step: OrderStep, reply: Reply) -> str:
    order.outcome, order.answered_at = str(reply.outcome), uow.now
    if reply.outcome in _DONE:
        return _frozen(uow, order, step, reply, "frozen")
    if reply.outcome is Outcome.QUEUED:
        return _frozen(uow, order, step, reply, "queued")
    if reply.outcome is Outcome.TIMEOUT:
        return _move(uow, order, "time_out", reply)
    return _move(uow, order, "fail", reply)


def _frozen(uow: Uow, order: Order, step: OrderStep, reply: Reply, action: str) -> str:
    began = reply.start or reply.answered_at
    if order.state == "LIFTED":
        return _after_lifting(uow, order, step, began)
    if order.state in ("SENT", "TIMEOUT", "FAILED", "QUEUED"):
        order.starts_at = began
        order.ends_at = _earlier(clocks.freeze_end(uow, began, order.months or 0), reply.end)
        order.held_fen = _held_fen(reply) if action == "frozen" else 0
    effect = _move(uow, order, action, reply)
    if effect == APPLIED:
        clocks.start_period(uow, order)
        take_over(uow, order)
    return effect


def _renew(uow: Uow, order: Order, step: OrderStep, reply: Reply) -> str:
    clocks.close(uow, order, "freeze.reply")
    if reply.outcome not in _DONE:
        order.attention = "not_renewed"
        changed(uow, order, "not_renewed", detail={"outcome": str(reply.outcome)})
        return APPLIED
    if order.state not in HOLDING:
        return LATE
    if step.state == "ANSWERED":
        return NOTED
    assert order.ends_at is not None
    clocks.close(uow, order, clocks.PERIODS[order.level or "county"])
    order.starts_at, order.months = order.ends_at, step.months or order.months
    order.level = step.level or order.level
    order.ends_at = step.ends_at or clocks.freeze_end(uow, order.starts_at, order.months or 0)
    effect = _move(uow, order, "renewed", reply)
    clocks.start_period(uow, order)
    return effect


def _query(uow: Uow, order: Order, step: OrderStep, reply: Reply) -> str:
    order.outcome, order.answered_at = str(reply.outcome), uow.now
    if reply.outcome is Outcome.DONE:
        return _move(uow, order, "answer", reply)
    if reply.outcome is Outcome.PARTIAL:
        return _move(uow, order, "answer_in_part", reply)
    if reply.outcome is Outcome.TIMEOUT:
        return _move(uow, order, "time_out", reply)
    return _move(uow, order, "reject", reply)


def _watch(uow: Uow, order: Order, step: OrderStep, reply: Reply) -> str:
    if reply.outcome not in _DONE:
        return _query(uow, order, step, reply)
    order.outcome, order.answered_at = str(reply.outcome), uow.now
    if order.state == "WATCHING":
        return APPLIED if reply.rows else NOTED
    order.starts_at, order.ends_at = step.starts_at, step.ends_at
    return _move(uow, order, "watch", reply)


def _end_watch(uow: Uow, order: Order, step: OrderStep, reply: Reply) -> str:
    if reply.outcome not in _DONE | _NOTHING_THERE:
        return NOTED
    return _move(uow, order, "ended", reply)


_Effect = Callable[[Uow, Order, OrderStep, Reply], str]

_EFFECTS: dict[Kind, _Effect] = {
    Kind.STOP: _stop,
    Kind.EXTEND_STOP: _extend,
    Kind.LIFT_STOP: _lift,
    Kind.FREEZE: _freeze,
    Kind.RENEW_FREEZE: _renew,
    Kind.LIFT_FREEZE: _lift,
    Kind.QUERY_TRANSACTIONS: _query,
    Kind.QUERY_HOLDER: _query,
    Kind.QUERY_ACCOUNTS: _query,
    Kind.QUERY_DYNAMIC: _watch,
    Kind.END_DYNAMIC: _end_watch,
}

_QUESTIONS = frozenset(
    {
        Kind.QUERY_TRANSACTIONS.value,
        Kind.QUERY_HOLDER.value,
        Kind.QUERY_DYNAMIC.value,
        Kind.QUERY_ACCOUNTS.value,
    }
)
"""Instructions that may be answered in several messages."""
