"""What a sub-ledger needs of the accounts touched, compiled: openings, descriptions, local numbering, texts."""

from typing import Final, NamedTuple

import numpy as np

from rongdun.analytics.ahead import fetch
from rongdun.analytics.tracing.index.ahead_kernel import SOON
from rongdun.analytics.tracing.index.columns import Bytes
from rongdun.analytics.tracing.index.compiled import Records, entry, helper, whole
from rongdun.analytics.tracing.index.hashing import FREE, grown, slot_of, table_for
from rongdun.analytics.tracing.index.layout import BOOKS_SHIFT, INCOMING
from rongdun.analytics.tracing.model import PAYEE_BOOK, PAYER_BOOK, Int8s, Int32s, Int64s, Mask

BETWEEN: Final = 30
"""ASCII's record separator, put between the texts of accounts."""

_BITS: Final = 64

_OWN_OUT: Final = PAYER_BOOK << BOOKS_SHIFT
_OWN_IN: Final = PAYEE_BOOK << BOOKS_SHIFT


Marks = np.ndarray[tuple[int], np.dtype[np.uint64]]


class Described(NamedTuple):
    """What the index says of some accounts, a column each; ``following`` is where the next account's text begins."""

    text: Int64s
    following: Int64s
    degree: Int64s
    until: Int64s
    institution: Int32s
    kind: Int8s
    observed: Mask


@entry
def described(accounts: Records, place: Int64s) -> Described:
    """Return the accounts at these places column by column."""
    count = len(place)
    found = Described(
        np.empty(count, np.int64),
        np.empty(count, np.int64),
        np.empty(count, np.int64),
        np.empty(count, np.int64),
        np.empty(count, np.int32),
        np.empty(count, np.int8),
        np.empty(count, np.bool_),
    )
    for at in range(count):
        if at + SOON < count:
            fetch(accounts, place[at + SOON])
            fetch(accounts, place[at + SOON] + 1)
        own, following = accounts[place[at]], accounts[place[at] + 1]
        found.text[at], found.following[at] = own.text, following.text
        found.degree[at] = following.start - own.start
        found.until[at], found.institution[at] = own.until, own.institution
        found.kind[at], found.observed[at] = own.kind, own.observed != 0
    return found


@entry
def openings(
    rows: Records, accounts: Records, levels: Records, touched: Int64s, first: Int64s
) -> tuple[Int64s, Mask]:
    """Return what each account held just before its first arrival, and whether its balance column says so."""
    fen = np.empty(len(touched), np.int64)
    known = np.empty(len(touched), np.bool_)
    for at in range(len(touched)):
        own = accounts[touched[at]]
        following = accounts[touched[at] + 1]
        known[at] = following.level > own.level
        part = rows[own.start : following.start]
        if known[at]:
            told = _level(levels[own.level : following.level], first[at])
            fen[at] = max(0, told + _since_level(part, own.since, own.until, first[at]))
        else:
            fen[at] = _least(part, first[at])
    return fen, known


@helper
def _level(levels: Records, moment: int) -> int:
    """Return the last level before a moment, the first one where none is."""
    told = levels[0].fen
    for at in range(1, len(levels)):
        if levels[at].time < moment:
            told = levels[at].fen
    return whole(told)


@helper
def _since_level(part: Records, since: int, until: int, moment: int) -> int:
    """Return what moved between the level and a moment: own rows, and others' where the own book does not reach."""
    moved = np.int64(0)
    for at in range(len(part)):
        row = part[at]
        incoming = row.bits & INCOMING
        signed = row.amount if incoming else -row.amount
        if row.bits & (_OWN_IN if incoming else _OWN_OUT):
            moved += signed if row.time < moment else 0
        elif moment <= row.time < since:
            moved -= signed
        elif until < row.time < moment:
            moved += signed
    return whole(moved)


@helper
def _least(part: Records, moment: int) -> int:
    """Return the least opening that keeps the whole history from going below zero, carried on to a moment."""
    total = lowest = before = np.int64(0)
    for at in range(len(part)):
        row = part[at]
        total += row.amount if row.bits & INCOMING else -row.amount
        if at + 1 == len(part) or part[at + 1].time != row.time:
            lowest = min(lowest, total)
            if row.time < moment:
                before = total
    return whole(before - lowest)


@entry
def localised(payer: Int64s, payee: Int64s, more: Int64s, accounts: int) -> tuple[Int64s, Int32s, Int32s]:
    """Return the accounts that occur, ascending, and both sides as places among them.

    Few rows: a table that grows with them. Many: a bit for each of the ledger's ``accounts``, for cache's sake.
    """
    if (len(payer) + len(more)) * _BITS < accounts:
        return _localised_by_table(payer, payee, more)
    marks = np.zeros(accounts // _BITS + 1, np.uint64)
    for side in (payer, payee, more):
        for account in side:
            if account >= 0:
                marks[account >> 6] |= np.uint64(1) << np.uint64(account & 63)
    before = np.empty(len(marks), np.int64)
    count = 0
    for word in range(len(marks)):
        before[word] = count
        count += _ones(marks[word])
    found = np.empty(count, np.int64)
    place = 0
    for word in range(len(marks)):
        for bit in range(_BITS if marks[word] else 0):
            if marks[word] & (np.uint64(1) << np.uint64(bit)):
                found[place] = word * _BITS + bit
                place += 1
    return found, _ranked(payer, marks, before), _ranked(payee, marks, before)


@helper
def _ones(word: np.uint64) -> int:
    """Count the bits set (Warren, Hacker's Delight 5-1)."""
    word -= (word >> np.uint64(1)) & np.uint64(0x5555555555555555)
    pairs = np.uint64(0x3333333333333333)
    word = (word & pairs) + ((word >> np.uint64(2)) & pairs)
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return whole((word * np.uint64(0x0101010101010101)) >> np.uint64(56))


@helper
def _ranked(side: Int64s, marks: Marks, before: Int64s) -> Int32s:
    found = np.empty(len(side), np.int32)
    for at in range(len(side)):
        account = side[at]
        if account < 0:
            found[at] = -1
        else:
            below = (np.uint64(1) << np.uint64(account & 63)) - np.uint64(1)
            found[at] = before[account >> 6] + _ones(marks[account >> 6] & below)
    return found


@helper
def _localised_by_table(payer: Int64s, payee: Int64s, more: Int64s) -> tuple[Int64s, Int32s, Int32s]:
    table = table_for(len(payer) + len(more))
    count = 0
    for side in (payer, payee, more):
        for account in side:
            if account >= 0:
                slot = slot_of(table, account)
                if table[slot, 0] == FREE:
                    table[slot, 0] = account
                    count += 1
                    if 2 * count > len(table):
                        table = grown(table)
    accounts = np.sort(table[:, 0][table[:, 0] != FREE])
    for place in range(len(accounts)):
        table[slot_of(table, accounts[place]), 1] = place
    return accounts, _local(payer, table), _local(payee, table)


@helper
def _local(side: Int64s, table: Int64s) -> Int32s:
    found = np.empty(len(side), np.int32)
    for at in range(len(side)):
        found[at] = table[slot_of(table, side[at]), 1] if side[at] >= 0 else -1
    return found


@entry
def texts(blob: Bytes, begin: Int64s, end: Int64s, part: int, parted_by: int) -> Bytes:
    """Return one part of many texts (0 the number, 1 the name), one after the other, ``BETWEEN`` between them."""
    out = np.empty((end - begin).sum() + len(begin) + 1, np.uint8)
    to = 0
    for at in range(len(begin)):
        here = 0
        for place in range(begin[at], end[at]):
            if blob[place] == parted_by:
                here += 1
                if here > part:
                    break
            elif here == part:
                out[to] = blob[place]
                to += 1
        out[to] = BETWEEN
        to += 1
    return out[: max(to - 1, 0)]
