"""Attribution as one loop over transfers in time order; the meaning is in the reference implementation.

Most transfers of a sub-ledger move clean money only and touch two numbers; the rest take parts and deliver them.
"""

from typing import Final, NamedTuple

from rongdun.analytics.ahead import fetch
from rongdun.analytics.tracing.kernels.book import (
    Book,
    Moments,
    add_part,
    carried,
    count_from,
    counts,
    find,
    find_or_begin,
    new,
    receive,
    rest,
)
from rongdun.analytics.tracing.kernels.columns import (
    AT_END,
    CLEAN,
    COUNTED,
    DEPTH,
    END,
    FIRST_SHARE,
    FOLLOWED,
    FRONTIER,
    FULL,
    HEAD,
    HELD,
    HOLDINGS,
    LATE,
    LEFT,
    LIFO,
    LOT_HOLDING,
    OF_ACCOUNT,
    PART_END,
    PART_FEN,
    PART_OWNER,
    PART_SOURCE,
    PART_SPARE,
    PART_TIER,
    PARTS,
    POISON,
    REFUNDED,
    SHARE_END,
    SHARE_FEN,
    SHARE_SOURCE,
    SHARE_TRANSFER,
    SHARE_VICTIM,
    SHARES,
    TAINTED,
    TIER,
    WINDOW,
)
from rongdun.analytics.tracing.kernels.compiled import compiled, compiled_as, whole
from rongdun.analytics.tracing.kernels.lots import queue, spend, spend_of
from rongdun.analytics.tracing.kernels.poison import poisoned, reached
from rongdun.analytics.tracing.kernels.refunds import expect, lies, remember, take_back
from rongdun.analytics.tracing.model import Int8s, Int32s, Int64s, Mask

_AHEAD: Final = 16
"""Transfers between asking for an account's row and its turn."""


class Ledger(NamedTuple):
    """Transfers in order, and the seeds in order of their transfers."""

    payer: Int32s
    payee: Int32s
    amount: Int64s
    time: Int64s
    end: Int8s
    refund: Mask
    seed: Int32s
    victim: Int32s
    fen: Int64s


@compiled
def _take(book: Book, ledger: Ledger, place: int, seed: int) -> int:
    """Put what the transfer carries into the parts; return the next seed."""
    payer, payee = whole(ledger.payer[place]), whole(ledger.payee[place])
    amount, time = whole(ledger.amount[place]), whole(ledger.time[place])
    if seed < len(ledger.seed) and ledger.seed[seed] == place:
        if book.rule < WINDOW and counts(book, payer, time):
            spend_of(book, payer, -1, amount, time)
            book.used[PARTS] = 0
        while seed < len(ledger.seed) and ledger.seed[seed] == place:
            add_part(book, ledger.victim[seed], ledger.fen[seed], 0)
            seed += 1
    elif book.rule == POISON:
        poisoned(book, payer, payee, amount, time, ledger.refund[place])
    elif ledger.refund[place] and payee >= 0:
        take_back(book, payer, payee, amount, time)
    elif counts(book, payer, time):
        spend(book, payer, amount, time)
    if book.rule != POISON:
        add_part(book, -1, amount - carried(book), 0)
    return seed


@compiled
def _end(book: Book, payee: int, owner: int, tier: int, time: int, stop: int) -> int:
    """Tell where a part stops: bounds of the trace first, then the transfer, then the payee."""
    if time > book.deadline[owner]:
        return LATE
    if stop != FOLLOWED:
        return stop
    if payee < 0:
        return FRONTIER
    stop = whole(book.marks[payee] & END)
    if tier >= book.depth:
        holding = find(book, payee, owner, stop)
        if holding < 0 or book.holdings[holding, TIER] > book.depth:
            return DEPTH
    return stop


@compiled
def _share(book: Book, place: int, payer: int, payee: int, part: int, time: int, stop: int) -> None:
    """Give the part its end and write it down as a share; a victim's parts in one transfer are one share."""
    owner, fen = whole(book.parts[part, PART_OWNER]), whole(book.parts[part, PART_FEN])
    shares, at = book.shares, whole(book.latest[owner])
    if at >= book.used[FIRST_SHARE]:
        shares[at, SHARE_FEN] += fen
    else:
        at = new(book, SHARES, len(shares))
        shares[at, SHARE_TRANSFER], shares[at, SHARE_VICTIM], shares[at, SHARE_FEN] = place, owner, fen
        shares[at, SHARE_END] = _end(book, payee, owner, whole(book.parts[part, PART_TIER]), time, stop)
        source = whole(book.parts[part, PART_SOURCE])
        shares[at, SHARE_SOURCE] = source if source >= 0 else find(book, payer, owner, FOLLOWED)
        book.latest[owner] = at
    book.parts[part, PART_END] = shares[at, SHARE_END]


@compiled
def _arrive(book: Book, payee: int, part: int, time: int) -> int:
    """Write down who has the part now; return its holding where it is followed, else -1."""
    parts = book.parts
    owner, fen, end = (
        whole(parts[part, PART_OWNER]),
        whole(parts[part, PART_FEN]),
        whole(parts[part, PART_END]),
    )
    if not lies(book, payee, end):
        book.elsewhere[end] += fen
        return -1
    before = book.used[HOLDINGS]
    at = find_or_begin(book, payee, owner, end, whole(book.parts[part, PART_TIER]) + 1, time)
    receive(book, at, fen, time)
    if end != FOLLOWED:
        return -1
    count_from(book, payee, time)
    if book.rule == POISON and book.used[HOLDINGS] > before:
        reached(book, payee, at)
    return at


@compiled
def _deliver(book: Book, ledger: Ledger, place: int) -> None:
    """Give each part its end, then queue at the payee what is followed, and as clean what is not."""
    payer, payee = whole(ledger.payer[place]), whole(ledger.payee[place])
    time, stop = whole(ledger.time[place]), whole(ledger.end[place])
    book.used[FIRST_SHARE] = book.used[SHARES]
    for part in range(book.used[PARTS]):
        holding = whole(-1)
        if book.parts[part, PART_OWNER] >= 0:
            _share(book, place, payer, payee, part, time, stop)
            holding = _arrive(book, payee, part, time)
        book.parts[part, PART_SPARE] = holding
    if book.rule == POISON:
        return
    for part in range(book.used[PARTS]):
        holding = whole(book.parts[part, PART_SPARE])
        if holding >= 0 or counts(book, payee, time):
            queue(book, payee, holding, whole(book.parts[part, PART_FEN]), time)


@compiled
def _happen(book: Book, ledger: Ledger, place: int, seed: int) -> int:
    """Let one transfer happen that may carry a victim's money; return the next seed."""
    book.used[PARTS] = 0
    payer, payee = whole(ledger.payer[place]), whole(ledger.payee[place])
    amount, time = whole(ledger.amount[place]), whole(ledger.time[place])
    if book.rule == POISON and counts(book, payer, time):
        book.accounts[payer, CLEAN] = max(0, book.accounts[payer, CLEAN] - amount)
    seed = _take(book, ledger, place, seed)
    _deliver(book, ledger, place)
    if book.rule == POISON and counts(book, payee, time):
        book.accounts[payee, CLEAN] += amount
    if payer >= 0 and book.marks[payer] & REFUNDED:
        remember(book, payer, payee, amount, whole(book.used[PARTS]))
    return seed


@compiled
def _pass_clean(book: Book, payer: int, payee: int, amount: int, time: int) -> None:
    """Move clean money between accounts of which the payer holds none of a victim's."""
    if counts(book, payer, time):
        book.accounts[payer, CLEAN] = max(0, book.accounts[payer, CLEAN] - amount)
    if counts(book, payee, time):
        if book.rule <= LIFO and book.accounts[payee, TAINTED] > 0:
            queue(book, payee, -1, amount, time)
        else:
            book.accounts[payee, CLEAN] += amount


@compiled
def _plain(book: Book, payer: int, payee: int, refund: bool) -> bool:
    """Tell whether the transfer, no seed, can only move clean money and need not be remembered."""
    if payer >= 0:
        mark = book.marks[payer]
        if mark & REFUNDED or (mark & COUNTED and book.accounts[payer, TAINTED] > 0):
            return False
    return not refund or payee < 0


@compiled
def _fetch_ahead(book: Book, payer: Int32s, payee: Int32s, place: int) -> None:
    """Ask for what transfers soon to come will touch: the sides' rows, then a payer's first lot, then whose it is."""
    if place + _AHEAD >= len(payer):
        return
    for account in (payer[place + _AHEAD], payee[place + _AHEAD]):
        if account >= 0 and book.marks[account] & COUNTED:
            fetch(book.accounts, account)
    lot = _first_lot(book, payer[place + _AHEAD // 2])
    if lot >= 0:
        fetch(book.lots, lot)
    lot = _first_lot(book, payer[place + _AHEAD // 4])
    if lot >= 0 and book.lots[lot, LOT_HOLDING] >= 0:
        fetch(book.holdings, book.lots[lot, LOT_HOLDING])


@compiled
def _first_lot(book: Book, account: int) -> int:
    """Return an account's first lot, -1 where it holds no victim's money."""
    if account < 0 or not book.marks[account] & COUNTED or book.accounts[account, TAINTED] <= 0:
        return -1
    return whole(book.accounts[account, HEAD])


@compiled
def _close(book: Book, as_of: int) -> None:
    """Let what is left lie until the end; poison: everything that lies in a touched account is tainted."""
    holdings = book.holdings
    for at in range(book.used[HOLDINGS]):
        if book.rule != POISON:
            rest(book, at, as_of)
            continue
        book.held[at, HELD] = 0.0
        if holdings[at, AT_END] == FOLLOWED:
            holdings[at, LEFT] = book.accounts[holdings[at, OF_ACCOUNT], CLEAN]


_BOOK: Final = (
    "int64, int64, int8[::1], int64[:, ::1], int64[::1], int64[::1], int64[::1], int64[:, ::1], int64[:, ::1], "
    "float64[:, ::1], int32[::1], int64[:, ::1], int64[:, ::1], int64[:, ::1], int64[:, ::1], int64[:, ::1], "
    "int64[::1], int64[::1]"
)
_LEDGER: Final = (
    "int32[::1], int32[::1], int64[::1], int64[::1], int8[::1], boolean[::1], "
    "int32[::1], int32[::1], int64[::1]"
)


@compiled_as(f"void(int64, {_BOOK}, {_LEDGER})")
def run(
    as_of: int, rule: int, depth: int, marks: Int8s, accounts: Int64s, delta: Int64s, deadline: Int64s,
    latest: Int64s, lots: Int64s, holdings: Int64s, held: Moments, slots: Int32s, shares: Int64s, parts: Int64s,
    pairs: Int64s, payments: Int64s, pieces: Int64s, used: Int64s, elsewhere: Int64s,
    payer: Int32s, payee: Int32s, amount: Int64s, time: Int64s, end: Int8s, refund: Mask,
    seed: Int32s, victim: Int32s, fen: Int64s,
) -> None:  # fmt: skip
    """Let all transfers happen; the arguments are an empty :class:`Book`, written in, and a :class:`Ledger`."""
    book = Book(
        rule, depth, marks, accounts, delta, deadline, latest, lots, holdings, held, slots, shares, parts, pairs,
        payments, pieces, used, elsewhere,
    )  # fmt: skip
    ledger = Ledger(payer, payee, amount, time, end, refund, seed, victim, fen)
    if len(pairs) > 1:
        expect(book, payer, payee, refund)
    following = whole(0)
    for place in range(len(payer)):
        _fetch_ahead(book, payer, payee, place)
        seeded = following < len(seed) and seed[following] == place
        giver, taker = whole(payer[place]), whole(payee[place])
        if not seeded and _plain(book, giver, taker, refund[place]):
            _pass_clean(book, giver, taker, amount[place], time[place])
        else:
            following = _happen(book, ledger, place, following)
        if used[FULL]:
            return
    _close(book, as_of)
