"""Each pattern on an example worked by hand."""

import numpy as np

from rongdun.analytics.tracing.model import HOUR, NOBODY
from rongdun.analytics.tracing.patterns.cycles import temporal_cycles
from rongdun.analytics.tracing.patterns.fan import fan_in, fan_out
from rongdun.analytics.tracing.patterns.flows import hubs
from rongdun.analytics.tracing.patterns.pass_through import pass_through
from rongdun.analytics.tracing.patterns.scatter_gather import scatter_gather
from tests.analytics.tracing.patterns.oracle import Row, flows

A, B, C, D, E, F = range(6)
YUAN = 100


def nobody(accounts: int) -> np.ndarray:
    return np.zeros(accounts, np.bool_)


def test_fan_in_counts_different_payers_within_the_window() -> None:
    rows = [
        Row(A, F, 1, 0),
        Row(B, F, 1, HOUR),
        Row(B, F, 1, HOUR),  # the same payer again
        Row(C, F, 1, 24 * HOUR),  # a day after the first: still in
        Row(D, F, 1, 25 * HOUR + 1),  # A and B have left, C stays
    ]
    found = fan_in(flows(rows, 6), 24 * HOUR, 3, nobody(6))
    assert found.largest.tolist() == [0, 0, 0, 0, 0, 3]
    assert found.moments.tolist() == [0, 0, 0, 0, 0, 1]


def test_fan_out_leaves_out_cash_and_hubs() -> None:
    rows = [Row(A, B, 1, 0), Row(A, C, 1, 1), Row(A, NOBODY, 1, 2), *(Row(D, E, 1, 3) for _ in range(5))]
    made = flows(rows, 5)
    hub = hubs(made, 4)
    found = fan_out(made, HOUR, 1, hub)
    assert hub.tolist() == [False, False, False, True, True]
    assert found.largest.tolist() == [2, 0, 0, 0, 0]


def test_money_that_goes_on_within_the_hour_passes_through() -> None:
    rows = [
        Row(A, B, 10_000 * YUAN, 0),
        Row(B, C, 5_000 * YUAN, 0),  # at the same second: after it
        Row(B, D, 4_000 * YUAN, HOUR),
        Row(A, C, 10_000 * YUAN, 0),
        Row(C, D, 8_999 * YUAN, 1),
    ]
    found = pass_through(flows(rows, 4), HOUR, 90, nobody(4))
    assert found.transfers.tolist() == [0, 1, 1, 0]
    assert found.fen.tolist() == [0, 10_000 * YUAN, 5_000 * YUAN, 0]


def test_money_that_comes_back_through_three_is_a_cycle_of_each_of_them() -> None:
    rows = [Row(A, B, 1, 0), Row(B, C, 1, 1), Row(C, A, 1, 2), Row(C, D, 1, 3)]
    found = temporal_cycles(flows(rows, 4), HOUR, nobody(4))
    assert found.counts.tolist() == [[0, 1, 0, 0], [0, 1, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0]]
    assert found.cut == 0


def test_a_cycle_that_takes_longer_than_the_window_or_goes_back_in_time_is_none() -> None:
    late = [Row(A, B, 1, 0), Row(B, A, 1, HOUR + 1)]
    assert not temporal_cycles(flows(late, 2), HOUR, nobody(2)).counts.any()
    falling = [Row(A, B, 1, 2), Row(B, C, 1, 1), Row(C, A, 1, 3)]
    assert not temporal_cycles(flows(falling, 3), HOUR, nobody(3)).counts.any()


def test_a_cycle_of_five_at_one_second_counts_once() -> None:
    rows = [Row(place, (place + 1) % 5, 1, 7) for place in range(5)]
    assert temporal_cycles(flows(rows, 5), HOUR, nobody(5)).counts.tolist() == [[0, 0, 0, 1]] * 5
    assert not temporal_cycles(flows(rows, 5), HOUR, nobody(5), longest=4).counts.any()


def test_a_walk_that_is_broken_off_is_told() -> None:
    rows = [Row(one, two, 1, one) for one in range(6) for two in range(6) if one != two for _ in range(4)]
    rows += [Row(two, one, 1, 10) for one in range(6) for two in range(6) if one != two]
    assert temporal_cycles(flows(rows, 6), HOUR, nobody(6), steps=10).cut > 0


def test_one_pays_three_who_pay_one() -> None:
    rows = [Row(A, middle, 1, middle) for middle in (B, C, D)]
    rows += [Row(middle, E, 1, 10) for middle in (B, C, D)]
    rows += [Row(D, F, 1, 0)]  # before D was paid: not part of it
    found = scatter_gather(flows(rows, 6), HOUR, 3, nobody(6))
    assert found.sources.tolist() == [1, 0, 0, 0, 0, 0]
    assert found.middles.tolist() == [0, 1, 1, 1, 0, 0]
    assert found.sinks.tolist() == [0, 0, 0, 0, 1, 0]
    assert found.widest.tolist() == [3, 0, 0, 0, 0, 0]
    assert not scatter_gather(flows(rows, 6), HOUR, 4, nobody(6)).sources.any()
