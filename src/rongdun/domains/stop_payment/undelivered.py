"""Instructions whose message did not reach the institution: seen at the order desk, sent again, or given up.

A dead letter marks its order; the mark goes when the message is sent after all. A letter that is given up carries
nothing any more: a first instruction then ends its order as not carried out, and a corrected order may be drafted; one
that followed is taken back, so that it may be sent anew.
"""

from datetime import timedelta
from uuid import UUID

from rongdun.domains import exchange
from rongdun.domains.stop_payment import clocks, store
from rongdun.domains.stop_payment.facts import UNDELIVERED, waiting_steps
from rongdun.domains.stop_payment.model import Order, OrderStep
from rongdun.domains.stop_payment.moves import by_system, changed
from rongdun.domains.stop_payment.steps import CHANNEL, FIRST
from rongdun.domains.stop_payment.wide import everything
from rongdun.runtime.jobs import Work
from rongdun.runtime.uow import Uow

LOOK_BACK = timedelta(days=1)
"""Letters given up longer ago have been seen by an earlier sweep, unless nothing swept for a day."""

_NOT_DONE = {"stop": "reject", "query": "reject", "freeze": "fail"}


def stuck(work: Work) -> list[UUID]:
    """Return the orders with an undelivered or given-up message, and those still marked as such."""
    with work.transact() as uow:
        letters = exchange.undelivered(uow, CHANNEL, since=uow.now - LOOK_BACK)
        named = [UUID(one.order_id) for one in letters if one.order_id]
        return list(dict.fromkeys([*named, *store.marked(uow.session, uow.actor.scope, UNDELIVERED)]))


def look_after(uow: Uow, order: Order) -> None:
    """Mark, unmark or end a locked order as its messages stand now; does nothing where nothing has changed."""
    waiting = {one.application_id: one for one in waiting_steps(uow, order)}
    letters = exchange.letters_of(uow, waiting)
    dead = [one for one in letters if one.state == "dead"]
    if dead and order.attention != UNDELIVERED:
        order.attention = UNDELIVERED
        detail = {"instruction": waiting[dead[0].key].kind, "error": dead[0].error}
        changed(uow, order, "undelivered", detail=detail)
    for one in letters:
        if one.state == "abandoned":
            _given_up(uow, order, waiting[one.key], one.error)
    if not dead and order.attention == UNDELIVERED:
        order.attention = ""
        changed(uow, order, "no_longer_undelivered")


def replace_letters(uow: Uow, order: Order, kinds: frozenset[str]) -> None:
    """Give the dead letters of an order's instructions of ``kinds`` up: it is sent again under a new id."""
    keys = [one.application_id for one in waiting_steps(uow, order) if one.kind in kinds]
    with everything(uow):
        exchange.give_up(uow, keys, reason=f"重新发出 {order.number}")
    if order.attention == UNDELIVERED:
        order.attention = ""


def _given_up(uow: Uow, order: Order, step: OrderStep, error: str) -> None:
    step.state = "WITHDRAWN"
    uow.session.flush()
    detail = {"instruction": step.kind, "error": error}
    if step.kind in FIRST and order.state in ("SENT", "TIMEOUT"):
        order.outcome = UNDELIVERED
        by_system(uow, order, _NOT_DONE[order.kind], detail=detail)
    else:
        clocks.close(uow, order, clocks.REPLY_OF[order.kind])
        changed(uow, order, "given_up", detail=detail)
