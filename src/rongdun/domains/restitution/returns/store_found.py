"""Queries of the one search on returns; each within a scope, and row-level security below."""

from collections.abc import Sequence

from sqlalchemy import or_
from sqlalchemy.orm import Session

from rongdun.domains.restitution.returns.model import ReturnOrder
from rongdun.domains.restitution.returns.store import returns_in
from rongdun.domains.restitution.sought import looks_like
from rongdun.kernel.scope import Scope


def returns_like(session: Session, scope: Scope, text: str, limit: int) -> Sequence[ReturnOrder]:
    """Return the newest returns whose number, case, freeze, decision or masked account shows ``text``."""
    named = (
        ReturnOrder.number,
        ReturnOrder.case_number,
        ReturnOrder.order_number,
        ReturnOrder.decision_number,
    )
    shown = [column.icontains(text, autoescape=True) for column in named]
    wanted = returns_in(scope).where(or_(*shown, looks_like(ReturnOrder.account, text)))
    return session.scalars(wanted.order_by(ReturnOrder.created_at.desc()).limit(limit)).all()


def returns_masked(session: Session, scope: Scope, mask: str, limit: int) -> Sequence[ReturnOrder]:
    """Return the newest returns out of accounts that look like ``mask``."""
    wanted = returns_in(scope).where(ReturnOrder.account == mask)
    return session.scalars(wanted.order_by(ReturnOrder.created_at.desc()).limit(limit)).all()
