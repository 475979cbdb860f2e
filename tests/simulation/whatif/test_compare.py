"""Two settings side by side: the figures of the experiment, and when a difference counts as settled."""

import math
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rongdun.simulation.twin.experiment.sums import Sums
from rongdun.simulation.twin.experiment.worlds import ORACLE, POLICIES, Result
from rongdun.simulation.whatif.compare import LEAST_WORLDS, MEASURES, Figure, compare
from rongdun.simulation.whatif.schemas import Measure
from rongdun.simulation.whatif.settings import POLICIES as OFFERED
from rongdun.simulation.whatif.settings import Tally


def tally(saved: int, *, cases: int = 2, lost: int = 1_000, oracle: int = 800, **more: int) -> Tally:
    told = {"stops": 10, "asks": 12, "minutes": 18, "innocents": 0, "innocents_fen": 0, **more}
    return Tally(cases=cases, lost=lost, stealable=900, saved=saved, oracle=oracle, **told)


def figures(a: list[Tally], b: list[Tally]) -> dict[str, Figure]:
    return {one.key: one for one in compare(a, b)}


def test_ratios_are_of_sums_and_differences_are_of_b_to_a() -> None:
    found = figures([tally(100), tally(300)], [tally(500), tally(500)])
    saved, share = found["saved_fen"], found["saved_of_lost"]
    assert saved.a and saved.b and saved.difference
    assert (saved.a.value, saved.b.value, saved.difference.value) == (100, 250, 150)
    assert share.a and share.difference
    assert share.a.value == pytest.approx(400 / 2_000)
    assert share.difference.value == pytest.approx(0.3)


def test_shares_of_what_was_left_are_not_compared_across_delays() -> None:
    """Twenty minutes leave more to be stopped than thirty: a smaller share of it may be more money."""
    a, b = [tally(100)] * LEAST_WORLDS, [tally(500)] * LEAST_WORLDS
    told = {one.key: one.verdict for one in compare(a, b, one_delay=False)}
    assert (told["saved_of_stealable"], told["saved_of_oracle"]) == ("apart", "apart")
    assert (told["saved_fen"], told["saved_of_lost"]) == ("more", "more")
    assert {one.verdict for one in compare(a, b)} == {"more", "equal"}


def test_intervals_are_those_of_the_experiment() -> None:
    saved = [100, 900, 350, 20, 640]
    results = [
        _result(world, policy, fen)
        for world, one in enumerate(saved)
        for policy, fen in (("tier", one), (ORACLE, 800))
    ]
    sums = Sums(results)
    mine = sums.part("tier")
    told = figures([tally(one, cases=1) for one in saved], [tally(one, cases=1) for one in saved])
    for key, share in (
        ("saved_of_stealable", sums.share(mine, "saved", mine, "stealable")),
        ("saved_of_oracle", sums.share(mine, "saved", sums.part(ORACLE), "saved")),
    ):
        one = told[key].a
        assert one
        assert (one.value, one.low, one.high) == pytest.approx((share.value, share.low, share.high))


def test_what_helps_in_every_world_is_settled_however_much_worlds_differ() -> None:
    a = [tally(40 * place) for place in range(12)]
    b = [tally(40 * place + 15) for place in range(12)]
    found = figures(a, b)["saved_fen"]
    assert found.verdict == "more"
    assert found.a and found.b and found.a.high > found.b.low, "the two figures' own intervals overlap"
    assert figures(b, a)["saved_fen"].verdict == "less"


def test_what_helps_here_and_harms_there_is_not_settled() -> None:
    a = [tally(500) for _ in range(12)]
    b = [tally(500 + (300 if place % 2 else -290)) for place in range(12)]
    assert figures(a, b)["saved_fen"].verdict == "unsettled"


def test_few_worlds_settle_nothing() -> None:
    few = LEAST_WORLDS - 1
    assert figures([tally(0)] * few, [tally(900)] * few)["saved_fen"].verdict == "too_few"
    assert figures([tally(0)] * (few + 1), [tally(900)] * (few + 1))["saved_fen"].verdict == "more"


def test_equal_is_said_where_no_world_differs() -> None:
    assert figures([tally(5)] * 12, [tally(9)] * 12)["innocents"].verdict == "equal"


def test_a_share_of_nothing_is_left_out() -> None:
    nothing = [tally(0, oracle=0)] * 12
    found = figures(nothing, nothing)["saved_of_oracle"]
    assert (found.a, found.difference, found.verdict) == (None, None, "too_few")
    assert figures([], []) == {}


def test_what_the_page_is_told_is_what_is_measured() -> None:
    assert set(MEASURES) == set(get_args(Measure))
    assert set(OFFERED) < set(POLICIES)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900)), min_size=1, max_size=20))
def test_a_figure_lies_within_its_interval_and_turning_sides_turns_the_sign(
    pairs: list[tuple[int, int]],
) -> None:
    a, b = [tally(one) for one, _ in pairs], [tally(one) for _, one in pairs]
    found, turned = figures(a, b)["saved_fen"], figures(b, a)["saved_fen"]
    assert found.a and found.difference and turned.difference
    assert math.isclose(found.difference.value, -turned.difference.value)
    assert math.isclose(found.difference.low, -turned.difference.high, abs_tol=1e-9)
    assert min(one for one, _ in pairs) / 2 <= found.a.low <= found.a.high


def _result(world: int, policy: str, saved: int) -> Result:
    return Result(
        world=world, scam=0, delay=10.0, officers=1, policy=policy, lost=1_000, stealable=900, saved=saved, others=0,
        stops=10, asks=12, refused=0, minutes=18.0, innocents=0, innocents_fen=0,
    )  # fmt: skip
