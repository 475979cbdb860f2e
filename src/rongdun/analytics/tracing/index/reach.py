"""Which accounts a trace touches, and since when.

Each victim's money starts in the accounts of the seeds, at the seed's time minus the tolerance, and goes on along
transfers that leave an account not before the earliest arrival there and not after the victim's last moment (last
seed + window, or ``as_of``). Equal times are followed: which of them comes first is settled later. A transfer is
followed where it ends nowhere by itself, and its payee is observed, ends nothing by its kind and is no hub. What is
reached within ``depth − 1`` hops of a seed's account is touched, since the earliest arrival over all victims.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from rongdun.analytics.tracing.beside import side_by_side
from rongdun.analytics.tracing.index import layout, reach_kernel
from rongdun.analytics.tracing.index.hubs import Limits, hubs
from rongdun.analytics.tracing.index.opened import TraceIndex
from rongdun.analytics.tracing.model import Int64s, Mask
from rongdun.analytics.tracing.order import sorting

MANY: Final = 64
"""From so many victims on their reach is computed in two halves side by side."""


@dataclass(frozen=True, slots=True)
class Starts:
    """Where each victim's money is first: one row a seed. ``deadline`` is each victim's last moment, by victim."""

    account: Int64s
    victim: Int64s
    time: Int64s
    deadline: Int64s


@dataclass(frozen=True, slots=True)
class Touched:
    """The accounts a trace touches, ascending, and the first arrival in each over all victims."""

    account: Int64s
    first: Int64s

    def __len__(self) -> int:
        return len(self.account)


def policy_of(limits: Limits) -> reach_kernel.Policy:
    """Return a policy in the order in which the kernels take it."""
    return limits.stops, limits.ends, limits.degree, limits.named, limits.named_follow


def reach(index: TraceIndex, starts: Starts, depth: int, limits: Limits) -> Touched:
    """Return what the starts reach within ``depth`` tiers; starts in accounts that are not followed reach nothing."""
    index.will_read(layout.ACCOUNTS, starts.account, starts.account + 2)
    live = _followed(index, starts.account, limits)
    if len(starts.deadline) < MANY:
        return _earliest(_states(index, starts, live, depth, limits))
    early = starts.victim < len(starts.deadline) // 2
    halves = (
        lambda: _states(index, starts, live & early, depth, limits),
        lambda: _states(index, starts, live & ~early, depth, limits),
    )
    return _earliest(np.concatenate(side_by_side(halves)))


def _states(index: TraceIndex, starts: Starts, of: Mask, depth: int, limits: Limits) -> Int64s:
    """Return what some of the starts reach, a state each; a victim's states hang on no other victim's."""
    policy = policy_of(limits)
    found = reach_kernel.start(starts.account[of], starts.victim[of], starts.time[of])
    for _ in range(depth - 1):
        if not len(found[3]):
            break
        _fetch(index, found)
        found = reach_kernel.hop(index.rows, index.accounts, policy, starts.deadline, found)
    _, states, count, _ = found
    return states[:count]


def _followed(index: TraceIndex, account: Int64s, limits: Limits) -> Mask:
    own = index.accounts[account]
    kind = own["kind"].astype(np.int8)
    degree = index.accounts["start"][account + 1] - own["start"]
    told: Mask = (own["observed"] != 0) & ~limits.ends[kind] & ~hubs(limits, account, kind, degree)
    return told


def _fetch(index: TraceIndex, found: tuple[Int64s, Int64s, int, Int64s]) -> None:
    """Ask for the lists that the next hop reads, all at once."""
    _, states, _, queue = found
    if len(queue) > 1 << 12:
        return
    account = states[queue[:, 0], reach_kernel.ACCOUNT]
    index.will_read(layout.ACCOUNTS, account, account + 2)
    start = index.accounts["start"]
    index.will_read(layout.ROWS, start[account], start[account + 1])


def _earliest(states: Int64s) -> Touched:
    if not len(states):
        return Touched(np.empty(0, np.int64), np.empty(0, np.int64))
    account = states[:, reach_kernel.ACCOUNT].copy()
    order = sorting(account)
    account, first = account[order], states[order, reach_kernel.FIRST]
    begin = np.flatnonzero(np.append(True, account[1:] != account[:-1]))
    return Touched(account[begin], np.minimum.reduceat(first, begin))
