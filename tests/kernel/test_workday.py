"""Working days, checked against the State Council's published notices."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.workday import DayKind, OutsideWorkdayCalendar, WorkdayCalendar, civil_date, end_of_day
from rongdun.kernel.workday_file import packaged_calendar

CALENDAR = packaged_calendar()


@pytest.mark.parametrize(
    ("on", "worked"),
    [
        # 国办发明电〔2024〕12号: National Day and Mid-autumn 1 to 8 October 2025; 28 September and 11 October worked.
        (date(2025, 9, 28), True),
        (date(2025, 10, 1), False),
        (date(2025, 10, 6), False),
        (date(2025, 10, 8), False),
        (date(2025, 10, 9), True),
        (date(2025, 10, 11), True),
        (date(2025, 10, 12), False),
        # 国办发明电〔2020〕1号: Spring Festival 2020 prolonged to 2 February because of the epidemic.
        (date(2020, 1, 31), False),
        (date(2020, 2, 2), False),
        (date(2020, 2, 3), True),
    ],
)
def test_the_published_holidays_are_kept(on: date, worked: bool) -> None:
    assert CALENDAR.is_workday(on) is worked


def test_seven_working_days_across_national_day_2025() -> None:
    # By hand: begun Friday 26 September. 1: Sun 28 (worked), 2: Mon 29, 3: Tue 30, 1-8 October off,
    # 4: Thu 9, 5: Fri 10, 6: Sat 11 (worked), Sun 12 off, 7: Mon 13 October.
    assert CALENDAR.add_workdays(date(2025, 9, 26), 7) == date(2025, 10, 13)


def test_a_term_of_working_days_ends_with_the_last_day_in_shanghai() -> None:
    started = datetime(2025, 9, 26, 9, 30, tzinfo=SHANGHAI)
    due = CALENDAR.due(started, 7)
    assert due < datetime(2025, 10, 14, 0, 0, tzinfo=SHANGHAI) <= due + timedelta(microseconds=1)


def test_the_start_day_is_the_day_in_shanghai_not_in_utc() -> None:
    # 17:00 UTC on Thursday 9 October is 01:00 on Friday 10 October in Fuzhou; the next working day is Sat 11.
    assert CALENDAR.due(datetime(2025, 10, 9, 17, tzinfo=UTC), 1).date() == date(2025, 10, 11)


def test_a_term_begun_on_a_holiday_starts_with_the_first_working_day_after_it() -> None:
    assert CALENDAR.add_workdays(date(2025, 10, 3), 1) == date(2025, 10, 9)


def test_a_day_beyond_the_file_is_refused_in_words_an_officer_understands() -> None:
    with pytest.raises(OutsideWorkdayCalendar) as refused:
        CALENDAR.add_workdays(date(2027, 12, 30), 5)
    assert "2028-01-01" in refused.value.message.zh
    assert "2020-01-01 至 2027-12-31" in refused.value.message.zh
    assert "rongdun workdays update" in refused.value.action.zh


def test_a_term_needs_at_least_one_working_day() -> None:
    with pytest.raises(ValueError, match="at least one"):
        CALENDAR.add_workdays(date(2025, 10, 9), 0)


def test_an_empty_calendar_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one day"):
        WorkdayCalendar([])


def test_a_moment_without_a_timezone_is_refused() -> None:
    with pytest.raises(ValueError, match="timezone"):
        civil_date(datetime(2025, 10, 9))


def test_the_next_working_day_after_the_holiday() -> None:
    assert CALENDAR.next_workday(date(2025, 10, 1)) == date(2025, 10, 9)
    assert CALENDAR.next_workday(date(2025, 10, 11)) == date(2025, 10, 11)


def test_only_a_span_that_reaches_2027_is_provisional() -> None:
    assert CALENDAR.is_provisional(date(2026, 12, 30), date(2027, 1, 4))
    assert not CALENDAR.is_provisional(date(2026, 12, 1), date(2026, 12, 31))


def test_2027_rests_on_its_statutory_days_and_moves_none() -> None:
    # 全国年节及纪念日放假办法 (2024): thirteen days. Spring Festival 2027 is 6 February, its eve the 5th.
    holidays = [day for day in CALENDAR.days() if day.date.year == 2027 and day.kind is DayKind.HOLIDAY]
    assert len(holidays) == 13
    assert not [day for day in CALENDAR.days() if day.date.year == 2027 and day.kind is DayKind.MAKEUP]
    assert not CALENDAR.is_workday(date(2027, 2, 5))
    assert all(day.provisional == (day.date.year == 2027) for day in CALENDAR.days())


@pytest.mark.parametrize(("year", "worked"), [(2025, 248), (2026, 248), (2024, 251), (2023, 249)])
def test_working_days_in_a_year(year: int, worked: int) -> None:
    # Counted from the yearly notices: days of the year less weekends less statutory days on weekdays.
    assert CALENDAR.count_workdays(date(year - 1, 12, 31), date(year, 12, 31)) == worked


STARTS = st.dates(date(2020, 1, 1), date(2027, 6, 30))


@given(STARTS, st.integers(1, 60))
def test_the_nth_working_day_is_worked_and_n_days_are_counted_on_the_way(start: date, count: int) -> None:
    end = CALENDAR.add_workdays(start, count)
    assert CALENDAR.is_workday(end)
    assert CALENDAR.count_workdays(start, end) == count


@given(STARTS, st.integers(1, 30), st.integers(1, 30))
def test_working_days_add_up(start: date, first: int, second: int) -> None:
    in_two = CALENDAR.add_workdays(CALENDAR.add_workdays(start, first), second)
    assert in_two == CALENDAR.add_workdays(start, first + second)


@given(STARTS)
def test_a_day_ends_before_the_next_begins(day: date) -> None:
    assert civil_date(end_of_day(day)) == day
    assert civil_date(end_of_day(day) + timedelta(microseconds=1)) == day + timedelta(days=1)
