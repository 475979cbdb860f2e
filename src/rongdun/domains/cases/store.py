"""Queries on cases; each within a scope, and row-level security below."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from rongdun.domains.cases.model import Case, CaseVictim
from rongdun.domains.cases.rules import CASE
from rongdun.kernel.errors import Text
from rongdun.kernel.scope import Scope
from rongdun.runtime.tables import Column, TableSpec

_STATES = {state.key: state.name for state in CASE.states}

CASES = TableSpec(
    columns={
        "number": Column(Case.number, Text("编号", "Number")),
        "title": Column(Case.title, Text("案件名称", "Title")),
        "state": Column(Case.state, Text("状态", "State"), choices=_STATES),
        "fraud_type": Column(Case.fraud_type, Text("诈骗类型", "Type")),
        "loss_fen": Column(Case.loss_fen, Text("损失金额", "Loss"), kind="money"),
        "victims": Column(Case.victims, Text("被害人数", "Victims")),
        "unit_name": Column(Case.unit_name, Text("办理单位", "Unit")),
        "unit_path": Column(Case.unit_path, Text("单位路径", "Unit path"), kind="path"),
        "source": Column(Case.source, Text("来源", "Source")),
        "accepted_at": Column(Case.accepted_at, Text("受案时间", "Accepted")),
        "accepted_name": Column(Case.accepted_name, Text("受案人", "Accepted by")),
        "filed_at": Column(Case.filed_at, Text("立案时间", "Filed")),
        "filing_number": Column(Case.filing_number, Text("立案编号", "Filing number")),
    },
    key=Case.id,
    search=[Case.number, Case.title, Case.unit_name, Case.filing_number],
    default_sort="-accepted_at",
    finder="rongdun_cases_found",
)


def _seen(scope: Scope) -> ColumnElement[bool]:
    below = (Case.unit_path >= scope.low) & (Case.unit_path < scope.high)
    return or_(below, Case.id.in_(scope.teams)) if scope.teams else below


def cases_in(scope: Scope) -> Select[Case]:
    """Return the select of the cases of units in ``scope`` and of the teams the actor serves on."""
    return select(Case).where(_seen(scope))


def find_case(session: Session, scope: Scope, case_id: UUID) -> Case | None:
    """Return a case if ``scope`` covers it."""
    return session.scalar(cases_in(scope).where(Case.id == case_id))


def states_of(session: Session, scope: Scope, case_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return the states of those of the cases that ``scope`` covers."""
    found = cases_in(scope).with_only_columns(Case.id, Case.state).where(Case.id.in_(case_ids))
    return {case_id: state for case_id, state in session.execute(found)}


def closed_ids(session: Session, scope: Scope, limit: int) -> Sequence[UUID]:
    """Return the ids of the cases in ``scope`` that are closed, the one that was closed last first."""
    found = cases_in(scope).with_only_columns(Case.id).where(Case.state == "CLOSED")
    return session.scalars(found.order_by(Case.ended_at.desc(), Case.id).limit(limit)).all()


def lock_case(session: Session, scope: Scope, case_id: UUID) -> Case | None:
    """Return a case, locked until the end of the transaction, if ``scope`` covers it."""
    return session.scalar(cases_in(scope).where(Case.id == case_id).with_for_update())


def victims_of(session: Session, scope: Scope, case_id: UUID) -> Sequence[CaseVictim]:
    """Return the victims of a case that ``scope`` covers, in their order."""
    found = select(CaseVictim).join(Case, Case.id == CaseVictim.case_id).where(_seen(scope))
    return session.scalars(found.where(Case.id == case_id).order_by(CaseVictim.place)).all()


def find_victim(session: Session, scope: Scope, victim_id: UUID) -> CaseVictim | None:
    """Return a victim of a case that ``scope`` covers."""
    found = select(CaseVictim).join(Case, Case.id == CaseVictim.case_id).where(_seen(scope))
    return session.scalar(found.where(CaseVictim.id == victim_id))


def ids_numbered(session: Session, scope: Scope, start: str, limit: int) -> Sequence[UUID]:
    """Return the ids of the newest cases whose number begins with ``start``, that ``scope`` covers.

    By comparison: row-level security lets an index answer that, and no search inside a text (``migrations/0017``).
    """
    wanted = cases_in(scope).where(Case.number >= start, Case.number < start + "~")
    found = wanted.with_only_columns(Case.id).order_by(Case.number.desc()).limit(limit)
    return session.scalars(found).all()


def cases_like(session: Session, scope: Scope, q: str, key: bytes | None, limit: int) -> Sequence[Case]:
    """Return cases whose number or title holds ``q``, or a victim of which has the blind index ``key``."""
    either = or_(Case.number.icontains(q, autoescape=True), Case.title.icontains(q, autoescape=True))
    if key is not None:
        either |= Case.id.in_(select(CaseVictim.case_id).where(CaseVictim.person_key == key))
    found = cases_in(scope).where(either).order_by(Case.accepted_at.desc()).limit(limit)
    return session.scalars(found).all()
