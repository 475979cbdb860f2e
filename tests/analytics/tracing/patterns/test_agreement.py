"""The kernels say what the definitions say, on any small ledger and in any order of its rows."""

from collections import Counter
from collections.abc import Callable
from random import Random
from typing import TypeAlias

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rongdun.analytics.tracing.model import Mask
from rongdun.analytics.tracing.patterns.cycles import temporal_cycles
from rongdun.analytics.tracing.patterns.fan import Fan, fan_in, fan_out
from rongdun.analytics.tracing.patterns.flows import Flows
from rongdun.analytics.tracing.patterns.pass_through import pass_through
from rongdun.analytics.tracing.patterns.scatter_gather import scatter_gather
from tests.analytics.tracing.patterns import oracle
from tests.analytics.tracing.patterns.oracle import Row, flows

Kernel: TypeAlias = Callable[[Flows, int, int, Mask], Fan]

ACCOUNTS = 5
WINDOW = 4

parties = st.integers(-1, ACCOUNTS - 1)
rows_of = st.builds(
    Row, st.integers(0, ACCOUNTS - 1) | parties, parties, st.integers(1, 20), st.integers(0, 9)
)
ledgers = st.lists(rows_of, max_size=14)
small = st.lists(
    st.builds(Row, st.integers(0, 4), st.integers(0, 4), st.just(1), st.integers(0, 6)), max_size=8
)
hubs_of = st.sets(st.integers(0, ACCOUNTS - 1), max_size=1)


def marked(hub: set[int]) -> np.ndarray:
    return np.isin(np.arange(ACCOUNTS), list(hub))


@settings(max_examples=60, deadline=None)
@given(ledgers, st.integers(1, 3), st.randoms())
@pytest.mark.parametrize(("side", "kernel"), [("in", fan_in), ("out", fan_out)])
def test_fans(side: str, kernel: Kernel, rows: list[Row], least: int, random: Random) -> None:
    shuffled = random.sample(rows, len(rows))
    found = kernel(flows(shuffled, ACCOUNTS), WINDOW, least, marked(set()))
    told = list(zip(found.largest.tolist(), found.moments.tolist(), strict=True))
    assert told == [oracle.fan(rows, side, account, WINDOW, least) for account in range(ACCOUNTS)]


@settings(max_examples=60, deadline=None)
@given(ledgers, st.integers(50, 100), st.randoms())
def test_pass_through(rows: list[Row], percent: int, random: Random) -> None:
    shuffled = random.sample(rows, len(rows))
    found = pass_through(flows(shuffled, ACCOUNTS), WINDOW, percent, marked(set()))
    told = list(zip(found.transfers.tolist(), found.fen.tolist(), strict=True))
    assert told == [oracle.passing(rows, account, WINDOW, percent) for account in range(ACCOUNTS)]


@settings(max_examples=60, deadline=None)
@given(small, hubs_of, st.integers(2, 5), st.randoms())
def test_cycles(rows: list[Row], hub: set[int], longest: int, random: Random) -> None:
    shuffled = random.sample(rows, len(rows))
    found = temporal_cycles(flows(shuffled, ACCOUNTS), WINDOW, marked(hub), longest)
    expected = Counter(
        (account, len(cycle)) for cycle in oracle.cycles(rows, hub, WINDOW, longest) for account in cycle
    )
    told = {
        (account, column + 2): int(found.counts[account, column])
        for account, column in zip(*np.nonzero(found.counts), strict=True)
    }
    assert told == expected


@settings(max_examples=80, deadline=None)
@given(ledgers, hubs_of, st.integers(2, 3), st.randoms())
def test_scatter_gathers(rows: list[Row], hub: set[int], least: int, random: Random) -> None:
    shuffled = random.sample(rows, len(rows))
    found = scatter_gather(flows(shuffled, ACCOUNTS), WINDOW, least, marked(hub))
    expected = list(oracle.scatters(rows, hub, WINDOW, least))
    pairs = {(source, end) for source, end, _ in expected}
    between = {(source, middle) for source, _, middles in expected for middle in middles}
    for account in range(ACCOUNTS):
        assert found.sources[account] == sum(source == account for source, _ in pairs)
        assert found.sinks[account] == sum(end == account for _, end in pairs)
        assert found.middles[account] == sum(middle == account for _, middle in between)
        widths = [len(middles) for source, _, middles in expected if source == account]
        assert found.widest[account] == max(widths, default=0)
