"""Who else paid the traced accounts and looks like a victim nobody knows: by named features, worked by hand."""

from pathlib import Path

import numpy as np
import pytest

from rongdun.analytics.tracing.backward import FEATURES, Backward, backward, is_ladder
from rongdun.analytics.tracing.index.hubs import HubPolicy, limits_of
from rongdun.analytics.tracing.index.reach import Starts, reach
from rongdun.analytics.tracing.index.taken import take
from rongdun.analytics.tracing.model import HOUR, Kind
from tests.analytics.tracing.index import plain
from tests.analytics.tracing.index.plain import Holder, Move

KNOWN, MULE, POOL, NEW, OLD, SHOP, FIRM = range(7)
DAY = 24 * HOUR
SEEN = 100 * DAY


@pytest.fixture
def looked_back(tmp_path: Path) -> Backward:
    """The known victim pays the mule, the mule the pool. NEW pays both in growing round sums; OLD pays the mule as ever
    and gets money back; SHOP is a merchant; FIRM, a company, feeds the pool beside the mule."""
    who = [Holder() for _ in range(5)] + [Holder(kind=Kind.MERCHANT), Holder(kind=Kind.CORPORATE)]
    what = [
        Move(KNOWN, MULE, 5_000_00, SEEN),
        Move(MULE, POOL, 4_900_00, SEEN + HOUR),
        Move(NEW, MULE, 1_000_00, SEEN + 2 * HOUR),
        Move(NEW, MULE, 3_000_00, SEEN + 5 * HOUR),
        Move(NEW, POOL, 10_000_00, SEEN + 9 * HOUR),
        Move(OLD, MULE, 123_45, SEEN - 50 * DAY),
        Move(OLD, MULE, 123_45, SEEN + HOUR),
        Move(MULE, OLD, 50_00, SEEN - 40 * DAY),
        Move(SHOP, MULE, 200_00, SEEN + HOUR),
        Move(FIRM, POOL, 777_77, SEEN + 3 * HOUR),
        Move(FIRM, POOL, 777_77, SEEN - 20 * DAY),
        Move(OLD, MULE, 900_00, SEEN + 30 * DAY),
    ]
    index = plain.index_of(tmp_path / "1", who, what)
    limits = limits_of(HubPolicy(follow={}), {OLD: False})
    begin = Starts(np.array([MULE]), np.array([0]), np.array([SEEN]), np.array([SEEN + 3 * DAY]))
    touched = reach(index, begin, 4, limits)
    got = take(index, touched, SEEN + 40 * DAY, limits, np.empty((0, 3), np.int64))
    return backward(index, got, [KNOWN], 3 * DAY)


def number(place: int) -> str:
    return f"6222{place:015d}"


def test_a_likely_victim_comes_first_with_every_reason(looked_back: Backward) -> None:
    first = looked_back.payers[0]
    assert (first.number, first.fen, first.payments, first.returned_fen) == (number(NEW), 14_000_00, 3, 0)
    assert set(first.features) == set(FEATURES)
    assert first.score == 1
    assert [place for _, place in first.paid] == [number(MULE), number(POOL)]
    assert "此前从未向该账户付款" in [reason.zh for reason in first.reasons]


def test_an_old_acquaintance_who_got_money_back_scores_low(looked_back: Backward) -> None:
    old = next(one for one in looked_back.payers if one.number == number(OLD))
    assert (old.fen, old.payments, old.returned_fen, old.features) == (123_45, 1, 50_00, ["personal"])


def test_known_victims_touched_accounts_and_merchants_are_not_listed(looked_back: Backward) -> None:
    assert [one.number for one in looked_back.payers] == [number(NEW), number(FIRM), number(OLD)]


def test_who_feeds_the_same_pool(looked_back: Backward) -> None:
    fed = [(one.pool[1], one.feeder[1], one.fen, one.touched) for one in looked_back.feeds]
    assert (number(POOL), number(MULE), 4_900_00, True) in fed
    assert (number(POOL), number(FIRM), 777_77, False) in fed
    assert not any(feeder in (number(NEW), number(KNOWN)) for _, feeder, _, _ in fed)


def test_weights_sum_to_one() -> None:
    assert round(sum(weight for weight, _ in FEATURES.values()), 6) == 1


@pytest.mark.parametrize(
    ("amounts", "grows"),
    [([1, 2], True), ([2, 2, 3], True), ([2, 2], False), ([3, 1, 4], False), ([5], False)],
)
def test_a_ladder_grows(amounts: list[int], grows: bool) -> None:
    assert is_ladder(amounts) is grows
