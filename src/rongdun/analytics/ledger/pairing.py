"""Two noisy books on their own: which row of one is which row of the other, learned without known pairs.

Amounts may differ by some percent, the payee's book may be weeks behind, memos are cut and changed. The way:

1. Candidates: amounts within :data:`AMOUNT_WINDOW`, days within :data:`DAYS`, and memos that share something rare.
2. Each candidate gets three levels: how far amounts differ, how late the payee is, how much the memos tell in
   common (bits by how rare their shared beginning, or their shared words, are in the books).
3. Fellegi–Sunter weights by expectation–maximisation: how often each level occurs among pairs and among others is
   estimated from the books themselves; a row has at most one partner, so that candidates of one row share one
   belief with «none of them».
4. One to one by falling weight (:mod:`assign`); below :data:`LEAST_BELIEF` a row stays alone.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from rongdun.analytics.ledger.assign import one_to_one
from rongdun.analytics.ledger.errors import MixedBooks
from rongdun.analytics.ledger.memos import Memos
from rongdun.analytics.ledger.pairing_kernel import candidates
from rongdun.analytics.ledger.weights import learned
from rongdun.kernel.clock import monotonic
from rongdun.kernel.errors import Text

AMOUNT_WINDOW: Final = 0.12
"""Largest difference of the amounts' logarithms."""

DAYS: Final = (-3.0, 31.0)
"""How many days the payee's book may be before or behind the payer's."""

LEAST_BITS: Final = 2.0
"""Memos must share at least this; rows of exactly equal amount need not."""

LEAST_BELIEF: Final = 0.4

_AMOUNT_STEPS: Final = (0.0025, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1)
_MEMO_STEPS: Final = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13)
_EQUAL_SHARE: Final = 1e-9
_SECONDS_OF_A_DAY: Final = 86_400.0
_FINE_STEPS: Final = (60 / 86_400, 600 / 86_400, 3_600 / 86_400)

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of the columns of both books."""

    id: str
    amount: str
    time: str
    text: str


@dataclass(frozen=True, slots=True)
class _Book:
    ids: pl.Series
    log_amount: Floats
    days: Floats
    memos: list[str]


def pair_files(left: Path, right: Path, columns: Columns, out: Path) -> dict[str, Any]:
    """Pair two Parquet files; write ``left_id, right_id, score`` to ``out``; return counts and seconds."""
    started = monotonic()
    books = [pl.read_parquet(path) for path in (left, right)]
    pairs = pair_books(books[0], books[1], columns)
    pairs.write_parquet(out)
    told = {"out": str(out), "left": books[0].height, "right": books[1].height, "pairs": pairs.height}
    return {**told, "seconds": round(monotonic() - started, 3)}


def pair_books(left: pl.DataFrame, right: pl.DataFrame, columns: Columns) -> pl.DataFrame:
    """Return ``left_id, right_id, score`` (0 … 1, by falling score); no id stands twice.

    Raises :class:`MixedBooks` where a column is missing or holds no numbers, dates or text.
    """
    one, two = _read(left, columns), _read(right, columns)
    if not len(one.ids) or not len(two.ids):
        return _table(one, two, np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
    memos = Memos.of(one.memos, two.memos)
    least_bits = min(LEAST_BITS, float(np.log2(len(two.ids))) / 2)
    window = (AMOUNT_WINDOW, *DAYS, least_bits)
    found = candidates(one.log_amount, one.days, two.log_amount, two.days, memos, window)
    levels = [
        _amount_levels(one, two, found.left, found.right),
        _day_levels(one, two, found.left, found.right),
    ]
    levels.append(np.digitize(found.bits, _MEMO_STEPS) * 5 + found.kind)
    rows = (len(one.ids), len(two.ids))
    belief, weight = learned(found.left, found.right, levels, _expected(), rows)
    taken = one_to_one(found.left, found.right, weight) & (belief >= LEAST_BELIEF)
    return _table(one, two, found.left[taken], found.right[taken], belief[taken])


def _table(one: _Book, two: _Book, left: Ints, right: Ints, score: Floats) -> pl.DataFrame:
    pairs = {"left_id": one.ids.gather(left), "right_id": two.ids.gather(right), "score": score}
    return pl.DataFrame(pairs).sort("score", descending=True, maintain_order=True)


def _read(book: pl.DataFrame, columns: Columns) -> _Book:
    """Rows without an amount above zero or without a time are left aside: nothing can be said about them."""
    missing = [
        name for name in (columns.id, columns.amount, columns.time, columns.text) if name not in book.columns
    ]
    if missing:
        names = ", ".join(missing)
        raise MixedBooks(Text(f"缺少列：{names}", f"Columns are missing: {names}"))
    try:
        read = book.select(
            id=pl.col(columns.id),
            amount=pl.col(columns.amount).cast(pl.Float64).abs(),
            time=_as_time(book.schema[columns.time], columns.time),
            text=pl.col(columns.text).cast(pl.String).fill_null(""),
        ).filter((pl.col("amount") > 0) & pl.col("time").is_not_null())
    except pl.exceptions.PolarsError as error:
        raise MixedBooks(Text(f"列的内容不对：{error}", f"A column holds something else: {error}")) from error
    days = read["time"].dt.epoch("ms").to_numpy() / 1_000 / _SECONDS_OF_A_DAY
    return _Book(read["id"], np.log(read["amount"].to_numpy()), days, read["text"].to_list())


def _as_time(kind: pl.DataType, name: str) -> pl.Expr:
    if kind == pl.String:
        return pl.col(name).str.to_datetime()
    return pl.col(name).cast(pl.Datetime("ms"))


def _expected() -> list[Floats]:
    """Return what is expected among pairs before any is seen: near amounts, few days, memos much alike."""
    amounts = np.append(4.0, 0.8 ** np.arange(len(_AMOUNT_STEPS) + 1))
    fine = np.ones(len(_FINE_STEPS))
    days = np.arange(DAYS[0], DAYS[1] + 1)
    late = np.where(days < 0, 0.1, 0.8 ** np.maximum(days, 0))
    memos = np.outer(1.2 ** np.arange(len(_MEMO_STEPS) + 1), [4.0, 2.0, 2.0, 1.0, 1.0]).ravel()
    return [shares / shares.sum() for shares in (amounts, np.append(fine, late), memos)]


def _amount_levels(one: _Book, two: _Book, left: Ints, right: Ints) -> Ints:
    apart = np.abs(one.log_amount[left] - two.log_amount[right])
    return np.where(apart < _EQUAL_SHARE, 0, 1 + np.digitize(apart, _AMOUNT_STEPS)).astype(np.int64)


def _day_levels(one: _Book, two: _Book, left: Ints, right: Ints) -> Ints:
    """Whole days of delay; on the day itself by minutes, where the books tell them."""
    late = two.days[right] - one.days[left]
    whole = np.floor(late).astype(np.int64) - int(DAYS[0]) + len(_FINE_STEPS)
    fine = np.digitize(np.abs(late), _FINE_STEPS)
    return np.where(fine < len(_FINE_STEPS), fine, whole).astype(np.int64)
