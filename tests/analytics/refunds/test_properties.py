"""What holds of every return, whatever is frozen and whoever lost what."""

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rongdun.analytics.refunds.apportion import apportion, pro_rata
from rongdun.analytics.refunds.choose import choose
from rongdun.analytics.refunds.errors import NothingToReturn, WrongClaims
from rongdun.analytics.refunds.model import Apportionment, Arrival, Claim, Evidence, Mode

FEN = st.integers(1, 10**12)
LOSSES = st.lists(st.one_of(FEN, st.integers(1, 20)), min_size=1, max_size=12)


@st.composite
def situations(draw: st.DrawFn) -> tuple[int, list[Claim], Evidence]:
    """A frozen sum, claims of which some were paid in part, and what is known of the account."""
    losses = draw(LOSSES)
    claims = [
        Claim(f"c{place:02d}", loss, draw(st.integers(0, loss - 1))) for place, loss in enumerate(losses)
    ]
    frozen = draw(st.one_of(FEN, st.integers(1, sum(losses) + 50)))
    arrivals, left = [], {}
    for claim in claims:
        came = draw(st.integers(0, claim.loss_fen))
        if came:
            arrivals.append(Arrival(draw(st.integers(0, 3)), came, {claim.key: came}))
            left[claim.key] = draw(st.sampled_from([0, came // 2, came]))
    return frozen, claims, Evidence(draw(st.booleans()), arrivals, left)


def reckon(case: tuple[int, list[Claim], Evidence]) -> Apportionment:
    frozen, claims, evidence = case
    return apportion(frozen, claims, choose(frozen, claims, evidence))


@given(situations())
def test_money_is_conserved_and_nobody_gets_more_than_the_loss(
    case: tuple[int, list[Claim], Evidence],
) -> None:
    found = reckon(case)
    assert found.paid_fen + found.leftover_fen == case[0]
    assert found.leftover_fen >= 0
    for share, claim in zip(found.shares, case[1], strict=True):
        assert 0 <= share.fen <= claim.outstanding_fen
        if share.mode is Mode.PRO_RATA and share.divisor_fen > found.pool_fen:
            assert found.pool_fen * share.weight_fen == share.floor_fen * share.divisor_fen + share.remainder


@given(situations(), st.randoms(use_true_random=False))
def test_the_order_of_the_claims_bears_on_nothing(
    case: tuple[int, list[Claim], Evidence], dice: random.Random
) -> None:
    frozen, claims, evidence = case
    shuffled = dice.sample(claims, len(claims))
    mixed = Evidence(evidence.complete, dice.sample(evidence.arrivals, len(evidence.arrivals)), evidence.left)
    one, other = reckon(case), reckon((frozen, shuffled, mixed))
    assert (one.mode, one.why) == (other.mode, other.why)
    assert {share.key: share for share in one.shares} == {share.key: share for share in other.shares}


@given(FEN, LOSSES)
def test_shares_are_within_a_fen_of_exact_and_a_larger_loss_gets_no_less(
    pool: int, losses: list[int]
) -> None:
    found = pro_rata(pool, {f"c{place:02d}": loss for place, loss in enumerate(losses)})
    total = sum(losses)
    for share in found.values():
        exact = min(Fraction(pool * share.weight_fen, total), Fraction(share.weight_fen))
        assert abs(share.fen - exact) < 1
    ranked = sorted(found.values(), key=lambda share: (share.weight_fen, share.fen))
    assert [share.fen for share in ranked] == sorted(share.fen for share in ranked)
    assert sum(share.fen for share in found.values()) == min(pool, total)


@given(FEN, LOSSES, st.integers(1, 10**9))
def test_more_money_takes_at_most_a_fen_from_anybody(pool: int, losses: list[int], more: int) -> None:
    weights = {f"c{place:02d}": loss for place, loss in enumerate(losses)}
    before, after = pro_rata(pool, weights), pro_rata(pool + more, weights)
    assert all(after[key].fen >= before[key].fen - 1 for key in weights)


@given(situations())
def test_what_is_left_goes_on_to_a_new_procedure_until_losses_or_money_end(
    case: tuple[int, list[Claim], Evidence],
) -> None:
    frozen, claims, _ = case
    first = reckon((frozen, claims, Evidence()))
    paid = {share.key: share.fen for share in first.shares}
    later = [Claim(one.key, one.loss_fen, one.returned_fen + paid[one.key]) for one in claims]
    later.append(Claim("later", 1_000))
    if first.leftover_fen == 0:
        with pytest.raises(NothingToReturn):
            reckon((0, later, Evidence()))
        return
    second = reckon((first.leftover_fen, later, Evidence()))
    assert {share.key: share.fen for share in second.shares if share.fen} == {
        "later": min(first.leftover_fen, 1_000)
    }


def test_a_claim_listed_twice_or_below_zero_is_refused() -> None:
    for claims in ([Claim("a", 1), Claim("a", 2)], [Claim("a", -1)]):
        with pytest.raises(WrongClaims):
            choose(10, claims, Evidence())


def test_nothing_frozen_or_nothing_outstanding_is_refused() -> None:
    for frozen, claims in ((0, [Claim("a", 1)]), (10, [Claim("a", 5, 5)]), (10, [])):
        with pytest.raises(NothingToReturn):
            choose(frozen, claims, Evidence())
