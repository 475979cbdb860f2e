"""Working days of the People's Republic: which days are worked, and counting in them.

The days come from a file (``data/workdays.csv``, see :mod:`rongdun.kernel.workday_file`), because the
State Council moves working days each year; no rule computes them. ``workday_file.packaged_calendar()``
is the one shipped with the product. Days of law begin and end in
Asia/Shanghai, and the last day of a term ends at twenty-four hours (Civil Code, article 203).
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.errors import Invalid, Text

LAST_MOMENT = time.max
"""The last moment of a day: what falls after it belongs to the next day."""


class DayKind(StrEnum):
    """Whether a day is worked, and why."""

    WORKDAY = "workday"
    MAKEUP = "makeup"
    """A Saturday or Sunday worked in exchange for a holiday (调休上班)."""
    REST = "rest"
    """An ordinary Saturday or Sunday."""
    HOLIDAY = "holiday"


class Day(NamedTuple):
    """One day of the calendar; ``name`` is the holiday it belongs to, empty on ordinary days."""

    date: date
    kind: DayKind
    name: str = ""
    provisional: bool = False
    """Worked out from the rule, before the State Council has published the year."""

    @property
    def worked(self) -> bool:
        """Tell whether offices work on this day."""
        return self.kind in (DayKind.WORKDAY, DayKind.MAKEUP)


class OutsideWorkdayCalendar(Invalid):
    """A date lies outside the years the workday file covers."""

    code = "outside_workday_calendar"
    message = Text("日期超出工作日历范围", "The date lies outside the workday calendar")
    action = Text(
        "请管理员用“rongdun workdays update”导入当年放假安排后再试",
        "Ask the administrator to import that year with “rongdun workdays update”, then try again",
    )

    @classmethod
    def at(cls, day: date, *, first: date, last: date) -> "OutsideWorkdayCalendar":
        """Build the error for ``day`` and a calendar that covers ``first`` to ``last``."""
        words = Text(
            "{day} 超出工作日历范围，现有日历只到 {first} 至 {last}，无法推算工作日",
            "{day} is outside the workday calendar, which covers {first} to {last}; "
            "working days cannot be counted",
        )
        return cls(words.format(day=day, first=first, last=last))


class WorkdayCalendar:
    """Every day of some consecutive years, worked or not."""

    def __init__(self, days: Iterable[Day]) -> None:
        """Take consecutive days in any order; an empty calendar raises ``ValueError``."""
        self._days = {day.date: day for day in days}
        if not self._days:
            raise ValueError("a workday calendar needs at least one day")
        self.first = min(self._days)
        self.last = max(self._days)

    def day(self, on: date) -> Day:
        """Return what is known of the day ``on``; outside the file raise :class:`OutsideWorkdayCalendar`."""
        try:
            return self._days[on]
        except KeyError:
            raise OutsideWorkdayCalendar.at(on, first=self.first, last=self.last) from None

    def is_workday(self, on: date) -> bool:
        """Tell whether ``on`` is worked."""
        return self.day(on).worked

    def add_workdays(self, start: date, count: int) -> date:
        """Return the ``count``-th working day after ``start``; ``start`` itself is not counted.

        Source: Criminal Procedure Law (2018) article 105, Civil Code article 201: the day on which a
        term begins is not counted. ``count`` must be positive.
        """
        if count < 1:
            raise ValueError("a term has at least one working day")
        day = start
        while count:
            day += timedelta(days=1)
            count -= self.is_workday(day)
        return day

    def due(self, start: datetime, count: int) -> datetime:
        """Return the last moment, in Shanghai, of the ``count``-th working day after ``start``."""
        return end_of_day(self.add_workdays(civil_date(start), count))

    def next_workday(self, on: date) -> date:
        """Return ``on`` when it is worked, else the first working day after it."""
        while not self.is_workday(on):
            on += timedelta(days=1)
        return on

    def count_workdays(self, after: date, until: date) -> int:
        """Count the working days later than ``after`` and not later than ``until``."""
        length = (until - after).days
        return sum(self.is_workday(after + timedelta(days=n)) for n in range(1, length + 1))

    def is_provisional(self, after: date, until: date) -> bool:
        """Tell whether any day later than ``after``, up to ``until``, is not yet officially published."""
        length = (until - after).days
        return any(self.day(after + timedelta(days=n)).provisional for n in range(1, length + 1))

    def days(self) -> tuple[Day, ...]:
        """Return every day, earliest first."""
        return tuple(self._days[on] for on in sorted(self._days))


def civil_date(moment: datetime) -> date:
    """Return the date in Shanghai of a timezone-aware moment."""
    if moment.tzinfo is None:
        raise ValueError("a legal moment needs a timezone")
    return moment.astimezone(SHANGHAI).date()


def end_of_day(day: date) -> datetime:
    """Return the last moment of ``day`` in Shanghai (Civil Code, article 203)."""
    return datetime.combine(day, LAST_MOMENT, tzinfo=SHANGHAI)
