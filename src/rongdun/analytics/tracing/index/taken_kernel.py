"""Transfers of the accounts a trace touches, compiled: each list is read once, for its opening and for its rows.

A part of the accounts can be read beside another: what is written is each part's own.
"""

from typing import Final, NamedTuple

import numpy as np

from rongdun.analytics.ahead import fetch
from rongdun.analytics.tracing.index.ahead_kernel import SOON, TOGETHER, fetch_lists, lists_of
from rongdun.analytics.tracing.index.compiled import Records, entry, helper, whole
from rongdun.analytics.tracing.index.gather_kernel import openings
from rongdun.analytics.tracing.index.hashing import FREE, slot_of, table_for
from rongdun.analytics.tracing.index.layout import BOOKS_SHIFT, INCOMING, REFUND
from rongdun.analytics.tracing.index.reach_kernel import first_from
from rongdun.analytics.tracing.model import Int8s, Int64s, Mask

_BOOKS: Final = 3


class Taken(NamedTuple):
    """Rows found in a part of the accounts, in no order of time, copied together: moment, row, whose list it is in.

    ``opening`` and ``known`` are the accounts', as ``gather_kernel.openings`` tells them.
    """

    time: Int64s
    row: Records
    own: Int64s
    opening: Int64s
    known: Mask


class Columns(NamedTuple):
    """Transfers as columns; sides as places in the index."""

    payer: Int64s
    payee: Int64s
    amount: Int64s
    time: Int64s
    end: Int8s
    refund: Mask
    books: Int8s
    row: Int64s
    payer_place: Int64s
    payee_place: Int64s


@entry
def since_when(touched: Int64s, first: Int64s) -> Int64s:
    """Return a hash table of the accounts with the first arrival in each."""
    table = table_for(len(touched) + 1)
    for at in range(len(touched)):
        slot = slot_of(table, touched[at])
        table[slot, 0], table[slot, 1] = touched[at], first[at]
    return table


@entry
def taken(
    rows: Records,
    accounts: Records,
    levels: Records,
    touched: Int64s,
    first: Int64s,
    as_of: int,
    table: Int64s,
) -> Taken:
    """Return each transfer of some accounts from their first arrival to ``as_of``, and their openings.

    ``table`` holds every account that is touched: what another one's list shows is left to it.
    """
    begins, ends = lists_of(accounts, touched)
    room = (ends - begins).sum()
    time, found, own = np.empty(room, np.int64), np.empty(room, rows.dtype), np.empty(room, np.int64)
    opening, known = np.empty(len(touched), np.int64), np.empty(len(touched), np.bool_)
    count = 0
    for begin in range(0, len(touched), TOGETHER):
        stop = min(begin + TOGETHER, len(touched))
        fetch_lists(rows, begins[begin:stop], ends[begin:stop])
        fen, told = openings(rows, accounts, levels, touched[begin:stop], first[begin:stop])
        opening[begin:stop], known[begin:stop] = fen, told
        for at in range(begin, stop):
            account, end = touched[at], ends[at]
            for here in range(first_from(rows, begins[at], end, first[at]), end):
                moment, bits = rows[here].time, rows[here].bits
                if moment > as_of:
                    break
                if not bits & INCOMING or not _told(rows[here].other, moment, table):
                    time[count], found[count], own[count] = moment, rows[here], account
                    count += 1
    return Taken(time[:count], found[:count], own[:count], opening, known)


@entry
def arrived(
    rows: Records, accounts: Records, watched: Int64s, table: Int64s
) -> tuple[Int64s, Records, Int64s]:
    """Return what arrives in accounts that are not touched, as ``Taken``; ``watched``: account, from, until."""
    room = 0
    for at in range(len(watched)):
        room += accounts[watched[at, 0] + 1].start - accounts[watched[at, 0]].start
    time, found, own = np.empty(room, np.int64), np.empty(room, rows.dtype), np.empty(room, np.int64)
    count = 0
    for at in range(len(watched)):
        account, begin, until = watched[at, 0], watched[at, 1], watched[at, 2]
        end = accounts[account + 1].start
        here = first_from(rows, accounts[account].start, end, begin)
        while here < end and rows[here].time <= until:
            if rows[here].bits & INCOMING and not _told(rows[here].other, rows[here].time, table):
                time[count], found[count], own[count] = rows[here].time, rows[here], account
                count += 1
            here += 1
    return time[:count], found[:count], own[:count]


@helper
def _told(payer: int, time: int, table: Int64s) -> bool:
    """Tell whether a row that comes in is found in its payer's list already."""
    if payer < 0:
        return False
    slot = slot_of(table, whole(payer))
    return bool(table[slot, 0] != FREE and time >= table[slot, 1])


def room_for(count: int) -> Columns:
    """Return columns for so many transfers, not filled."""
    return Columns(
        np.empty(count, np.int64),
        np.empty(count, np.int64),
        np.empty(count, np.int64),
        np.empty(count, np.int64),
        np.empty(count, np.int8),
        np.empty(count, np.bool_),
        np.empty(count, np.int8),
        np.empty(count, np.int64),
        np.empty(count, np.int64),
        np.empty(count, np.int64),
    )


@entry
def fill(rows: Records, own: Int64s, order: Int64s, found: Columns) -> None:
    """Write the transfers that rows out of the lists of ``own`` tell, in an order, column by column."""
    for at in range(len(order)):
        if at + SOON < len(order):
            fetch(rows, order[at + SOON])
            fetch(own, order[at + SOON])
        row, account = rows[order[at]], own[order[at]]
        if row.bits & INCOMING:
            found.payer[at], found.payee[at] = row.other, account
            found.payer_place[at], found.payee_place[at] = row.other_place, row.own_place
        else:
            found.payer[at], found.payee[at] = account, row.other
            found.payer_place[at], found.payee_place[at] = row.own_place, row.other_place
        found.amount[at], found.time[at], found.row[at] = row.amount, row.time, row.row
        found.end[at], found.refund[at] = row.end, (row.bits & REFUND) != 0
        found.books[at] = (row.bits >> BOOKS_SHIFT) & _BOOKS
