"""Payments that may be refunded, and what a refund takes back. The meaning is in the reference implementation."""

from rongdun.analytics.tracing.kernels.book import Book, add_part, carried, counts, find, give, new
from rongdun.analytics.tracing.kernels.columns import (
    BUYER,
    DEPTH,
    END,
    FOLLOWED,
    FULL,
    LATEST,
    OLDER,
    PAID_LEFT,
    PART_END,
    PART_FEN,
    PART_OWNER,
    PART_TIER,
    PARTS,
    PAYMENTS,
    PIECE,
    PIECE_AFTER,
    PIECES,
    REFUNDED,
    SELLER,
    WINDOW,
)
from rongdun.analytics.tracing.kernels.compiled import compiled, whole
from rongdun.analytics.tracing.kernels.lots import spend, spend_of
from rongdun.analytics.tracing.model import Int32s, Mask


@compiled
def pair(book: Book, buyer: int, seller: int) -> int:
    """Return the slot of a pair: the one it stands in, or the free one where it belongs (buyer -1)."""
    mask = len(book.pairs) - 1
    mixed = (buyer * 1_000_003 + seller) * -7046029254386353131
    slot = (mixed ^ (mixed >> 29)) & mask
    while book.pairs[slot, BUYER] >= 0 and (
        book.pairs[slot, BUYER] != buyer or book.pairs[slot, SELLER] != seller
    ):
        slot = (slot + 1) & mask
    return slot


@compiled
def expect(book: Book, payer: Int32s, payee: Int32s, refund: Mask) -> None:
    """Mark all pairs between which a refund will come, so that only their payments are remembered."""
    for place in range(len(payer)):
        buyer, seller = whole(payee[place]), whole(payer[place])
        if refund[place] and buyer >= 0:
            slot = pair(book, buyer, seller)
            book.pairs[slot, BUYER], book.pairs[slot, SELLER] = buyer, seller
            book.marks[buyer] |= REFUNDED


@compiled
def remember(book: Book, payer: int, payee: int, amount: int, size: int) -> None:
    """Keep a payment with its parts, the first ``size`` of the book, if a refund between the two will come."""
    slot = pair(book, payer, payee)
    if book.pairs[slot, BUYER] < 0:
        return
    at = new(book, PAYMENTS, len(book.payments))
    if book.used[FULL] or book.used[PIECES] + size > len(book.pieces):
        book.used[FULL] = 1
        return
    book.payments[at, PAID_LEFT], book.payments[at, PIECE] = amount, -1
    book.payments[at, OLDER] = book.pairs[slot, LATEST]
    book.pairs[slot, LATEST] = at
    for part in range(size - 1, -1, -1):
        piece = new(book, PIECES, len(book.pieces))
        for column in range(PIECE_AFTER):
            book.pieces[piece, column] = book.parts[part, column]
        book.pieces[piece, PIECE_AFTER] = book.payments[at, PIECE]
        book.payments[at, PIECE] = piece


@compiled
def take_back(book: Book, payer: int, payee: int, amount: int, time: int) -> None:
    """Put into the parts what a refund from ``payer`` to ``payee`` gives back."""
    _take_payments(book, payer, payee, amount, time)
    if counts(book, payer, time):
        rest = amount - carried(book)
        rest -= spend_of(book, payer, -1, rest, time)
        if book.rule != WINDOW:
            spend(book, payer, rest, time)


@compiled
def _take_payments(book: Book, seller: int, buyer: int, amount: int, time: int) -> None:
    """Take the amount off one payment of exactly that much, else off the latest ones."""
    slot = pair(book, buyer, seller)
    at = book.pairs[slot, LATEST]
    while at >= 0:
        if book.payments[at, PAID_LEFT] == amount and amount > 0:
            _cut(book, at, amount, seller, time)
            return
        at = book.payments[at, OLDER]
    at = book.pairs[slot, LATEST]
    while at >= 0 and amount > 0 and seller >= 0:
        fen = min(amount, whole(book.payments[at, PAID_LEFT]))
        _cut(book, at, fen, seller, time)
        amount -= fen
        at = book.payments[at, OLDER]
    while book.pairs[slot, LATEST] >= 0 and book.payments[book.pairs[slot, LATEST], PAID_LEFT] == 0:
        book.pairs[slot, LATEST] = book.payments[book.pairs[slot, LATEST], OLDER]


@compiled
def _cut(book: Book, payment: int, fen: int, seller: int, time: int) -> None:
    """Take the first ``fen`` of a payment back."""
    book.payments[payment, PAID_LEFT] -= fen
    while fen > 0:
        piece = book.payments[payment, PIECE]
        cut = min(fen, whole(book.pieces[piece, PART_FEN]))
        _give_back(book, piece, cut, seller, time)
        book.pieces[piece, PART_FEN] -= cut
        fen -= cut
        if book.pieces[piece, PART_FEN] == 0:
            book.payments[payment, PIECE] = book.pieces[piece, PIECE_AFTER]


@compiled
def _give_back(book: Book, piece: int, fen: int, seller: int, time: int) -> None:
    owner, end = book.pieces[piece, PART_OWNER], book.pieces[piece, PART_END]
    kept = counts(book, seller, time)
    if end == FOLLOWED:
        if kept:
            spend_of(book, seller, owner, fen, time)
        else:
            add_part(book, -1, fen, 0)
        return
    if lies(book, seller, end):
        give(book, find(book, seller, owner, end), fen, time)
    else:
        book.elsewhere[end] -= fen
    add_part(book, owner, fen, book.pieces[piece, PART_TIER] + 1)
    if kept:
        _drop_clean(book, seller, fen, time)


@compiled
def _drop_clean(book: Book, account: int, fen: int, time: int) -> None:
    """Take clean money out of an account without carrying it: what comes back had been queued there as clean."""
    size = book.used[PARTS]
    last = whole(book.parts[size - 1, PART_FEN])
    spend_of(book, account, -1, fen, time)
    book.used[PARTS], book.parts[size - 1, PART_FEN] = size, last


@compiled
def lies(book: Book, account: int, end: int) -> bool:
    """Tell whether money with that end lies in the account it went to."""
    if account < 0 or end >= DEPTH:
        return False
    return end == FOLLOWED or book.marks[account] & END != FOLLOWED
