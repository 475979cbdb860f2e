"""Whose money is where, by a rule: the compiled counterpart of :mod:`rongdun.analytics.tracing.reference`."""

import math
from typing import Any, Final, cast

import numpy as np

from rongdun.analytics.tracing import ends
from rongdun.analytics.tracing.conserve import conserves
from rongdun.analytics.tracing.errors import DoesNotConserve, SeedTooLarge
from rongdun.analytics.tracing.kernels import columns as c
from rongdun.analytics.tracing.kernels.attribution import run
from rongdun.analytics.tracing.kernels.book import Book, empty_book
from rongdun.analytics.tracing.model import (
    LIMITS,
    Arrivals,
    Attribution,
    Bounds,
    End,
    Holdings,
    Int8s,
    Int32s,
    Int64s,
    Mask,
    Rule,
    Shares,
    SubLedger,
)
from rongdun.analytics.tracing.outcome import totals
from rongdun.analytics.tracing.rows import Rows, begun, deltas, rows_of

_NUMBER: Final = {
    Rule.FIFO: c.FIFO,
    Rule.LIFO: c.LIFO,
    Rule.PRO_RATA: c.PRO_RATA,
    Rule.WINDOW: c.WINDOW,
    Rule.POISON: c.POISON,
}
_LEAST_ROOM: Final = 4096
_MOST: Final = np.iinfo(np.int64).max


def attribute(subledger: SubLedger, arrivals: Arrivals, rule: Rule, bounds: Bounds) -> Attribution:
    """Return who has whose money by the rule, and what each transfer carried; money in fen, moments in µs UTC.

    Raises :class:`SeedTooLarge` where seeds say more than their transfer, :class:`DoesNotConserve` where the
    result does not add up to the fen (every rule but poison): wrong numbers are never handed out.
    """
    seeds = _seeds(subledger, arrivals)
    room = 1 << max(_LEAST_ROOM, len(subledger.transfers)).bit_length()
    rows = rows_of(subledger.accounts)
    arguments = _arguments(subledger, rows)
    pairs = _pairs(subledger.transfers.refund)
    deadlines = ends.deadlines(subledger, arrivals, bounds)
    while True:
        accounts = (*begun(rows, subledger.accounts), deltas(rows, bounds, rule))
        book = empty_book(_NUMBER[rule], bounds.depth, accounts, deadlines, room, pairs)
        cast(Any, run)(subledger.as_of, *book, *arguments, *seeds)
        if not book.used[c.FULL]:
            break
        room *= 4
    result = _attribution(subledger, rule, book, rows, int(arrivals.amount_fen.sum()))
    if rule is not Rule.POISON and not conserves(result, subledger):
        raise DoesNotConserve()
    return result


def _seeds(subledger: SubLedger, arrivals: Arrivals) -> tuple[Int32s, Int32s, Int64s]:
    """Return the seeds in the order of their transfers."""
    order = np.argsort(arrivals.transfer, kind="stable")
    places, fen = arrivals.transfer[order], arrivals.amount_fen[order]
    told = np.zeros(len(subledger.transfers), np.int64)
    np.add.at(told, places, fen)
    if bool((told > subledger.transfers.amount_fen).any()):
        raise SeedTooLarge()
    return places.astype(np.int32), arrivals.victim[order].astype(np.int32), fen.astype(np.int64)


def _arguments(subledger: SubLedger, rows: Rows) -> tuple[Any, ...]:
    transfers = subledger.transfers
    return (
        rows.of(transfers.payer),
        rows.of(transfers.payee),
        _whole(transfers.amount_fen, np.int64),
        _whole(transfers.time, np.int64),
        _whole(transfers.end, np.int8),
        _whole(transfers.refund, np.bool_),
    )


def _whole(values: Any, kind: Any) -> Any:
    """Return the values in one writable piece, as the kernel was compiled for; copies only what is not."""
    return np.require(values, kind, ["C", "W"])


def _pairs(refund: Mask) -> int:
    """Return the size of the table of pairs between which a refund comes; 1 where there is none."""
    refunds = int(np.count_nonzero(refund))
    return 1 << (2 * refunds).bit_length() if refunds else 1


def _attribution(subledger: SubLedger, rule: Rule, book: Book, numbered: Rows, seeds_fen: int) -> Attribution:
    """Put the rows of a run into the arrays others read, holdings in order of victim, tier and account."""
    rows = book.holdings[: book.used[c.HOLDINGS]]
    held = book.held[: book.used[c.HOLDINGS], c.HELD]
    rows[:, c.OF_ACCOUNT] = numbered.place[rows[:, c.OF_ACCOUNT]]
    shared = book.shares[: book.used[c.SHARES]]
    end, left = rows[:, c.AT_END], rows[:, c.LEFT]
    sums = book.elsewhere + _by_end(np.where(end, end, End.RETAINED), left)
    shares = Shares(
        shared[:, c.SHARE_TRANSFER].astype(np.int32),
        shared[:, c.SHARE_VICTIM].astype(np.int32),
        shared[:, c.SHARE_FEN].copy(),
        shared[:, c.SHARE_END].astype(np.int8),
    )
    followed = numbered.ends == End.FOLLOWED
    shown = _shown_ends(subledger, rows, shares, shared[:, c.SHARE_SOURCE], followed)
    order = _by_key(rows)
    return Attribution(
        rule,
        _holdings(rows[order], held[order], shown[order]),
        shares,
        totals(seeds_fen, {end: int(sums[end]) for end in range(c.ENDS)}),
    )


def _by_key(rows: Int64s) -> Int64s:
    """Return the order of holdings: by victim, tier, account and end, which no two have in common."""
    columns = [rows[:, column] for column in (c.OF_VICTIM, c.TIER, c.OF_ACCOUNT, c.AT_END)]
    sizes = [int(column.max(initial=0)) + 1 for column in columns]
    if math.prod(sizes) >= _MOST:
        return np.lexsort(columns[::-1])
    key = columns[0]
    for column, size in zip(columns[1:], sizes[1:], strict=True):
        key = key * size + column
    return np.argsort(key)


def _by_end(end: Any, fen: Int64s) -> Int64s:
    sums = np.zeros(c.ENDS, np.int64)
    np.add.at(sums, end, fen)
    return sums


def _holdings(rows: Int64s, held: Any, end: Int8s) -> Holdings:
    return Holdings(
        account=rows[:, c.OF_ACCOUNT].astype(np.int32),
        victim=rows[:, c.OF_VICTIM].astype(np.int32),
        tier=rows[:, c.TIER].astype(np.int32),
        in_fen=rows[:, c.IN].copy(),
        out_fen=rows[:, c.OUT].copy(),
        left_fen=rows[:, c.LEFT].copy(),
        first_in=rows[:, c.FIRST_IN].copy(),
        last_out=rows[:, c.LAST_OUT].copy(),
        held=held,
        end=end,
    )


def _shown_ends(subledger: SubLedger, rows: Int64s, shares: Shares, source: Int64s, followed: Mask) -> Int8s:
    """Return why each holding goes no further: it lies there, or how most of what was not passed on left."""
    shown = rows[:, c.AT_END].astype(np.int8)
    shown[(shown == End.FOLLOWED) & (rows[:, c.LEFT] > 0)] = End.RETAINED
    stops = _stops_itself(subledger, shares.transfer, shares.end, followed) & (source >= 0)
    gone = (shown == End.FOLLOWED).nonzero()[0]
    shown[gone] = _main_end(source[stops], shares.end[stops], shares.fen[stops], len(rows))[gone]
    return shown


def _stops_itself(subledger: SubLedger, transfer: Int32s, stop: Int8s, followed: Mask) -> Mask:
    """Tell which shares stop with their transfer, so that they lie in no account one could show."""
    payee = subledger.transfers.payee[transfer]
    return np.asarray((stop != End.FOLLOWED) & ((payee < 0) | followed[payee] | np.isin(stop, LIMITS)))


def _main_end(source: Int64s, stop: Int8s, fen: Int64s, holdings: int) -> Int8s:
    """Return for each holding how most of what stopped with a transfer out of it stopped; ``FOLLOWED`` where none."""
    sums = np.zeros((holdings, c.ENDS), np.int64)
    np.add.at(sums.reshape(-1), source * c.ENDS + stop, fen)
    return np.asarray(sums.argmax(axis=1), np.int8)
