"""What is measured of one account's diary; each measure with its definition. NaN: it cannot be judged. Pure."""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from rongdun.analytics.tracing.model import HOUR
from rongdun.analytics.tracing.patterns.compiled import entry, helper
from rongdun.analytics.tracing.signs.diary import Diary, Held

_DAY: Final = 24 * HOUR
_NAN: Final = float("nan")

Floats = npt.NDArray[np.float64]


class Limits(NamedTuple):
    """Thresholds of the measures, in the units of their names; they stand in ``signs.toml``."""

    least_in_fen: int
    pass_hours: int
    silence_days: int
    burst_days: int
    test_most_fen: int
    test_quiet_days: int
    test_hours: int
    test_times: int
    test_least_fen: int
    night_from: int
    night_to: int
    night_least: int
    emptied_least_fen: int
    emptied_percent: int
    emptied_hours: int
    fan_hours: int
    shared_most: int


class Measures(NamedTuple):
    """One value an account."""

    pass_through: Floats
    dwell: Floats
    burst: Floats
    tests: Floats
    night: Floats
    emptied: Floats


def measure(diary: Diary, held: Held, limits: Limits) -> Measures:
    """Measure every account; NaN where there is too little to judge."""
    found = Measures(*(np.full(len(diary.offsets) - 1, np.nan) for _ in Measures._fields))
    _measure(diary, held, limits, found)
    return found


@entry
def _measure(diary: Diary, held: Held, limits: Limits, found: Measures) -> None:
    for account in range(len(diary.offsets) - 1):
        first, end = diary.offsets[account], diary.offsets[account + 1]
        if first == end:
            continue
        found.pass_through[account], found.dwell[account] = _passed(diary, limits, first, end)
        found.burst[account] = _burst(diary, limits, first, end)
        found.tests[account] = _tests(diary, limits, first, end)
        found.night[account] = _night(diary, limits, first, end)
        found.emptied[account] = _emptied(diary, held, limits, account)


@helper
def _passed(diary: Diary, limits: Limits, first: int, end: int) -> tuple[float, float]:
    """Return the share of incoming money that left within ``pass_hours``, and the mean hours of what left.

    Each outgoing fen takes the oldest incoming fen still there (first in, first out); what exceeds them was there
    before the history begins and is not counted. The mean is weighted by fen.
    """
    came, passed, left, hours = 0, 0, 0, 0.0
    head, rest = first, -1
    for place in range(first, end):
        if diary.way[place] > 0:
            came += diary.amount[place]
            continue
        need = diary.amount[place]
        while need > 0 and head < place:
            if diary.way[head] < 0 or rest == 0:
                head, rest = head + 1, -1
                continue
            if rest < 0:
                rest = diary.amount[head]
            part = min(need, rest)
            stayed = diary.time[place] - diary.time[head]
            need, rest, left = need - part, rest - part, left + part
            hours += part * (stayed / HOUR)
            if stayed <= limits.pass_hours * HOUR:
                passed += part
    if came < limits.least_in_fen:
        return _NAN, _NAN
    return passed / came, hours / left if left else _NAN


@helper
def _burst(diary: Diary, limits: Limits, first: int, end: int) -> float:
    """Return the greatest share of all turnover that moves in ``burst_days`` after ``silence_days`` without any."""
    turnover, best = 0, 0
    for place in range(first, end):
        turnover += diary.amount[place]
    for place in range(first + 1, end):
        begun = diary.time[place]
        if begun - diary.time[place - 1] < limits.silence_days * _DAY:
            continue
        moved, at = 0, place
        while at < end and diary.time[at] <= begun + limits.burst_days * _DAY:
            moved += diary.amount[at]
            at += 1
        best = max(best, moved)
    return best / turnover if turnover >= limits.least_in_fen else _NAN


@helper
def _tests(diary: Diary, limits: Limits, first: int, end: int) -> float:
    """Count small payments after quiet days that are soon followed by much money.

    At most ``test_most_fen``, in or out, the first of the history or after ``test_quiet_days`` without any; within
    ``test_hours`` comes at least ``test_times`` as much in one transfer, and no less than ``test_least_fen``.
    """
    count = 0
    for place in range(first, end):
        amount, now = diary.amount[place], diary.time[place]
        quiet = place == first or now - diary.time[place - 1] >= limits.test_quiet_days * _DAY
        if not quiet or amount > limits.test_most_fen:
            continue
        much, at = max(limits.test_least_fen, limits.test_times * amount), place + 1
        while at < end and diary.time[at] <= now + limits.test_hours * HOUR:
            if diary.way[at] > 0 and diary.amount[at] >= much:
                count += 1
                break
            at += 1
    return float(count)


@helper
def _night(diary: Diary, limits: Limits, first: int, end: int) -> float:
    """Return the share of transfers from ``night_from`` to ``night_to`` o'clock, China's civil time (UTC+8).

    A transfer at midnight sharp is one of which only the day is known, and does not count.
    """
    timed, night = 0, 0
    for place in range(first, end):
        moment = (diary.time[place] + 8 * HOUR) % _DAY
        if moment > 0:
            timed += 1
            night += moment >= limits.night_from * HOUR or moment < limits.night_to * HOUR
    return night / timed if timed >= limits.night_least else _NAN


@helper
def _emptied(diary: Diary, held: Held, limits: Limits, account: int) -> float:
    """Count how often a balance falls to ``emptied_percent`` % of its peak or less within ``emptied_hours``.

    The time runs from the last moment at which half the peak was there; peaks under ``emptied_least_fen`` do not
    count. Balances come from statements only: one reckoned from an assumed opening touches zero by construction.
    """
    level, last = held.offsets[account], held.offsets[account + 1]
    if level == last:
        return _NAN
    first, end = diary.offsets[account], diary.offsets[account + 1]
    count, moved, peak, high = 0, 0, held.fen[level], diary.time[first]
    for place in range(first, end):
        now = diary.time[place]
        while level + 1 < last and held.time[level + 1] <= now:
            level += 1
        if diary.own[place]:
            moved += diary.way[place] * diary.amount[place]
        balance = held.fen[level] + moved
        peak = max(peak, balance)
        if peak >= limits.emptied_least_fen and balance * 100 <= peak * limits.emptied_percent:
            count += now - high <= limits.emptied_hours * HOUR
            peak = balance
        if balance * 2 >= peak:
            high = now
    return float(count)
