"""What the index reaches and hands out is what its definition says, walked in plain Python."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rongdun.analytics.tracing.index import reach as reaching
from rongdun.analytics.tracing.index import taken
from rongdun.analytics.tracing.index.gather import Gathered
from rongdun.analytics.tracing.index.hubs import BY_CASE, BY_DEGREE, BY_KIND, HubPolicy, limits_of
from rongdun.analytics.tracing.index.opened import TraceIndex
from rongdun.analytics.tracing.index.reach import Starts, reach
from rongdun.analytics.tracing.index.taken import take
from rongdun.analytics.tracing.model import NOBODY, End, Kind
from tests.analytics.tracing.index import plain
from tests.analytics.tracing.index.plain import Holder, Move

ACCOUNTS = 7
LATE = 40

holders = st.lists(
    st.builds(
        Holder,
        observed=st.sampled_from([True, True, True, False]),
        kind=st.sampled_from([Kind.PERSONAL, Kind.UNKNOWN, Kind.CORPORATE, Kind.UTILITY, Kind.CRYPTO]),
    ),
    min_size=ACCOUNTS,
    max_size=ACCOUNTS,
)
sides = st.integers(NOBODY, ACCOUNTS - 1)
moves = st.lists(
    st.builds(
        Move,
        payer=sides,
        payee=sides,
        amount=st.integers(1, 500),
        time=st.integers(1, 30),
        end=st.sampled_from([0, 0, 0, 0, int(End.CONSUMPTION)]),
        books=st.integers(1, 3),
    ),
    max_size=30,
)
starts = st.lists(
    st.tuples(st.integers(0, ACCOUNTS - 1), st.integers(0, 2), st.integers(0, 25)), min_size=1, max_size=4
)
windows = st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))


def found(
    index: TraceIndex, told: list[tuple[int, int, int]], deadline: tuple[int, ...], depth: int, most: int
) -> Gathered:
    account, victim, time = (np.array(column, np.int64) for column in zip(*told, strict=True))
    limits = limits_of(HubPolicy(degree=most), {})
    begin = Starts(account, victim, time, np.array(deadline, np.int64))
    touched = reach(index, begin, depth, limits)
    return take(index, touched, LATE, limits, np.empty((0, 3), np.int64))


@settings(max_examples=150, deadline=None)
@given(holders, moves, starts, windows, st.integers(1, 5), st.integers(3, 12), st.booleans())
def test_reach_rows_and_openings_are_those_of_the_definition(
    who: list[Holder],
    what: list[Move],
    begin: list[tuple[int, int, int]],
    deadline: tuple[int, ...],
    depth: int,
    most: int,
    in_halves: bool,
) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        index = plain.index_of(Path(folder) / "1", who, what, group_bytes=320)
        if in_halves:
            patch.setattr(reaching, "MANY", 1)
            patch.setattr(taken, "MANY", 1)
        got = found(index, begin, deadline, depth, most)
    told = [(account, victim, time, deadline[victim]) for account, victim, time in begin]
    first = plain.reached(who, what, told, depth, most)
    assert dict(zip(got.touched.account.tolist(), got.touched.first.tolist(), strict=True)) == first
    transfers = got.sub.transfers
    assert sorted(transfers.row.tolist()) == sorted(plain.rows_of(what, first, LATE))
    for at, row in enumerate(transfers.row.tolist()):
        sides = [
            got.place[side] if side >= 0 else NOBODY for side in (transfers.payer[at], transfers.payee[at])
        ]
        assert (*sides, transfers.amount_fen[at], transfers.time[at]) == (
            what[row].payer,
            what[row].payee,
            what[row].amount,
            what[row].time,
        )
    assert (np.diff(transfers.time) >= 0).all()
    for at, place in enumerate(got.place.tolist()):
        if place in first:
            assert got.sub.accounts.opening_fen[at] == plain.least_opening(place, what, first[place])
            assert not got.sub.accounts.opening_known[at]


@settings(max_examples=40, deadline=None)
@given(holders, moves, starts, st.randoms(use_true_random=False))
def test_rows_handed_in_in_another_order_give_the_same_sub_ledger(
    who: list[Holder], what: list[Move], begin: list[tuple[int, int, int]], random: object
) -> None:
    mixed = list(what)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    with TemporaryDirectory() as folder:
        one, two = (
            found(plain.index_of(Path(folder) / str(at), who, rows), begin, (30, 30, 30), 4, 100)
            for at, rows in enumerate((what, mixed))
        )
    for name in ("payer", "payee", "amount_fen", "time", "end", "books"):
        assert getattr(one.sub.transfers, name).tolist() == getattr(two.sub.transfers, name).tolist()
    assert one.sub.accounts.number == two.sub.accounts.number


def test_a_later_but_deeper_arrival_does_not_hide_an_earlier_one(tmp_path: Path) -> None:
    """0 → 1 at 10 directly, 0 → 2 → 1 at 3: at depth 3, 1 is reached at 3 and its transfer at 5 to 3 counts."""
    what = [Move(0, 1, 5, 10), Move(0, 2, 5, 2), Move(2, 1, 5, 3), Move(1, 3, 5, 5), Move(3, 4, 5, 6)]
    index = plain.index_of(tmp_path / "1", [Holder()] * 5, what)
    got = found(index, [(0, 0, 1)], (20,), 3, 100)
    assert got.touched.first.tolist() == [1, 3, 2]
    deeper = found(index, [(0, 0, 1)], (20,), 4, 100)
    assert deeper.touched.first.tolist() == [1, 3, 2, 5]


def test_each_stop_of_the_policy_is_told_with_its_reason(tmp_path: Path) -> None:
    """Account 1 is a utility's, 2 has four transfers where three are allowed, 3 is stopped by hand, 4 is followed."""
    who = [Holder(), Holder(kind=Kind.UTILITY), Holder(), Holder(), Holder(), Holder()]
    what = [Move(0, place, 5, 2) for place in (1, 2, 3, 4)] + [Move(5, 2, 1, 1)] * 3
    index = plain.index_of(tmp_path / "1", who, what)
    key = [index.find("测试银行", f"6222{place:015d}") for place in (0, 3)]
    limits = limits_of(HubPolicy(degree=3), {key[1]: False, key[0]: True})
    begin = Starts(np.array([0]), np.array([0]), np.array([1]), np.array([30]))
    got = take(index, reach(index, begin, 4, limits), LATE, limits, np.empty((0, 3), np.int64))
    assert got.touched.account.tolist() == [0, 4]
    assert [(int(got.place[stop.account]), stop.reason) for stop in got.stops] == [
        (1, BY_KIND),
        (2, BY_DEGREE),
        (3, BY_CASE),
    ]
    assert got.sub.accounts.hub[[stop.account for stop in got.stops]].all()


def test_a_hub_named_to_be_followed_is_followed(tmp_path: Path) -> None:
    who = [Holder(), Holder(kind=Kind.PLATFORM), Holder()]
    index = plain.index_of(tmp_path / "1", who, [Move(0, 1, 5, 2), Move(1, 2, 5, 3)])
    begin = Starts(np.array([0]), np.array([0]), np.array([1]), np.array([30]))
    stopped = reach(index, begin, 4, limits_of(HubPolicy(), {}))
    onward = reach(index, begin, 4, limits_of(HubPolicy(), {1: True}))
    assert (stopped.account.tolist(), onward.account.tolist()) == ([0], [0, 1, 2])
