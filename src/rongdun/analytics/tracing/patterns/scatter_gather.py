"""Scatter-gather: one account pays several, which all pay one and the same account.

Definition. From a payment of s at time t, an account m is between s and d when s pays m at t₁ and m pays d at t₂ with
t ≤ t₁ ≤ t₂ ≤ t + window. The pair (s, d) is a scatter-gather when from some payment of s at least ``least`` different
accounts are between them. ``sources[s]`` counts its d, ``sinks[d]`` its s, ``middles[m]`` the s in whose
scatter-gather m is between, ``widest[s]`` the most accounts between s and one d. Hubs take no part.
The scatter-gather of Altman et al., «Realistic Synthetic Financial Transactions for Anti-Money Laundering Models»
(NeurIPS 2023), bound to time order and a window.
"""

from typing import NamedTuple

import numpy as np

from rongdun.analytics.tracing.model import Int32s, Int64s, Mask
from rongdun.analytics.tracing.patterns.compiled import entry, helper
from rongdun.analytics.tracing.patterns.flows import Flows, Lists, not_before


class ScatterGather(NamedTuple):
    """For each account how often it scatters, gathers, stands between, and how wide its scatter is."""

    sources: Int32s
    sinks: Int32s
    middles: Int32s
    widest: Int32s


class _Notes(NamedTuple):
    """Marks that make "already seen" cheap: per payment (anchor), per account between (leg), per source."""

    met: Int64s  # anchor at which the account was met between
    leg: Int64s  # leg that last reached the account
    reached: Int64s  # anchor at which ``ways`` was begun
    ways: Int32s  # how many accounts are between
    paired: Int32s  # source the account was last counted with as the end
    between: Int32s  # source the account was last counted with as between


def scatter_gather(flows: Flows, window: int, least: int, hub: Mask) -> ScatterGather:
    """Count scatter-gathers within ``window`` microseconds through at least ``least`` (two or more) accounts."""
    size = len(hub)
    found = ScatterGather(*(np.zeros(size, np.int32) for _ in range(4)))
    marks = [np.zeros(size, np.int64) for _ in range(3)]
    sources = [np.full(size, -1, np.int32) for _ in range(2)]
    notes = _Notes(marks[0], marks[1], marks[2], np.zeros(size, np.int32), sources[0], sources[1])
    _count(flows.out, hub, window, least, notes, found)
    return found


@entry
def _count(out: Lists, hub: Mask, window: int, least: int, notes: _Notes, found: ScatterGather) -> None:
    anchor, leg = 0, 0
    for source in range(len(hub)):
        first, end = out.offsets[source], out.offsets[source + 1]
        if hub[source] or end - first < least:
            continue
        for place in range(first, end - least + 1):
            begun = out.time[place]
            same = place > first and out.time[place - 1] == begun
            if same or out.time[place + least - 1] > begun + window:
                continue
            anchor += 1
            leg, wide = _spread(out, hub, source, place, begun + window, least, anchor, leg, notes, found)
            if wide:
                _note_between(out, hub, source, place, begun + window, least, anchor, notes, found)


@helper
def _spread(
    out: Lists,
    hub: Mask,
    source: int,
    place: int,
    until: int,
    least: int,
    anchor: int,
    leg: int,
    notes: _Notes,
    found: ScatterGather,
) -> tuple[int, bool]:
    """Follow each payment of ``source`` one step on; return the last leg and whether anything was wide enough."""
    end, wide = out.offsets[source + 1], False
    while place < end and out.time[place] <= until:
        middle = out.other[place]
        if middle >= 0 and not hub[middle] and notes.met[middle] != anchor:
            notes.met[middle] = anchor
            leg += 1
            wide |= _reach(out, hub, source, middle, out.time[place], until, least, anchor, leg, notes, found)
        place += 1
    return leg, wide


@helper
def _reach(
    out: Lists,
    hub: Mask,
    source: int,
    middle: int,
    begun: int,
    until: int,
    least: int,
    anchor: int,
    leg: int,
    notes: _Notes,
    found: ScatterGather,
) -> bool:
    end, wide = out.offsets[middle + 1], False
    place = not_before(out.time, out.offsets[middle], end, begun)
    while place < end and out.time[place] <= until:
        last = out.other[place]
        place += 1
        if last < 0 or last == source or hub[last] or notes.leg[last] == leg:
            continue
        notes.leg[last] = leg
        if notes.reached[last] != anchor:
            notes.reached[last], notes.ways[last] = anchor, 0
        notes.ways[last] += 1
        if notes.ways[last] >= least:
            wide = True
            found.widest[source] = max(found.widest[source], notes.ways[last])
            if notes.paired[last] != source:
                notes.paired[last] = source
                found.sources[source] += 1
                found.sinks[last] += 1
    return wide


@helper
def _note_between(
    out: Lists,
    hub: Mask,
    source: int,
    place: int,
    until: int,
    least: int,
    anchor: int,
    notes: _Notes,
    found: ScatterGather,
) -> None:
    end = out.offsets[source + 1]
    while place < end and out.time[place] <= until:
        middle = out.other[place]
        fresh = middle >= 0 and not hub[middle] and notes.between[middle] != source
        if fresh and _is_between(out, source, middle, out.time[place], until, least, anchor, notes):
            notes.between[middle] = source
            found.middles[middle] += 1
        place += 1


@helper
def _is_between(
    out: Lists, source: int, middle: int, begun: int, until: int, least: int, anchor: int, notes: _Notes
) -> bool:
    end = out.offsets[middle + 1]
    for place in range(not_before(out.time, out.offsets[middle], end, begun), end):
        if out.time[place] > until:
            return False
        last = out.other[place]
        if last >= 0 and last != source and notes.reached[last] == anchor and notes.ways[last] >= least:
            return True
    return False
