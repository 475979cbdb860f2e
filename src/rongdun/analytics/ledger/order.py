"""The order of rows in the ledger — month, account, time, then as they came — and which of them repeat."""

from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from rongdun.analytics.ledger.columns import key_words
from rongdun.analytics.ledger.tables import TableSpec

Ints: TypeAlias = npt.NDArray[np.int64]

_HOURS_EAST: Final = np.int64(8 * 3_600 * 1_000_000)
"""Months are those of China's civil time, a fixed eight hours east (its summer time of 1986–91 left aside)."""


Mask: TypeAlias = npt.NDArray[np.bool_]

_KEY: Final = ["row_key", "occurrence"]


class Ordered(NamedTuple):
    """Rows as they came, and the order they belong in: ``places``, None where they stand right.

    In that order ``months`` counts since January 1970 and ``ties`` marks rows equal in account and time to a neighbour.
    """

    rows: pa.Table
    places: Ints | None
    months: Ints
    ties: Mask

    def arranged(self, kept: Mask | None = None) -> pa.Table:
        """Return the rows in order, only those ``kept`` where told: sorted and sifted in one copy."""
        if self.places is None:
            return self.rows if kept is None else self.rows.filter(pa.array(kept))
        return _rearranged(self.rows, pa.array(self.places if kept is None else self.places[kept]))

    def keys(self, kept: Mask | None = None) -> npt.NDArray[np.uint64]:
        """Return the rows' :func:`key_words`, in order."""
        return key_words(self._replace(rows=self.rows.select(_KEY)).arranged(kept))


def month_name(month: int) -> str:
    """Return ``2024-05`` for the count of months since January 1970."""
    return f"{1970 + month // 12:04d}-{month % 12 + 1:02d}"


def ordered(rows: pa.Table, spec: TableSpec) -> Ordered:
    """Sort rows by month (where the table has months), account and time; rows equal in these keep their order."""
    rows = in_one_piece(rows)
    ranks = account_ranks(rows[spec.account])
    times = _times(rows, spec)
    months = _months(times) if spec.monthly else np.zeros(len(times), np.int64)
    index, ties = _sorted(months, ranks, times)
    return Ordered(rows, index, months[index], ties)


def _rearranged(rows: pa.Table, index: pa.Array) -> pa.Table:
    """Return the rows in the order of ``index``; columns that say one thing of all rows are not copied."""
    columns = [
        column.slice(0, len(index))
        if _is_one_thing(column.chunk(0))
        else pc.take(column, index, boundscheck=False)
        for column in rows.columns
    ]
    return pa.Table.from_arrays(columns, schema=rows.schema)


def _is_one_thing(array: pa.Array) -> bool:
    if array.null_count == len(array):
        return True
    return bool(pa.types.is_dictionary(array.type) and len(array.dictionary) == 1 and array.null_count == 0)


def in_one_piece(rows: pa.Table) -> pa.Table:
    """Return the rows with one chunk a column; codes of one dictionary are joined without looking at the words."""
    columns = [_joined(column) for column in rows.unify_dictionaries().columns]
    return pa.Table.from_arrays(columns, schema=rows.schema)


def _joined(column: pa.ChunkedArray) -> pa.Array:
    if column.num_chunks == 0:
        return pa.array([], column.type)
    if column.num_chunks == 1:
        return column.chunk(0)
    if not pa.types.is_dictionary(column.type):
        return pa.concat_arrays(column.chunks)
    codes = pa.concat_arrays([chunk.indices for chunk in column.chunks])
    return pa.DictionaryArray.from_arrays(codes, column.chunk(0).dictionary)


def account_ranks(column: pa.ChunkedArray) -> Ints:
    """Return each row's place among the column's values in byte order; rows without a value come last."""
    array = _joined(column)
    codes = array if pa.types.is_dictionary(array.type) else pc.dictionary_encode(array)
    order = pc.array_sort_indices(codes.dictionary).to_numpy()
    ranks = np.empty(len(order) + 1, np.int64)
    ranks[order] = np.arange(len(order))
    ranks[-1] = len(order)
    return np.asarray(ranks[codes.indices.fill_null(len(order)).to_numpy()], np.int64)


def repeats(rows: Ordered) -> Mask:
    """Tell which rows, in order, are the same observation as one before them: only among ties can they be."""
    found = np.zeros(len(rows.ties), np.bool_)
    if rows.ties.any():
        again = _frame(rows.keys(rows.ties)).select(pl.struct("a", "b").is_first_distinct()).to_series()
        found[rows.ties] = ~again.to_numpy()
    return found


def known(words: npt.NDArray[np.uint64], others: npt.NDArray[np.uint64]) -> Ints:
    """Return the places in ``words`` of observations that stand in ``others`` too."""
    here = _frame(words).with_row_index("place")
    found = here.join(_frame(others), on=["a", "b"], how="semi")["place"]
    return np.asarray(found.to_numpy(), np.int64)


def _frame(words: npt.NDArray[np.uint64]) -> pl.DataFrame:
    return pl.DataFrame({"a": words[:, 0], "b": words[:, 1]})


def _times(rows: pa.Table, spec: TableSpec) -> Ints:
    if spec.time is None:
        return np.zeros(rows.num_rows, np.int64)
    return np.asarray(rows[spec.time].cast(pa.int64()).fill_null(0).to_numpy(), np.int64)


def _months(times: Ints) -> Ints:
    return (times + _HOURS_EAST).view("datetime64[us]").astype("datetime64[M]").astype(np.int64)


def _month_starts(months: Ints) -> Ints:
    return months.view("datetime64[M]").astype("datetime64[us]").astype(np.int64) - _HOURS_EAST


def _sorted(months: Ints, ranks: Ints, times: Ints) -> tuple[Ints, Mask]:
    if not len(ranks):
        return np.zeros(0, np.int64), np.zeros(0, np.bool_)
    place = (months - months.min()) * (ranks.max() + 1) + ranks
    within = times - times.min() if int(np.ptp(months)) == 0 else times - _month_starts(months)
    if int(place.max()).bit_length() + int(within.max()).bit_length() < 63 and within.min() >= 0:
        key = (place << np.int64(int(within.max()).bit_length())) | within
        index = np.argsort(key, kind="stable")
        same = np.diff(key[index]) == 0
    else:
        by_time = np.argsort(times, kind="stable")
        index = by_time[np.argsort(place[by_time], kind="stable")]
        same = (np.diff(place[index]) == 0) & (np.diff(times[index]) == 0)
    return index, np.append(same, False) | np.insert(same, 0, False)
