"""Terms end when law says they end, pauses stop the clock, and no step is fired twice."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.deadline import (
    Anchor,
    Deadline,
    DeadlineAlreadyPaused,
    DeadlineClosed,
    DeadlineNotPaused,
    Level,
    Offset,
    Outcome,
    Step,
    Term,
    Unit,
    add_months,
    begin,
    cancel,
    complete,
    due,
    fire,
    level,
    next_step,
    outcome,
    pause,
    remaining,
    resume,
    schedule,
)
from rongdun.kernel.escalation import ladder, ladder_by_share
from rongdun.kernel.workday_file import packaged_calendar

CALENDAR = packaged_calendar()
STOP = Term(48, Unit.HOUR, "stop.validity")
REMINDERS = ladder([24, 12, 4, 1], Unit.HOUR)


def at(text: str) -> datetime:
    """Return a moment of Shanghai's civil time."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def is_end_of(moment: datetime, day: date) -> bool:
    """Tell whether ``moment`` is the last of ``day`` in Shanghai: one microsecond on, it is tomorrow."""
    tomorrow = datetime.combine(day + timedelta(days=1), datetime.min.time(), SHANGHAI)
    return moment + timedelta(microseconds=1) == tomorrow


def stop_order(started: str = "2025-11-20T22:30") -> Deadline:
    return begin(at(started), STOP, CALENDAR, steps=REMINDERS)


def test_a_stop_runs_48_hours_by_the_clock_across_two_midnights() -> None:
    # 银发〔2016〕86号: 48 hours from the moment of the stop. 20 Nov 22:30 -> 22 Nov 22:30.
    assert due(at("2025-11-20T22:30"), STOP, CALENDAR) == at("2025-11-22T22:30")


def test_minutes_run_by_the_clock_whatever_the_timezone_of_the_start() -> None:
    # 银发〔2016〕86号 practice: keyed in within 30 minutes of the report.
    started = datetime(2025, 11, 20, 15, 45, tzinfo=UTC)
    assert due(started, Term(30, Unit.MINUTE), CALENDAR) == datetime(2025, 11, 20, 16, 15, tzinfo=UTC)


def test_three_days_do_not_count_the_day_they_begin() -> None:
    # CPL article 105: the beginning day is not counted. Begun Monday 3 Nov: 4, 5, 6 November.
    assert is_end_of(due(at("2025-11-03T09:00"), Term(3, Unit.DAY), CALENDAR), date(2025, 11, 6))


def test_the_day_a_term_begins_is_the_day_in_shanghai() -> None:
    started = datetime(2025, 11, 3, 16, 30, tzinfo=UTC)  # 00:30 on 4 November in Fuzhou
    assert is_end_of(due(started, Term(3, Unit.DAY), CALENDAR), date(2025, 11, 7))


def test_seven_working_days_across_national_day_2025() -> None:
    # By hand in test_workday: 26 September plus seven working days is 13 October.
    assert is_end_of(due(at("2025-09-26T17:59"), Term(7, Unit.WORKDAY), CALENDAR), date(2025, 10, 13))


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        # Civil Code article 202: the corresponding day, or the month's last where there is none.
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2025, 12, 31), 2, date(2026, 2, 28)),
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2025, 5, 28), 3, date(2025, 8, 28)),
        (date(2025, 2, 28), 6, date(2025, 8, 28)),
        (date(2025, 11, 15), 1, date(2025, 12, 15)),
    ],
)
def test_months_end_on_the_corresponding_day(start: date, months: int, end: date) -> None:
    assert add_months(start, months) == end
    started = datetime.combine(start, datetime.min.time(), SHANGHAI) + hours(10)
    assert is_end_of(due(started, Term(months, Unit.MONTH), CALENDAR), end)


def test_a_year_from_a_leap_day_ends_on_28_february() -> None:
    # Civil Code article 202, as above: 2025 has no 29 February.
    assert is_end_of(due(at("2024-02-29T08:00"), Term(1, Unit.YEAR), CALENDAR), date(2025, 2, 28))


def test_a_term_to_act_that_ends_on_a_holiday_moves_to_the_first_working_day() -> None:
    # CPL article 105. Begun 29 Sept 2025, three days end 2 October; the first day worked is 9 October.
    term = Term(3, Unit.DAY, rolls=True)
    assert is_end_of(due(at("2025-09-29T10:00"), term, CALENDAR), date(2025, 10, 9))


def test_a_measure_is_not_prolonged_by_a_holiday() -> None:
    assert is_end_of(due(at("2025-09-29T10:00"), Term(3, Unit.DAY), CALENDAR), date(2025, 10, 2))


def test_a_term_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Term(0, Unit.HOUR)


def test_the_reminders_of_a_stop_fall_24_12_4_and_1_hours_before_its_end() -> None:
    moments = [planned.at for planned in schedule(stop_order())]
    assert moments[:4] == [
        at("2025-11-21T22:30"),
        at("2025-11-22T10:30"),
        at("2025-11-22T18:30"),
        at("2025-11-22T21:30"),
    ]
    assert moments[4] - at("2025-11-22T22:30") == timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2025-11-21T22:29", Level.CALM),
        ("2025-11-21T22:30", Level.NOTICE),
        ("2025-11-22T18:29", Level.NOTICE),
        ("2025-11-22T18:30", Level.URGENT),
        ("2025-11-22T21:30", Level.CRITICAL),
        ("2025-11-22T22:30", Level.CRITICAL),
        ("2025-11-22T22:30:01", Level.OVERDUE),
    ],
)
def test_the_level_rises_with_each_step(now: str, expected: Level) -> None:
    assert level(stop_order(), at(now)) is expected


def test_the_duty_leader_hears_of_the_critical_step_and_of_the_end() -> None:
    told = [planned.step.notify for planned in schedule(stop_order())]
    assert told == [("owner",), ("owner",), ("owner",), ("owner", "duty_leader"), ("owner", "duty_leader")]


def test_a_reminder_longer_than_the_term_is_left_out() -> None:
    short = begin(at("2025-11-20T22:30"), Term(2, Unit.HOUR), CALENDAR, steps=REMINDERS)
    assert [planned.step.level for planned in schedule(short)] == [Level.CRITICAL, Level.OVERDUE]


def test_reminders_by_months_are_refused() -> None:
    with pytest.raises(ValueError, match="minutes, hours or days"):
        ladder([1], Unit.MONTH)


def test_a_rule_without_reminders_is_pressed_at_half_a_quarter_and_a_tenth() -> None:
    call = begin(
        at("2025-11-20T10:00"), Term(10, Unit.MINUTE), CALENDAR, steps=ladder_by_share(timedelta(minutes=10))
    )
    moments = [planned.at for planned in schedule(call)][:3]
    assert moments == [at("2025-11-20T10:05"), at("2025-11-20T10:07:30"), at("2025-11-20T10:09")]


def test_a_step_may_be_set_from_the_start_or_after_the_end() -> None:
    steps = (
        Step(Offset(Anchor.AFTER_DUE, hours(2)), Level.OVERDUE, ("city",)),
        Step(Offset(Anchor.AFTER_START, hours(1)), Level.NOTICE),
    )
    deadline = begin(at("2025-11-20T10:00"), Term(4, Unit.HOUR), CALENDAR, steps=steps)
    assert [planned.at for planned in schedule(deadline)] == [at("2025-11-20T11:00"), at("2025-11-20T16:00")]


def test_a_pause_moves_the_end_by_its_length() -> None:
    paused = pause(stop_order(), at("2025-11-21T08:00"), reason="等待补正")
    assert remaining(paused, at("2025-11-21T20:00")) == hours(38.5)
    running = resume(paused, at("2025-11-21T11:00"))
    assert running.due_at == at("2025-11-23T01:30")
    assert running.paused_for == hours(3)
    assert schedule(running)[0].at == at("2025-11-22T01:30")


def test_a_paused_deadline_fires_nothing_and_does_not_become_overdue() -> None:
    paused = pause(stop_order(), at("2025-11-21T08:00"))
    much_later = at("2025-12-31T00:00")
    assert fire(paused, much_later) == (paused, ())
    assert next_step(paused) is None
    assert level(paused, much_later) is Level.CALM
    assert outcome(paused, much_later) is None


def test_pausing_twice_and_resuming_what_runs_are_refused() -> None:
    paused = pause(stop_order(), at("2025-11-21T08:00"))
    with pytest.raises(DeadlineAlreadyPaused):
        pause(paused, at("2025-11-21T09:00"))
    with pytest.raises(DeadlineNotPaused):
        resume(stop_order(), at("2025-11-21T09:00"))


def test_a_clock_that_jumps_back_makes_no_negative_pause() -> None:
    paused = pause(stop_order(), at("2025-11-21T08:00"))
    assert resume(paused, at("2025-11-21T07:00")).due_at == stop_order().due_at


@pytest.mark.parametrize(
    ("done", "expected"),
    [("2025-11-22T22:30", Outcome.MET), ("2025-11-22T22:30:00.000001", Outcome.MET_LATE)],
)
def test_work_done_on_the_last_moment_is_met_and_after_it_late(done: str, expected: Outcome) -> None:
    assert outcome(complete(stop_order(), at(done)), at("2026-01-01T00:00")) is expected


def test_an_open_deadline_has_no_outcome_until_it_is_missed() -> None:
    assert outcome(stop_order(), at("2025-11-22T22:30")) is None
    assert outcome(stop_order(), at("2025-11-22T22:31")) is Outcome.MISSED


def test_cancelling_afterwards_does_not_undo_a_miss() -> None:
    assert outcome(cancel(stop_order(), at("2025-11-22T10:00")), at("2026-01-01T00:00")) is Outcome.CANCELLED
    assert outcome(cancel(stop_order(), at("2025-11-23T10:00")), at("2026-01-01T00:00")) is Outcome.MISSED


def test_nothing_can_be_done_to_a_closed_deadline() -> None:
    closed = complete(stop_order(), at("2025-11-21T08:00"))
    for change in (pause, resume, complete, cancel):
        with pytest.raises(DeadlineClosed):
            change(closed, at("2025-11-21T09:00"))
    assert next_step(closed) is None
    assert fire(closed, at("2025-11-25T00:00")) == (closed, ())
    assert remaining(closed, at("2025-12-01T00:00")) == hours(38.5)


def test_closing_a_paused_deadline_ends_the_pause() -> None:
    paused = pause(stop_order(), at("2025-11-21T08:00"))
    assert complete(paused, at("2025-11-30T08:00")).paused_since is None
    assert outcome(complete(paused, at("2025-11-30T08:00")), at("2025-12-01T00:00")) is Outcome.MET
    assert outcome(cancel(paused, at("2025-11-30T08:00")), at("2025-12-01T00:00")) is Outcome.CANCELLED


def test_steps_missed_while_down_are_fired_once_in_order_and_marked_late() -> None:
    back_up = at("2025-11-22T18:30:01")
    caught_up, fired = fire(stop_order(), back_up)
    assert [each.late for each in fired] == [True, True, False]
    assert fired[0].late_by == hours(20) + timedelta(seconds=1)
    assert [each.planned.number for each in fired] == [0, 1, 2]
    assert fire(caught_up, back_up) == (caught_up, ())
    upcoming = next_step(caught_up)
    assert upcoming is not None
    assert upcoming.at == at("2025-11-22T21:30")


def test_when_every_step_has_fired_there_is_none_left() -> None:
    spent, fired = fire(stop_order(), at("2025-12-01T00:00"))
    assert len(fired) == 5
    assert next_step(spent) is None


MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2026, 4, 1), timezones=st.just(SHANGHAI))
TERMS = st.builds(Term, st.integers(1, 20), st.sampled_from([unit for unit in Unit if unit is not Unit.YEAR]))


@given(MOMENTS, TERMS)
def test_a_longer_term_never_ends_earlier(start: datetime, term: Term) -> None:
    longer = Term(term.amount + 1, term.unit)
    assert start < due(start, term, CALENDAR) <= due(start, longer, CALENDAR)


@given(MOMENTS, TERMS)
def test_rolling_never_shortens_a_term_and_ends_on_a_day_that_is_worked(start: datetime, term: Term) -> None:
    if term.unit in (Unit.MINUTE, Unit.HOUR):
        return
    rolled = due(start, Term(term.amount, term.unit, rolls=True), CALENDAR)
    assert rolled >= due(start, term, CALENDAR)
    assert CALENDAR.is_workday(rolled.date())


@given(MOMENTS, TERMS, st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 5000)), max_size=6))
def test_time_worked_and_time_paused_add_up(
    start: datetime, term: Term, spans: list[tuple[int, int]]
) -> None:
    deadline = begin(start, term, CALENDAR, steps=REMINDERS)
    now, stood_still = start, timedelta()
    for running, standing in spans:
        now += timedelta(minutes=running)
        deadline = pause(deadline, now)
        now += timedelta(minutes=standing)
        stood_still += timedelta(minutes=standing)
        deadline = resume(deadline, now)
    assert remaining(deadline, now) == (due(start, term, CALENDAR) - start) - ((now - start) - stood_still)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=12))
def test_however_often_one_looks_every_step_is_fired_exactly_once(waits: list[int]) -> None:
    deadline, seen = stop_order(), []
    now = deadline.started_at
    for wait in [*waits, 100]:
        now += hours(wait)
        deadline, fired = fire(deadline, now)
        seen += [each.planned.number for each in fired]
    assert seen == [0, 1, 2, 3, 4]


@given(st.floats(0, 60), st.floats(0, 60))
def test_pressure_never_falls_while_the_clock_runs(first: float, second: float) -> None:
    early, late = sorted((first, second))
    deadline = stop_order()
    before = level(deadline, deadline.started_at + hours(early))
    after = level(deadline, deadline.started_at + hours(late))
    assert before.rank <= after.rank
