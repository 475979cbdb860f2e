"""The workday file: reading, checking, merging and writing it. Pure; callers do the reading of disks.

Lines are ``date,kind,name,certainty``; lines that begin with ``#`` are remarks. ``certainty`` is
``announced`` or ``provisional`` and may be left out. A file holds whole calendar years.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from rongdun.kernel.errors import FieldError, Invalid, Text
from rongdun.kernel.workday import Day, DayKind, WorkdayCalendar

HEADER = ("date", "kind", "name", "certainty")
FEWEST_WORKDAYS, MOST_WORKDAYS = 240, 256
"""Bounds of a plausible year: 365 days less 104 or 105 weekend days less 9 to 13 statutory holidays."""

_CERTAINTY = {"": False, "announced": False, "provisional": True}
_SATURDAY = 5
_SHOWN_FAULTS = 20


class WorkdayFileWrong(Invalid):
    """A workday file cannot be used; ``fields`` names each line and what is wrong with it."""

    code = "workday_file_wrong"
    message = Text("工作日文件有误，未作任何改动", "The workday file is not valid; nothing was changed")
    action = Text("请按提示逐行改正后重新导入", "Correct the lines that are named, then import again")


class Change(NamedTuple):
    """A day that a new file treats differently; ``before`` is None for a day not covered so far."""

    before: Day | None
    after: Day


def parse(text: str) -> tuple[Day, ...]:
    """Read a workday file and return its days, earliest first.

    Raises :class:`WorkdayFileWrong` with every wrong line (the first twenty), never a part of the file.
    """
    days: list[Day] = []
    faults: list[FieldError] = []
    for number, cells in _lines(text):
        try:
            days.append(_day(cells))
        except ValueError as fault:
            faults.append(FieldError(f"line.{number}", _wrong_line(number, str(fault))))
    faults += check(days) if not faults else []
    if faults:
        raise WorkdayFileWrong(fields=faults[:_SHOWN_FAULTS])
    return tuple(sorted(days))


def check(days: Sequence[Day]) -> list[FieldError]:
    """Return what is wrong with a set of days: gaps, repeats, kinds impossible on their weekday, odd years."""
    if not days:
        return [FieldError("file", Text("文件里没有任何日期", "The file holds no dates"))]
    return [*_repeats(days), *_gaps(days), *_wrong_weekdays(days), *_odd_years(days)]


def merge(base: Sequence[Day], update: Sequence[Day]) -> tuple[Day, ...]:
    """Return ``base`` with the years of ``update`` put in place of its own, checked as a whole.

    Raises :class:`WorkdayFileWrong` when a gap would open between the two.
    """
    replaced = {day.date.year for day in update}
    merged = sorted([day for day in base if day.date.year not in replaced] + list(update))
    if faults := check(merged):
        raise WorkdayFileWrong(fields=faults[:_SHOWN_FAULTS])
    return tuple(merged)


def changes(old: Iterable[Day], new: Iterable[Day]) -> tuple[Change, ...]:
    """Return the days that ``new`` adds or treats differently from ``old``, earliest first."""
    before = {day.date: day for day in old}
    return tuple(Change(before.get(day.date), day) for day in sorted(new) if before.get(day.date) != day)


def render(days: Iterable[Day], *, remarks: Sequence[str] = ()) -> str:
    """Return the text of a workday file, which :func:`parse` reads back to the same days."""
    lines = [f"# {remark}" for remark in remarks]
    lines.append(",".join(HEADER))
    for day in sorted(days):
        certainty = "provisional" if day.provisional else "announced"
        lines.append(f"{day.date.isoformat()},{day.kind},{day.name},{certainty}")
    return "\n".join(lines) + "\n"


def packaged_text() -> str:
    """Return the text of the workday file shipped with the product, 2020 to 2027."""
    return files("rongdun").joinpath("data/workdays.csv").read_text(encoding="utf-8")


@cache
def packaged_calendar() -> WorkdayCalendar:
    """Return the calendar of the workday file shipped with the product."""
    return WorkdayCalendar(parse(packaged_text()))


def calendar_with(update: str) -> WorkdayCalendar:
    """Return the shipped calendar with the years of ``update`` (the text of a workday file) put in place."""
    return WorkdayCalendar(merge(parse(packaged_text()), parse(update)))


def _lines(text: str) -> list[tuple[int, list[str]]]:
    numbered = enumerate(text.removeprefix("\ufeff").splitlines(), start=1)
    kept = ((number, line) for number, line in numbered if line.strip() and not line.startswith("#"))
    rows = [(number, [cell.strip() for cell in line.split(",")]) for number, line in kept]
    return [(number, cells) for number, cells in rows if cells[0] != HEADER[0]]


def _day(cells: list[str]) -> Day:
    if not 2 <= len(cells) <= len(HEADER):
        raise ValueError(f"{len(cells)} columns")
    on, kind, name, certainty = cells + [""] * (len(HEADER) - len(cells))
    if certainty not in _CERTAINTY:
        raise ValueError(f"certainty {certainty!r}")
    if kind == DayKind.HOLIDAY and not name:
        raise ValueError("a holiday without a name")
    return Day(date.fromisoformat(on), DayKind(kind), name, _CERTAINTY[certainty])


def _wrong_line(number: int, fault: str) -> Text:
    return Text(
        f"第{number}行无法识别({fault}),应为“日期,类型,名称,依据”,如 2027-01-01,holiday,元旦,announced",
        f"Line {number} cannot be read ({fault}); expected e.g. 2027-01-01,holiday,元旦,announced",
    )


def _repeats(days: Sequence[Day]) -> list[FieldError]:
    counted = Counter(day.date for day in days)
    return [
        FieldError(str(on), Text(f"{on} 出现了{times}次", f"{on} appears {times} times"))
        for on, times in sorted(counted.items())
        if times > 1
    ]


def _gaps(days: Sequence[Day]) -> list[FieldError]:
    known = {day.date for day in days}
    first, last = date(min(known).year, 1, 1), date(max(known).year, 12, 31)
    every = (first + timedelta(days=n) for n in range((last - first).days + 1))
    missing = [on for on in every if on not in known]
    return [FieldError(str(on), Text(f"缺少 {on}", f"{on} is missing")) for on in missing]


def _wrong_weekdays(days: Sequence[Day]) -> list[FieldError]:
    return [
        FieldError(
            str(day.date),
            Text(
                f"{day.date} 是{_weekday_zh(day.date)}，不能是“{day.kind}”",
                f"{day.date} is a {day.date:%A} and cannot be “{day.kind}”",
            ),
        )
        for day in days
        if not _possible(day)
    ]


def _possible(day: Day) -> bool:
    weekend = day.date.weekday() >= _SATURDAY
    if day.kind == DayKind.HOLIDAY:
        return True
    return weekend != (day.kind == DayKind.WORKDAY)


def _weekday_zh(on: date) -> str:
    return "星期" + "一二三四五六日"[on.weekday()]


def _odd_years(days: Sequence[Day]) -> list[FieldError]:
    worked = Counter(day.date.year for day in days if day.worked)
    years = sorted({day.date.year for day in days})
    return [
        FieldError(
            str(year),
            Text(
                f"{year}年有{worked[year]}个工作日，应在{FEWEST_WORKDAYS}至{MOST_WORKDAYS}之间",
                f"{year} has {worked[year]} working days; {FEWEST_WORKDAYS} to {MOST_WORKDAYS} expected",
            ),
        )
        for year in years
        if not FEWEST_WORKDAYS <= worked[year] <= MOST_WORKDAYS
    ]
