"""From what an engine found to a sub-ledger; the index, DuckDB and Spark all end here, and so agree to the row."""

from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from rongdun.analytics.tracing.model import Accounts, Int32s, Int64s, Mask, SubLedger, Transfers
from rongdun.analytics.tracing.order import UNKNOWN, in_order, place_in, sorting, tied

LIST_SHIFT: Final = 12
RANK: Final = (1 << LIST_SHIFT) - 1
"""An order place of 16 bits: number of the list within the moment, then the row's rank there from 1; 0 is no list."""

_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Found:
    """Transfers in no order, each once: sides as places among the accounts or ``NOBODY``; order places of 16 bits."""

    payer: Int32s
    payee: Int32s
    amount_fen: Int64s
    time: Int64s
    end: npt.NDArray[np.int8]
    refund: Mask
    books: npt.NDArray[np.int8]
    row: Int64s
    payer_place: Int64s
    payee_place: Int64s


def sub_ledger(accounts: Accounts, found: Found, as_of: int) -> SubLedger:
    """Put what was found into the order in which it happened; columns already sorted by time become the sub-ledger's.

    ``accounts`` come by institution and number, so that equal content is in equal order whoever found it.
    """
    order = sorting(found.time)
    if bool((order[1:] < order[:-1]).any()):
        found = _only(found, order)
    again = tied(found.time)
    moved = again[_settled(_only(found, again))] if len(again) else again
    columns = [getattr(found, one.name) for one in fields(Transfers)]
    for column in columns:
        column[again] = column[moved]
    return SubLedger(accounts, Transfers(*columns), as_of)


def _only(found: Found, rows: Int64s) -> Found:
    return Found(**{one.name: getattr(found, one.name)[rows] for one in fields(Found)})


def _settled(same: Found) -> Int64s:
    """Return the order of rows of moments with more than one, few of all, which come sorted by time."""
    return in_order(
        same.payer,
        same.payee,
        same.time,
        _places(same.payer_place),
        _places(same.payee_place),
        content_keys(same),
    )


def content_keys(found: Found) -> Int64s:
    """Return a number made of each transfer's content: sides, amount, end, refund, books."""
    key = np.zeros(len(found.payer), np.uint64)
    marks = (found.end.astype(np.int64) << 8) | (found.refund.astype(np.int64) << 4) | found.books
    for column in (found.payer, found.payee, found.amount_fen, marks):
        key = (key ^ column.astype(np.int64).view(np.uint64)) * _MIX
        key ^= key >> np.uint64(29)
    return (key >> np.uint64(1)).astype(np.int64)


def from_tables(accounts: pa.Table, transfers: pa.Table, as_of: int) -> SubLedger:
    """Return the sub-ledger of an engine's two tables.

    ``accounts``: id, institution, number, name, kind, observed, hub, opening_fen, opening_known, until, since (first
    arrival, ``NEVER`` where not touched). ``transfers``: payer, payee (ids, null or -1 for nobody), amount_fen, time
    (microseconds), end, refund, books, row, payer_place, payee_place. Rows in any order.
    """
    accounts = accounts.sort_by([("institution", "ascending"), ("number", "ascending")])
    ids = _column(accounts, "id", np.int64)
    told = Accounts(
        accounts["institution"].to_pylist(),
        accounts["number"].to_pylist(),
        accounts["name"].to_pylist(),
        _column(accounts, "kind", np.int8),
        _column(accounts, "observed", np.bool_),
        _column(accounts, "hub", np.bool_),
        _column(accounts, "opening_fen", np.int64),
        _column(accounts, "opening_known", np.bool_),
        _column(accounts, "until", np.int64),
        _column(accounts, "since", np.int64),
    )
    by_id = np.argsort(ids, kind="stable")
    found = Found(
        _side(transfers, "payer", ids, by_id),
        _side(transfers, "payee", ids, by_id),
        _column(transfers, "amount_fen", np.int64),
        _column(transfers, "time", np.int64),
        _column(transfers, "end", np.int8),
        _column(transfers, "refund", np.bool_),
        _column(transfers, "books", np.int8),
        _column(transfers, "row", np.int64),
        _column(transfers, "payer_place", np.int64),
        _column(transfers, "payee_place", np.int64),
    )
    return sub_ledger(told, found, as_of)


def _column(table: pa.Table, name: str, kind: npt.DTypeLike) -> Any:
    return table[name].combine_chunks().to_numpy(zero_copy_only=False).astype(kind)


def _side(table: pa.Table, name: str, ids: Int64s, by_id: Int64s) -> Int32s:
    side = pc.fill_null(table[name], -1).to_numpy().astype(np.int64)
    at = by_id[np.minimum(np.searchsorted(ids, side, sorter=by_id), len(ids) - 1)] if len(ids) else side
    return np.where(side < 0, -1, at).astype(np.int32)


def _places(packed: Int64s) -> Int64s:
    known = place_in(packed >> LIST_SHIFT, packed & RANK)
    return np.where(packed == 0, UNKNOWN, known)
