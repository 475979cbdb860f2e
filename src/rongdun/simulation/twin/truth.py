"""Whose each swindled fen is: what every payment of a room carried, and where it lies at the end. Compiled, pure.

The definition: a room's payments move swindled money only, the holder's own money stays the holder's; among several
victims' money an account passes on the newest, the oldest, or all in proportion, by its habit. Money that leaves the
rooms' accounts is not followed: it ended there.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final, NamedTuple

import numba
import numpy as np

from rongdun.simulation.twin.draws import Int8s, Int32s, Int64s, Mask, pick, stream
from rongdun.simulation.twin.params import Params


class Habit(IntEnum):
    """Which victims' money an account passes on first."""

    NEWEST = 0
    OLDEST = 1
    MIXED = 2


_NEWEST: Final = int(Habit.NEWEST)
_OLDEST: Final = int(Habit.OLDEST)
_NOBODY: Final = -1


@dataclass(frozen=True, slots=True)
class Moved:
    """Payments of swindled money that happened, in order; ``scam`` is NOBODY where a room pays."""

    payer: Int32s
    payee: Int32s
    amount: Int64s
    scam: Int32s

    def __len__(self) -> int:
        return len(self.payer)


@dataclass(frozen=True, slots=True)
class Owned:
    """``part_*``: fen of a scam that a payment (its place) carried; ``left_*``: what lies in rooms' accounts then."""

    part_row: Int64s
    part_scam: Int32s
    part_fen: Int64s
    left_account: Int32s
    left_scam: Int32s
    left_fen: Int64s


def habits(count: int, params: Params, seed: int) -> Int8s:
    """Return each account's habit."""
    told = params.laundering
    shares = [told.newest_share, told.oldest_share, max(0.0, 1 - told.newest_share - told.oldest_share)]
    return pick(stream(seed, "habits of rooms"), shares, count).astype(np.int8)


def follow(moved: Moved, mule: Mask, habit: Int8s) -> Owned:
    """Return whose money each payment carried and whose money lies where; ``mule`` and ``habit`` by account.

    Payments of a room hold no more than the pot of the payer, which :func:`settle.settle` sees to.
    """
    parts, done, lots = _follow(moved.payer, moved.payee, moved.amount, moved.scam, mule, habit)
    return Owned(parts.row[:done], parts.scam[:done], parts.fen[:done], *_left(lots))


def _loop(function: Any) -> Any:
    """Compile, to disk. One file holds the whole loop, so that the cache on disk follows its changes."""
    return numba.njit(nogil=True, cache=True)(function)


class _Lots(NamedTuple):
    """Money that lies in accounts, in lots: whose, fen, the lot before and after it in its account's list."""

    owner: Int32s
    fen: Int64s
    before: Int64s
    after: Int64s
    head: Int64s  # by account
    tail: Int64s


class _Parts(NamedTuple):
    """What payments carried."""

    row: Int64s
    scam: Int32s
    fen: Int64s


@_loop
def _grown(column: Any, size: int) -> Any:
    wider = np.empty(size, column.dtype)
    wider[: len(column)] = column
    return wider


@_loop
def _room_for_lots(lots: _Lots, needed: int) -> _Lots:
    if needed <= len(lots.fen):
        return lots
    size = 2 * needed
    return _Lots(
        _grown(lots.owner, size), _grown(lots.fen, size), _grown(lots.before, size), _grown(lots.after, size),
        lots.head, lots.tail,
    )  # fmt: skip


@_loop
def _room_for_parts(parts: _Parts, needed: int) -> _Parts:
    if needed <= len(parts.fen):
        return parts
    size = 2 * needed
    return _Parts(_grown(parts.row, size), _grown(parts.scam, size), _grown(parts.fen, size))


@_loop
def _listed(lots: _Lots, account: int) -> Int64s:
    """Return the lots of an account, oldest first."""
    count, lot = 0, lots.head[account]
    while lot >= 0:
        count, lot = count + 1, lots.after[lot]
    found = np.empty(count, np.int64)
    lot = lots.head[account]
    for place in range(count):
        found[place], lot = lot, lots.after[lot]
    return found


@_loop
def _taken(fen: Int64s, need: int, habit: int) -> Int64s:
    """Return what is taken of each lot (oldest first) so that ``need`` is taken in all, by the account's habit.

    In proportion: whole fen by largest remainder, the older lot first where remainders are equal.
    """
    count = len(fen)
    took = np.zeros(count, np.int64)
    if habit == _NEWEST or habit == _OLDEST:  # noqa: SIM109 -- a tuple would be built for every payment
        for step in range(count):
            place = count - 1 - step if habit == _NEWEST else step
            took[place] = min(need, fen[place])
            need -= took[place]
        return took
    whole = fen.sum()
    rest = np.empty(count, np.int64)
    for place in range(count):
        took[place], rest[place] = fen[place] * need // whole, fen[place] * need % whole
    for _ in range(need - took.sum()):
        most = 0
        for place in range(1, count):
            if rest[place] > rest[most]:
                most = place
        took[most] += 1
        rest[most] = -1
    return took


@_loop
def _unlink(lots: _Lots, account: int, lot: int) -> None:
    before, after = lots.before[lot], lots.after[lot]
    if before >= 0:
        lots.after[before] = after
    else:
        lots.head[account] = after
    if after >= 0:
        lots.before[after] = before
    else:
        lots.tail[account] = before


@_loop
def _pay(lots: _Lots, parts: _Parts, done: int, row: int, account: int, need: int, habit: int) -> int:
    """Take ``need`` fen out of an account's lots into parts, in the order of the habit; return the parts so far."""
    found = _listed(lots, account)
    took = _taken(lots.fen[found], need, habit)
    for step in range(len(found)):
        place = len(found) - 1 - step if habit == _NEWEST else step
        lot = found[place]
        if took[place] == 0:
            continue
        parts.row[done], parts.scam[done], parts.fen[done] = row, lots.owner[lot], took[place]
        done += 1
        lots.fen[lot] -= took[place]
        if lots.fen[lot] == 0:
            _unlink(lots, account, lot)
    return done


@_loop
def _put(lots: _Lots, used: int, account: int, owner: int, fen: int) -> None:
    last = lots.tail[account]
    lots.owner[used], lots.fen[used], lots.before[used], lots.after[used] = owner, fen, last, -1
    if last >= 0:
        lots.after[last] = used
    else:
        lots.head[account] = used
    lots.tail[account] = used


@_loop
def _follow(
    payer: Int32s, payee: Int32s, amount: Int64s, scam: Int32s, mule: Mask, habit: Int8s
) -> tuple[_Parts, int, _Lots]:
    nothing, narrow = np.empty(0, np.int64), np.empty(0, np.int32)
    none = np.full(len(mule), -1, np.int64)
    lots = _Lots(narrow, nothing, nothing, nothing, none, none.copy())
    parts, done, used = _Parts(nothing, narrow, nothing), 0, 0
    for row in range(len(payer)):
        first = done
        if scam[row] != _NOBODY:
            parts = _room_for_parts(parts, done + 1)
            parts.row[done], parts.scam[done], parts.fen[done] = row, scam[row], amount[row]
            done += 1
        else:
            parts = _room_for_parts(parts, done + len(_listed(lots, payer[row])))
            done = _pay(lots, parts, done, row, payer[row], amount[row], habit[payer[row]])
        if not mule[payee[row]]:
            continue
        lots = _room_for_lots(lots, used + done - first)
        for part in range(first, done):
            if part > first and parts.scam[part] == parts.scam[part - 1]:
                lots.fen[used - 1] += parts.fen[part]
            else:
                _put(lots, used, payee[row], parts.scam[part], parts.fen[part])
                used += 1
    return parts, done, lots


@_loop
def _left(lots: _Lots) -> tuple[Int32s, Int32s, Int64s]:
    """Return what lies in accounts: account, whose, fen; oldest first in each."""
    count = 0
    for account in range(len(lots.head)):
        count += len(_listed(lots, account))
    where, whose, fen = np.empty(count, np.int32), np.empty(count, np.int32), np.empty(count, np.int64)
    done = 0
    for account in range(len(lots.head)):
        for lot in _listed(lots, account):
            where[done], whose[done], fen[done] = account, lots.owner[lot], lots.fen[lot]
            done += 1
    return where, whose, fen
