"""What an index is built from: transfers as columns, accounts as a frame, balance levels. No queries here."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow.parquet as pq

from rongdun.analytics.tracing.index.layout import BOOKS_SHIFT, REFUND
from rongdun.analytics.tracing.model import PAYEE_BOOK, PAYER_BOOK, Int32s, Int64s

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.uint16]

ACCOUNT_COLUMNS = {
    "institution": pl.String,
    "number": pl.String,
    "name": pl.String,
    "aliases": pl.String,  # other numbers of the account, divided by layout.SEPARATOR
    "kind": pl.UInt8,
    "observed": pl.Boolean,
    "since": pl.Int64,
    "until": pl.Int64,
}
"""Columns of the frame of accounts, one row an account, sorted by institution and number."""

_STEP = 1 << 18
_READERS = 2


@dataclass(frozen=True, slots=True)
class Transfers:
    """Transfers as columns of one length, arrays or memory maps; a transfer's row number is its place here.

    ``payer`` and ``payee`` are places among the accounts or ``NOBODY``; time in microseconds; ``bits`` holds
    ``REFUND`` and the books, as ``bits_of`` packs them; the places order the rows of one moment in each own book.
    """

    payer: Int32s
    payee: Int32s
    amount: Int64s
    time: Int64s
    end: Bytes
    bits: Bytes
    payer_place: Places
    payee_place: Places

    def __len__(self) -> int:
        return len(self.payer)


@dataclass(frozen=True, slots=True)
class Levels:
    """What an account held before its own book's first row, as its balances tell it, from ``time`` on.

    Sorted by account and time; one row where the balances agree with each other, one more after each gap.
    """

    account: Int32s
    time: Int64s
    fen: Int64s


def bits_of(refund: npt.NDArray[np.bool_], books: npt.NDArray[np.int8]) -> Bytes:
    """Return refund marks and books in one byte each."""
    packed = (books.astype(np.uint8) << BOOKS_SHIFT) | (refund.astype(np.uint8) * REFUND)
    return packed.astype(np.uint8)


def no_levels() -> Levels:
    """Return the levels of a ledger whose books tell no balance."""
    return Levels(np.empty(0, np.int32), np.empty(0, np.int64), np.empty(0, np.int64))


def plain(payer: Int32s, payee: Int32s, amount: Int64s, time: Int64s) -> Transfers:
    """Return transfers seen in both books, followed, no refunds, in no bank's order."""
    count = len(payer)
    bits = np.full(count, (PAYER_BOOK | PAYEE_BOOK) << BOOKS_SHIFT, np.uint8)
    nothing = np.zeros(count, np.uint16)
    return Transfers(payer, payee, amount, time, np.zeros(count, np.uint8), bits, nothing, nothing)


def from_parquet(path: Path, folder: Path | None = None) -> Transfers:
    """Read ``payer``, ``payee``, ``amount`` and ``time`` of a Parquet file, a part at a time.

    24 bytes a row, in memory or, with ``folder``, in files mapped there: then memory does not grow with the rows.
    """
    with pq.ParquetFile(path) as file:
        meta = file.metadata
    kinds = {"payer": np.int32, "payee": np.int32, "amount": np.int64, "time": np.int64}
    columns: dict[str, Any] = {name: _room(folder, name, kind, meta.num_rows) for name, kind in kinds.items()}
    groups = np.cumsum([0, *(meta.row_group(at).num_rows for at in range(meta.num_row_groups))]).tolist()

    def read(worker: int) -> None:
        with pq.ParquetFile(path) as file:
            for group in range(worker, len(groups) - 1, _READERS):
                _read_group(file, group, columns, groups[group])

    with ThreadPoolExecutor(_READERS) as pool:
        list(pool.map(read, range(_READERS)))
    return plain(columns["payer"], columns["payee"], columns["amount"], columns["time"])


def _read_group(file: pq.ParquetFile, group: int, columns: dict[str, Any], at: int) -> None:
    """Copy a row group's columns to where they begin, a part at a time: a group may be the whole file."""
    for batch in file.iter_batches(_STEP, [group], columns=list(columns), use_threads=False):
        for name, array in columns.items():
            array[at : at + batch.num_rows] = batch.column(name).to_numpy()
        at += batch.num_rows


def _room(folder: Path | None, name: str, kind: npt.DTypeLike, count: int) -> npt.NDArray[Any]:
    if folder is None:
        return np.empty(count, kind)
    return np.lib.format.open_memmap(folder / f"{name}.npy", "w+", kind, (count,))
