"""Transfers of one moment, put in order; the rule is in :mod:`rongdun.analytics.tracing.order`.

Rows of a moment are numbered in the order of their keys. Each row stands twice, as ``2·row`` beside its payer and as
``2·row + 1`` beside its payee; these entries are sorted by account and place, so that an account's entries and, within
them, each list's are neighbours. ``Moment`` holds what follows from that.
"""

import heapq
from typing import Final, NamedTuple

import numpy as np

from rongdun.analytics.tracing.kernels.compiled import compiled_as, compiled_with_memory, whole
from rongdun.analytics.tracing.model import Int32s, Int64s, Mask

_FEW: Final = 24
_LIST_BITS: Final = 32


class Moment(NamedTuple):
    """Rows of one moment: ``account``, ``sheet`` and ``position`` by entry; the rest says who still waits for whom."""

    account: Int64s  # by entry: place of the account among those of the moment, -1 for nobody
    sheet: Int64s  # by entry: place of the list among those of the moment
    position: Int64s  # by entry: where it stands in ``entries``
    entries: Int64s  # sorted by account and place
    account_end: Int64s  # by account: where its entries end
    sheet_start: Int64s  # by list: where its entries start
    sheet_known: Mask  # by list: whether it tells an order
    held: Int64s  # by row: how many rows before it in a list are still to come
    incoming: Int64s  # by account: rows still to come in
    sheet_incoming: Int64s  # by list: rows still to come in
    cursor: Int64s  # by account: no row still to come in stands before this
    done: Mask  # by row


@compiled_with_memory
def _sort_by_key(order: Int64s, start: int, end: int, key: Int64s) -> None:
    """Sort ``order[start:end]`` by key; equal keys keep their order."""
    if end - start > _FEW:
        part = order[start:end].copy()
        order[start:end] = part[np.argsort(key[part], kind="mergesort")]
        return
    for place in range(start + 1, end):
        row, at = order[place], place
        while at > start and key[order[at - 1]] > key[row]:
            order[at] = order[at - 1]
            at -= 1
        order[at] = row


@compiled_with_memory
def _shared(rows: Int64s, payer: Int32s, payee: Int32s, seen: Int32s, stamp: int) -> bool:
    """Tell whether an account stands in two of the rows; ``seen`` remembers by stamp."""
    shared = False
    for row in rows:
        if payer[row] >= 0:
            shared = shared or seen[payer[row]] == stamp
            seen[payer[row]] = stamp
        if payee[row] >= 0 and payee[row] != payer[row]:
            shared = shared or seen[payee[row]] == stamp
            seen[payee[row]] = stamp
    return shared


@compiled_with_memory
def _moment(account: Int64s, place: Int64s) -> Moment:
    """Find the lists and accounts of a moment; ``account`` and ``place`` by entry."""
    size = len(account)
    entries = np.argsort(place, kind="mergesort")
    entries = entries[np.argsort(account[entries], kind="mergesort")]
    of_account, of_sheet, position = np.full(size, -1, np.int64), np.full(size, -1, np.int64), entries.copy()
    account_end, sheet_start = np.zeros(size + 1, np.int64), np.zeros(size + 1, np.int64)
    known = np.zeros(size + 1, np.bool_)
    held = np.zeros(size // 2, np.int64)
    incoming, sheet_incoming = np.zeros(size + 1, np.int64), np.zeros(size + 1, np.int64)
    cursor = np.zeros(size + 1, np.int64)
    accounts, sheets, last = -1, -1, -1
    for at in range(size):
        entry = entries[at]
        position[entry] = at
        if account[entry] < 0:
            continue
        fresh = last < 0 or account[last] != account[entry]
        if fresh:
            accounts += 1
            cursor[accounts] = at
        account_end[accounts] = at + 1
        if fresh or place[last] >> _LIST_BITS != place[entry] >> _LIST_BITS:
            sheets += 1
            sheet_start[sheets] = at
            known[sheets] = place[entry] >= 0
        elif known[sheets] and last >> 1 != entry >> 1:
            held[entry >> 1] += 1
        sheet_start[sheets + 1] = at + 1
        of_account[entry], of_sheet[entry] = accounts, sheets
        incoming[accounts] += entry & 1
        sheet_incoming[sheets] += entry & 1
        last = entry
    done = np.zeros(size // 2, np.bool_)
    return Moment(
        of_account, of_sheet, position, entries, account_end, sheet_start,
        known, held, incoming, sheet_incoming, cursor, done,
    )  # fmt: skip


@compiled_with_memory
def _awaited(moment: Moment, row: int) -> int:
    """Return how many rows come into the row's payer that no list compares with it."""
    entry = 2 * row
    account, sheet = moment.account[entry], moment.sheet[entry]
    if account < 0:
        return 0
    compared = moment.sheet_incoming[sheet] if moment.sheet_known[sheet] else 0
    itself = moment.account[entry + 1] == account and not (
        moment.sheet_known[sheet] and moment.sheet[entry + 1] == sheet
    )
    return whole(moment.incoming[account]) - compared - (1 if itself else 0)


@compiled_with_memory
def _free(moment: Moment, row: int) -> bool:
    return not moment.done[row] and moment.held[row] == 0 and _awaited(moment, row) == 0


@compiled_with_memory
def _beside(moment: Moment, entry: int, step: int) -> int:
    """Return the row before (-1) or after (+1) the entry in its list, -1 where there is none."""
    sheet, at = moment.sheet[entry], moment.position[entry] + step
    if sheet < 0 or not moment.sheet_known[sheet] or at < 0 or at >= len(moment.entries):
        return -1
    other = moment.entries[at]
    return other >> 1 if moment.sheet[other] == sheet and other >> 1 != entry >> 1 else -1


@compiled_with_memory
def _release(moment: Moment, row: int, free: list[int]) -> None:
    """Mark the row as happened; put those that waited for it alone among the free."""
    moment.done[row] = True
    for entry in (2 * row, 2 * row + 1):
        after = _beside(moment, entry, 1)
        if after >= 0:
            moment.held[after] -= 1
            if _free(moment, after):
                heapq.heappush(free, after)
    account, sheet = moment.account[2 * row + 1], moment.sheet[2 * row + 1]
    if account < 0:
        return
    moment.incoming[account] -= 1
    moment.sheet_incoming[sheet] -= 1
    other = moment.sheet[moment.entries[moment.account_end[account] - 1]]
    while other >= 0 and moment.account[moment.entries[moment.sheet_start[other]]] == account:
        left = moment.incoming[account] - (moment.sheet_incoming[other] if moment.sheet_known[other] else 0)
        if left <= 1 and not (other == sheet and moment.sheet_known[other]):
            _wake(moment, other, free)
        other -= 1


@compiled_with_memory
def _wake(moment: Moment, sheet: int, free: list[int]) -> None:
    for at in range(moment.sheet_start[sheet], moment.sheet_start[sheet + 1]):
        entry = moment.entries[at]
        if entry & 1 == 0 and _free(moment, entry >> 1):
            heapq.heappush(free, entry >> 1)


@compiled_with_memory
def _waits_for(moment: Moment, row: int) -> int:
    """Return one row that must happen before ``row``."""
    for entry in (2 * row, 2 * row + 1):
        before = _beside(moment, entry, -1)
        if before >= 0 and not moment.done[before]:
            return before
    account, sheet = moment.account[2 * row], moment.sheet[2 * row]
    at, first = moment.cursor[account], True
    while True:
        entry = moment.entries[at]
        if entry & 1 == 1 and not moment.done[entry >> 1]:
            if first:
                moment.cursor[account], first = at, False
            if entry >> 1 != row and not (moment.sheet_known[sheet] and moment.sheet[entry] == sheet):
                return whole(entry) >> 1
        at += 1


@compiled_with_memory
def _break(moment: Moment, start: int, walk: Int64s, stamp: int) -> int:
    """Follow who waits for whom until the circle closes; return the row of the circle that goes first."""
    row, trail = start, [start]
    walk[row] = stamp
    while True:
        row = _waits_for(moment, row)
        if walk[row] == stamp:
            break
        walk[row] = stamp
        trail.append(row)
    best, at = row, len(trail) - 1
    while True:
        other = trail[at]
        lighter, heavier = moment.held[other] == 0, moment.held[best] == 0
        if (lighter and not heavier) or (lighter == heavier and other < best):
            best = other
        if other == row:
            return best
        at -= 1


@compiled_with_memory
def _arrange(account: Int64s, place: Int64s) -> Int64s:
    """Return the order of a moment's rows, which are numbered by key."""
    moment, rows = _moment(account, place), len(account) // 2
    out, walk = np.empty(rows, np.int64), np.full(rows, -1, np.int64)
    free = [row for row in range(rows) if _free(moment, row)]
    count, first = 0, 0
    while count < rows:
        if free:
            row = heapq.heappop(free)
            if moment.done[row]:
                continue
        else:
            while moment.done[first]:
                first += 1
            row = _break(moment, first, walk, count)
        out[count] = row
        count += 1
        _release(moment, row, free)
    return out


@compiled_as(
    "void(int64[::1], int32[::1], int32[::1], int64[::1], int64[::1], int64[::1], int64[::1], int64)"
)
def settle(
    order: Int64s,
    payer: Int32s,
    payee: Int32s,
    time: Int64s,
    payer_place: Int64s,
    payee_place: Int64s,
    key: Int64s,
    accounts: int,
) -> None:
    """Put rows of equal time within ``order`` (sorted by time) in their order; in place."""
    seen, start, size = np.full(accounts, -1, np.int32), 0, len(order)
    moments = 0
    while start < size:
        end = start + 1
        while end < size and time[order[end]] == time[order[start]]:
            end += 1
        if end - start > 1:
            moments += 1
            _sort_by_key(order, start, end, key)
            rows = order[start:end]
            if _shared(rows, payer, payee, seen, moments):
                account, place = np.empty(2 * len(rows), np.int64), np.empty(2 * len(rows), np.int64)
                account[::2], account[1::2] = payer[rows], payee[rows]
                place[::2], place[1::2] = payer_place[rows], payee_place[rows]
                order[start:end] = rows[_arrange(account, place)]
        start = end
