"""POISON: an account's victims are a list of holdings; everything that leaves is tainted, whole, for each of them."""

from rongdun.analytics.tracing.kernels.book import Book, add_part, counts, give, new
from rongdun.analytics.tracing.kernels.columns import (
    FULL,
    HEAD,
    LATEST,
    LOT_AFTER,
    LOT_HOLDING,
    LOTS,
    OF_VICTIM,
    OLDER,
    PART_OWNER,
    PART_TIER,
    PARTS,
    PIECE,
    PIECE_AFTER,
    TAIL,
    TAINTED,
    TIER,
)
from rongdun.analytics.tracing.kernels.compiled import compiled
from rongdun.analytics.tracing.kernels.refunds import pair


@compiled
def reached(book: Book, account: int, holding: int) -> None:
    """Note that a victim's money came to the account for the first time."""
    at = new(book, LOTS, len(book.lots))
    if book.used[FULL]:
        return
    book.lots[at, LOT_HOLDING], book.lots[at, LOT_AFTER] = holding, -1
    if book.accounts[account, TAIL] >= 0:
        book.lots[book.accounts[account, TAIL], LOT_AFTER] = at
    else:
        book.accounts[account, HEAD] = at
    book.accounts[account, TAIL] = at
    book.accounts[account, TAINTED] += 1


@compiled
def poisoned(book: Book, payer: int, payee: int, amount: int, time: int, refund: bool) -> None:
    """Put the whole amount into the parts once for each victim of the payer.

    A refund is also of all whose money the payee had paid to the payer.
    """
    if counts(book, payer, time):
        at = book.accounts[payer, HEAD]
        while at >= 0:
            holding = book.lots[at, LOT_HOLDING]
            give(book, holding, amount, time)
            add_part(book, book.holdings[holding, OF_VICTIM], amount, book.holdings[holding, TIER])
            at = book.lots[at, LOT_AFTER]
    if refund and payee >= 0:
        payment = book.pairs[pair(book, payee, payer), LATEST]
        while payment >= 0:
            piece = book.payments[payment, PIECE]
            while piece >= 0:
                _add_victim(book, book.pieces[piece, PART_OWNER], amount, book.pieces[piece, PART_TIER] + 1)
                piece = book.pieces[piece, PIECE_AFTER]
            payment = book.payments[payment, OLDER]


@compiled
def _add_victim(book: Book, victim: int, amount: int, tier: int) -> None:
    for part in range(book.used[PARTS]):
        if book.parts[part, PART_OWNER] == victim:
            book.parts[part, PART_TIER] = min(book.parts[part, PART_TIER], tier)
            return
    add_part(book, victim, amount, tier)
