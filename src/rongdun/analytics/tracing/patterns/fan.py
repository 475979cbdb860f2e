"""Fan-in and fan-out: how many different counterparties within a sliding window.

Definition. For each transfer of an account at time t, the window holds its transfers on the same side with times in
[t - window, t], those of the same moment included. ``largest`` is the greatest number of different counterparties any
window holds; ``moments`` counts the transfers whose window holds at least ``least``. A counterparty that is
``NOBODY`` counts as none; an account that is skipped as a hub still counts as somebody's counterparty.
The degree pattern of Altman et al., «Realistic Synthetic Financial Transactions for Anti-Money Laundering Models»
(NeurIPS 2023), bound to a window.
"""

from typing import NamedTuple

import numpy as np

from rongdun.analytics.tracing.model import Int32s, Int64s, Mask
from rongdun.analytics.tracing.patterns.compiled import entry, helper
from rongdun.analytics.tracing.patterns.flows import Flows, Lists


class Fan(NamedTuple):
    """For each account the most counterparties in one window, and how many transfers complete a wide window."""

    largest: Int32s
    moments: Int32s


def fan_in(flows: Flows, window: int, least: int, hub: Mask) -> Fan:
    """Count different payers within ``window`` microseconds; 0 for accounts marked in ``hub``."""
    return _fan_of(flows.into, window, least, hub)


def fan_out(flows: Flows, window: int, least: int, hub: Mask) -> Fan:
    """Count different payees within ``window`` microseconds; 0 for accounts marked in ``hub``."""
    return _fan_of(flows.out, window, least, hub)


def _fan_of(lists: Lists, window: int, least: int, hub: Mask) -> Fan:
    fan = Fan(np.zeros(len(hub), np.int32), np.zeros(len(hub), np.int32))
    seen = np.zeros(len(hub), np.int32)
    _count(lists.offsets, lists.other, lists.time, hub, window, least, seen, fan.largest, fan.moments)
    return fan


@entry
def _count(
    offsets: Int64s,
    other: Int32s,
    time: Int64s,
    hub: Mask,
    window: int,
    least: int,
    seen: Int32s,
    largest: Int32s,
    moments: Int32s,
) -> None:
    for account in range(len(hub)):
        first, end = offsets[account], offsets[account + 1]
        if hub[account] or first == end:
            continue
        low, place, distinct = first, first, 0
        while place < end:
            now, begun = time[place], place
            while place < end and time[place] == now:
                distinct += _enter(seen, other[place])
                place += 1
            while time[low] < now - window:
                distinct -= _leave(seen, other[low])
                low += 1
            largest[account] = max(largest[account], distinct)
            if distinct >= least:
                moments[account] += place - begun
        for place in range(low, end):
            _leave(seen, other[place])


@helper
def _enter(seen: Int32s, party: int) -> int:
    if party < 0:
        return 0
    seen[party] += 1
    return 1 if seen[party] == 1 else 0


@helper
def _leave(seen: Int32s, party: int) -> int:
    if party < 0:
        return 0
    seen[party] -= 1
    return 1 if seen[party] == 0 else 0
