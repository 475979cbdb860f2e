"""Every query on deadlines. Who may see a row is decided by row-level security; sweepers see all."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast
from uuid import UUID

from sqlalchemy import CursorResult, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.deadlines.model import Deadline, DeadlineEvent

_TAKE = text("""
update deadlines set
  step = won.step, next_step_at = won.next_step_at, level = won.level, state = won.state,
  missed_at = won.missed_at, missed_while_down = won.missed_while_down, late_by_s = won.late_by_s,
  version = deadlines.version + 1
from jsonb_to_recordset(cast(:rows as jsonb)) as won (
  id uuid, seen_step integer, seen_version integer, step integer, next_step_at timestamptz, level text,
  state text, missed_at timestamptz, missed_while_down boolean, late_by_s double precision
)
where deadlines.id = won.id and deadlines.step = won.seen_step and deadlines.version = won.seen_version
returning deadlines.id
""")

_OUTAGES = text("""
select from_at, to_at from worker_events
where kind = 'outage' and to_at >= :since and from_at <= :until
""")

_PULSE = text("select ticked_at from sweeper_pulse")

_FIRST_PULSE = text("""
insert into sweeper_pulse (ticked_at, worker) values (:now, :worker) on conflict do nothing
""")

_MOVE_PULSE = text("""
update sweeper_pulse set ticked_at = :now, worker = :worker where ticked_at = :seen
""")


class Span(NamedTuple):
    """A span of time, both ends included."""

    since: datetime
    until: datetime

    def covers(self, moment: datetime) -> bool:
        """Tell whether ``moment`` lies in the span."""
        return self.since <= moment <= self.until


def insert_open(session: Session, row: Deadline) -> bool:
    """Insert ``row``; false when its subject already has an open deadline of this rule."""
    values = {column.key: getattr(row, column.key) for column in Deadline.__table__.columns}
    statement = insert(Deadline).values(**values).on_conflict_do_nothing().returning(Deadline.id)
    return session.scalar(statement) is not None


def exists(session: Session, subject: SubjectRef, *, rule_key: str) -> bool:
    """Tell whether ``subject`` has any deadline of ``rule_key``, open or closed."""
    statement = select(Deadline.id).filter_by(
        subject_kind=subject.kind, subject_id=subject.id, rule_key=rule_key
    )
    return session.scalar(statement.limit(1)) is not None


def lock(session: Session, deadline_id: UUID) -> Deadline | None:
    """Return the deadline for change, held until the transaction ends."""
    return session.get(Deadline, deadline_id, with_for_update=True, populate_existing=True)


def lock_open(session: Session, subject: SubjectRef, *, rule_key: str | None = None) -> list[Deadline]:
    """Return the open deadlines of ``subject`` (of one rule, or all) for change, earliest due first."""
    statement = (
        select(Deadline)
        .filter_by(subject_kind=subject.kind, subject_id=subject.id, closed_at=None)
        .order_by(Deadline.due_at, Deadline.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if rule_key is not None:
        statement = statement.filter_by(rule_key=rule_key)
    return list(session.scalars(statement))


def add_events(session: Session, events: Iterable[DeadlineEvent]) -> None:
    """Put events on record."""
    session.add_all(events)


def due(
    session: Session,
    now: datetime,
    *,
    limit: int,
    only: UUID | None = None,
    without: Sequence[UUID] = (),
) -> list[Deadline]:
    """Return up to ``limit`` deadlines with a step due at ``now``, oldest step first.

    Rows that another transaction holds are passed over, so that sweepers share the work instead of
    queueing; which of them may fire is decided by :func:`take` alone. ``only`` and ``without`` narrow
    the choice.
    """
    statement = (
        select(Deadline)
        .where(Deadline.next_step_at <= now)
        .order_by(Deadline.next_step_at, Deadline.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if only is not None:
        statement = statement.where(Deadline.id == only)
    if without:
        statement = statement.where(Deadline.id.not_in(without))
    return list(session.scalars(statement))


def take(session: Session, rows_json: str) -> set[UUID]:
    """Write what each deadline becomes, where it still is as it was read; return those that were."""
    return set(session.scalars(_TAKE, {"rows": rows_json}))


def outages(session: Session, span: Span) -> list[Span]:
    """Return the spans without any sweeper that touch ``span``."""
    rows = session.execute(_OUTAGES, {"since": span.since, "until": span.until})
    return [Span(since, until) for since, until in rows]


def pulse(session: Session) -> datetime | None:
    """Return when any sweeper last ticked."""
    return session.execute(_PULSE).scalar_one_or_none()


def database_now(session: Session) -> datetime:
    """Return what the database's own clock shows."""
    moment: datetime = session.execute(text("select clock_timestamp()")).scalar_one()
    return moment


def move_pulse(session: Session, *, seen: datetime | None, now: datetime, worker: str) -> bool:
    """Move the one pulse row on from ``seen``; false when another sweeper was faster."""
    statement = _FIRST_PULSE if seen is None else _MOVE_PULSE
    values: dict[str, Any] = {"now": now, "worker": worker, "seen": seen}
    if seen is None:
        del values["seen"]
    return cast(CursorResult[Any], session.execute(statement, values)).rowcount == 1


def count_due(session: Session, now: datetime) -> int:
    """Return how many deadlines have a step due at ``now``."""
    return session.scalar(select(func.count()).where(Deadline.next_step_at <= now)) or 0


def next_step_at(session: Session, *, without: Sequence[UUID] = ()) -> datetime | None:
    """Return when the next step of any deadline is due, those in ``without`` left aside."""
    statement = select(func.min(Deadline.next_step_at))
    if without:
        statement = statement.where(Deadline.id.not_in(without))
    return session.scalar(statement)
