"""The centre's own workday file stands over the shipped one, and a bad one changes nothing."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from rongdun.kernel.workday import Day, DayKind
from rongdun.kernel.workday_file import WorkdayFileWrong, packaged_calendar, render
from rongdun.runtime.workdays import FILE, calendar_of, update_workdays


def year(number: int, *, off: date | None = None) -> str:
    """Return a workday file of one year: weekends off, and one more day as a holiday."""
    days = [date(number, 1, 1) + timedelta(days=n) for n in range(366)]
    kinds = {
        day: DayKind.REST if day.weekday() > 4 else DayKind.WORKDAY for day in days if day.year == number
    }
    idle = [date(number, 5, day) for day in range(1, 16)]
    holidays = {day for day in (*idle, off) if day}
    return render(
        Day(day, DayKind.HOLIDAY, "假日") if day in holidays else Day(day, kind)
        for day, kind in kinds.items()
    )


def test_without_a_file_the_shipped_days_apply(tmp_path: Path) -> None:
    assert calendar_of(tmp_path) is packaged_calendar()


def test_a_new_year_is_taken_into_use_at_once(tmp_path: Path) -> None:
    changed = update_workdays(tmp_path, year(2028))
    assert len(changed) == 366
    assert calendar_of(tmp_path).last == date(2028, 12, 31)
    assert calendar_of(tmp_path).is_workday(date(2025, 10, 11))


def test_years_taken_one_after_the_other_all_stay(tmp_path: Path) -> None:
    update_workdays(tmp_path, year(2028))
    changed = update_workdays(tmp_path, year(2027, off=date(2027, 3, 8)))
    assert date(2027, 3, 8) in {each.after.date for each in changed}
    calendar = calendar_of(tmp_path)
    assert not calendar.is_workday(date(2027, 3, 8))
    assert calendar.last == date(2028, 12, 31)
    assert not calendar.is_provisional(date(2026, 12, 31), date(2028, 12, 31))


def test_a_correction_of_the_same_year_is_noticed(tmp_path: Path) -> None:
    update_workdays(tmp_path, year(2028))
    assert calendar_of(tmp_path).is_workday(date(2028, 6, 1))
    changed = update_workdays(tmp_path, year(2028, off=date(2028, 6, 1)))
    assert [each.after.date for each in changed] == [date(2028, 6, 1)]
    assert not calendar_of(tmp_path).is_workday(date(2028, 6, 1))


@pytest.mark.parametrize("text", ["", "2028-01-01,workday", year(2030)])
def test_a_bad_file_changes_nothing(tmp_path: Path, text: str) -> None:
    update_workdays(tmp_path, year(2028))
    kept = (tmp_path / FILE).read_bytes()
    with pytest.raises(WorkdayFileWrong):
        update_workdays(tmp_path, text)
    assert (tmp_path / FILE).read_bytes() == kept


def test_a_file_spoilt_by_hand_is_told_not_ignored(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("spoilt", encoding="utf-8")
    with pytest.raises(WorkdayFileWrong):
        calendar_of(tmp_path)
