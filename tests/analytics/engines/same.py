"""A ledger made up at random, its index and the engines' tables from the same material, and asking all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from hypothesis import strategies as st

from rongdun.analytics.engines import reach as by_engine
from rongdun.analytics.engines.port import Engine
from rongdun.analytics.engines.tables import write_tables
from rongdun.analytics.tracing.index.build import Material, write_index
from rongdun.analytics.tracing.index.columns import ACCOUNT_COLUMNS, Levels
from rongdun.analytics.tracing.index.gather import Gathered
from rongdun.analytics.tracing.index.hubs import HubPolicy, limits_of
from rongdun.analytics.tracing.index.opened import TraceIndex
from rongdun.analytics.tracing.index.reach import Starts, reach
from rongdun.analytics.tracing.index.taken import take
from rongdun.analytics.tracing.model import NOBODY, End, Kind
from tests.analytics.tracing.index.plain import Holder, Move, columns

ACCOUNTS = 7
VICTIMS = 3
LATE = 28
"""``as_of``; some transfers come after it."""

TRANSFER_COLUMNS = ("payer", "payee", "amount_fen", "time", "end", "refund", "books")
ACCOUNT_FIELDS = [
    "institution", "number", "name", "kind", "observed", "hub", "opening_fen", "opening_known", "observed_until",
    "since",
]  # fmt: skip


@dataclass(frozen=True)
class City:
    """Accounts, transfers, balance levels (account, time, fen), and what a trace asks."""

    holders: list[Holder]
    moves: list[Move]
    levels: list[tuple[int, int, int]]
    starts: list[tuple[int, int, int]]
    deadlines: list[int]
    watched: list[tuple[int, int, int]]
    depth: int
    most: int
    named: dict[int, bool]

    def material(self) -> Material:
        """What the index and the engines' tables are made from."""
        rows = [
            [
                f"测试银行{at // 4}",
                f"6222{at:015d}",
                f"测试{at}",
                "",
                int(one.kind),
                one.observed,
                one.since,
                one.until,
            ]
            for at, one in enumerate(self.holders)
        ]
        accounts = pl.DataFrame(rows, schema=ACCOUNT_COLUMNS, orient="row")
        told = sorted(self.levels)
        levels = Levels(
            np.array([one[0] for one in told], np.int32),
            np.array([one[1] for one in told], np.int64),
            np.array([one[2] for one in told], np.int64),
        )
        return Material(columns(self.moves), accounts, levels, {})

    def begin(self) -> Starts:
        """Where the victims' money starts."""
        account, victim, time = (np.array(column, np.int64) for column in zip(*self.starts, strict=True))
        return Starts(account, victim, time, np.array(self.deadlines, np.int64))

    def by_index(self, folder: Path) -> Gathered:
        """What the index finds."""
        write_index(self.material(), folder, 1, group_bytes=320)
        index = TraceIndex(folder)
        limits = limits_of(HubPolicy(degree=self.most), self.named)
        touched = reach(index, self.begin(), self.depth, limits)
        return take(index, touched, LATE, limits, self._watched(touched.account.tolist()))

    def by_engine(self, engine: Engine, folder: Path) -> Gathered:
        """What an engine finds."""
        engine.open(write_tables(self.material(), folder, 1).folder)
        limits = limits_of(HubPolicy(degree=self.most), self.named)
        touched = by_engine.reach(engine, self.begin(), self.depth, limits)
        return by_engine.gather(engine, touched, LATE, limits, self._watched(touched.account.tolist()))

    def _watched(self, touched: Sequence[int]) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
        away = [one for one in self.watched if one[0] not in touched]
        return np.array(away, np.int64).reshape(-1, 3)


def told(found: Gathered) -> dict[str, list[object]]:
    """All of a sub-ledger as lists, to be compared; rows alike in everything may change places."""
    accounts, transfers = found.sub.accounts, found.sub.transfers
    shown = {f"account.{name}": list(getattr(accounts, name)) for name in ACCOUNT_FIELDS}
    shown |= {f"transfer.{name}": getattr(transfers, name).tolist() for name in TRANSFER_COLUMNS}
    shown |= {"rows": sorted(transfers.row.tolist())}
    shown |= {"place": found.place.tolist(), "touched": found.touched.account.tolist()}
    return shown | {"first": found.touched.first.tolist(), "stops": list(found.stops)}


_place = st.integers(0, ACCOUNTS - 1)
_side = st.integers(NOBODY, ACCOUNTS - 1)
_moment = st.integers(1, 30)
_holder = st.builds(
    Holder,
    observed=st.sampled_from([True, True, True, False]),
    kind=st.sampled_from([Kind.PERSONAL, Kind.UNKNOWN, Kind.CORPORATE, Kind.UTILITY, Kind.CRYPTO]),
    since=st.integers(0, 12),
    until=st.integers(12, 30),
)
_move = st.builds(
    Move,
    payer=_side,
    payee=_side,
    amount=st.integers(1, 500),
    time=_moment,
    end=st.sampled_from([0, 0, 0, 0, int(End.CONSUMPTION)]),
    books=st.integers(1, 3),
    refund=st.sampled_from([False, False, True]),
)
cities = st.builds(
    City,
    holders=st.lists(_holder, min_size=ACCOUNTS, max_size=ACCOUNTS),
    moves=st.lists(_move, max_size=40),
    levels=st.lists(st.tuples(_place, _moment, st.integers(-300, 900)), max_size=6),
    starts=st.lists(
        st.tuples(_place, st.integers(0, VICTIMS - 1), st.integers(0, 25)), min_size=1, max_size=4
    ),
    deadlines=st.lists(st.integers(0, 40), min_size=VICTIMS, max_size=VICTIMS),
    watched=st.lists(st.tuples(_place, _moment, _moment), max_size=2, unique_by=lambda one: one[0]),
    depth=st.integers(1, 5),
    most=st.integers(3, 14),
    named=st.dictionaries(_place, st.booleans(), max_size=2),
)
