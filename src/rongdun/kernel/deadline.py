"""Deadlines: what a term means, when it falls due, and what has to happen on the way. Pure.

Counting follows the Civil Code (articles 201 to 203) and the Criminal Procedure Law 2018 (article 105):

- minutes and hours run by the clock from the moment itself;
- days, working days, months and years do not count the day on which they begin, and their last day ends
  at twenty-four hours in Asia/Shanghai;
- a month or year ends on the corresponding day, or on the month's last day where there is none;
- a last day that is not worked moves to the next working day only where ``Term.rolls`` says so: periods of
  custody and of measures (a freeze) are never prolonged by a holiday.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from rongdun.kernel.errors import Conflict, Text
from rongdun.kernel.workday import WorkdayCalendar, civil_date, end_of_day

TOLERANCE = timedelta(seconds=2)
"""How late a step may fire before it counts as late: the promise of a running sweeper."""


class Unit(StrEnum):
    """Units in which law and practice state a term; the same words as in the policy table."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WORKDAY = "workday"
    MONTH = "month"
    YEAR = "year"


class Level(StrEnum):
    """How pressing a deadline is, calmest first."""

    CALM = "calm"
    NOTICE = "notice"
    URGENT = "urgent"
    CRITICAL = "critical"
    OVERDUE = "overdue"

    @property
    def rank(self) -> int:
        """Return 0 for calm to 4 for overdue."""
        return list(Level).index(self)


class Outcome(StrEnum):
    """How a deadline ended."""

    MET = "met"
    MET_LATE = "met_late"
    MISSED = "missed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Term:
    """A length of time as the rule states it; ``basis`` is the key of the policy rule it came from."""

    amount: int
    unit: Unit
    basis: str = ""
    rolls: bool = False
    """The last day moves to the next working day when it is not worked (CPL article 105)."""

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise ValueError(f"a term is at least one {self.unit}: {self.amount}")


def due(start: datetime, term: Term, calendar: WorkdayCalendar) -> datetime:
    """Return when ``term``, begun at ``start`` (timezone-aware), falls due.

    The answer is timezone-aware; terms of days end at the last moment of a Shanghai day. Raises
    :class:`~rongdun.kernel.workday.OutsideWorkdayCalendar` when working days are needed beyond the file.
    """
    if term.unit is Unit.MINUTE:
        return start + timedelta(minutes=term.amount)
    if term.unit is Unit.HOUR:
        return start + timedelta(hours=term.amount)
    last = _last_day(civil_date(start), term, calendar)
    return end_of_day(calendar.next_workday(last) if term.rolls else last)


def add_months(day: date, months: int) -> date:
    """Return the corresponding day ``months`` later, or that month's last day (Civil Code, article 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _last_day(first: date, term: Term, calendar: WorkdayCalendar) -> date:
    if term.unit is Unit.WORKDAY:
        return calendar.add_workdays(first, term.amount)
    if term.unit is Unit.DAY:
        return first + timedelta(days=term.amount)
    return add_months(first, term.amount * (12 if term.unit is Unit.YEAR else 1))


class Anchor(StrEnum):
    """From which end of a deadline a step is measured."""

    BEFORE_DUE = "before_due"
    AFTER_START = "after_start"
    AFTER_DUE = "after_due"


class Offset(NamedTuple):
    """A distance, never negative, from one end of a deadline."""

    anchor: Anchor
    by: timedelta

    def moment(self, *, start: datetime, due_at: datetime) -> datetime:
        """Return the moment this offset names on a deadline from ``start`` to ``due_at``."""
        if self.anchor is Anchor.AFTER_START:
            return start + self.by
        return due_at - self.by if self.anchor is Anchor.BEFORE_DUE else due_at + self.by


class Step(NamedTuple):
    """One step of escalation: when it fires, the level it raises to, and who is told."""

    at: Offset
    level: Level
    notify: tuple[str, ...] = ()


class PlannedStep(NamedTuple):
    """A step of one deadline at its moment; ``number`` counts from 0 in the order of firing."""

    number: int
    at: datetime
    step: Step


class FiredStep(NamedTuple):
    """A step that has been fired: when it should have been, and by how much it came after that."""

    planned: PlannedStep
    fired_at: datetime
    late_by: timedelta
    late: bool
    """Beyond the tolerance: the sweeper was down or slow, and the step is shown as missed while down."""


class Pause(NamedTuple):
    """A span in which the clock stood still; ``until`` is None while it still does."""

    since: datetime
    until: datetime | None = None
    reason: str = ""


class DeadlineClosed(Conflict):
    """The deadline has been met or cancelled; nothing more can be done to it."""

    code = "deadline_closed"
    message = Text("时限已办结或取消，不能再变更", "The deadline is closed and cannot be changed")
    action = Text("请刷新后查看办理结果", "Refresh to see how it ended")


class DeadlineAlreadyPaused(Conflict):
    """The deadline's clock already stands still."""

    code = "deadline_already_paused"
    message = Text("时限已经暂停", "The deadline is already paused")
    action = Text("如需继续计时，请选择恢复", "To let it run again, choose resume")


class DeadlineNotPaused(Conflict):
    """The deadline is running and cannot be resumed."""

    code = "deadline_not_paused"
    message = Text("时限没有暂停，无需恢复", "The deadline is not paused")
    action = Text("请刷新后查看当前状态", "Refresh to see its present state")


@dataclass(frozen=True, slots=True)
class Deadline:
    """One clock that runs. A value: every change returns a new one.

    ``base_due_at`` is the end of the term before pauses; ``fired`` counts the steps already fired.
    """

    started_at: datetime
    base_due_at: datetime
    steps: tuple[Step, ...] = ()
    pauses: tuple[Pause, ...] = ()
    fired: int = 0
    done_at: datetime | None = None
    cancelled_at: datetime | None = None

    @property
    def paused_since(self) -> datetime | None:
        """Return since when the clock stands still, or None when it runs."""
        return self.pauses[-1].since if self.pauses and self.pauses[-1].until is None else None

    @property
    def closed_at(self) -> datetime | None:
        """Return when the deadline was met or cancelled, or None while it is open."""
        return self.done_at or self.cancelled_at

    @property
    def due_at(self) -> datetime:
        """Return when it falls due, with every finished pause added."""
        return self.base_due_at + self.paused_for

    @property
    def paused_for(self) -> timedelta:
        """Return the total length of the finished pauses."""
        return sum((p.until - p.since for p in self.pauses if p.until), timedelta())


def begin(start: datetime, term: Term, calendar: WorkdayCalendar, *, steps: Sequence[Step] = ()) -> Deadline:
    """Return a deadline that runs from ``start`` for ``term``."""
    return Deadline(start, due(start, term, calendar), tuple(steps))


def pause(deadline: Deadline, at: datetime, *, reason: str = "") -> Deadline:
    """Return the deadline with its clock standing still from ``at``; raise if closed or paused."""
    _must_be_open(deadline)
    if deadline.paused_since:
        raise DeadlineAlreadyPaused
    return replace(deadline, pauses=(*deadline.pauses, Pause(at, None, reason)))


def resume(deadline: Deadline, at: datetime) -> Deadline:
    """Return the deadline running again from ``at``: its due moment moves by the length of the pause.

    A clock that jumped back makes the pause zero long, never negative.
    """
    _must_be_open(deadline)
    if not deadline.paused_since:
        raise DeadlineNotPaused
    ended = deadline.pauses[-1]._replace(until=max(at, deadline.paused_since))
    return replace(deadline, pauses=(*deadline.pauses[:-1], ended))


def complete(deadline: Deadline, at: datetime) -> Deadline:
    """Return the deadline closed because the work was done at ``at``; an open pause ends with it."""
    _must_be_open(deadline)
    running = resume(deadline, at) if deadline.paused_since else deadline
    return replace(running, done_at=at)


def cancel(deadline: Deadline, at: datetime) -> Deadline:
    """Return the deadline closed because its reason fell away at ``at``."""
    _must_be_open(deadline)
    running = resume(deadline, at) if deadline.paused_since else deadline
    return replace(running, cancelled_at=at)


def remaining(deadline: Deadline, now: datetime) -> timedelta:
    """Return the time left, negative when overdue; it stands still while paused and after closing."""
    return deadline.due_at - (deadline.closed_at or deadline.paused_since or now)


def outcome(deadline: Deadline, now: datetime) -> Outcome | None:
    """Return how the deadline ended or has failed; None while it can still be met.

    Cancelling afterwards does not undo a miss: it stays ``missed``.
    """
    left = remaining(deadline, now)
    if deadline.done_at:
        return Outcome.MET if left >= timedelta() else Outcome.MET_LATE
    if left < timedelta():
        return Outcome.MISSED
    return Outcome.CANCELLED if deadline.cancelled_at else None


def level(deadline: Deadline, now: datetime) -> Level:
    """Return the highest level of the steps whose moment has come, and overdue once it is past due."""
    if remaining(deadline, now) < timedelta():
        return Level.OVERDUE
    at = deadline.closed_at or deadline.paused_since or now
    reached = [planned.step.level for planned in schedule(deadline) if planned.at <= at]
    return max(reached, key=lambda each: each.rank, default=Level.CALM)


def schedule(deadline: Deadline) -> tuple[PlannedStep, ...]:
    """Return every step in the order of firing, with the moment it fires.

    Steps that would fall at or before the start (a 24-hour reminder on a 30-minute term) are left out. A
    pause moves every step alike, so the order, and with it ``index``, never changes.
    """
    start = deadline.started_at + deadline.paused_for
    due_at = deadline.due_at
    timed = [(step.at.moment(start=start, due_at=due_at), step) for step in deadline.steps]
    ordered = sorted(
        (pair for pair in timed if pair[0] > start), key=lambda pair: (pair[0], pair[1].level.rank)
    )
    return tuple(PlannedStep(number, at, step) for number, (at, step) in enumerate(ordered))


def next_step(deadline: Deadline) -> PlannedStep | None:
    """Return the first step not yet fired; None when paused, closed or out of steps."""
    if deadline.closed_at or deadline.paused_since:
        return None
    waiting = schedule(deadline)[deadline.fired :]
    return waiting[0] if waiting else None


def fire(
    deadline: Deadline, now: datetime, *, tolerance: timedelta = TOLERANCE
) -> tuple[Deadline, tuple[FiredStep, ...]]:
    """Fire every step that has come due by ``now``, each once, oldest first.

    Returns the deadline with those steps counted, and the steps with how late each is. Firing again at
    the same ``now`` fires nothing.
    """
    if deadline.closed_at or deadline.paused_since:
        return deadline, ()
    coming = [planned for planned in schedule(deadline)[deadline.fired :] if planned.at <= now]
    fired = tuple(_fired(planned, now, tolerance) for planned in coming)
    return replace(deadline, fired=deadline.fired + len(fired)), fired


def _fired(planned: PlannedStep, now: datetime, tolerance: timedelta) -> FiredStep:
    late_by = now - planned.at
    return FiredStep(planned, now, late_by, late_by > tolerance)


def _must_be_open(deadline: Deadline) -> None:
    if deadline.closed_at:
        raise DeadlineClosed
