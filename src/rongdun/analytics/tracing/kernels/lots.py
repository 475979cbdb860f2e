"""Taking from and queueing at an account, by rule. The meaning is in :mod:`rongdun.analytics.tracing.reference`.

FIFO and LIFO: an account that holds tainted money has a list of lots, clean ones among them; otherwise its clean fen
are one number. PRO_RATA: one lot an owner, by the victim's place; clean fen are the number. WINDOW: lots of tainted
money only; those that have become too old for ever leave the list.
"""

from rongdun.analytics.tracing.kernels.book import Book, add_part, find, give, new
from rongdun.analytics.tracing.kernels.columns import (
    CLEAN,
    FULL,
    HEAD,
    LIFO,
    LOT,
    LOT_AFTER,
    LOT_ARRIVAL,
    LOT_BEFORE,
    LOT_FEN,
    LOT_HOLDING,
    LOTS,
    OF_VICTIM,
    PART_FEN,
    PART_SOURCE,
    PART_SPARE,
    PARTS,
    PRO_RATA,
    SPARE,
    TAIL,
    TAINTED,
    TIER,
    WINDOW,
)
from rongdun.analytics.tracing.kernels.compiled import compiled, whole

_MOST: int = (1 << 62) - 1


@compiled
def _new_lot(book: Book, holding: int, fen: int, arrival: int) -> int:
    lots = book.lots
    at = whole(book.used[SPARE])
    if at >= 0:
        book.used[SPARE] = lots[at, LOT_AFTER]
    else:
        at = new(book, LOTS, len(lots))
    lots[at, LOT_HOLDING], lots[at, LOT_FEN], lots[at, LOT_ARRIVAL] = holding, fen, arrival
    return at


@compiled
def _link(book: Book, account: int, at: int, before: int) -> None:
    """Put a lot behind ``before``, -1 for the front."""
    lots = book.lots
    after = lots[before, LOT_AFTER] if before >= 0 else book.accounts[account, HEAD]
    lots[at, LOT_BEFORE], lots[at, LOT_AFTER] = before, after
    if before >= 0:
        lots[before, LOT_AFTER] = at
    else:
        book.accounts[account, HEAD] = at
    if after >= 0:
        lots[after, LOT_BEFORE] = at
    else:
        book.accounts[account, TAIL] = at


@compiled
def _unlink(book: Book, account: int, at: int) -> None:
    lots = book.lots
    before, after = lots[at, LOT_BEFORE], lots[at, LOT_AFTER]
    if before >= 0:
        lots[before, LOT_AFTER] = after
    else:
        book.accounts[account, HEAD] = after
    if after >= 0:
        lots[after, LOT_BEFORE] = before
    else:
        book.accounts[account, TAIL] = before
    lots[at, LOT_AFTER] = book.used[SPARE]
    book.used[SPARE] = at


@compiled
def _settle(book: Book, account: int) -> None:
    """Where FIFO or LIFO has only clean lots left, make them one number again."""
    if book.rule > LIFO or book.accounts[account, TAINTED] > 0:
        return
    while book.accounts[account, HEAD] >= 0:
        at = book.accounts[account, HEAD]
        book.accounts[account, CLEAN] += book.lots[at, LOT_FEN]
        _unlink(book, account, at)


@compiled
def _leave(book: Book, account: int, at: int, fen: int, time: int) -> None:
    """Move ``fen`` out of a lot into the parts of the transfer."""
    if fen <= 0:
        return
    lots, holding = book.lots, book.lots[at, LOT_HOLDING]
    lots[at, LOT_FEN] -= fen
    if holding < 0:
        add_part(book, -1, fen, 0)
    else:
        book.accounts[account, TAINTED] -= fen
        give(book, holding, fen, time)
        add_part(book, book.holdings[holding, OF_VICTIM], fen, book.holdings[holding, TIER])
        book.parts[book.used[PARTS] - 1, PART_SOURCE] = holding
    if lots[at, LOT_FEN] == 0 and book.rule != PRO_RATA:
        _unlink(book, account, at)


@compiled
def _leave_clean(book: Book, account: int, amount: int) -> int:
    """Take up to ``amount`` of the clean fen that stand in no lot."""
    fen = min(amount, whole(book.accounts[account, CLEAN]))
    book.accounts[account, CLEAN] -= fen
    add_part(book, -1, fen, 0)
    return fen


@compiled
def _forget_old(book: Book, account: int, time: int) -> None:
    """WINDOW: lots older than the account's Δ will never be taken from again."""
    while book.accounts[account, HEAD] >= 0:
        at = book.accounts[account, HEAD]
        if book.lots[at, LOT_ARRIVAL] >= time - book.delta[account]:
            return
        book.accounts[account, TAINTED] -= book.lots[at, LOT_FEN]
        _unlink(book, account, at)


@compiled
def spend(book: Book, account: int, amount: int, time: int) -> None:
    """Take ``amount`` from the account by the rule; what is not there is not taken."""
    if book.rule == PRO_RATA:
        _spend_in_proportion(book, account, amount, time)
        return
    if book.rule == WINDOW:
        _forget_old(book, account, time)
    while amount > 0:
        at = book.accounts[account, TAIL] if book.rule == LIFO else book.accounts[account, HEAD]
        if at < 0:
            break
        fen = min(amount, whole(book.lots[at, LOT_FEN]))
        amount -= fen
        _leave(book, account, at, fen, time)
    if book.rule <= LIFO and amount > 0:
        _leave_clean(book, account, amount)
    _settle(book, account)


@compiled
def spend_of(book: Book, account: int, owner: int, amount: int, time: int) -> int:
    """Take up to ``amount`` of one owner's money, in the order of the rule; return how much."""
    wanted = amount
    if book.rule == WINDOW:
        _forget_old(book, account, time)
    if book.rule == PRO_RATA and owner >= 0:
        holding = find(book, account, owner, 0)
        if holding >= 0 and book.holdings[holding, LOT] >= 0:
            at = book.holdings[holding, LOT]
            fen = min(amount, whole(book.lots[at, LOT_FEN]))
            _leave(book, account, at, fen, time)
            return fen
        return 0
    at = book.accounts[account, TAIL] if book.rule == LIFO else book.accounts[account, HEAD]
    while at >= 0 and amount > 0 and book.rule != PRO_RATA:
        following = book.lots[at, LOT_BEFORE] if book.rule == LIFO else book.lots[at, LOT_AFTER]
        holding = book.lots[at, LOT_HOLDING]
        if (holding < 0 and owner < 0) or (holding >= 0 and book.holdings[holding, OF_VICTIM] == owner):
            fen = min(amount, whole(book.lots[at, LOT_FEN]))
            amount -= fen
            _leave(book, account, at, fen, time)
        at = following
    if owner < 0 and book.rule != WINDOW:
        amount -= _leave_clean(book, account, amount)
    _settle(book, account)
    return wanted - amount


@compiled
def _portion(amount: int, fen: int, total: int) -> tuple[int, int]:
    """Return ``amount · fen`` divided by ``total``, and the remainder; exact also where the product has 126 bits."""
    if fen <= _MOST // amount:
        product = amount * fen
        return product // total, product % total
    quotient, remainder = 0, 0
    for bit in range(62, -1, -1):
        quotient, remainder = 2 * quotient, 2 * remainder
        if remainder >= total:
            quotient, remainder = quotient + 1, remainder - total
        if (fen >> bit) & 1:
            remainder += amount
        if remainder >= total:
            quotient, remainder = quotient + 1, remainder - total
    return quotient, remainder


@compiled
def _spend_in_proportion(book: Book, account: int, amount: int, time: int) -> None:
    total = whole(book.accounts[account, CLEAN] + book.accounts[account, TAINTED])
    amount = min(amount, total)
    if amount <= 0:
        return
    size = _portions(book, account, amount, total)
    if book.used[FULL]:
        return
    at, place = book.accounts[account, HEAD], 0
    while at >= 0:
        if book.lots[at, LOT_FEN] > 0:
            _leave(book, account, at, book.parts[len(book.parts) - 1 - place, PART_FEN], time)
            place += 1
        at = book.lots[at, LOT_AFTER]
    if place < size:
        _leave_clean(book, account, whole(book.parts[len(book.parts) - 1 - place, PART_FEN]))


@compiled
def _portions(book: Book, account: int, amount: int, total: int) -> int:
    """Write each owner's whole fen at the far end of the parts, backwards; return how many owners there are."""
    far, size, given = len(book.parts) - 1, 0, 0
    at = whole(book.accounts[account, HEAD])
    while True:
        fen = whole(book.lots[at, LOT_FEN] if at >= 0 else book.accounts[account, CLEAN])
        if fen > 0:
            if 2 * size + 2 + book.used[PARTS] > far:
                book.used[FULL] = 1
                return 0
            whole_fen, book.parts[size, PART_SPARE] = _portion(amount, fen, total)
            book.parts[far - size, PART_FEN] = whole_fen
            given += whole_fen
            size += 1
        if at < 0:
            break
        at = whole(book.lots[at, LOT_AFTER])
    _give_spare(book, size, amount - given)
    return size


@compiled
def _above(book: Book, size: int, remainder: int) -> int:
    """Return how many owners' remainders are above one."""
    count = 0
    for at in range(size):
        if book.parts[at, PART_SPARE] > remainder:
            count += 1
    return count


@compiled
def _give_spare(book: Book, size: int, spare: int) -> None:
    """Give the fen that are left over to the largest remainders, the first of equal ones."""
    if spare == 0:
        return
    least, most = whole(-1), _MOST
    while most - least > 1:  # the least remainder that at most ``spare`` owners are above
        middle = least + (most - least) // 2
        if _above(book, size, middle) > spare:
            least = middle
        else:
            most = middle
    equal = spare - _above(book, size, most)
    for at in range(size):
        remainder = book.parts[at, PART_SPARE]
        if remainder > most or (remainder == most and equal > 0):
            book.parts[len(book.parts) - 1 - at, PART_FEN] += 1
            equal -= 1 if remainder == most else 0


@compiled
def queue(book: Book, account: int, holding: int, fen: int, time: int) -> None:
    """Put money into the account: of a holding, or clean (-1)."""
    if fen <= 0:
        return
    if book.used[LOTS] + 2 > len(book.lots):
        book.used[FULL] = 1
        return
    if holding < 0:
        _queue_clean(book, account, fen, time)
        return
    if book.rule == PRO_RATA:
        _add_to_owner(book, account, holding, fen, time)
    else:
        clean = book.accounts[account, CLEAN]
        if book.rule <= LIFO and clean > 0:
            book.accounts[account, CLEAN] = 0
            _link(book, account, _new_lot(book, -1, clean, 0), whole(book.accounts[account, TAIL]))
        _append(book, account, holding, fen, time)
    book.accounts[account, TAINTED] += fen


@compiled
def _queue_clean(book: Book, account: int, fen: int, time: int) -> None:
    if book.rule <= LIFO and book.accounts[account, TAINTED] > 0:
        _append(book, account, -1, fen, time)
    elif book.rule != WINDOW:
        book.accounts[account, CLEAN] += fen


@compiled
def _append(book: Book, account: int, holding: int, fen: int, time: int) -> None:
    """Put a lot at the end, or into the last one where the rule cannot tell them apart."""
    lots, last = book.lots, whole(book.accounts[account, TAIL])
    if (
        last >= 0
        and lots[last, LOT_HOLDING] == holding
        and (book.rule != WINDOW or lots[last, LOT_ARRIVAL] == time)
    ):
        lots[last, LOT_FEN] += fen
        return
    _link(book, account, _new_lot(book, holding, fen, time), last)


@compiled
def _add_to_owner(book: Book, account: int, holding: int, fen: int, time: int) -> None:
    """PRO_RATA: into the owner's lot, which stands among the others by the victim's place."""
    holdings, lots = book.holdings, book.lots
    if holdings[holding, LOT] >= 0:
        lots[holdings[holding, LOT], LOT_FEN] += fen
        return
    before = whole(book.accounts[account, TAIL])
    while before >= 0 and holdings[lots[before, LOT_HOLDING], OF_VICTIM] > holdings[holding, OF_VICTIM]:
        before = whole(lots[before, LOT_BEFORE])
    at = _new_lot(book, holding, fen, time)
    holdings[holding, LOT] = at
    _link(book, account, at, before)
