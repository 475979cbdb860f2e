"""From a trace by every rule, and what orders and answers told, to the situation advice is given on. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from rongdun.analytics.tracing.advice.model import Arrival, KnownAccount, Means, Pending, Situation, Speed
from rongdun.analytics.tracing.advice.prior import BELIEVED
from rongdun.analytics.tracing.model import (
    NOBODY,
    PAYEE_BOOK,
    PAYER_BOOK,
    Attribution,
    Int64s,
    Kind,
    Rule,
    SubLedger,
)

Key = tuple[str, str]
"""Institution and number, as the sub-ledger has them."""

_BOTH: Final = PAYER_BOOK | PAYEE_BOOK


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What orders and answers said of one account. ``statement_until``: the end of the period a statement answered."""

    name: str = ""
    balance_fen: int | None = None
    balance_at: int = 0
    statement_until: int = 0
    stops_used: int = 0
    stopped_until: int = 0
    signs: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the desk did and has: answers by account, orders on their way, speeds by institution, means."""

    told: Mapping[Key, Told] = field(default_factory=dict)
    pending: Sequence[Pending] = ()
    stop_speed: Mapping[str, Speed] = field(default_factory=dict)
    ask_speed: Mapping[str, Speed] = field(default_factory=dict)
    means: Means = field(default_factory=Means)


def situation_of(
    sub: SubLedger, found: Mapping[Rule, Attribution], now: int, desk: Desk | None = None
) -> Situation:
    """Return what is known at ``now`` (µs): every account that victims' money reached by any rule, by place.

    ``found`` has one attribution for each rule that is to be believed (poison is ignored), all of ``sub``.
    """
    desk = desk or Desk()
    believed = {rule: found[rule] for rule in BELIEVED if rule in found}
    tiers = _tiers(believed, len(sub.accounts))
    came = _arrivals(sub, believed)
    left = {rule: _left(one, len(sub.accounts)) for rule, one in believed.items()}
    accounts = [
        _account(sub, place, tiers, came.get(place, []), left, desk.told)
        for place in np.flatnonzero(tiers > 0).tolist()
    ]
    return Situation(
        now=now,
        accounts=accounts,
        pending=desk.pending,
        stop_speed=desk.stop_speed,
        ask_speed=desk.ask_speed,
        means=desk.means,
    )


def _tiers(found: Mapping[Rule, Attribution], accounts: int) -> Int64s:
    """Return the fewest hops to each account by any rule and victim; 0 where nothing came."""
    far = np.iinfo(np.int64).max
    tiers = np.full(accounts, far, np.int64)
    for one in found.values():
        np.minimum.at(tiers, one.holdings.account, one.holdings.tier.astype(np.int64))
    tiers[tiers == far] = 0
    return np.where(tiers > 0, tiers, 0)


def _left(found: Attribution, accounts: int) -> Int64s:
    sums = np.zeros(accounts, np.int64)
    np.add.at(sums, found.holdings.account, found.holdings.left_fen)
    return sums


def _arrivals(sub: SubLedger, found: Mapping[Rule, Attribution]) -> dict[int, list[Arrival]]:
    """Return by account the transfers that brought victims' money by any rule, in order of time."""
    moved = sub.transfers
    carried = {rule: np.zeros(len(moved), np.int64) for rule in found}
    for rule, one in found.items():
        np.add.at(carried[rule], one.shares.transfer, one.shares.fen)
    touched = np.zeros(len(moved), np.bool_)
    for sums in carried.values():
        touched |= sums > 0
    out: dict[int, list[Arrival]] = {}
    for row in np.flatnonzero(touched & (moved.payee != NOBODY)).tolist():
        arrival = Arrival(
            time=int(moved.time[row]),
            fen=int(moved.amount_fen[row]),
            tainted={rule: int(sums[row]) for rule, sums in carried.items()},
            two_sided=int(moved.books[row]) == _BOTH,
        )
        out.setdefault(int(moved.payee[row]), []).append(arrival)
    return out


def _account(
    sub: SubLedger,
    place: int,
    tiers: Int64s,
    arrivals: Sequence[Arrival],
    left: Mapping[Rule, Int64s],
    told: Mapping[Key, Told],
) -> KnownAccount:
    accounts = sub.accounts
    key = accounts.institution[place], accounts.number[place]
    said = told.get(key, Told())
    observed = bool(accounts.observed[place])
    until = max(int(accounts.observed_until[place]), said.statement_until) if observed else 0
    return KnownAccount(
        institution=key[0],
        number=key[1],
        name=accounts.name[place] or said.name,
        kind=Kind(int(accounts.kind[place])),
        tier=int(tiers[place]),
        observed_until=until,
        arrivals=arrivals,
        left={rule: int(sums[place]) for rule, sums in left.items()} if observed else {},
        balance_fen=said.balance_fen,
        balance_at=said.balance_at,
        hub=bool(accounts.hub[place]),
        signs=said.signs,
        stops_used=said.stops_used,
        stopped_until=said.stopped_until,
    )
