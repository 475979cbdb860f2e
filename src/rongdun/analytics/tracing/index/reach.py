"""Which accounts a trace touches, and since when.

Each victim's money starts in the accounts of the seeds, at the seed's time minus the tolerance, and goes on along
transfers that leave an account not before the earliest arrival there and not after the victim's last moment (last
seed + window, or ``as_of``). Equal times are followed: which of them comes first is settled later. A transfer is
followed where it ends nowhere by itself, and its payee is observed, ends nothing by its kind and is no hub. What is
reached within ``depth − 1`` hops of a seed's account is touched, since the earliest arrival over all victims.
"""

from dataclasses import dataclass

import numpy as np

from rongdun.analytics.tracing.index import layout, reach_kernel
from rongdun.analytics.tracing.index.hubs import Limits, hubs
from rongdun.analytics.tracing.index.opened import TraceIndex
from rongdun.analytics.tracing.model import Int64s, Mask


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
    policy = policy_of(limits)
    index.will_read(layout.ACCOUNTS, starts.account, starts.account + 2)
    live = _followed(index, starts.account, limits)
    found = reach_kernel.start(starts.account[live], starts.victim[live], starts.time[live])
    for _ in range(depth - 1):
        if not len(found[3]):
            break
        _fetch(index, found)
        found = reach_kernel.hop(index.rows, index.accounts, policy, starts.deadline, found)
    _, states, count, _ = found
    return _earliest(states[:count, reach_kernel.ACCOUNT], states[:count, reach_kernel.FIRST])


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


def _earliest(account: Int64s, first: Int64s) -> Touched:
    order = np.lexsort((first, account))
    account, first = account[order], first[order]
    new = np.ones(len(account), np.bool_)
    new[1:] = account[1:] != account[:-1]
    return Touched(account[new], first[new])
