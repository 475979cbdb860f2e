"""Pass-through: money that arrives and goes on at once.

Definition. An incoming transfer of ``a`` fen at time t passes through when the account pays out at least ``percent`` %
of ``a`` in [t, t + window]; a payment at the very moment of arrival counts (incoming before outgoing). Each incoming
transfer is judged alone, so an account that pays out a lot anyway passes everything: which money it was is the work
of attribution, this is a screen. Named after the pass-through of FATF's «Professional Money Laundering» (2018).
"""

from typing import NamedTuple

import numpy as np

from rongdun.analytics.tracing.model import Int32s, Int64s, Mask
from rongdun.analytics.tracing.patterns.compiled import entry
from rongdun.analytics.tracing.patterns.flows import Flows, Lists


class PassThrough(NamedTuple):
    """For each account the incoming transfers that pass through, their number and their sum in fen."""

    transfers: Int32s
    fen: Int64s


def pass_through(flows: Flows, window: int, percent: int, hub: Mask) -> PassThrough:
    """Count what passes within ``window`` microseconds; 0 for accounts marked in ``hub``."""
    found = PassThrough(np.zeros(len(hub), np.int32), np.zeros(len(hub), np.int64))
    _count(flows.out, flows.into, hub, window, percent, found.transfers, found.fen)
    return found


@entry
def _count(
    out: Lists, into: Lists, hub: Mask, window: int, percent: int, transfers: Int32s, fen: Int64s
) -> None:
    for account in range(len(hub)):
        low, end = out.offsets[account], out.offsets[account + 1]
        if hub[account] or low == end:
            continue
        high, paid = low, 0
        for place in range(into.offsets[account], into.offsets[account + 1]):
            now, amount = into.time[place], into.amount[place]
            while high < end and out.time[high] <= now + window:
                paid += out.amount[high]
                high += 1
            while low < high and out.time[low] < now:
                paid -= out.amount[low]
                low += 1
            if paid * 100 >= amount * percent:
                transfers[account] += 1
                fen[account] += amount
