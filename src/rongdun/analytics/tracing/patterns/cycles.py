"""Temporal cycles: money that comes back to where it started, through at most five accounts.

Definition. A cycle of length k (2 … ``longest`` ≤ 5) is k transfers a₁→a₂, a₂→a₃ … aₖ→a₁ between k different accounts
whose times do not fall (t₁ ≤ t₂ … ≤ tₖ) and lie within the window (tₖ - t₁ ≤ window). Two sets of transfers are two
cycles, also between the same accounts. Each cycle counts once, for each of its accounts, by its length; one whose
times are all equal could begin anywhere and counts once too. Hubs are on no cycle.
Time-respecting simple cycles as in Kumar & Calders, «2SCENT» (PVLDB 2018).

Method. From each transfer s→a the accounts that can still pay s within the window directly or in two steps are marked
with the latest moment at which they can; the walk forward enters an account only if enough steps are left and it is
not too late. ``steps`` bounds the walk from one transfer; what is cut off is counted in ``cut``, never silent.
"""

from typing import Final, NamedTuple

import numpy as np

from rongdun.analytics.tracing.model import Int32s, Int64s, Mask
from rongdun.analytics.tracing.patterns.compiled import entry, helper
from rongdun.analytics.tracing.patterns.flows import Flows, Lists, not_before

LONGEST: Final = 5
SHORTEST: Final = 2


class Cycles(NamedTuple):
    """``counts[account, k - 2]`` cycles of length k; ``cut`` transfers from which the walk was broken off."""

    counts: Int64s
    cut: int


class _Back(NamedTuple):
    """Who can pay the start in one step (``near``) or two (``far``), until when; valid where the mark is present."""

    near_mark: Int64s
    near: Int64s
    far_mark: Int64s
    far: Int64s


class _Walk(NamedTuple):
    """The path walked so far: accounts, times of arrival, rows of transfers, and the next place to try."""

    account: Int32s
    time: Int64s
    row: Int32s
    next: Int64s


def temporal_cycles(
    flows: Flows, window: int, hub: Mask, longest: int = LONGEST, steps: int = 100_000
) -> Cycles:
    """Count cycles within ``window`` microseconds, from length two to ``longest`` (at most five)."""
    size = len(hub)
    counts = np.zeros((size, LONGEST - SHORTEST + 1), np.int64)
    back = _Back(*(np.zeros(size, np.int64) for _ in range(4)))
    walk = _Walk(
        np.zeros(LONGEST, np.int32),
        np.zeros(LONGEST, np.int64),
        np.zeros(LONGEST, np.int32),
        np.zeros(LONGEST, np.int64),
    )
    cut = _count(flows.out, flows.into, hub, window, min(longest, LONGEST), steps, back, walk, counts)
    return Cycles(counts, int(cut))


@entry
def _count(
    out: Lists,
    into: Lists,
    hub: Mask,
    window: int,
    longest: int,
    steps: int,
    back: _Back,
    walk: _Walk,
    counts: Int64s,
) -> int:
    mark, cut = 0, 0
    for start in range(len(hub)):
        low, end = into.offsets[start], into.offsets[start + 1]
        if hub[start] or low == end:
            continue
        for place in range(out.offsets[start], out.offsets[start + 1]):
            begun, other = out.time[place], out.other[place]
            while low < end and into.time[low] < begun:
                low += 1
            if low == end:
                break
            if other < 0 or hub[other] or into.time[low] > begun + window:
                continue
            mark += 1
            if not _mark_back(into, hub, start, low, begun, begun + window, longest, mark, back):
                continue
            walk.account[0], walk.time[0], walk.row[0] = other, begun, out.row[place]
            cut += _walk_on(
                out, into, hub, start, low, begun + window, longest, steps, mark, back, walk, counts
            )
    return cut


@helper
def _mark_back(
    into: Lists,
    hub: Mask,
    start: int,
    low: int,
    begun: int,
    until: int,
    longest: int,
    mark: int,
    back: _Back,
) -> bool:
    """Mark who can pay ``start`` between ``begun`` and ``until``; tell whether anybody can."""
    end, place, found = into.offsets[start + 1], low, False
    while place < end and into.time[place] <= until:
        payer = into.other[place]
        if payer >= 0 and not hub[payer]:
            back.near_mark[payer], back.near[payer], found = mark, into.time[place], True
        place += 1
    if longest > 3 and found:
        for again in range(low, place):
            payer = into.other[again]
            if payer >= 0 and not hub[payer] and back.near[payer] == into.time[again]:
                _mark_payers(into, hub, start, payer, begun, mark, back)
    return found


@helper
def _mark_payers(into: Lists, hub: Mask, start: int, payer: int, begun: int, mark: int, back: _Back) -> None:
    """Mark who can pay ``payer`` before its last payment to the start."""
    end = into.offsets[payer + 1]
    place = not_before(into.time, into.offsets[payer], end, begun)
    while place < end and into.time[place] <= back.near[payer]:
        account = into.other[place]
        if account >= 0 and account != start and not hub[account]:
            known = back.far_mark[account] == mark
            if not known or back.far[account] < into.time[place]:
                back.far_mark[account], back.far[account] = mark, into.time[place]
        place += 1


@helper
def _walk_on(
    out: Lists,
    into: Lists,
    hub: Mask,
    start: int,
    low: int,
    until: int,
    longest: int,
    steps: int,
    mark: int,
    back: _Back,
    walk: _Walk,
    counts: Int64s,
) -> int:
    """Walk all ways from the first transfer of ``walk``; return 1 when broken off after ``steps``, else 0."""
    depth = 0
    _enter(out, into, start, low, until, mark, back, walk, depth, counts)
    while depth >= 0:
        account, place = walk.account[depth], walk.next[depth]
        last = depth + 2 >= longest
        if last or place >= out.offsets[account + 1] or out.time[place] > until:
            depth -= 1
            continue
        steps -= 1
        if steps < 0:
            return 1
        walk.next[depth] += 1
        other, now = out.other[place], out.time[place]
        if other < 0 or other == start or hub[other] or _on_path(walk, depth, other):
            continue
        if not _can_return(other, now, longest - depth - 2, mark, back):
            continue
        depth += 1
        walk.account[depth], walk.time[depth], walk.row[depth] = other, now, out.row[place]
        _enter(out, into, start, low, until, mark, back, walk, depth, counts)
    return 0


@helper
def _can_return(account: int, now: int, left: int, mark: int, back: _Back) -> bool:
    """Tell whether the start can still be paid from ``account`` with ``left`` transfers."""
    if left > 2 or (back.near_mark[account] == mark and back.near[account] >= now):
        return True
    return left == 2 and back.far_mark[account] == mark and back.far[account] >= now


@helper
def _on_path(walk: _Walk, depth: int, account: int) -> bool:
    step = 0
    while step <= depth and walk.account[step] != account:
        step += 1
    return step <= depth


@helper
def _enter(
    out: Lists,
    into: Lists,
    start: int,
    low: int,
    until: int,
    mark: int,
    back: _Back,
    walk: _Walk,
    depth: int,
    counts: Int64s,
) -> None:
    """Count the cycles that close from the last account of the path, and make it ready to walk on from."""
    account, now = walk.account[depth], walk.time[depth]
    walk.next[depth] = not_before(out.time, out.offsets[account], out.offsets[account + 1], now)
    if back.near_mark[account] != mark or back.near[account] < now:
        return
    end = into.offsets[start + 1]
    place = not_before(into.time, low, end, now)
    while place < end and into.time[place] <= until:
        if into.other[place] == account and _begins_here(walk, depth, into.time[place], into.row[place]):
            counts[start, depth] += 1
            for step in range(depth + 1):
                counts[walk.account[step], depth] += 1
        place += 1


@helper
def _begins_here(walk: _Walk, depth: int, time: int, row: int) -> bool:
    """Where all times are equal, only the smallest row begins the cycle."""
    if time > walk.time[0]:
        return True
    for step in range(1, depth + 1):
        if walk.row[step] < walk.row[0]:
            return False
    return row > int(walk.row[0])
