"""Queries of the one search on returns; each within a scope, and row-level security below."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from rongdun.domains.restitution.returns.model import ReturnClaim, ReturnOrder
from rongdun.domains.restitution.returns.store import returns_in, seen
from rongdun.domains.restitution.sought import looks_like
from rongdun.kernel.scope import Scope


def returns_like(session: Session, scope: Scope, text: str, limit: int) -> Sequence[ReturnOrder]:
    """Return the newest returns whose number, case, freeze, decision or a masked account of theirs shows ``text``.

    Accounts of a return: the frozen one, and those its victims paid from or are paid to.
    """
    named = (
        ReturnOrder.number,
        ReturnOrder.case_number,
        ReturnOrder.order_number,
        ReturnOrder.decision_number,
    )
    shown = [column.icontains(text, autoescape=True) for column in named]
    accounts = (ReturnOrder.account, ReturnClaim.account, ReturnClaim.other_account_masked)
    frozen, *claimed = [looks_like(column, text) for column in accounts]
    wanted = returns_in(scope).where(or_(*shown, frozen, _with_claim(or_(*claimed))))
    return session.scalars(wanted.order_by(ReturnOrder.created_at.desc()).limit(limit)).all()


def returns_masked(session: Session, scope: Scope, mask: str, limit: int) -> Sequence[ReturnOrder]:
    """Return the newest returns out of accounts that look like ``mask``."""
    wanted = returns_in(scope).where(ReturnOrder.account == mask)
    return session.scalars(wanted.order_by(ReturnOrder.created_at.desc()).limit(limit)).all()


def claims_masked(
    session: Session, scope: Scope, mask: str, limit: int
) -> Sequence[tuple[ReturnOrder, ReturnClaim]]:
    """Return the newest claims with an account that looks like ``mask``, paid from or paid to, each with its return."""
    found = select(ReturnOrder, ReturnClaim).join(ReturnClaim, ReturnClaim.return_id == ReturnOrder.id)
    named = or_(ReturnClaim.account == mask, ReturnClaim.other_account_masked.endswith(mask, autoescape=True))
    newest = found.where(seen(scope), named).order_by(ReturnOrder.created_at.desc(), ReturnClaim.place)
    return [(order, claim) for order, claim in session.execute(newest.limit(limit))]


def _with_claim(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return ReturnOrder.id.in_(select(ReturnClaim.return_id).where(condition))
