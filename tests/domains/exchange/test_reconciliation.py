"""Two books of a day: what differs is named, and what merely waits on both sides is no difference."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from rongdun.domains.exchange import Difference, Line, compare
from rongdun.kernel.clock import SHANGHAI

DAY = date(2026, 7, 1)
NOON = datetime(2026, 7, 1, 12, tzinfo=SHANGHAI)
DONE = Line("A1", "stop", NOON, "done", 5_000_000)


def test_the_same_on_both_sides_agrees_answered_or_waiting() -> None:
    waits = Line("A2", "stop", NOON)
    told = compare([DONE, waits], [replace(DONE, at=NOON + timedelta(seconds=1)), waits], DAY)
    assert (told.ours, told.theirs, told.agreed, told.differences) == (2, 2, 2, ())


@pytest.mark.parametrize(
    ("ours", "theirs", "difference"),
    [
        ([DONE], [], Difference.UNKNOWN_TO_THEM),
        ([], [DONE], Difference.UNKNOWN_TO_US),
        ([replace(DONE, outcome="", held_fen=None)], [DONE], Difference.REPLY_MISSING),
        ([DONE], [replace(DONE, outcome="", held_fen=None)], Difference.NOT_ANSWERED_BY_THEM),
        ([DONE], [replace(DONE, outcome="mismatch", held_fen=None)], Difference.OUTCOME),
        ([DONE], [replace(DONE, held_fen=4_999_999)], Difference.AMOUNT),
        ([DONE], [replace(DONE, done=2)], Difference.DOUBLED),
    ],
)
def test_each_way_of_differing_has_its_name(
    ours: list[Line], theirs: list[Line], difference: Difference
) -> None:
    told = compare(ours, theirs, DAY)
    assert [found.difference for found in told.differences] == [difference]
    assert told.agreed == 0


def test_a_message_about_midnight_is_missed_by_neither_day() -> None:
    before = datetime(2026, 6, 30, 23, 59, 59, tzinfo=SHANGHAI)
    theirs = replace(DONE, at=before + timedelta(seconds=2))
    ours = replace(DONE, at=before)
    for day in (date(2026, 6, 30), DAY):
        assert compare([ours], [theirs], day).differences == ()
    assert compare([ours], [], DAY).differences == (), "it is the other day's to miss"
