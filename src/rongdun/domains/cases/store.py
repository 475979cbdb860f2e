"""Queries on cases; each within a scope, and row-level security below."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from rongdun.domains.cases.model import Case, CaseVictim
from rongdun.kernel.scope import Scope


def _seen(scope: Scope) -> ColumnElement[bool]:
    below = (Case.unit_path >= scope.low) & (Case.unit_path < scope.high)
    return or_(below, Case.id.in_(scope.teams)) if scope.teams else below


def cases_in(scope: Scope) -> Select[Case]:
    """Return the select of the cases of units in ``scope`` and of the teams the actor serves on."""
    return select(Case).where(_seen(scope))


def find_case(session: Session, scope: Scope, case_id: UUID) -> Case | None:
    """Return a case if ``scope`` covers it."""
    return session.scalar(cases_in(scope).where(Case.id == case_id))


def lock_case(session: Session, scope: Scope, case_id: UUID) -> Case | None:
    """Return a case, locked until the end of the transaction, if ``scope`` covers it."""
    return session.scalar(cases_in(scope).where(Case.id == case_id).with_for_update())


def victims_of(session: Session, scope: Scope, case_id: UUID) -> Sequence[CaseVictim]:
    """Return the victims of a case that ``scope`` covers, in their order."""
    found = select(CaseVictim).join(Case, Case.id == CaseVictim.case_id).where(_seen(scope))
    return session.scalars(found.where(Case.id == case_id).order_by(CaseVictim.place)).all()
