"""One account's whole history in one list: what came and what went, by time. Pure."""

from typing import Final, NamedTuple

import numpy as np

from rongdun.analytics.statements.kernels.compiled import compiled
from rongdun.analytics.tracing.model import Int8s, Int64s, Mask
from rongdun.analytics.tracing.patterns.flows import Flows, Lists

UNTOLD: Final = np.iinfo(np.int64).min
"""Stands for a balance no statement shows."""


class Diary(NamedTuple):
    """Account ``a`` has the places ``offsets[a] … offsets[a + 1]``; at one moment incoming stands before outgoing.

    ``way`` is +1 in, -1 out; ``balance`` the account's own balance after it in fen or ``UNTOLD``; ``timed`` tells
    whether the time of day is known.
    """

    offsets: Int64s
    way: Int8s
    amount: Int64s
    time: Int64s
    balance: Int64s
    timed: Mask


class Told(NamedTuple):
    """What statements say beside the transfers, by row: balances after it in both books, and whether it is timed."""

    payer_balance: Int64s
    payee_balance: Int64s
    timed: Mask


def nothing_told(rows: int, *, timed: bool = True) -> Told:
    """Return that no balance is known; ``timed`` says whether times of day are."""
    return Told(np.full(rows, UNTOLD), np.full(rows, UNTOLD), np.full(rows, timed, np.bool_))


def diary_of(flows: Flows, told: Told) -> Diary:
    """Merge what each account paid and received into one list."""
    offsets = flows.out.offsets + flows.into.offsets
    size = int(offsets[-1])
    made = Diary(
        offsets,
        np.empty(size, np.int8),
        np.empty(size, np.int64),
        np.empty(size, np.int64),
        np.empty(size, np.int64),
        np.empty(size, np.bool_),
    )
    _merge(flows.out, flows.into, told, made)
    return made


@compiled
def _merge(out: Lists, into: Lists, told: Told, made: Diary) -> None:
    for account in range(len(out.offsets) - 1):
        paid, received = out.offsets[account], into.offsets[account]
        paid_end, received_end = out.offsets[account + 1], into.offsets[account + 1]
        for place in range(made.offsets[account], made.offsets[account + 1]):
            comes = received < received_end and (paid == paid_end or into.time[received] <= out.time[paid])
            if comes:
                _put(into, received, 1, told.payee_balance, told.timed, made, place)
                received += 1
            else:
                _put(out, paid, -1, told.payer_balance, told.timed, made, place)
                paid += 1


@compiled
def _put(lists: Lists, at: int, way: int, balance: Int64s, timed: Mask, made: Diary, place: int) -> None:
    row = lists.row[at]
    made.way[place] = way
    made.amount[place] = lists.amount[at]
    made.time[place] = lists.time[at]
    made.balance[place] = balance[row]
    made.timed[place] = timed[row]
