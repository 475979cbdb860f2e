"""Queries on reports and on what they have in common; each within a scope, and row-level security below."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from rongdun.domains.intake.model import Report, ReportEntity
from rongdun.domains.intake.rules import REPORT
from rongdun.kernel.errors import Text
from rongdun.kernel.scope import Scope
from rongdun.runtime.tables import Column, TableSpec

_STATES = {state.key: state.name for state in REPORT.states}

REPORTS = TableSpec(
    columns={
        "number": Column(Report.number, Text("编号", "Number")),
        "title": Column(Report.title, Text("摘要", "In short")),
        "state": Column(Report.state, Text("状态", "State"), choices=_STATES),
        "urgency": Column(Report.urgency, Text("紧急程度", "Urgency")),
        "source": Column(Report.source, Text("来源", "Source")),
        "classification": Column(Report.classification, Text("分类", "Class")),
        "fraud_type": Column(Report.fraud_type, Text("诈骗类型", "Type")),
        "loss_fen": Column(Report.loss_fen, Text("损失金额", "Loss"), kind="money"),
        "transfers": Column(Report.transfers, Text("转账笔数", "Transfers")),
        "last_transfer_at": Column(Report.last_transfer_at, Text("最后转账", "Last transfer")),
        "on_call": Column(Report.on_call, Text("仍在通话", "Still on the call")),
        "more_expected": Column(Report.more_expected, Text("可能再转", "Another transfer expected")),
        "screen_shared": Column(Report.screen_shared, Text("共享屏幕", "Screen shared")),
        "hardship": Column(Report.hardship, Text("生活困难", "Hardship")),
        "unit_name": Column(Report.unit_name, Text("接报单位", "Unit")),
        "unit_path": Column(Report.unit_path, Text("单位路径", "Unit path"), kind="path"),
        "maker_name": Column(Report.maker_name, Text("接报人", "Taken by")),
        "case_id": Column(Report.case_id, Text("案件编号（内部）", "Case id"), exported=False),
        "case_number": Column(Report.case_number, Text("案件", "Case")),
        "receipt_number": Column(Report.receipt_number, Text("回执号", "Receipt")),
        "received_at": Column(Report.received_at, Text("接报时间", "Received")),
        "entered_at": Column(Report.entered_at, Text("录入时间", "Entered")),
    },
    key=Report.id,
    search=[Report.number, Report.title, Report.receipt_number, Report.case_number],
    default_sort="-received_at",
    finder="rongdun_reports_found",
)


def _seen(scope: Scope) -> ColumnElement[bool]:
    taken = and_(Report.unit_path >= scope.low, Report.unit_path < scope.high)
    handled = and_(Report.handling_path >= scope.low, Report.handling_path < scope.high)
    return or_(taken, handled)


def reports_in(scope: Scope) -> Select[Report]:
    """Return the select of the reports taken or handled by units in ``scope``."""
    return select(Report).where(_seen(scope))


def find_report(session: Session, scope: Scope, report_id: UUID) -> Report | None:
    """Return a report if ``scope`` covers it."""
    return session.scalar(reports_in(scope).where(Report.id == report_id))


def lock_report(session: Session, scope: Scope, report_id: UUID) -> Report | None:
    """Return a report, locked until the end of the transaction, if ``scope`` covers it."""
    return session.scalar(reports_in(scope).where(Report.id == report_id).with_for_update())


def report_numbered(session: Session, scope: Scope, number: str) -> Report | None:
    """Return the report of a number if ``scope`` covers it."""
    return session.scalar(reports_in(scope).where(Report.number == number))


def reports_of_case(session: Session, scope: Scope, case_id: UUID) -> Sequence[Report]:
    """Return the reports of a case that ``scope`` covers, the oldest first."""
    found = reports_in(scope).where(Report.case_id == case_id)
    return session.scalars(found.order_by(Report.received_at)).all()


def reports_like(
    session: Session, scope: Scope, q: str, keys: Collection[bytes], limit: int
) -> Sequence[Report]:
    """Return reports whose number or title holds ``q``, or which name what ``keys`` stand for; newest first."""
    either = or_(Report.number.icontains(q, autoescape=True), Report.title.icontains(q, autoescape=True))
    if keys:
        either |= Report.id.in_(select(ReportEntity.report_id).where(ReportEntity.key.in_(list(keys))))
    found = reports_in(scope).where(either).order_by(Report.received_at.desc()).limit(limit)
    return session.scalars(found).all()


def naming(
    session: Session, scope: Scope, keys: Collection[bytes], *, beside: UUID | None, limit: int
) -> list[tuple[Report, str, bytes]]:
    """Return the reports that name one of ``keys``: which, by what kind, by which key; the newest first."""
    found = (
        select(Report, ReportEntity.kind, ReportEntity.key)
        .join(ReportEntity, ReportEntity.report_id == Report.id)
        .where(ReportEntity.key.in_(list(keys)), _seen(scope))
        .order_by(Report.received_at.desc())
        .limit(limit)
    )
    if beside is not None:
        found = found.where(Report.id != beside)
    return [(report, kind, bytes(key)) for report, kind, key in session.execute(found)]


def drop_entities(session: Session, scope: Scope, report_id: UUID) -> None:
    """Forget what a report names, before it is written anew."""
    gone = delete(ReportEntity).where(ReportEntity.report_id == report_id)
    mine = and_(ReportEntity.unit_path >= scope.low, ReportEntity.unit_path < scope.high)
    session.execute(gone.where(mine))


def let_see(session: Session, scope: Scope, report_id: UUID, handling_path: str) -> None:
    """Let the unit at ``handling_path`` find what a report names."""
    mine = and_(ReportEntity.unit_path >= scope.low, ReportEntity.unit_path < scope.high)
    rows = update(ReportEntity).where(ReportEntity.report_id == report_id, mine)
    session.execute(rows.values(handling_path=handling_path))
