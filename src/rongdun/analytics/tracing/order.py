"""In which order transfers happen: time, then the banks' own order, then incoming before outgoing, then content.

Statements tell the second, or only the day. Within one moment

1. two rows that stand in the same list of an account (one file, one sheet) keep that list's order;
2. where no list tells, what an account receives comes before what it pays, so that money that goes A → B → C in one
   second passes through B;
3. what remains free goes by a key made of the transfer's content, never by the order in which rows were handed in.

Where rows wait for one another in a circle (A → B, B → A in one second) the smallest key among those goes first that
no list holds back; where two lists contradict each other, the smallest key of the circle.
"""

from typing import Final

import numpy as np

from rongdun.analytics.tracing.kernels import moments
from rongdun.analytics.tracing.model import Int32s, Int64s

UNKNOWN: Final = -1
"""A place in no list."""

_LIST_BITS: Final = 32
_SIGNED_BITS: Final = 63
_SECOND: Final = 1_000_000


def place_in(list_id: Int64s, row: Int64s) -> Int64s:
    """Return places in lists: rows are compared only where account and ``list_id`` are the same; both ≥ 0, < 2³¹."""
    return np.asarray((list_id << _LIST_BITS) | row, np.int64)


def in_order(
    payer: Int32s, payee: Int32s, time: Int64s, payer_place: Int64s, payee_place: Int64s, key: Int64s
) -> Int64s:
    """Return the permutation that puts transfers in the order in which they happen.

    ``payer_place`` and ``payee_place`` (of :func:`place_in`, or ``UNKNOWN``) say where the row stands in the payer's
    and in the payee's own list, forwards in time; ``key`` is made of content, equal only for rows that are
    interchangeable. All rows of a moment must come in one call; rows already sorted by time are not sorted again.
    """
    order = sorting(time)
    accounts = int(max(payer.max(initial=-1), payee.max(initial=-1))) + 1
    moments.settle(order, payer, payee, time, payer_place, payee_place, key, accounts)
    return order


def sorting(values: Int64s) -> Int64s:
    """Return the permutation that sorts moments or places; equal ones stay in the order in which they came."""
    if len(values) < 2 or bool((values[1:] >= values[:-1]).all()):
        return np.arange(len(values), dtype=np.int64)
    bits = len(values).bit_length()
    above = values - values.min()
    if int(above.max()) >= 1 << (_SIGNED_BITS - bits):
        above = _in_seconds(above)
    if int(above.max()) >= 1 << (_SIGNED_BITS - bits):
        return np.asarray(np.argsort(values, kind="stable"), np.int64)
    packed = (above << bits) | np.arange(
        len(values)
    )  # whole numbers sort five times as fast as a permutation
    packed.sort()
    return np.asarray(packed & ((1 << bits) - 1), np.int64)


def _in_seconds(time: Int64s) -> Int64s:
    """Return moments in seconds where all are whole ones, as the banks' mostly are; else as they are."""
    seconds, rest = np.divmod(time, _SECOND)
    return time if rest.any() else seconds


def tied(time: Int64s) -> Int64s:
    """Return the places of sorted moments that stand more than once."""
    same = time[1:] == time[:-1]
    return np.flatnonzero(np.append(same, False) | np.insert(same, 0, False))
