"""Every account's payments out and in, each by time: the shape all pattern kernels walk over. Pure."""

from typing import NamedTuple

import numpy as np

from rongdun.analytics.tracing.model import Int32s, Int64s, Mask
from rongdun.analytics.tracing.patterns.compiled import entry, helper


class Lists(NamedTuple):
    """Account ``a`` has the places ``offsets[a] … offsets[a + 1]`` of the other columns, by time, then by row.

    ``other`` is the counterparty (``NOBODY`` where there is none), ``amount`` whole fen, ``time`` microseconds since
    1970 UTC, ``row`` the transfer's place in the arrays the lists were made of.
    """

    offsets: Int64s
    other: Int32s
    amount: Int64s
    time: Int64s
    row: Int32s


class Flows(NamedTuple):
    """What every account paid (``out``) and received (``into``)."""

    out: Lists
    into: Lists

    @property
    def accounts(self) -> int:
        """Return the number of accounts."""
        return len(self.out.offsets) - 1


def flows_of(payer: Int32s, payee: Int32s, amount_fen: Int64s, time: Int64s, accounts: int) -> Flows:
    """Sort transfers into lists; any row order will do, at most 2³¹ rows, accounts are 0 … ``accounts - 1``.

    A side that is ``NOBODY`` gets no entry of its own; a payment to oneself moves nothing and is left out.
    """
    order = np.argsort(time, kind="stable")
    moves = payer != payee
    return Flows(
        _lists(payer, payee, amount_fen, time, order, moves, accounts),
        _lists(payee, payer, amount_fen, time, order, moves, accounts),
    )


def hubs(flows: Flows, degree_limit: int) -> Mask:
    """Return which accounts have more than ``degree_limit`` transfers, out and in together: kernels skip them."""
    return np.diff(flows.out.offsets) + np.diff(flows.into.offsets) > degree_limit


def _lists(
    own: Int32s, other: Int32s, amount: Int64s, time: Int64s, order: Int64s, moves: Mask, accounts: int
) -> Lists:
    taken = moves & (own >= 0)
    offsets = np.zeros(accounts + 1, np.int64)
    np.cumsum(np.bincount(own[taken], minlength=accounts), out=offsets[1:])
    size = int(offsets[-1])
    made = Lists(
        offsets,
        np.empty(size, np.int32),
        np.empty(size, np.int64),
        np.empty(size, np.int64),
        np.empty(size, np.int32),
    )
    _fill(own, other, amount, time, order, taken, offsets[:-1].copy(), made)
    return made


@entry
def _fill(
    own: Int32s,
    other: Int32s,
    amount: Int64s,
    time: Int64s,
    order: Int64s,
    taken: Mask,
    free: Int64s,
    made: Lists,
) -> None:
    for row in order:
        if not taken[row]:
            continue
        place = free[own[row]]
        free[own[row]] += 1
        made.other[place] = other[row]
        made.amount[place] = amount[row]
        made.time[place] = time[row]
        made.row[place] = row


@helper
def not_before(time: Int64s, first: int, end: int, moment: int) -> int:
    """Return the first place in ``first … end`` whose time is at or after ``moment``."""
    while first < end:
        middle = (first + end) >> 1
        if time[middle] < moment:
            first = middle + 1
        else:
            end = middle
    return first
