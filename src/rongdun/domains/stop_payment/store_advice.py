"""Queries of advice: what it learnt, what it learns from, how many queries went out."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from rongdun.domains.stop_payment.model import AdviceFit, Order, OrderEvent
from rongdun.domains.stop_payment.store import orders_in, seen_by
from rongdun.kernel.scope import Scope

_PAID_BACK = ("returned", "consume")


def newest_fit(session: Session) -> AdviceFit | None:
    """Return what advice learnt last."""
    newest = select(AdviceFit).order_by(AdviceFit.made_at.desc(), AdviceFit.id.desc()).limit(1)
    return session.scalar(newest)


def measures_of(session: Session, scope: Scope, case_ids: Collection[UUID]) -> Sequence[Order]:
    """Return the stops and freezes of cases that a bank carried out, the oldest first."""
    carried_out = Order.case_id.in_(list(case_ids)), Order.starts_at.is_not(None)
    found = orders_in(scope).where(*carried_out, Order.kind.in_(("stop", "freeze")))
    return session.scalars(found.order_by(Order.starts_at, Order.id)).all()


def paid_back(session: Session, scope: Scope, order_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return by order the fen that was paid back to victims out of what it held."""
    found = select(OrderEvent.order_id, OrderEvent.detail).join(Order, Order.id == OrderEvent.order_id)
    inside = found.where(seen_by(scope), OrderEvent.order_id.in_(list(order_ids)))
    sums: dict[UUID, int] = {}
    for order_id, detail in session.execute(inside.where(OrderEvent.kind.in_(_PAID_BACK))):
        sums[order_id] = sums.get(order_id, 0) + int(detail["amount_fen"])
    return sums


def released(session: Session, scope: Scope, order_ids: Collection[UUID]) -> frozenset[UUID]:
    """Return those of the orders of which the desk of relief decided that money was to be let go."""
    found = select(OrderEvent.order_id).join(Order, Order.id == OrderEvent.order_id).where(seen_by(scope))
    inside = found.where(OrderEvent.order_id.in_(list(order_ids)), OrderEvent.kind == "release")
    return frozenset(session.scalars(inside))


def queries_sent(session: Session, scope: Scope, unit_path: str, since: datetime) -> int:
    """Return how many queries a unit has sent since a moment, as far as ``scope`` covers them."""
    sent = orders_in(scope).where(Order.kind == "query", Order.unit_path == unit_path, Order.sent_at >= since)
    return session.scalar(sent.with_only_columns(func.count())) or 0
