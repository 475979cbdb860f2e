"""What the clock does to orders: terms that are over, banks that stayed silent, drafts of what comes next.

Every order is looked at in a transaction of its own, so that one that cannot be moved holds up no other.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from rongdun.domains.stop_payment import clocks, store
from rongdun.domains.stop_payment.coming import next_for_case, next_for_freeze, next_for_stop
from rongdun.domains.stop_payment.model import Order
from rongdun.domains.stop_payment.moves import by_system, changed
from rongdun.domains.stop_payment.steps import FIRST
from rongdun.domains.stop_payment.undelivered import look_after, stuck
from rongdun.kernel.deadline import Term, Unit
from rongdun.kernel.errors import DomainError
from rongdun.kernel.scope import Scope
from rongdun.runtime.jobs import Work
from rongdun.runtime.logs import describe, get_logger
from rongdun.runtime.uow import Uow

_log = get_logger("orders")

_BATCH = 500
_KINDS = {
    "stop": ("stop", "extend_stop", "lift_stop"),
    "freeze": ("freeze", "renew_freeze", "lift_freeze"),
    "query": ("query_transactions", "query_holder", "query_dynamic", "query_accounts", "end_dynamic"),
}
_SPAN = {Unit.MINUTE: timedelta(minutes=1), Unit.HOUR: timedelta(hours=1), Unit.DAY: timedelta(days=1)}


def sweep(work: Work) -> None:
    """Do one round: end what is over, mark who stayed silent and what was not delivered, prepare what comes next."""
    for order_id in _ended(work):
        _each(work, order_id, expire)
    for order_id in _silent(work):
        _each(work, order_id, silence)
    for order_id in stuck(work):
        _each(work, order_id, look_after)
    for order_id in _coming(work):
        _each(work, order_id, prepare_next)


def expire(uow: Uow, order: Order) -> None:
    """End an order whose term is over: a stop lapses, a freeze is lifted by itself."""
    by_system(uow, order, "expire", detail={"held_fen": order.held_fen})
    order.held_fen = 0
    uow.session.flush()


def silence(uow: Uow, order: Order) -> None:
    """Mark instructions whose answer is overdue; an order whose first one is stands at «no answer»."""
    for step in store.steps_of(uow.session, uow.actor.scope, order.id):
        if step.state != "SENT" or step.silent_at is not None or not _overdue(uow, order, step.sent_at):
            continue
        step.silent_at = uow.now
        if step.kind in FIRST and order.state == "SENT":
            by_system(uow, order, "time_out", detail={"instruction": step.kind})
        else:
            order.attention = "silent"
            changed(uow, order, "silent", detail={"instruction": step.kind})


def prepare_next(uow: Uow, order: Order) -> None:
    """Prepare what comes after a measure in force: a freeze, an extension, a renewal; it still waits for a person."""
    if order.kind == "freeze":
        next_for_freeze(uow, order)
    else:
        next_for_stop(uow, order)


def case_filed(uow: Uow, case_id: UUID) -> list[Order]:
    """Prepare a freeze for every stop in force of a case that has just been filed; return the drafts."""
    return next_for_case(uow, case_id)


def _ended(work: Work) -> list[UUID]:
    with work.transact() as uow:
        return [one.id for one in store.ended_by(uow.session, uow.actor.scope, uow.now, limit=_BATCH)]


def _silent(work: Work) -> list[UUID]:
    found: list[UUID] = []
    with work.transact() as uow:
        for kind, names in _KINDS.items():
            latest = uow.now - length_of(clocks.reply_term(uow, kind, uow.now))
            late = store.unanswered_since(uow.session, uow.actor.scope, names, latest, limit=_BATCH)
            found += [one.order_id for one in late]
    return list(dict.fromkeys(found))


def _coming(work: Work) -> list[UUID]:
    with work.transact() as uow:
        scope: Scope = uow.actor.scope
        stop, freeze = (
            length_of(clocks.lead(uow, key)) for key in ("stop.prepare_next", "freeze.prepare_next")
        )
        return [
            *store.stops_to_follow(uow.session, scope, before=uow.now + stop),
            *store.freezes_ending(uow.session, scope, before=uow.now + freeze),
        ]


def _each(work: Work, order_id: UUID, act: Callable[[Uow, Order], None]) -> None:
    try:
        with work.transact() as uow:
            order = store.lock_order(uow.session, uow.actor.scope, order_id)
            if order is not None and order.over_at is None:
                act(uow, order)
    except DomainError as error:
        _log.info("order_not_swept", order=str(order_id), fault=describe(error))


def _overdue(uow: Uow, order: Order, sent_at: datetime | None) -> bool:
    return sent_at is not None and sent_at + length_of(clocks.reply_term(uow, order.kind, sent_at)) <= uow.now


def length_of(term: Term) -> timedelta:
    """Return a term of minutes, hours or days as a length of time."""
    return term.amount * _SPAN[term.unit]
