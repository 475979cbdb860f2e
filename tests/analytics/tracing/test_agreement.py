"""The compiled kernels say what the plain reference says, and both conserve, on random small ledgers."""

import random
from typing import Any
from zlib import crc32

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rongdun.analytics.tracing import reference
from rongdun.analytics.tracing.attribute import attribute
from rongdun.analytics.tracing.conserve import conserves
from rongdun.analytics.tracing.model import HOUR, Attribution, Bounds, End, Kind, Rule
from rongdun.analytics.tracing.order import UNKNOWN, in_order
from tests.analytics.tracing.hand import MINUTE, Case, Move, case

CONSERVING = [Rule.FIFO, Rule.LIFO, Rule.PRO_RATA, Rule.WINDOW]
NAMES = "ABCDEF"

ENDS = st.sampled_from([End.FOLLOWED] * 8 + [End.CASH, End.FEE, End.CONSUMPTION])
MOVES = st.builds(
    Move,
    payer=st.sampled_from(["", *NAMES]),
    payee=st.sampled_from(["", *NAMES]),
    fen=st.integers(0, 40),
    minute=st.integers(0, 12),
    end=ENDS,
    refund=st.sampled_from([False] * 4 + [True]),
    seed=st.sampled_from(["", "", "", "王", "李", "陈"]),
)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    moves = [_sane(move) for move in draw(st.lists(MOVES, min_size=2, max_size=30))]
    moves = sorted([Move("", "A", 30, 0, seed="王"), *moves], key=lambda move: move.minute)
    return case(
        *moves,
        opening=draw(st.dictionaries(st.sampled_from(NAMES), st.integers(1, 50), max_size=4)),
        unseen=draw(st.sampled_from(["", "F", "EF"])),
        hubs=draw(st.sampled_from(["", "", "E"])),
        kinds=draw(st.sampled_from([{}, {"D": Kind.MERCHANT}, {"F": Kind.CRYPTO}])),
        since=draw(st.sampled_from([None, {"B": 3, "C": 6}])),
        as_of=20,
    )


def _sane(move: Move) -> Move:
    """A seed comes into an account and is not of itself nothing."""
    if not move.seed or not move.payee or not move.fen:
        return move._replace(seed="")
    return move._replace(refund=False)


BOUNDS = st.builds(
    Bounds,
    depth=st.integers(1, 5),
    window=st.sampled_from([2 * MINUTE, 6 * MINUTE, 72 * HOUR]),
    delta=st.sampled_from([0, MINUTE, 3 * MINUTE, HOUR]),
    delta_of=st.sampled_from([{}, {0: MINUTE}]),
)


def same(one: Attribution, two: Attribution) -> None:
    assert one.totals == two.totals
    for name in ("account", "victim", "tier", "in_fen", "out_fen", "left_fen", "first_in", "last_out", "end"):
        assert getattr(one.holdings, name).tolist() == getattr(two.holdings, name).tolist(), name
    np.testing.assert_allclose(one.holdings.held, two.holdings.held)
    for name in ("transfer", "victim", "fen", "end"):
        assert getattr(one.shares, name).tolist() == getattr(two.shares, name).tolist(), name


@pytest.mark.parametrize("rule", list(Rule))
@settings(max_examples=120, deadline=None)
@given(made=cases(), bounds=BOUNDS)
def test_kernel_and_reference_agree(rule: Rule, made: Case, bounds: Bounds) -> None:
    expected = reference.attribute(made.ledger, made.arrivals, rule, bounds)
    same(attribute(made.ledger, made.arrivals, rule, bounds), expected)


@pytest.mark.parametrize("rule", CONSERVING)
@settings(max_examples=60, deadline=None)
@given(made=cases(), bounds=BOUNDS)
def test_every_fen_is_somewhere(rule: Rule, made: Case, bounds: Bounds) -> None:
    found = reference.attribute(made.ledger, made.arrivals, rule, bounds)
    totals = found.totals
    assert totals.seeds_fen == sum(move.fen for move in made.moves if move.seed)
    assert totals.seeds_fen == totals.left_fen + totals.ended_fen + totals.frontier_fen + totals.limit_fen
    assert conserves(found, made.ledger)


@pytest.mark.parametrize("rule", CONSERVING)
@settings(max_examples=60, deadline=None)
@given(made=cases(), bounds=BOUNDS)
def test_poison_is_an_upper_bound_of_every_rule(rule: Rule, made: Case, bounds: Bounds) -> None:
    least = _by_transfer(attribute(made.ledger, made.arrivals, rule, bounds))
    most = _by_transfer(attribute(made.ledger, made.arrivals, Rule.POISON, bounds))
    assert all(most.get(key, 0) >= fen for key, fen in least.items())


def _by_transfer(found: Attribution) -> dict[Any, int]:
    rows = found.shares
    keys = zip(rows.transfer.tolist(), rows.victim.tolist(), strict=True)
    return dict(zip(keys, rows.fen.tolist(), strict=True))


@pytest.mark.parametrize("rule", list(Rule))
@settings(max_examples=60, deadline=None)
@given(made=cases(), chance=st.randoms(use_true_random=False))
def test_the_order_of_input_rows_does_not_matter(rule: Rule, made: Case, chance: random.Random) -> None:
    moves = list(made.moves)
    chance.shuffle(moves)
    assert _told(made, moves, rule) == _told(made, list(made.moves), rule)


def _told(made: Case, moves: list[Move], rule: Rule) -> list[str]:
    """Put the moves into their order by content, attribute, and tell what each carried."""
    key = np.array([crc32(repr(move).encode()) for move in moves], np.int64)
    side = {"": -1} | {name: place for place, name in enumerate(made.names)}
    unknown = np.full(len(moves), UNKNOWN, np.int64)
    order = in_order(
        np.array([side[move.payer] for move in moves], np.int32),
        np.array([side[move.payee] for move in moves], np.int32),
        np.array([move.minute for move in moves], np.int64),
        unknown,
        unknown,
        key,
    )
    again = case(*(moves[at] for at in order), unseen="F", as_of=20)
    found = attribute(again.ledger, again.arrivals, rule, Bounds(depth=4, window=6 * MINUTE))
    return again.shares(found)
