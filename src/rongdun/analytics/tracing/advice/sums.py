"""What is known of each sum of victims' money in each account: how much, and since when it was last seen there. Pure.

One row a sum that came. By the statement (or, without one, by the transfer that brought it) it lay there at ``base``;
a balance told later says more. Money is fen, moments µs, ages minutes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from rongdun.analytics.tracing.advice.dwell import Dwells, Floats, Places
from rongdun.analytics.tracing.advice.model import MINUTE, Arrival, KnownAccount, Situation
from rongdun.analytics.tracing.advice.prior import BELIEVED, Prior, cell_of
from rongdun.analytics.tracing.model import Rule

_HOUR: Final = 60 * MINUTE
_LEAST_FEN: Final = 100.0


@dataclass(frozen=True, slots=True)
class Sums:
    """Rows of sums: ``fen`` expected to lie there at ``base``, when it came, ``gone`` what a later balance shows left.

    ``account`` is a place in the situation, ``cell`` one in the prior's dwells, ``tier`` from 0.
    """

    account: Places
    fen: Floats
    came: Floats
    base: Floats
    gone: Floats
    cell: Places
    tier: Places

    def __len__(self) -> int:
        return len(self.account)


def mixed(by_rule: Mapping[Rule, int], prior: Prior) -> float:
    """Return what the rules say together, each as far as it is believed; rules that say nothing do not count."""
    weight = fen = 0.0
    for rule in BELIEVED:  # a plain loop: this is called for every sum of every account
        told = by_rule.get(rule)
        if told is not None:
            weight += prior.rules[rule]
            fen += prior.rules[rule] * told
    return fen / weight if weight else 0.0


def sums_of(situation: Situation, prior: Prior, dwells: Dwells) -> Sums:
    """Return every sum that may still lie in an account, or has left it for we do not know where."""
    rows = [
        row
        for place, account in enumerate(situation.accounts)
        for row in _rows(place, account, situation.now, prior)
    ]
    columns = list(zip(*rows, strict=True)) or [()] * 6
    account, fen, came, base, cell, tier = (np.array(column, np.float64) for column in columns)
    found = Sums(
        account.astype(np.int64),
        fen,
        came,
        base,
        np.zeros(len(rows)),
        cell.astype(np.int64),
        tier.astype(np.int64),
    )
    return _by_balance(found, situation, prior, dwells)


def _rows(place: int, account: KnownAccount, now: int, prior: Prior) -> list[tuple[float, ...]]:
    cell, tier = cell_of(account.tier, account.kind), account.tier - 1
    seen = account.observed_until
    rows = [
        (place, mixed(one.tainted, prior), one.time, one.time, cell, tier)
        for one in account.arrivals
        if seen < one.time <= now
    ]
    if seen:
        rows += [
            (place, fen, came, min(seen, now), cell, tier)
            for came, fen in _left(account, min(seen, now), prior)
        ]
    return [row for row in rows if row[1] >= 1]


def _left(account: KnownAccount, seen: int, prior: Prior) -> list[tuple[int, float]]:
    """Spread what the statement leaves over the sums that came, the newest first: when each came, and how much."""
    left = mixed(account.left, prior)
    out = []
    for one in sorted(account.arrivals, key=lambda one: -one.time):
        if one.time <= seen and left > 0:
            part = min(left, mixed(one.tainted, prior))
            out.append((one.time, part))
            left -= part
    if left >= 1:
        out.append((_earliest(account.arrivals, seen), left))
    return out


def _earliest(arrivals: Sequence[Arrival], seen: int) -> int:
    return min([one.time for one in arrivals if one.time <= seen], default=seen - _HOUR)


def _by_balance(sums: Sums, situation: Situation, prior: Prior, dwells: Dwells) -> Sums:
    """Return the sums as the balances told after their base leave them."""
    told = [
        place
        for place, account in enumerate(situation.accounts)
        if account.balance_fen is not None and account.balance_at > account.observed_until
    ]
    for place in told:
        account = situation.accounts[place]
        rows = np.flatnonzero((sums.account == place) & (sums.base <= account.balance_at))
        if len(rows):
            rows = rows[np.argsort(-sums.came[rows], kind="stable")]
            _read(sums, rows, account.balance_fen or 0, account.balance_at, prior, dwells)
    return sums


def _read(sums: Sums, rows: Places, balance: int, at: int, prior: Prior, dwells: Dwells) -> None:
    """Read a balance: the newest sum is there if it fits in, as far as the holder's own money does not explain it.

    Writes in ``sums`` (its own arrays, made by :func:`sums_of`).
    """
    age = (sums.base[rows] - sums.came[rows]) / MINUTE
    still = dwells.still(sums.cell[rows], age, (at - sums.came[rows]) / MINUTE)
    under = 0.0
    for row, share in zip(rows.tolist(), still.tolist(), strict=True):
        fen = float(sums.fen[row])
        fits = min(max(balance - under, 0.0), fen)
        there = fits * _there(share, fen, balance - under, prior)
        sums.fen[row], sums.gone[row], sums.base[row] = there, fen - there, at
        under += there


def _there(share: float, fen: float, balance: float, prior: Prior) -> float:
    """Return how probably a sum lies in a balance into which it fits: the rest of it must be the holder's own."""
    if balance < fen:
        return share if balance < 0.9 * fen else 1.0
    here = share * _own(balance - fen, prior)
    gone = (1 - share) * _own(balance, prior)
    return here / (here + gone) if here + gone > 0 else share


def _own(fen: float, prior: Prior) -> float:
    """Return the density of a holder's own money at ``fen``, on a lognormal."""
    fen = max(fen, _LEAST_FEN)
    z = (np.log(fen) - np.log(prior.own_median_fen)) / prior.own_sigma
    return float(np.exp(-0.5 * z * z) / fen)


def by_account(values: Any, sums: Sums, count: int) -> Floats:
    """Return ``values`` (one a sum) added up by account."""
    return np.bincount(sums.account, values, count).astype(np.float64)
