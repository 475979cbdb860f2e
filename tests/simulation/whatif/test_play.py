"""One world under two settings: the experiment's own figures, and what a setting must change."""

import sys

import pytest

from rongdun.simulation.twin.experiment.run import Plan, one_world
from rongdun.simulation.twin.experiment.worlds import ORACLE
from rongdun.simulation.whatif.child import Player, PlayerLost, Stopped
from rongdun.simulation.whatif.play import play
from rongdun.simulation.whatif.settings import DAYS, PEOPLE, Side, Tally
from rongdun.simulation.whatif.story import Story

TIER = Side("tier", 10, 1)
NONE = Side("none", 10, 1)
SEED = 2001


def tallies(a: Side, b: Side, cases: int) -> list[Tally]:
    return play((a, b), SEED, cases).tallies


def test_a_world_gives_what_the_experiment_says_of_it() -> None:
    plan = Plan(
        people=PEOPLE, days=DAYS, delays=[10.0], officers=[1], cases=2, policies=("tier", ORACLE), processes=1
    )
    results = [one for one in one_world(plan, SEED) if one.policy == "tier"]
    told, _ = tallies(TIER, NONE, 2)
    assert told.cases == len(results) == 2
    for name in ("lost", "stealable", "saved", "stops", "asks", "innocents", "innocents_fen"):
        assert getattr(told, name) == sum(getattr(one, name) for one in results), name


def test_nobody_saves_anything_where_nobody_acts_and_the_scams_are_the_same() -> None:
    none, tier = tallies(NONE, TIER, 2)
    assert (none.saved, none.stops, none.asks) == (0, 0, 0)
    assert tier.saved > 0
    assert (none.cases, none.lost, none.stealable, none.oracle) == (
        tier.cases,
        tier.lost,
        tier.stealable,
        tier.oracle,
    )


def test_banks_and_mules_of_another_pace_leave_the_scams_as_they_are() -> None:
    usual, slow = tallies(TIER, Side("tier", 10, 1, banks="slow"), 1)
    again, fast = tallies(TIER, Side("tier", 10, 1, mules="fast"), 1)
    assert usual == again
    assert usual.lost == slow.lost == fast.lost
    assert usual.stealable == slow.stealable, "how fast banks answer changes nothing before the report"
    assert fast.stealable <= usual.stealable


def test_the_sooner_the_report_the_more_can_still_be_stopped() -> None:
    soon, late = tallies(Side("tier", 5, 1), Side("tier", 300, 1), 2)
    assert soon.lost == late.lost
    assert soon.stealable >= late.stealable


def test_a_player_answers_as_the_world_is_and_ends_when_nobody_wants_it() -> None:
    with Player((NONE, TIER), 1) as player:
        answer = player.world(SEED, lambda: True)
        played = play((NONE, TIER), SEED, 1)
        assert answer.tallies == played.tallies
        assert Story.model_validate(answer.story) == played.story
        with pytest.raises(Stopped):
            player.world(SEED, lambda: False)


def test_a_player_that_is_gone_is_told() -> None:
    with Player((NONE, Side("no such policy", 10, 1)), 1) as player, pytest.raises(PlayerLost):
        player.world(SEED, lambda: True)


def test_half_an_answer_counts_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    half = (sys.executable, "-c", "import sys; sys.stdin.readline(); print('[[{', end='')")
    monkeypatch.setattr("rongdun.simulation.whatif.child._COMMAND", half)
    with Player((NONE, TIER), 1) as player, pytest.raises(PlayerLost):
        player.world(SEED, lambda: True)
