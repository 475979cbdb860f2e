"""Where a trace stops by what is known beforehand: an account's kind, its first arrival, a victim's last moment."""

from typing import Final

import numpy as np

from rongdun.analytics.tracing.model import Accounts, Arrivals, Bounds, End, Int8s, Int64s, Kind, SubLedger

_LONG_AGO: Final = -(1 << 62)

_BY_KIND: Final = {
    Kind.CRYPTO: End.CRYPTO,
    Kind.ABROAD: End.CROSS_BORDER,
    Kind.MERCHANT: End.CONSUMPTION,
    Kind.PAYMENT: End.PAYMENT,
}


def of_accounts(accounts: Accounts) -> Int8s:
    """Return for each account where money that reaches it stops: a hub, its kind, no statement; else ``FOLLOWED``."""
    ends = np.where(accounts.observed, np.int8(End.FOLLOWED), np.int8(End.FRONTIER))
    for kind, end in _BY_KIND.items():
        ends[accounts.kind == kind] = end
    ends[accounts.hub] = End.HUB
    return ends.astype(np.int8)


def since(accounts: Accounts) -> Int64s:
    """Return from when on each account's own money is counted: its first arrival, or its first transfer here."""
    if accounts.since is None:
        return np.full(len(accounts), _LONG_AGO, np.int64)
    return accounts.since.astype(np.int64)


def deadlines(subledger: SubLedger, arrivals: Arrivals, bounds: Bounds) -> Int64s:
    """Return for each victim the last moment at which money is followed: the last arrival and the window after it."""
    last = np.full(len(arrivals.victims), _LONG_AGO, np.int64)
    np.maximum.at(last, arrivals.victim, subledger.transfers.time[arrivals.transfer])
    return last + bounds.window
