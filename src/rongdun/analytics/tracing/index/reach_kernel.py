"""Reach, compiled: from each victim's first accounts along transfers in time, one hop of every victim at a time.

What is known of an account and victim is a state: the earliest arrival within the hops so far, and from when on its
outgoing transfers have been looked at. A later hop that arrives earlier only looks at what lies between. States are
found through a hash table, so that nothing here grows with the ledger.
"""

from typing import Final, TypeAlias

import numpy as np

from rongdun.analytics.tracing.index.ahead_kernel import TOGETHER, fetch_lists, lists_of
from rongdun.analytics.tracing.index.compiled import Records, entry, helper, whole
from rongdun.analytics.tracing.index.hashing import FREE, grown, slot_of
from rongdun.analytics.tracing.index.layout import INCOMING, KIND, OBSERVED
from rongdun.analytics.tracing.model import Int64s, Mask

Policy: TypeAlias = tuple[Mask, Mask, int, Int64s, Mask]
"""Kinds the policy stops at, kinds money ends at, most transfers, accounts named in this case, follow them or not."""

ACCOUNT: Final = 0
VICTIM: Final = 1
FIRST: Final = 2
LOOKED: Final = 3
QUEUED: Final = 4
STATE_WIDTH: Final = 5
"""Columns of a state; QUEUED is its place in the next queue or FREE."""

NEVER: Final = np.iinfo(np.int64).max
_VICTIM_BITS: Final = 31


@helper
def first_from(rows: Records, begin: int, end: int, time: int) -> int:
    """Return the first place of ``rows[begin:end]``, sorted by time, whose time is ``time`` or later."""
    while begin < end:
        middle = (begin + end) // 2
        if rows[middle].time < time:
            begin = middle + 1
        else:
            end = middle
    return begin


@helper
def named_in(named: Int64s, account: int) -> int:
    """Return the place of ``account`` in the ascending ``named``, FREE where it is not there."""
    at = whole(np.searchsorted(named, account))
    return at if at < len(named) and named[at] == account else FREE


@helper
def busy(length: int, most: int, account: int, accounts: Records) -> bool:
    """Tell whether an account has more transfers than ``most``, by their bit length where that is enough."""
    if (1 << length) - 1 <= most:
        return False
    if length > 0 and (1 << (length - 1)) > most:
        return True
    return bool(accounts[account + 1].start - accounts[account].start > most)


@helper
def followed(account: int, standing: int, length: int, accounts: Records, policy: Policy) -> bool:
    """Tell whether money that arrives in an account is followed: observed, no end by kind, no hub."""
    stops, ends, most, named, follow = policy
    kind = standing & KIND
    if not standing & OBSERVED or ends[kind]:
        return False
    if len(named) > 0:
        at = named_in(named, account)
        if at != FREE:
            return bool(follow[at])
    return not stops[kind] and not busy(length, most, account, accounts)


@entry
def start(account: Int64s, victim: Int64s, first: Int64s) -> tuple[Int64s, Int64s, int, Int64s]:
    """Return table, states, their number and the first queue (state, arrival) for first arrivals of each victim."""
    table = np.full((64, 2), FREE, np.int64)
    states = np.empty((64, STATE_WIDTH), np.int64)
    queue = np.empty((64, 2), np.int64)
    count = queued = 0
    for at in range(len(account)):
        table, states, count, queue, queued = _arrive(
            table, states, count, queue, queued, account[at], victim[at], first[at]
        )
    return table, states, count, queue[:queued]


@entry
def hop(
    rows: Records,
    accounts: Records,
    policy: Policy,
    deadline: Int64s,
    found: tuple[Int64s, Int64s, int, Int64s],
) -> tuple[Int64s, Int64s, int, Int64s]:
    """Follow what the queue brings one hop on; ``deadline`` is each victim's last moment. Returns as ``start``."""
    table, states, count, now = found
    for at in range(count):
        states[at, QUEUED] = FREE
    queue = np.empty((64, 2), np.int64)
    queued = 0
    begins, ends = lists_of(accounts, states[now[:, 0], ACCOUNT])
    for at in range(len(now)):
        if at % TOGETHER == 0:
            fetch_lists(rows, begins[at : at + TOGETHER], ends[at : at + TOGETHER])
        state, arrival = now[at, 0], now[at, 1]
        looked = states[state, LOOKED]
        if arrival >= looked:
            continue
        states[state, LOOKED] = arrival
        victim, end = states[state, VICTIM], ends[at]
        for place in range(first_from(rows, begins[at], end, arrival), end):
            row = rows[place]
            if row.time > deadline[victim] or row.time >= looked:
                break
            if row.bits & INCOMING or row.end != 0 or row.other < 0:
                continue
            if not followed(row.other, row.standing, row.degree, accounts, policy):
                continue
            table, states, count, queue, queued = _arrive(
                table, states, count, queue, queued, whole(row.other), whole(victim), row.time
            )
    return table, states, count, queue[:queued]


@helper
def _arrive(
    table: Int64s,
    states: Int64s,
    count: int,
    queue: Int64s,
    queued: int,
    account: int,
    victim: int,
    time: int,
) -> tuple[Int64s, Int64s, int, Int64s, int]:
    key = (victim << _VICTIM_BITS) | account
    slot = slot_of(table, key)
    if table[slot, 0] == FREE:
        table[slot, 0], table[slot, 1] = key, count
        state = count
        if count == len(states):
            states = _doubled(states)
        states[state, ACCOUNT], states[state, VICTIM] = account, victim
        states[state, FIRST], states[state, LOOKED], states[state, QUEUED] = NEVER, NEVER, FREE
        count += 1
        if 2 * count > len(table):
            table = grown(table)
    else:
        state = table[slot, 1]
    if time < states[state, FIRST]:
        states[state, FIRST] = time
        if states[state, QUEUED] == FREE:
            if queued == len(queue):
                queue = _doubled(queue)
            states[state, QUEUED] = queued
            queue[queued, 0] = state
            queued += 1
        queue[states[state, QUEUED], 1] = time
    return table, states, count, queue, queued


@helper
def _doubled(array: Int64s) -> Int64s:
    larger = np.empty((2 * array.shape[0], array.shape[1]), np.int64)
    larger[: array.shape[0]] = array
    return larger
