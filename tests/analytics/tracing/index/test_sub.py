"""Any engine's two tables become the same sub-ledger as the index's, row for row; checked with a third, plain one."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from rongdun.analytics.tracing.index.columns import from_parquet
from rongdun.analytics.tracing.index.hubs import HubPolicy, limits_of
from rongdun.analytics.tracing.index.reach import Starts, reach
from rongdun.analytics.tracing.index.reach_kernel import NEVER
from rongdun.analytics.tracing.index.sub import from_tables
from rongdun.analytics.tracing.index.taken import take
from rongdun.analytics.tracing.model import NOBODY, Kind, SubLedger
from tests.analytics.tracing.index import plain
from tests.analytics.tracing.index.plain import Holder, Move

ACCOUNTS = 6
MOST = 8

moves = st.lists(
    st.builds(
        Move,
        payer=st.integers(NOBODY, ACCOUNTS - 1),
        payee=st.integers(NOBODY, ACCOUNTS - 1),
        amount=st.integers(1, 4),
        time=st.integers(1, 6),
        books=st.integers(1, 3),
        refund=st.booleans(),
    ),
    max_size=20,
)
holders = st.lists(
    st.builds(Holder, observed=st.booleans(), kind=st.sampled_from([Kind.PERSONAL, Kind.SALARY])),
    min_size=ACCOUNTS,
    max_size=ACCOUNTS,
)


def by_hand(who: list[Holder], what: list[Move], start: tuple[int, int], deadline: int) -> SubLedger:
    """Return the sub-ledger of tables put together in plain Python, rows from the last to the first."""
    first = plain.reached(who, what, [(start[0], 0, start[1], deadline)], 3, MOST)
    rows = sorted(plain.rows_of(what, first, 10), reverse=True)
    sides = {side for row in rows for side in (what[row].payer, what[row].payee)} - {NOBODY}
    seen = sorted(sides | first.keys(), reverse=True)
    degree = [
        sum((move.payer == place) + (move.payee == place) for move in what) for place in range(ACCOUNTS)
    ]
    accounts = {
        "id": [1_000 - place for place in seen],
        "institution": ["测试银行" for _ in seen],
        "number": [f"6222{place:015d}" for place in seen],
        "name": [f"测试{place}" for place in seen],
        "kind": [int(who[place].kind) for place in seen],
        "observed": [who[place].observed for place in seen],
        "hub": [who[place].kind is Kind.SALARY or degree[place] > MOST for place in seen],
        "opening_fen": [plain.least_opening(p, what, first[p]) if p in first else 0 for p in seen],
        "opening_known": [False for _ in seen],
        "until": [0 for _ in seen],
        "since": [first.get(place, NEVER) for place in seen],
    }
    told = [what[row] for row in rows]
    transfers = {
        "payer": [None if move.payer == NOBODY else 1_000 - move.payer for move in told],
        "payee": [None if move.payee == NOBODY else 1_000 - move.payee for move in told],
        "amount_fen": [move.amount for move in told],
        "time": [move.time for move in told],
        "end": [move.end for move in told],
        "refund": [move.refund for move in told],
        "books": [move.books for move in told],
        "row": rows,
        "payer_place": [0 for _ in told],
        "payee_place": [0 for _ in told],
    }
    numbers = pa.schema([(name, pa.int64()) for name in ("payer", "payee")])
    table = pa.table(transfers) if told else pa.table({name: pa.array([], pa.int64()) for name in transfers})
    for at, name in enumerate(numbers.names):
        table = table.set_column(at, name, table[name].cast(pa.int64()))
    return from_tables(pa.table(accounts), table, 10)


@settings(max_examples=80, deadline=None)
@given(holders, moves, st.tuples(st.integers(0, ACCOUNTS - 1), st.integers(0, 4)), st.integers(0, 8))
def test_tables_of_another_engine_give_the_same_sub_ledger(
    who: list[Holder], what: list[Move], start: tuple[int, int], deadline: int
) -> None:
    with TemporaryDirectory() as folder:
        index = plain.index_of(Path(folder) / "1", who, what)
        limits = limits_of(HubPolicy(degree=MOST), {})
        begin = Starts(*(np.array([value]) for value in (start[0], 0, start[1], deadline)))
        touched = reach(index, begin, 3, limits)
        ours = take(index, touched, 10, limits, np.empty((0, 3), np.int64)).sub
    if not len(touched):
        assert not len(ours.transfers)
        return
    other = by_hand(who, what, start, deadline)
    for part in ("accounts", "transfers"):
        one, two = getattr(ours, part), getattr(other, part)
        for name in one.__slots__:
            if name != "row":  # equal rows may change places
                assert list(getattr(one, name)) == list(getattr(two, name)), name


def test_parquet_is_read_into_memory_or_into_mapped_files_alike(tmp_path: Path) -> None:
    import polars as pl

    rows = list(range(50))
    told = {"payer": rows, "payee": rows[::-1], "amount": [5 + row for row in rows], "time": [7] * 50}
    pl.DataFrame(told).write_parquet(tmp_path / "t.parquet", row_group_size=7)
    here, there = from_parquet(tmp_path / "t.parquet"), from_parquet(tmp_path / "t.parquet", tmp_path)
    for name in ("payer", "payee", "amount", "time", "bits"):
        assert getattr(here, name).tolist() == getattr(there, name).tolist()
    assert {name: getattr(here, name).tolist() for name in told} == told
