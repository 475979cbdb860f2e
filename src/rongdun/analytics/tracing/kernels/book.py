"""What a run writes in: accounts, lots, holdings, shares and parts, each an array with room at its end.

Columns are named in :mod:`rongdun.analytics.tracing.kernels.columns`. Where room ends, ``FULL`` is raised and place 0
is overwritten; the caller throws the run away and gives more room.
"""

from typing import NamedTuple

import numpy as np

from rongdun.analytics.tracing.kernels.columns import (
    AT_END,
    CHANGED,
    CLEAN,
    COUNTED,
    COUNTERS,
    ENDS,
    FIRST_IN,
    FOLLOWED,
    FULL,
    HEAD,
    HELD,
    HOLDING_COLUMNS,
    HOLDINGS,
    IN,
    LAST_OUT,
    LEFT,
    LOT,
    LOT_COLUMNS,
    OF_ACCOUNT,
    OF_VICTIM,
    OUT,
    PART_COLUMNS,
    PART_END,
    PART_FEN,
    PART_OWNER,
    PART_SOURCE,
    PART_TIER,
    PARTS,
    PAYMENT_COLUMNS,
    SHARE_COLUMNS,
    SINCE,
    SPARE,
    TAIL,
    TAINTED,
    TIER,
)
from rongdun.analytics.tracing.kernels.compiled import compiled, whole
from rongdun.analytics.tracing.model import Int8s, Int32s, Int64s

Moments = np.ndarray[tuple[int, int], np.dtype[np.float64]]


class Book(NamedTuple):
    """All that a run writes in. Few arrays with many columns: a row is one cache line, and the loops compile fast."""

    rule: int
    depth: int
    marks: Int8s  # by account: one byte each, so that the accounts that only others know stay out of the way
    accounts: Int64s  # by account: of no meaning until it is counted
    delta: Int64s  # by account, WINDOW only
    deadline: Int64s  # by victim
    latest: Int64s  # by victim: its latest share
    lots: Int64s
    holdings: Int64s
    held: Moments  # the same as holdings, as floating-point numbers
    slots: Int32s  # finds a holding by its key
    shares: Int64s
    parts: Int64s
    pairs: Int64s
    payments: Int64s
    pieces: Int64s
    used: Int64s
    elsewhere: Int64s  # by end: what stopped where no account stands


def empty_book(
    rule: int, depth: int, accounts: tuple[Int8s, Int64s, Int64s], deadline: Int64s, room: int, pairs: int
) -> Book:
    """Return empty pages behind the accounts' (marks, rows, Δ).

    For ``room`` rows of all, a quarter as many holdings, and ``pairs`` refunding pairs (both powers of 2).
    """
    count = np.zeros(COUNTERS, np.int64)
    count[SPARE] = -1
    kept = room if pairs > 1 else 1
    holdings = np.empty((room // 4, HOLDING_COLUMNS), np.int64)
    return Book(
        rule,
        depth,
        *accounts,
        deadline,
        np.full(len(deadline), -1, np.int64),
        np.empty((room, LOT_COLUMNS), np.int64),
        holdings,
        holdings.view(np.float64),
        np.full(2 * len(holdings), -1, np.int32),
        np.empty((room, SHARE_COLUMNS), np.int64),
        np.empty((room, PART_COLUMNS), np.int64),
        np.full((pairs, PAYMENT_COLUMNS), -1, np.int64),
        np.empty((kept, PAYMENT_COLUMNS), np.int64),
        np.empty((kept, PART_COLUMNS), np.int64),
        count,
        np.zeros(ENDS, np.int64),
    )


@compiled
def new(book: Book, what: int, room: int) -> int:
    """Return the next free place of ``what``; raises ``FULL`` where there is none."""
    place = whole(book.used[what])
    if place >= room:
        book.used[FULL] = 1
        return 0
    book.used[what] = place + 1
    return place


@compiled
def _slot(book: Book, account: int, victim: int, end: int) -> int:
    """Return the slot of a key: the one it stands in, or the free one where it belongs."""
    holdings, mask = book.holdings, len(book.slots) - 1
    mixed = (account * 1_000_003 + victim * 16 + end) * -7046029254386353131
    slot = (mixed ^ (mixed >> 29)) & mask
    while True:
        at = book.slots[slot]
        if at < 0 or (
            holdings[at, OF_ACCOUNT] == account
            and holdings[at, OF_VICTIM] == victim
            and holdings[at, AT_END] == end
        ):
            return slot
        slot = (slot + 1) & mask


@compiled
def find(book: Book, account: int, victim: int, end: int) -> int:
    """Return the holding of a victim in an account, -1 where there is none."""
    if account < 0:
        return -1
    return whole(book.slots[_slot(book, account, victim, end)])


@compiled
def find_or_begin(book: Book, account: int, victim: int, end: int, tier: int, time: int) -> int:
    """Return the holding of a victim in an account, begun now where there is none; its tier is the least so far."""
    holdings = book.holdings
    slot = _slot(book, account, victim, end)
    at = whole(book.slots[slot])
    if at >= 0:
        holdings[at, TIER] = min(holdings[at, TIER], tier)
        return at
    at = new(book, HOLDINGS, len(holdings))
    if book.used[FULL]:
        return at
    book.slots[slot] = at
    for column in range(HOLDING_COLUMNS):
        holdings[at, column] = 0
    holdings[at, OF_ACCOUNT], holdings[at, OF_VICTIM], holdings[at, AT_END] = account, victim, end
    holdings[at, TIER], holdings[at, FIRST_IN], holdings[at, LOT] = tier, time, -1
    book.held[at, HELD] = 0.0
    return at


@compiled
def rest(book: Book, at: int, time: int) -> None:
    """Let what a followed account holds lie until ``time``."""
    holdings = book.holdings
    if holdings[at, AT_END] == FOLLOWED:
        book.held[at, HELD] += float(holdings[at, LEFT]) * float(time - holdings[at, CHANGED])
        holdings[at, CHANGED] = time


@compiled
def give(book: Book, at: int, fen: int, time: int) -> None:
    """Let money out of a holding."""
    holdings = book.holdings
    rest(book, at, time)
    holdings[at, OUT] += fen
    holdings[at, LEFT] -= fen
    holdings[at, LAST_OUT] = time


@compiled
def receive(book: Book, at: int, fen: int, time: int) -> None:
    """Let money into a holding."""
    holdings = book.holdings
    rest(book, at, time)
    holdings[at, IN] += fen
    holdings[at, LEFT] += fen


@compiled
def add_part(book: Book, owner: int, fen: int, tier: int) -> None:
    """Add to what the transfer carries; neighbours of one owner are one part."""
    if fen <= 0:
        return
    parts, last = book.parts, book.used[PARTS] - 1
    if last >= 0 and parts[last, PART_OWNER] == owner:
        parts[last, PART_FEN] += fen
        parts[last, PART_TIER] = min(parts[last, PART_TIER], tier)
        return
    at = new(book, PARTS, len(parts))
    parts[at, PART_OWNER], parts[at, PART_FEN], parts[at, PART_TIER], parts[at, PART_END] = (
        owner,
        fen,
        tier,
        FOLLOWED,
    )
    parts[at, PART_SOURCE] = -1


@compiled
def carried(book: Book) -> int:
    """Return the fen of all parts."""
    fen = whole(0)
    for part in range(book.used[PARTS]):
        fen += book.parts[part, PART_FEN]
    return fen


@compiled
def counts(book: Book, account: int, time: int) -> bool:
    """Tell whether the account's own money is kept at that moment."""
    return account >= 0 and book.marks[account] & COUNTED != 0 and time >= book.accounts[account, SINCE]


@compiled
def count_from(book: Book, account: int, time: int) -> None:
    """Count the account's own money from that moment, where it is not counted from an earlier one."""
    if book.marks[account] & COUNTED:
        book.accounts[account, SINCE] = min(book.accounts[account, SINCE], time)
        return
    book.marks[account] |= COUNTED
    book.accounts[account, CLEAN], book.accounts[account, TAINTED] = 0, 0
    book.accounts[account, SINCE] = time
    book.accounts[account, HEAD], book.accounts[account, TAIL] = -1, -1
