"""A world that is watched: money is conserved at every moment, and the story ends with the sums of the experiment."""

import itertools
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rongdun.simulation.whatif import recording
from rongdun.simulation.whatif.play import Played, play
from rongdun.simulation.whatif.settings import Side
from rongdun.simulation.whatif.story import OUT, VICTIM, StoryCase, StorySide

MINUTE = 60
TIER, ADVICE = Side("tier", 20, 1), Side("advice", 20, 2)
PAIRS = (
    (Side("none", 10, 1), TIER),
    (Side("newest", 20, 1), ADVICE),
    (Side("balance", 20, 1), Side("balance", 120, 1, mules="fast")),
)


@lru_cache
def world(pair: int, seed: int) -> Played:
    return play(PAIRS[pair], seed, 2)


def cases(played: Played) -> list[StoryCase]:
    assert played.story
    return played.story.cases


def sides(played: Played) -> Iterator[tuple[StoryCase, StorySide]]:
    for case in cases(played):
        for side in (case.a, case.b):
            if side:
                yield case, side


def lies(side: StorySide, moment: int) -> tuple[int, Counter[int], int]:
    """Return the fen sent by the victim, what lies in each account, and what is gone, when ``moment`` has passed."""
    sent, gone, there = 0, 0, Counter[int]()
    moves = side.moves
    for at, payer, payee, fen in zip(moves.at, moves.payer, moves.payee, moves.fen, strict=True):
        if at > moment:
            break
        if payer == VICTIM:
            sent += fen
        else:
            there[payer] -= fen
        if payee == OUT:
            gone += fen
        else:
            there[payee] += fen
        assert there[payer] >= 0, "an account passes on no more of the victim's money than it has"
    return sent, there, gone


def stopped(side: StorySide, moment: int) -> set[int]:
    return {
        act.account
        for act in side.acts
        if act.action == "stop" and act.outcome == "done" and act.lands <= moment
    }


@settings(max_examples=12, deadline=None)
@given(st.integers(0, len(PAIRS) - 1), st.sampled_from([3000, 3001]), st.floats(0, 1))
def test_money_is_conserved_at_every_moment(pair: int, seed: int, share: float) -> None:
    for _, side in sides(world(pair, seed)):
        moment = round(share * side.end)
        sent, there, gone = lies(side, moment)
        held = sum(there[account] for account in stopped(side, moment))
        loose = sum(there.values()) - held
        assert sent == loose + held + gone
        assert min(loose, held, gone) >= 0
        assert moment < side.reported or sent == side.sums.lost_fen


@pytest.mark.parametrize("pair", range(len(PAIRS)))
@pytest.mark.parametrize("seed", [3000, 3001])
def test_a_story_ends_with_the_sums_of_the_table_to_the_fen(pair: int, seed: int) -> None:
    played = world(pair, seed)
    for tally, name in zip(played.tallies, ("a", "b"), strict=True):
        mine = [side for one in cases(played) if (side := getattr(one, name))]
        saved = [sum(lies(one, one.end)[1][account] for account in stopped(one, one.end)) for one in mine]
        assert sum(saved) == tally.saved
        assert sum(lies(one, one.end)[0] for one in mine) == tally.lost
        assert sum(sum(lies(one, one.reported)[1].values()) for one in mine) == tally.stealable
        acts = [act for one in mine for act in one.acts]
        assert sum(act.action == "stop" for act in acts) == tally.stops
        assert sum(act.action != "stop" for act in acts) == tally.asks
        assert len(mine) == tally.cases
        innocent = [
            account
            for one in cases(played)
            if (side := getattr(one, name))
            for account in stopped(side, side.end)
            if not one.accounts[account].room
        ]
        assert len(innocent) == tally.innocents
        assert sum(one.sums.saved_fen for one in mine) == tally.saved


def test_a_stopped_account_pays_nothing_out_and_had_what_the_stop_found() -> None:
    seen = 0
    for _, side in sides(world(0, 3001)):
        moves = side.moves
        for act in side.acts:
            if act.action == "stop" and act.outcome == "done":
                seen += 1
                later = [
                    at
                    for at, payer in zip(moves.at, moves.payer, strict=True)
                    if payer == act.account and at > act.lands
                ]
                assert not later
                assert act.found_fen >= lies(side, act.lands)[1][act.account]
            else:
                assert act.found_fen == 0
    assert seen


def test_no_officer_writes_two_orders_at_once_in_the_busy_hour() -> None:
    for pair, name, count in ((0, "b", 1), (1, "b", 2)):
        told = [side for one in cases(world(pair, 3001)) if (side := getattr(one, name))]
        busy = sorted(
            (act.officer, act.begun + side.hour, act.sent + side.hour) for side in told for act in side.acts
        )
        assert {officer for officer, *_ in busy} == set(range(count))
        for (officer, _, until), (other, begins, _) in itertools.pairwise(busy):
            assert officer != other or begins >= until - 1, "moments are whole seconds"


def test_both_settings_are_told_of_the_same_money_on_one_clock() -> None:
    for one in cases(world(1, 3000)):
        assert one.a
        assert one.b
        report = one.a.reported
        assert report == one.b.reported
        assert one.a.starts_at == one.b.starts_at
        before = [
            [move for move in zip(*side.moves.model_dump().values(), strict=True) if move[0] <= report]
            for side in (one.a, one.b)
        ]
        assert before[0] == before[1], "until somebody acts, the same happens to the same accounts"
        assert all(act.begun >= report for side in (one.a, one.b) for act in side.acts)


def test_a_sooner_report_comes_earlier_on_the_same_clock() -> None:
    played = play((Side("none", 10, 1), Side("none", 30, 1)), 3001, 2)
    for one in cases(played):
        assert one.a
        assert one.b
        assert one.a.reported < one.b.reported
        assert one.a.moves.at[0] == one.b.moves.at[0] == 0


def test_a_tier_counts_the_transfers_from_the_victim() -> None:
    for case, side in sides(world(1, 3001)):
        for payer, payee in zip(side.moves.payer, side.moves.payee, strict=True):
            if payee != OUT:
                before = 0 if payer == VICTIM else case.accounts[payer].tier
                assert 1 <= case.accounts[payee].tier <= before + 1


def test_reasons_are_said_in_both_languages() -> None:
    for pair in range(len(PAIRS)):
        for _, side in sides(world(pair, 3001)):
            assert all(act.why.zh and act.why.en for act in side.acts)


def test_a_world_in_which_too_much_happens_has_no_story(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "MOST_MOVES", 3)
    assert play(PAIRS[0], 3001, 1).story is None
