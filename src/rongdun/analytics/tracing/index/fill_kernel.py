"""Lay transfers out account by account, compiled: count them, put each into both lists, order each list by time.

A row comes to its list in two steps, as memory far apart is slow to write: first into a bundle of neighbouring
accounts, one of a few that each grow in one piece, then within the bundle, which the processor's cache holds.
"""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from rongdun.analytics.ahead import fetch
from rongdun.analytics.tracing.index.ahead_kernel import SOON
from rongdun.analytics.tracing.index.columns import Bytes, Places
from rongdun.analytics.tracing.index.compiled import Records, entry, helper, whole
from rongdun.analytics.tracing.index.layout import INCOMING, OBSERVED
from rongdun.analytics.tracing.model import Int32s, Int64s

Booleans = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int32]
Words = npt.NDArray[np.uint64]

MOST_BITS: Final = 16
"""Bits of an account's place within its bundle."""

_TRAIT: Final = 48


@entry
def count(side: Int32s, degree: Counts) -> None:
    """Add to each account's degree how often it stands in ``side``."""
    for at in range(len(side)):
        if at + SOON < len(side) and side[at + SOON] >= 0:
            fetch(degree, side[at + SOON])
        if side[at] >= 0:
            degree[side[at]] += 1


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
def stage(
    out: Words,
    cursor: Int64s,
    limits: tuple[int, int, int],
    base: int,
    sides: tuple[Int32s, Int32s],
    money: tuple[Int64s, Int64s],
    marks: tuple[Bytes, Bytes],
    places: tuple[Places, Places],
) -> None:
    """Put a part of the transfers into the bundles of a range of accounts, in the order they come.

    ``limits`` is the first account, how many there are, and the bits of an account's place within its bundle;
    ``cursor`` says where in ``out`` each bundle goes on; ``base`` is the row number of the part's first transfer. A row
    is four words as ``layout.ROW`` has them in little-endian order, but the last 16 bits hold the own account's place.
    """
    payer, payee = sides
    begin, width = np.uint32(limits[0]), np.uint32(limits[1])
    for at in range(len(payer)):
        one, two = payer[at], payee[at]
        own = np.uint32(np.uint32(one) - begin)  # NOBODY lies beyond all
        if own < width:
            row = out[_next(cursor, own, limits[2])]
            _put(row, at, base, two, money, marks, places[0], places[1], 0)
            row[3] |= _at(own & _mask(limits[2]), _TRAIT)
        own = np.uint32(np.uint32(two) - begin)
        if own < width:
            row = out[_next(cursor, own, limits[2])]
            _put(row, at, base, one, money, marks, places[1], places[0], INCOMING)
            row[3] |= _at(own & _mask(limits[2]), _TRAIT)


@helper
def _next(cursor: Int64s, own: Any, bits: int) -> Any:
    bundle = np.int64(own) >> bits
    at = cursor[bundle]
    cursor[bundle] = at + 1
    return at


@helper
def _mask(bits: int) -> Any:
    return np.uint32((1 << bits) - 1)


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
    way: int,
) -> None:
    row[0] = np.uint64(money[1][at])
    row[1] = np.uint64(money[0][at])
    row[2] = np.uint64(np.uint32(other)) | _at(base + at, 32)
    row[3] = (
        _at(own_places[at], 0)
        | _at(other_places[at], 16)
        | _at(marks[0][at], 32)
        | _at(marks[1][at] | way, 40)
    )


@helper
def _at(value: Any, bit: int) -> Any:
    return np.uint64(value) << np.uint64(bit)


@entry
def place(staged: Words, out: Words, cursor: Int64s, traits: Places) -> None:
    """Put a bundle's rows into its accounts' lists, where ``cursor`` says; ``traits`` tells of all accounts."""
    for at in range(len(staged)):
        if at + SOON < len(staged):
            soon = _other(staged[at + SOON])
            if soon >= 0:
                fetch(traits, soon)
            fetch(out, cursor[_own(staged[at + SOON])])
        last = staged[at, 3]
        own, other = _own(staged[at]), _other(staged[at])
        trait = traits[other] if other >= 0 else np.uint16(0)
        row = out[cursor[own]]
        cursor[own] += 1
        row[0] = staged[at, 0]
        row[1] = staged[at, 1]
        row[2] = staged[at, 2]
        row[3] = (last & np.uint64((1 << _TRAIT) - 1)) | _at(trait, _TRAIT)


@helper
def _own(row: Words) -> int:
    return whole(row[3] >> np.uint64(_TRAIT))


@helper
def _other(row: Words) -> int:
    return whole(np.int32(np.uint32(row[2] & np.uint64(0xFFFFFFFF))))


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
