"""Accounts as a run numbers them: those whose own money is counted come first, so that what it writes in is small.

A trace meets ten times as many accounts as it touches: a thousand victims' sub-ledger has half a million, of which
forty thousand are counted. Their rows together stay in the processor's cache; rows strewn among the others do not.
"""

from dataclasses import dataclass

import numpy as np

from rongdun.analytics.tracing import ends
from rongdun.analytics.tracing.kernels import columns as c
from rongdun.analytics.tracing.model import Accounts, Bounds, End, Int8s, Int32s, Int64s, Rule

_NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Rows:
    """``number`` maps an account's place to its row, and ``NOBODY`` to ``NOBODY``; ``place`` maps back."""

    number: Int32s
    place: Int32s
    ends: Int8s  # by place
    since: Int64s  # by place
    counted: int

    def of(self, place: Int32s) -> Int32s:
        """Return the rows of accounts, ``NOBODY`` for ``NOBODY``."""
        return self.number[place]


def rows_of(accounts: Accounts) -> Rows:
    """Return the accounts' numbers."""
    stops, since = ends.of_accounts(accounts), ends.since(accounts)
    counted = (stops == End.FOLLOWED) & ((since < _NEVER) | (accounts.opening_fen != 0))
    place = np.concatenate([np.flatnonzero(counted), np.flatnonzero(~counted)]).astype(np.int32)
    number = np.full(len(place) + 1, -1, np.int32)
    number[place] = np.arange(len(place), dtype=np.int32)
    return Rows(number, place, stops, since, int(np.count_nonzero(counted)))


def begun(rows: Rows, accounts: Accounts) -> tuple[Int8s, Int64s]:
    """Return marks and rows as a run begins with them; it writes in both. Rows behind the counted have no meaning."""
    own = rows.place[: rows.counted]
    marks = rows.ends[rows.place]
    marks[: rows.counted] |= c.COUNTED
    table = np.empty((len(rows.place), c.ACCOUNT_COLUMNS), np.int64)
    told = table[: rows.counted]
    told[:, c.CLEAN], told[:, c.TAINTED] = accounts.opening_fen[own], 0
    told[:, c.SINCE] = rows.since[own]
    told[:, c.HEAD] = told[:, c.TAIL] = -1
    return marks, table


def deltas(rows: Rows, bounds: Bounds, rule: Rule) -> Int64s:
    """Return each account's Δ by row, where the rule asks for it."""
    if rule is not Rule.WINDOW:
        return np.empty(0, np.int64)
    delta = np.full(len(rows.place), bounds.delta, np.int64)
    for account, own in bounds.delta_of.items():
        delta[rows.number[account]] = own
    return delta
