"""Queries of what was done to an account before an order; each within a scope, and row-level security below."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from rongdun.domains.stop_payment.model import Order, OrderReply, OrderStep
from rongdun.domains.stop_payment.store import orders_in, seen_by
from rongdun.kernel.scope import Scope


def freezes_named(session: Session, scope: Scope, orders: Collection[UUID]) -> Sequence[Order]:
    """Return the freezes among ``orders`` that ``scope`` covers."""
    found = orders_in(scope).where(Order.id.in_(orders), Order.kind == "freeze")
    return session.scalars(found.order_by(Order.made_at, Order.id)).all()


def measures_on(session: Session, scope: Scope, account_keys: Collection[bytes]) -> Sequence[Order]:
    """Return the stops and freezes of accounts that were sent, the newest first."""
    found = orders_in(scope).where(Order.account_key.in_(account_keys), Order.sent_at.is_not(None))
    measures = found.where(Order.kind.in_(("stop", "freeze")))
    return session.scalars(measures.order_by(Order.sent_at.desc(), Order.id)).all()


def sent_steps(session: Session, scope: Scope, orders: Collection[UUID]) -> Sequence[OrderStep]:
    """Return the instructions of orders that went out, the oldest first."""
    found = select(OrderStep).join(Order, Order.id == OrderStep.order_id).where(seen_by(scope))
    sent = found.where(OrderStep.order_id.in_(orders), OrderStep.sent_at.is_not(None))
    return session.scalars(sent.order_by(OrderStep.sent_at, OrderStep.id)).all()


def replies_to(session: Session, scope: Scope, orders: Collection[UUID]) -> Sequence[OrderReply]:
    """Return what was answered to orders, the oldest first."""
    found = select(OrderReply).join(Order, Order.id == OrderReply.order_id).where(seen_by(scope))
    told = found.where(OrderReply.order_id.in_(orders))
    return session.scalars(told.order_by(OrderReply.received_at, OrderReply.id)).all()
