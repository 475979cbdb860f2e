"""One account's whole history in one list, what came and what went, and what its balances tell. Pure."""

from typing import NamedTuple

import numpy as np

from rongdun.analytics.tracing.index.columns import Levels
from rongdun.analytics.tracing.model import PAYEE_BOOK, PAYER_BOOK, Int8s, Int64s, Mask
from rongdun.analytics.tracing.patterns.compiled import entry, helper
from rongdun.analytics.tracing.patterns.flows import Flows, Lists


class Diary(NamedTuple):
    """Account ``a`` has the places ``offsets[a] … offsets[a + 1]``; at one moment incoming stands before outgoing.

    ``way`` is +1 in, -1 out; ``own`` tells whether the account's own book shows it, so that its balances count it.
    """

    offsets: Int64s
    way: Int8s
    amount: Int64s
    time: Int64s
    own: Mask


class Held(NamedTuple):
    """What account ``a`` held before its first row, as its balances tell it from ``time`` on; none: nothing told."""

    offsets: Int64s
    time: Int64s
    fen: Int64s


def held_of(levels: Levels, accounts: int) -> Held:
    """Return balance levels (sorted by account and time) as lists by account."""
    return Held(np.searchsorted(levels.account, np.arange(accounts + 1)), levels.time, levels.fen)


def diary_of(flows: Flows, books: Int8s) -> Diary:
    """Merge what each account paid and received; ``books`` says by row whose book shows it (``model`` has the bits)."""
    offsets = flows.out.offsets + flows.into.offsets
    size = int(offsets[-1])
    made = Diary(
        offsets,
        np.empty(size, np.int8),
        np.empty(size, np.int64),
        np.empty(size, np.int64),
        np.empty(size, np.bool_),
    )
    _merge(flows.out, flows.into, books, made)
    return made


@entry
def _merge(out: Lists, into: Lists, books: Int8s, made: Diary) -> None:
    for account in range(len(out.offsets) - 1):
        paid, received = out.offsets[account], into.offsets[account]
        paid_end, received_end = out.offsets[account + 1], into.offsets[account + 1]
        for place in range(made.offsets[account], made.offsets[account + 1]):
            left = received < received_end
            if left and (paid == paid_end or into.time[received] <= out.time[paid]):
                _put(into, received, 1, PAYEE_BOOK, books, made, place)
                received += 1
            else:
                _put(out, paid, -1, PAYER_BOOK, books, made, place)
                paid += 1


@helper
def _put(lists: Lists, at: int, way: int, book: int, books: Int8s, made: Diary, place: int) -> None:
    made.way[place] = way
    made.amount[place] = lists.amount[at]
    made.time[place] = lists.time[at]
    made.own[place] = books[lists.row[at]] & book != 0
