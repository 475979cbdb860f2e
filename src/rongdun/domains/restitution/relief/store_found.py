"""Queries of the one search on relief requests; each within a scope, and row-level security below."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import or_
from sqlalchemy.orm import Session

from rongdun.domains.restitution.relief.model import ReliefRequest
from rongdun.domains.restitution.relief.store import requests_in
from rongdun.domains.restitution.sought import looks_like
from rongdun.kernel.scope import Scope


def requests_like(
    session: Session, scope: Scope, text: str, cases: Collection[UUID], limit: int
) -> Sequence[ReliefRequest]:
    """Return the newest requests whose number, order or masked account shows ``text``, or about one of ``cases``."""
    shown = [
        column.icontains(text, autoescape=True)
        for column in (ReliefRequest.number, ReliefRequest.order_number)
    ]
    either = or_(*shown, looks_like(ReliefRequest.account, text), ReliefRequest.case_id.in_(cases))
    wanted = requests_in(scope).where(either)
    return session.scalars(wanted.order_by(ReliefRequest.created_at.desc()).limit(limit)).all()


def requests_masked(session: Session, scope: Scope, mask: str, limit: int) -> Sequence[ReliefRequest]:
    """Return the newest requests about accounts that look like ``mask``."""
    wanted = requests_in(scope).where(ReliefRequest.account == mask)
    return session.scalars(wanted.order_by(ReliefRequest.created_at.desc()).limit(limit)).all()
