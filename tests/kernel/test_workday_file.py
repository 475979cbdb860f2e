"""The workday file is taken whole and correct, or not at all."""

from datetime import date, timedelta
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rongdun.kernel import workday_source
from rongdun.kernel.workday import Day, DayKind
from rongdun.kernel.workday_file import (
    WorkdayFileWrong,
    changes,
    merge,
    packaged_calendar,
    packaged_text,
    parse,
    render,
)

DAYS = packaged_calendar().days()
OF_2026 = tuple(day for day in DAYS if day.date.year == 2026)


def lines_without(text: str, needle: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if needle not in line)


def test_the_shipped_file_agrees_with_the_package_that_transcribes_the_notices() -> None:
    package = import_module("chinese_calendar")
    assert all(day.worked == package.is_workday(day.date) for day in DAYS if day.date.year <= 2026)


def test_the_shipped_file_covers_every_day_from_2020_to_2027() -> None:
    assert [day.date for day in DAYS] == [date(2020, 1, 1) + timedelta(days=n) for n in range(2922)]


def test_writing_and_reading_gives_the_same_days() -> None:
    assert parse(render(DAYS, remarks=["一句说明"])) == DAYS


def test_a_file_saved_by_excel_with_a_byte_order_mark_is_read() -> None:
    assert parse("\ufeff" + packaged_text()) == DAYS


def test_a_missing_day_is_named() -> None:
    with pytest.raises(WorkdayFileWrong) as wrong:
        parse(lines_without(packaged_text(), "2025-10-09"))
    assert [fault.message.zh for fault in wrong.value.fields] == ["缺少 2025-10-09"]


def test_a_repeated_day_is_named() -> None:
    with pytest.raises(WorkdayFileWrong) as wrong:
        parse(packaged_text() + "2025-10-09,workday,,announced\n")
    assert wrong.value.fields[0].path == "2025-10-09"


def test_a_broken_line_is_named_by_its_number() -> None:
    text = packaged_text().replace("2020-01-03,workday", "2020-01-03,open")
    with pytest.raises(WorkdayFileWrong) as wrong:
        parse(text)
    (fault,) = wrong.value.fields
    number = int(fault.path.removeprefix("line."))
    assert "2020-01-03,open" in text.splitlines()[number - 1]
    assert f"第{number}行" in fault.message.zh


@pytest.mark.parametrize(
    "line",
    [
        "2025-13-01,workday,,announced",
        "2025-10-09",
        "2025-10-09,workday,,announced,more",
        "2025-10-09,holiday,,announced",
        "2025-10-09,workday,,rumoured",
    ],
)
def test_lines_that_cannot_be_read_are_refused(line: str) -> None:
    with pytest.raises(WorkdayFileWrong):
        parse(line)


@pytest.mark.parametrize(
    ("on", "kind"),
    [
        (date(2026, 3, 9), DayKind.REST),
        (date(2026, 3, 9), DayKind.MAKEUP),
        (date(2026, 3, 8), DayKind.WORKDAY),
    ],
)
def test_a_kind_that_its_weekday_cannot_have_is_refused(on: date, kind: DayKind) -> None:
    # 8 March 2026 is a Sunday, 9 March a Monday.
    wrong_day = [day._replace(kind=kind) if day.date == on else day for day in OF_2026]
    with pytest.raises(WorkdayFileWrong) as wrong:
        merge(DAYS, wrong_day)
    assert [fault.path for fault in wrong.value.fields] == [str(on)]


def test_a_year_with_too_few_working_days_is_refused() -> None:
    idle = [
        day._replace(kind=DayKind.HOLIDAY, name="停工") if day.date.month == 3 else day for day in OF_2026
    ]
    with pytest.raises(WorkdayFileWrong) as wrong:
        merge(DAYS, idle)
    assert "2026年有226个工作日" in wrong.value.fields[0].message.zh  # 248 less the 22 of March 2026


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(WorkdayFileWrong):
        parse("date,kind,name,certainty\n")


def test_an_update_replaces_its_own_years_only() -> None:
    off = date(2026, 3, 9)
    update = [day._replace(kind=DayKind.HOLIDAY, name="市庆") if day.date == off else day for day in OF_2026]
    merged = merge(DAYS, update)
    assert [change.after.date for change in changes(DAYS, merged)] == [off]
    assert changes(DAYS, merged)[0].before == Day(off, DayKind.WORKDAY)


def test_an_update_that_leaves_a_year_out_is_refused() -> None:
    of_2029 = [Day(date(2029, 1, 1) + timedelta(days=n), DayKind.HOLIDAY, "空") for n in range(365)]
    with pytest.raises(WorkdayFileWrong) as wrong:
        merge(DAYS, of_2029)
    assert wrong.value.fields[0].message.zh == "缺少 2028-01-01"


def test_the_package_leaves_out_the_years_it_does_not_know() -> None:
    assert {day.date.year for day in workday_source.from_package(range(2025, 2040))} == {2025, 2026}


def test_a_machine_without_the_package_is_told_to_use_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "chinese_calendar", None)
    with pytest.raises(workday_source.CalendarPackageMissing) as missing:
        workday_source.from_package([2026])
    assert "rongdun workdays update" in missing.value.action.zh


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        parse(text)
    except WorkdayFileWrong as wrong:
        assert wrong.fields
    else:
        pytest.fail("a text of two hundred characters cannot hold a year")
