"""Queries on relief requests; each within a scope, and row-level security below."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from rongdun.domains.restitution.relief.model import ReliefRequest
from rongdun.domains.restitution.relief.rules import RELIEF
from rongdun.domains.restitution.relief.words import APPLICANTS, FINDINGS, MEASURES
from rongdun.kernel.errors import Text
from rongdun.kernel.scope import Scope
from rongdun.runtime.tables import Column, TableSpec

_STATES = {state.key: state.name for state in RELIEF.states}
OPEN = ("SUBMITTED", "ACCEPTED", "VERIFYING")

REQUESTS = TableSpec(
    columns={
        "number": Column(ReliefRequest.number, Text("编号", "Number")),
        "state": Column(ReliefRequest.state, Text("状态", "State"), choices=_STATES),
        "applicant": Column(ReliefRequest.applicant, Text("申请方", "Applicant"), choices=APPLICANTS),
        "measure": Column(ReliefRequest.measure, Text("措施", "Measure"), choices=MEASURES),
        "order_number": Column(ReliefRequest.order_number, Text("措施单号", "Order")),
        "institution_name": Column(ReliefRequest.institution_name, Text("机构", "Institution")),
        "account": Column(ReliefRequest.account, Text("账号", "Account")),
        "holder": Column(ReliefRequest.holder, Text("户名", "Holder")),
        "held_fen": Column(ReliefRequest.held_fen, Text("控制金额", "Held"), kind="money"),
        "released_fen": Column(ReliefRequest.released_fen, Text("解除金额", "Released"), kind="money"),
        "finding": Column(ReliefRequest.finding, Text("核查结论", "Finding"), choices=FINDINGS),
        "case_id": Column(ReliefRequest.case_id, Text("案件", "Case"), exported=False),
        "order_id": Column(ReliefRequest.order_id, Text("措施", "Measure"), exported=False),
        "unit_name": Column(ReliefRequest.unit_name, Text("单位", "Unit")),
        "unit_path": Column(ReliefRequest.unit_path, Text("单位路径", "Unit path"), kind="path"),
        "maker_name": Column(ReliefRequest.maker_name, Text("登记人", "Entered by")),
        "created_at": Column(ReliefRequest.created_at, Text("提出时间", "Submitted")),
        "decided_at": Column(ReliefRequest.decided_at, Text("决定时间", "Decided")),
        "decided_name": Column(ReliefRequest.decided_name, Text("决定人", "Decided by")),
    },
    key=ReliefRequest.id,
    search=[
        ReliefRequest.number,
        ReliefRequest.order_number,
        ReliefRequest.institution_name,
        ReliefRequest.holder,
    ],
    default_sort="-created_at",
)


@dataclass(frozen=True, slots=True)
class Figures:
    """Money wrongly held, of the requests decided in a span: counts, fen, fen × hours, hours until release."""

    submitted: int
    waiting: int
    lifted_full: int
    lifted_partial: int
    rejected: int
    released_fen: int
    fen_hours: int
    hours_median: float | None
    hours_longest: float | None


def seen(scope: Scope) -> ColumnElement[bool]:
    """Return the condition that a request is of a unit in ``scope``, or of a bank in it."""
    mine = (ReliefRequest.unit_path >= scope.low) & (ReliefRequest.unit_path < scope.high)
    theirs = (ReliefRequest.partner_path >= scope.low) & (ReliefRequest.partner_path < scope.high)
    return or_(mine, theirs)


def requests_in(scope: Scope) -> Select[ReliefRequest]:
    """Return the select of the requests that ``scope`` covers."""
    return select(ReliefRequest).where(seen(scope))


def find(session: Session, scope: Scope, request_id: UUID) -> ReliefRequest | None:
    """Return a request if ``scope`` covers it."""
    return session.scalar(requests_in(scope).where(ReliefRequest.id == request_id))


def lock(session: Session, scope: Scope, request_id: UUID) -> ReliefRequest | None:
    """Return a request for change if ``scope`` covers it."""
    return session.scalar(requests_in(scope).where(ReliefRequest.id == request_id).with_for_update())


def open_of(session: Session, scope: Scope, order_id: UUID) -> ReliefRequest | None:
    """Return the open request about an order, if there is one that ``scope`` covers."""
    wanted = requests_in(scope).where(ReliefRequest.order_id == order_id, ReliefRequest.state.in_(OPEN))
    return session.scalar(wanted)


def figures(session: Session, scope: Scope, since: datetime, until: datetime) -> Figures:
    """Return what was wrongly held, of the requests of ``scope`` decided in ``[since, until)``."""
    hours = func.extract("epoch", ReliefRequest.decided_at - ReliefRequest.held_since) / 3600
    wrongly = func.least(ReliefRequest.released_fen, ReliefRequest.unrelated_fen)
    inside = seen(scope) & (ReliefRequest.decided_at >= since) & (ReliefRequest.decided_at < until)
    lifted = ReliefRequest.released_fen > 0
    row = session.execute(
        select(
            func.count().filter(ReliefRequest.state == "LIFT_FULL"),
            func.count().filter(ReliefRequest.state == "LIFT_PARTIAL"),
            func.count().filter(ReliefRequest.state == "REJECTED"),
            func.coalesce(func.sum(wrongly), 0),
            func.coalesce(func.round(func.sum(wrongly * hours)), 0),
            func.percentile_cont(0.5).within_group(hours).filter(lifted),
            func.max(hours).filter(lifted),
        ).where(inside)
    ).one()
    full, part, rejected, released, fen_hours, median, longest = row
    came = seen(scope) & (ReliefRequest.created_at >= since) & (ReliefRequest.created_at < until)
    submitted = session.scalar(select(func.count()).select_from(ReliefRequest).where(came)) or 0
    still = seen(scope) & ReliefRequest.state.in_(OPEN)
    waiting = session.scalar(select(func.count()).select_from(ReliefRequest).where(still)) or 0
    return Figures(
        submitted,
        waiting,
        full,
        part,
        rejected,
        int(released),
        int(fen_hours),
        None if median is None else float(median),
        None if longest is None else float(longest),
    )
