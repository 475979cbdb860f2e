"""Reads of the deadlines inside the asking scope; row-level security holds the same line below."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, and_, case, column, false, func, or_, select, table
from sqlalchemy import Text as SqlText
from sqlalchemy.dialects.postgresql import UUID as SqlUuid
from sqlalchemy.orm import Session

from rongdun.kernel.deadline import Level
from rongdun.kernel.errors import Text
from rongdun.kernel.scope import Scope
from rongdun.runtime.deadlines import Deadline, DeadlineEvent
from rongdun.runtime.tables import Column, TableSpec

_UNITS = table(
    "units",
    column("id", SqlUuid),
    column("path", SqlText),
    column("name", SqlText),
    column("name_en", SqlText),
)

LEVELS = {
    Level.CALM.value: Text("平稳", "Calm"),
    Level.NOTICE.value: Text("提醒", "Notice"),
    Level.URGENT.value: Text("紧急", "Urgent"),
    Level.CRITICAL.value: Text("即将到期", "Critical"),
    Level.OVERDUE.value: Text("已逾期", "Overdue"),
}
STATES = {
    "running": Text("计时中", "Running"),
    "paused": Text("已暂停", "Paused"),
    "met": Text("按时办结", "Met"),
    "missed": Text("逾期办结", "Met late"),
    "cancelled": Text("已取消", "Cancelled"),
}
OUTCOMES = {
    "met": Text("按时办结", "Met"),
    "met_late": Text("逾期办结", "Met late"),
    "missed": Text("逾期后取消", "Cancelled after a miss"),
    "cancelled": Text("已取消", "Cancelled"),
}

_SHOWN_STATE = case(
    (Deadline.closed_at.is_not(None), Deadline.state),
    (Deadline.paused_at.is_not(None), "paused"),
    else_="running",
)
"""Open deadlines are running or paused, also past their due moment: the level says how late they are."""


class Found(NamedTuple):
    """A deadline and the unit that has to act, as far as the asking scope may know it."""

    deadline: Deadline
    unit_id: UUID | None
    unit_name: str | None
    unit_name_en: str | None


# An export shows each row as the API does, so its cells read from ``schemas.DeadlineOut``.
TABLE = TableSpec(
    columns={
        "due_at": Column(Deadline.due_at, Text("到期", "Due")),
        "name": Column(
            Deadline.name_zh,
            Text("事项", "Deadline"),
            cell=lambda shown: Text(shown.name.zh, shown.name.en),
        ),
        "subject_kind": Column(
            Deadline.subject_kind, Text("对象类别", "Kind of subject"), cell=lambda shown: shown.subject.kind
        ),
        "subject": Column(
            Deadline.subject_label, Text("对象", "Subject"), cell=lambda shown: shown.subject.label
        ),
        "rule_key": Column(Deadline.rule_key, Text("规则", "Rule")),
        "owner_unit": Column(
            _UNITS.c.name,
            Text("责任单位", "Unit"),
            cell=lambda shown: shown.owner_unit.name if shown.owner_unit else "",
        ),
        "owner_path": Column(
            Deadline.owner_path, Text("责任单位路径", "Unit path"), kind="path", exported=False
        ),
        "state": Column(_SHOWN_STATE, Text("状态", "State"), kind="text", choices=STATES),
        "level": Column(Deadline.level, Text("紧急程度", "Level"), choices=LEVELS),
        "started_at": Column(Deadline.started_at, Text("起算", "Started")),
        "acknowledged_by": Column(Deadline.acknowledged_name, Text("知悉人", "Acknowledged by")),
        "acknowledged_at": Column(Deadline.acknowledged_at, Text("知悉时间", "Acknowledged at")),
        "outcome": Column(Deadline.outcome, Text("结果", "Outcome"), choices=OUTCOMES),
        "closed_at": Column(Deadline.closed_at, Text("办结时间", "Closed at")),
        "missed_marked_late": Column(Deadline.missed_while_down, Text("补记逾期", "Marked late")),
        "legal_basis": Column(Deadline.legal_basis, Text("法律依据", "Legal basis")),
    },
    key=Deadline.id,
    search=[Deadline.name_zh, Deadline.name_en, Deadline.subject_label, Deadline.subject_id],
    default_sort="due_at",
)


def deadlines_in(scope: Scope) -> Select[Any]:
    """Return the select of the deadlines ``scope`` covers, as rows of :class:`Found`'s shape."""
    return (
        select(
            Deadline,
            _UNITS.c.id.label("unit_id"),
            _UNITS.c.name.label("unit_name"),
            _UNITS.c.name_en.label("unit_name_en"),
        )
        .outerjoin(_UNITS, _UNITS.c.path == Deadline.owner_path)
        .where(_covered(scope))
    )


def open_deadlines_in(scope: Scope) -> Select[Any]:
    """Return the select of the deadlines ``scope`` covers that nobody has closed yet."""
    return deadlines_in(scope).where(Deadline.closed_at.is_(None))


def find(session: Session, scope: Scope, deadline_id: UUID) -> Found | None:
    """Return one deadline if ``scope`` covers it."""
    row = session.execute(deadlines_in(scope).where(Deadline.id == deadline_id)).one_or_none()
    return Found(*row) if row else None


def lock(session: Session, scope: Scope, deadline_id: UUID) -> Deadline | None:
    """Return one deadline for change, held until the transaction ends, if ``scope`` covers it."""
    statement = (
        select(Deadline)
        .where(Deadline.id == deadline_id, _covered(scope))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session.scalar(statement)


def expiring(session: Session, scope: Scope, *, until: datetime, limit: int) -> list[Found]:
    """Return the open deadlines due by ``until``, what expires first on top; paused ones are among them."""
    statement = deadlines_in(scope).where(_open_by(until)).order_by(Deadline.due_at, Deadline.id).limit(limit)
    return [Found(*row) for row in session.execute(statement)]


def count_by_level(session: Session, scope: Scope, *, until: datetime, now: datetime) -> dict[str, int]:
    """Return how many open deadlines due by ``until`` stand at each level; overdue is by the clock."""
    overdue = and_(Deadline.due_at < now, Deadline.paused_at.is_(None))
    level = case((overdue, Level.OVERDUE.value), else_=Deadline.level).label("level")
    statement = select(level, func.count()).where(_covered(scope), _open_by(until)).group_by(level)
    found = {name: number for name, number in session.execute(statement)}
    return {name: found.get(name, 0) for name in LEVELS}


def events_of(session: Session, deadline_id: UUID) -> Sequence[DeadlineEvent]:
    """Return what happened to a deadline the asker has already been shown, oldest first."""
    statement = (
        select(DeadlineEvent)
        .where(DeadlineEvent.deadline_id == deadline_id)
        .order_by(DeadlineEvent.at, DeadlineEvent.step_at.nulls_last(), DeadlineEvent.id)
    )
    return session.scalars(statement).all()


def _open_by(until: datetime) -> Any:
    return and_(Deadline.closed_at.is_(None), Deadline.due_at <= until)


def _covered(scope: Scope) -> Any:
    return or_(
        and_(Deadline.unit_path >= scope.low, Deadline.unit_path < scope.high),
        and_(Deadline.partner_path >= scope.low, Deadline.partner_path < scope.high),
        Deadline.case_id.in_(scope.teams) if scope.teams else false(),
    )
