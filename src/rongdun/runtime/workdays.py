"""The working days in use: those shipped, and over them the years of the centre's own file.

The file lies in the data directory. It is replaced whole or not at all, and every process notices a new
one by its time of change.
"""

import os
from functools import lru_cache
from pathlib import Path

from rongdun.kernel.workday import WorkdayCalendar
from rongdun.kernel.workday_file import (
    Change,
    calendar_with,
    changes,
    merge,
    packaged_calendar,
    parse,
    render,
)

FILE = "workdays.csv"
REMARK = "工作日历(覆盖随程序附带的年份) Working days in place of the shipped years"


def calendar_of(data_dir: Path) -> WorkdayCalendar:
    """Return the calendar in use; a file that has been spoilt by hand raises ``WorkdayFileWrong``."""
    path = data_dir / FILE
    if not path.exists():
        return packaged_calendar()
    return _read(path, path.stat().st_mtime_ns)


def update_workdays(data_dir: Path, text: str) -> tuple[Change, ...]:
    """Take the years of ``text`` (a workday file) into use; return the days treated differently from now on.

    Years taken earlier stay unless ``text`` holds them. Raises ``WorkdayFileWrong`` and changes nothing when
    the text is not valid or a year between would be missing.
    """
    before = calendar_of(data_dir).days()
    after = merge(before, parse(text))
    shipped = set(packaged_calendar().days())
    own_years = {day.date.year for day in after if day not in shipped}
    _replace(data_dir / FILE, render((day for day in after if day.date.year in own_years), remarks=[REMARK]))
    return changes(before, after)


@lru_cache(maxsize=2)
def _read(path: Path, changed_ns: int) -> WorkdayCalendar:  # noqa: ARG001 - a changed file is read anew
    return calendar_with(path.read_text(encoding="utf-8"))


def _replace(path: Path, text: str) -> None:
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
