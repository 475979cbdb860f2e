"""Rows and the kernel's values say the same, whatever happens to a deadline in whatever order."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rongdun.kernel import deadline as clockwork
from rongdun.kernel.deadline import Anchor, Level, Offset, Step
from rongdun.runtime.deadlines import Deadline, value_of
from rongdun.runtime.deadlines.convert import steps_from_json, steps_to_json, write_back
from rongdun.runtime.deadlines.firing import fire

START = datetime(2026, 7, 1, 4, tzinfo=UTC)
LENGTH = timedelta(hours=48)

_spans = st.timedeltas(min_value=timedelta(microseconds=1), max_value=timedelta(hours=30))
_short = st.timedeltas(min_value=timedelta(microseconds=1), max_value=timedelta(hours=5))
"""Eight of these still leave some of the 48 hours: a clock that has run out cannot be stopped."""

_steps = st.builds(
    Step,
    st.builds(Offset, st.sampled_from(Anchor), _spans),
    st.sampled_from(Level),
    st.lists(st.sampled_from(["owner", "duty_leader", "superior"]), max_size=2).map(tuple),
)


def _row(steps: tuple[Step, ...] = ()) -> Deadline:
    row = Deadline(
        started_at=START, created_at=START, pause_reason="", steps=steps_to_json(steps), step=0, version=0
    )
    write_back(row, clockwork.Deadline(START, START + LENGTH, steps), START)
    return row


@given(st.lists(_steps, max_size=6).map(tuple))
def test_a_ladder_survives_being_stored(steps: tuple[Step, ...]) -> None:
    assert steps_from_json(steps_to_json(steps)) == steps


@given(st.lists(st.tuples(_short, _spans), max_size=8))
def test_the_end_moves_by_exactly_the_time_the_clock_stood_still(
    spans: list[tuple[timedelta, timedelta]],
) -> None:
    row, now, stood = _row(), START, timedelta()
    for running, paused in spans:
        now += running
        write_back(row, clockwork.pause(value_of(row), now, reason="r"), now)
        assert (row.state, row.next_step_at, row.paused_at) == ("paused", None, now)
        now += paused
        stood += paused
        write_back(row, clockwork.resume(value_of(row), now), now)
    assert row.due_at == START + LENGTH + stood
    assert row.due_at - now == LENGTH - sum((running for running, _ in spans), timedelta())
    assert value_of(row).base_due_at == START + LENGTH


@given(
    st.lists(_steps, max_size=6).map(tuple),
    st.lists(st.tuples(st.sampled_from(["sweep", "pause", "resume", "jump back"]), _spans), max_size=20),
)
def test_no_step_is_fired_twice_or_before_its_moment_whatever_happens(
    steps: tuple[Step, ...], happenings: list[tuple[str, timedelta]]
) -> None:
    row, now = _row(steps), START
    fired: list[int] = []
    for what, span in happenings:
        now = now - span if what == "jump back" else now + span
        value = value_of(row)
        if what == "pause" and not value.paused_since:
            write_back(row, clockwork.pause(value, now), now)
        elif what == "resume" and value.paused_since:
            write_back(row, clockwork.resume(value, now), now)
        elif what == "sweep":
            firing = fire(row, now)
            assert all(step.planned.at <= now for step in firing.fired)
            fired += [step.planned.number for step in firing.fired]
            for name, changed in firing.changes().items():
                setattr(row, name, changed)
        assert row.next_step_at is None or not row.paused_at
    assert fired == list(range(len(fired)))
    assert row.step == len(fired)


@given(st.lists(_steps, min_size=1, max_size=6).map(tuple), _spans)
def test_the_stored_next_step_is_the_first_one_not_fired(steps: tuple[Step, ...], ahead: timedelta) -> None:
    row = _row(steps)
    firing = fire(row, START + ahead)
    for name, changed in firing.changes().items():
        setattr(row, name, changed)
    rest = clockwork.schedule(replace(value_of(row), fired=0))[row.step :]
    assert row.next_step_at == (rest[0].at if rest else None)
    assert all(step.at > START + ahead for step in rest)
