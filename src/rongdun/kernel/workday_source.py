"""Where workday years come from: the ``chinesecalendar`` package, or the statutory days alone.

The package transcribes the State Council's yearly notice (国务院办公厅关于部分节假日安排的通知). For a year
not yet announced only the rule is known: weekends, and the statutory holidays of 全国年节及纪念日放假办法
(as amended 2024, State Council order 795). Days that will be moved are not guessed, so such a year is
marked provisional.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from importlib import import_module
from typing import Any

from rongdun.kernel.errors import Text, Unavailable
from rongdun.kernel.workday import Day, DayKind

_NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}

STATUTORY: Mapping[int, Mapping[date, str]] = {
    2027: {
        date(2027, 1, 1): "元旦",
        date(2027, 2, 5): "春节",
        date(2027, 2, 6): "春节",
        date(2027, 2, 7): "春节",
        date(2027, 2, 8): "春节",
        date(2027, 4, 5): "清明节",
        date(2027, 5, 1): "劳动节",
        date(2027, 5, 2): "劳动节",
        date(2027, 6, 9): "端午节",
        date(2027, 9, 15): "中秋节",
        date(2027, 10, 1): "国庆节",
        date(2027, 10, 2): "国庆节",
        date(2027, 10, 3): "国庆节",
    }
}
"""The thirteen statutory days of a year: New Year 1, Spring Festival 4 from its eve, Qingming 1, Labour 2,
Dragon Boat 1, Mid-autumn 1, National Day 3."""


class CalendarPackageMissing(Unavailable):
    """The optional package that knows the yearly notices is not installed."""

    code = "calendar_package_missing"
    message = Text(
        "未安装 chinesecalendar，无法从中取放假安排", "The chinesecalendar package is not installed"
    )
    action = Text(
        "请改用文件导入：rongdun workdays update 文件名",
        "Import a file instead: rongdun workdays update FILE",
    )


def from_package(years: Iterable[int]) -> tuple[Day, ...]:
    """Return every day of ``years`` that ``chinesecalendar`` covers; years it lacks are left out."""
    calendar = _package()
    holidays = calendar.constants.holidays
    known = set(range(min(holidays).year, max(holidays).year + 1))
    return tuple(_packaged_day(calendar, on) for year in sorted(known & set(years)) for on in _year(year))


def from_statute(year: int) -> tuple[Day, ...]:
    """Return ``year`` by weekends and :data:`STATUTORY` days alone, every day marked provisional."""
    holidays = STATUTORY[year]
    return tuple(_statutory_day(on, holidays.get(on, "")) for on in _year(year))


def _package() -> Any:
    try:
        return import_module("chinese_calendar")
    except ImportError:
        raise CalendarPackageMissing from None


def _year(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


def _packaged_day(calendar: Any, on: date) -> Day:
    resting, english = calendar.get_holiday_detail(on)
    name = _NAMES.get(english or "", english or "")
    if resting:
        return Day(on, DayKind.HOLIDAY if name else DayKind.REST, name)
    return Day(on, DayKind.MAKEUP if on.isoweekday() > 5 else DayKind.WORKDAY, name)


def _statutory_day(on: date, name: str) -> Day:
    if name:
        return Day(on, DayKind.HOLIDAY, name, True)
    return Day(on, DayKind.REST if on.isoweekday() > 5 else DayKind.WORKDAY, "", True)
