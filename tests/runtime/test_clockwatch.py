"""Three clocks compared: which of them jumped, how far, and when all is well."""

from datetime import UTC, datetime, timedelta

import pytest

from rongdun.runtime.clockwatch import ClockWatch

START = datetime(2026, 7, 1, tzinfo=UTC)


class Clocks:
    """A wall clock, a monotonic clock and a database clock that can each go their own way."""

    def __init__(self) -> None:
        self.wall, self.mono, self.database = START, 100.0, START
        self.watch = ClockWatch(lambda: self.mono)

    def pass_time(self, seconds: float) -> None:
        self.mono += seconds
        self.wall += timedelta(seconds=seconds)
        self.database += timedelta(seconds=seconds)


@pytest.fixture
def clocks() -> Clocks:
    clocks = Clocks()
    clocks.watch.look(clocks.wall, clocks.database)
    return clocks


@pytest.mark.parametrize("seconds", [0.0, 1.0, 3600.0])
def test_time_that_passes_is_no_jump_however_long(seconds: float, clocks: Clocks) -> None:
    clocks.pass_time(seconds)
    assert clocks.watch.look(clocks.wall, clocks.database) is None


@pytest.mark.parametrize(("by", "direction"), [(3600.0, "forward"), (-3600.0, "backward")])
def test_a_wall_clock_that_moves_by_itself_is_seen_with_its_size(
    by: float, direction: str, clocks: Clocks
) -> None:
    clocks.pass_time(1.0)
    clocks.wall += timedelta(seconds=by)
    jump = clocks.watch.look(clocks.wall, clocks.database)
    assert jump is not None
    assert (jump.seconds, jump.whose, jump.direction) == (by, "machine", direction)
    assert jump.expected == START + timedelta(seconds=1)
    assert jump.database_difference_s == by


def test_machine_and_database_on_one_clock_jump_together_and_are_seen(clocks: Clocks) -> None:
    clocks.pass_time(1.0)
    clocks.wall += timedelta(minutes=5)
    clocks.database += timedelta(minutes=5)
    jump = clocks.watch.look(clocks.wall, clocks.database)
    assert jump is not None
    assert (jump.seconds, jump.whose, jump.database_difference_s) == (300.0, "machine", 0.0)


def test_a_database_whose_clock_moves_is_told_apart(clocks: Clocks) -> None:
    clocks.pass_time(1.0)
    clocks.database -= timedelta(seconds=10)
    jump = clocks.watch.look(clocks.wall, clocks.database)
    assert jump is not None
    assert (jump.seconds, jump.whose) == (-10.0, "database")


def test_a_jump_is_told_once(clocks: Clocks) -> None:
    clocks.wall += timedelta(hours=1)
    assert clocks.watch.look(clocks.wall, clocks.database) is not None
    clocks.pass_time(1.0)
    assert clocks.watch.look(clocks.wall, clocks.database) is None


@pytest.mark.parametrize(("by", "seen"), [(2.0, False), (2.001, True), (-2.0, False), (-2.001, True)])
def test_what_deadlines_cannot_feel_is_no_alarm(by: float, seen: bool, clocks: Clocks) -> None:
    clocks.wall += timedelta(seconds=by)
    assert (clocks.watch.look(clocks.wall, clocks.database) is not None) is seen


def test_the_first_look_only_remembers() -> None:
    clocks = Clocks()
    assert clocks.watch.since_last_look() is None
    assert clocks.watch.look(START, START + timedelta(days=1)) is None
    clocks.mono += 4
    assert clocks.watch.since_last_look() == 4
