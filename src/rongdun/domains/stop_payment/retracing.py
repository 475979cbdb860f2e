"""Once an answered statement is in the ledger: the traces of its case are computed again, so that the tree grows."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from rongdun.domains import tracing
from rongdun.domains.stop_payment import store
from rongdun.domains.stop_payment.model import Order, OrderStatement
from rongdun.domains.stop_payment.moves import changed
from rongdun.domains.stop_payment.statements import defer_for
from rongdun.kernel.scope import Scope
from rongdun.runtime.jobs import Work
from rongdun.runtime.uow import Uow

_AGAIN = timedelta(seconds=2)
_PATIENCE = timedelta(hours=2)


def retrace(work: Work, statement_id: UUID) -> None:
    """Look whether the import has ended; compute the traces, or come back later; give up after two hours."""
    with work.transact() as uow:
        kept = store.lock_statement(uow.session, uow.actor.scope, statement_id)
        if kept is None or kept.import_id is None or kept.traced_at is not None:
            return
        order = store.lock_order(uow.session, uow.actor.scope, kept.order_id)
        if order is None:
            return
        if kept.state == "IMPORTING":
            _look(uow, order, kept)
        busy = kept.state == "IMPORTING" or (kept.state == "IMPORTED" and _compute(uow, order, kept))
        if busy and uow.now - kept.created_at < _PATIENCE:
            from rongdun.domains.stop_payment.jobs import RETRACE

            defer_for(uow, RETRACE, kept.id, at=uow.now + _AGAIN)


def _look(uow: Uow, order: Order, kept: OrderStatement) -> None:
    assert kept.import_id is not None
    state = tracing.import_state(uow, kept.import_id)
    if state in ("IMPORTED", "IMPORTED_WITH_REJECTS"):
        kept.state = "IMPORTED"
        changed(uow, order, "statement_imported", detail={"import": str(kept.import_id), "rows": kept.rows})
    elif state not in ("RECEIVED", "READING"):
        kept.state, kept.error = "FAILED", state
        changed(uow, order, "statement_failed", detail={"import": str(kept.import_id), "state": state})


def _compute(uow: Uow, order: Order, kept: OrderStatement) -> bool:
    """Send the traces to be computed; tell whether one of them is at work and has to be waited for."""
    busy = [trace_id for trace_id in traces_of(uow, order) if not tracing.recompute(uow, trace_id)]
    if not busy:
        kept.traced_at = uow.now
    return bool(busy)


def traces_of(uow: Uow, order: Order) -> list[UUID]:
    """Return the traces that an order's case (or report) is followed by."""
    scope = Scope.everything()
    orders: Iterable[Order] = [order]
    if order.case_id is not None:
        orders = [order, *store.orders_of_case(uow.session, scope, order.case_id)]
    elif order.report_id is not None:
        orders = [order, *store.orders_of_report(uow.session, scope, order.report_id)]
    named = {one.trace_id for one in orders if one.trace_id is not None}
    about = [one for one in (order.case_id, order.report_id) if one is not None]
    return sorted(named | {found.id for found in tracing.traces_for(uow, about)})
