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
    order = _by_time(time)
    accounts = int(max(payer.max(initial=-1), payee.max(initial=-1))) + 1
    moments.settle(order, payer, payee, time, payer_place, payee_place, key, accounts)
    return order


def _by_time(time: Int64s) -> Int64s:
    if len(time) < 2 or bool((time[1:] >= time[:-1]).all()):
        return np.arange(len(time), dtype=np.int64)
    return np.asarray(np.argsort(time, kind="stable"), np.int64)
