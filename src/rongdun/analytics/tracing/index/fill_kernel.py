"""Lay transfers out account by account, compiled: count them, put each into both lists, order each list by time."""

from typing import Any

import numpy as np
import numpy.typing as npt

from rongdun.analytics.tracing.index.columns import Bytes, Places
from rongdun.analytics.tracing.index.compiled import Records, entry, helper
from rongdun.analytics.tracing.index.layout import INCOMING, OBSERVED
from rongdun.analytics.tracing.model import Int32s, Int64s

Booleans = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int32]
Words = npt.NDArray[np.uint64]


@entry
def count(side: Int32s, degree: Counts) -> None:
    """Add to each account's degree how often it stands in ``side``."""
    for account in side:
        if account >= 0:
            degree[account] += 1


@entry
def traits_of(kind: Bytes, observed: Booleans, degree: Int64s) -> Places:
    """Return for each account what a row tells of its other side: kind, observed, bit length of the degree."""
    found = np.empty(len(kind), np.uint16)
    for at in range(len(kind)):
        length, rest = 0, degree[at]
        while rest > 0:
            length += 1
            rest >>= 1
        found[at] = kind[at] | (OBSERVED if observed[at] else 0) | (length << 8)
    return found


@entry
def fill(
    out: Words,
    cursor: Int64s,
    first: int,
    base: int,
    sides: tuple[Int32s, Int32s],
    money: tuple[Int64s, Int64s],
    marks: tuple[Bytes, Bytes],
    places: tuple[Places, Places],
    traits: Places,
) -> None:
    """Put a part of the transfers into the lists of the accounts ``first`` … ``first + len(cursor) - 1``.

    ``out`` is the lists as four words a row, as ``layout.ROW`` has them in little-endian order: four writes a row
    instead of ten let the processor wait for twice as many rows at a time. ``cursor`` says where in ``out`` each list
    goes on; ``base`` is the row number of the part's first transfer.
    """
    payer, payee = sides
    begin, width = np.uint32(first), np.uint32(len(cursor))
    for at in range(len(payer)):
        one, two = payer[at], payee[at]
        own = np.uint32(np.uint32(one) - begin)  # NOBODY lies beyond all
        if own < width:
            _put(out[cursor[own]], at, base, two, money, marks, places[0], places[1], traits, 0)
            cursor[own] += 1
        own = np.uint32(np.uint32(two) - begin)
        if own < width:
            _put(out[cursor[own]], at, base, one, money, marks, places[1], places[0], traits, INCOMING)
            cursor[own] += 1


@helper
def _put(
    row: Words,
    at: int,
    base: int,
    other: int,
    money: tuple[Int64s, Int64s],
    marks: tuple[Bytes, Bytes],
    own_places: Places,
    other_places: Places,
    traits: Places,
    way: int,
) -> None:
    trait = traits[other] if other >= 0 else np.uint16(0)
    bits = marks[1][at] | way
    row[0] = np.uint64(money[1][at])
    row[1] = np.uint64(money[0][at])
    row[2] = np.uint64(np.uint32(other)) | _at(base + at, 32)
    row[3] = (
        _at(own_places[at], 0)
        | _at(other_places[at], 16)
        | _at(marks[0][at], 32)
        | _at(bits, 40)
        | _at(trait, 48)
    )


@helper
def _at(value: Any, bit: int) -> Any:
    return np.uint64(value) << np.uint64(bit)


@entry
def order(out: Records, starts: Int64s) -> None:
    """Order each list by time where it is not; ``starts`` has one more than there are lists."""
    for place in range(len(starts) - 1):
        begin, end = starts[place], starts[place + 1]
        for at in range(begin + 1, end):
            if out[at].time < out[at - 1].time:
                _ordered(out[begin:end])
                break


@helper
def _ordered(rows: Records) -> None:
    times = np.empty(len(rows), np.int64)
    for at in range(len(rows)):
        times[at] = rows[at].time
    places = np.argsort(times, kind="mergesort")
    kept_rows = rows.copy()
    for at in range(len(rows)):
        rows[at] = kept_rows[places[at]]
