"""What a desk knows of a case: transfers it heard of, statements it got, orders it sent. Nothing of it is the truth.

Whose money lies where is reckoned by the rules of ``analytics/tracing`` on the rows that banks have shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from rongdun.analytics.tracing.advice.model import MINUTE, Means, Pending, Situation, Speed
from rongdun.analytics.tracing.advice.situation import Desk, Told, situation_of
from rongdun.analytics.tracing.attribute import attribute
from rongdun.analytics.tracing.model import (
    NOBODY,
    PAYEE_BOOK,
    PAYER_BOOK,
    Accounts,
    Bounds,
    End,
    Int32s,
    Int64s,
    Kind,
    Mask,
    Rule,
    Seed,
    SubLedger,
    Transfers,
)
from rongdun.analytics.tracing.seeds import place
from rongdun.simulation.twin.city import CORPORATE
from rongdun.simulation.twin.city import Kind as CityKind
from rongdun.simulation.twin.experiment.cases import Case, Heard
from rongdun.simulation.twin.flows import Use
from rongdun.simulation.twin.live import Live

_BEFORE: Final = 30 * MINUTE
_ENDS: Final = {
    Use.CASH_OUT: End.CASH,
    Use.CASH_IN: End.CASH,
    Use.PURCHASE: End.CONSUMPTION,
    Use.PLATFORM: End.CONSUMPTION,
    Use.BILL: End.CONSUMPTION,
    Use.FEE: End.FEE,
}
_OF_USE: Final = np.array([_ENDS.get(use, End.FOLLOWED) for use in Use], np.int8)
_SHOWN: Final = {CityKind.MERCHANT: Kind.MERCHANT, CityKind.PLATFORM: Kind.PLATFORM, CityKind.UTILITY: Kind.UTILITY}
_OF_KIND: Final = np.array(
    [_SHOWN.get(kind, Kind.CORPORATE if kind in CORPORATE else Kind.PERSONAL) for kind in CityKind], np.int8
)
"""What a number and a statement tell of an account: accounts of rooms look like any other."""

_HIDDEN: Final = np.uint64(0x9E3779B97F4A7C15)


@dataclass(slots=True)
class Knowledge:
    """What is known of one case; changed as answers come."""

    case: Case
    live: Live
    kind: Any  # of each account of the city
    institution: Any
    names: Sequence[str]
    masked_share: float
    heard: list[Heard] = field(default_factory=list)
    until: dict[int, int] = field(default_factory=dict)  # of each account whose statement is here: its end
    start: dict[int, int] = field(default_factory=dict)  # and its beginning
    since: dict[int, int] = field(default_factory=dict)  # first arrival known of
    told: dict[int, Told] = field(default_factory=dict)
    version: int = 0

    def hear(self, heard: Heard) -> None:
        """Take in a transfer that a victim tells of."""
        self.heard.append(heard)
        self._first(heard.account, heard.time - _BEFORE)
        self.version += 1

    def statement(self, account: int, at: int) -> None:
        """Take in the statement of an account from its first known arrival to ``at``, and its balance."""
        self.until[account] = at
        self.start[account] = min(self.since.get(account, at), self.start.get(account, at))
        balance = int(self.live.state.balance[account])
        self.say(account, balance_fen=balance, balance_at=at, statement_until=at)
        self.version += 1

    def say(self, account: int, **told: Any) -> None:
        """Note what an answer said of an account."""
        self.told[account] = replace(self.told.get(account, Told(name="演示")), **told)
        self.version += 1

    def rows(self) -> tuple[Int64s, dict[int, int]]:
        """Return the rows that statements show, in order, and whose books show each."""
        books: dict[int, int] = {}
        for account, until in self.until.items():
            shown = self.live.rows_of(account, self.start[account])
            shown = shown[self.live.script.flows.time[shown] <= until]
            payer = self.live.script.flows.payer[shown]
            for row, out in zip(shown.tolist(), (payer == account).tolist(), strict=True):
                books[row] = books.get(row, 0) | (PAYER_BOOK if out else PAYEE_BOOK)
        return np.array(sorted(books), np.int64), books

    def _first(self, account: int, time: int) -> None:
        self.since[account] = min(self.since.get(account, time), time)

    def sub_ledger(self, now: int) -> tuple[SubLedger, Int64s]:
        """Return the rows known as a sub-ledger, and the city's place of each of its accounts."""
        rows, books = self.rows()
        flows, state = self.live.script.flows, self.live.state
        payer, payee = flows.payer[rows].astype(np.int64), state.to[rows].astype(np.int64)
        end = _OF_USE[flows.use[rows]].copy()
        side = np.array([books[row] for row in rows.tolist()], np.int8)
        hidden = _masked(rows, self.masked_share) & (side == PAYER_BOOK) & (end == End.FOLLOWED)
        payee[hidden | (end == End.CASH) | (end == End.FEE)] = NOBODY
        end[hidden] = End.FRONTIER
        payer[_masked(rows, self.masked_share) & (side == PAYEE_BOOK)] = NOBODY
        known = [*(one.account for one in self.heard), *self.until]
        place_ = np.unique(np.concatenate([payer, payee, np.array(known, np.int64)]))
        place_ = place_[place_ != NOBODY]
        moved = Transfers(
            _local(place_, payer), _local(place_, payee), state.amount[rows], flows.time[rows], end,
            np.zeros(len(rows), np.bool_), side, rows,
        )  # fmt: skip
        self._reached(moved, place_)
        return SubLedger(self._accounts(place_, rows), moved, now), place_

    def _reached(self, moved: Transfers, place_: Int64s) -> None:
        for account, time in zip(moved.payee.tolist(), moved.time.tolist(), strict=True):
            if account != NOBODY:
                self._first(int(place_[account]), time - _BEFORE)

    def _accounts(self, place_: Int64s, rows: Int64s) -> Accounts:
        until = np.array([self.until.get(account, 0) for account in place_.tolist()], np.int64)
        observed: Mask = until > 0
        institution = [self.names[one] for one in self.institution[place_].tolist()]
        opening = np.array([self._opening(a, rows) for a in place_.tolist()], np.int64)
        return Accounts(
            institution, [str(one) for one in place_.tolist()], ["演示"] * len(place_), _OF_KIND[self.kind[place_]],
            observed, np.zeros(len(place_), np.bool_), opening, observed.copy(), until,
        )  # fmt: skip

    def _opening(self, account: int, rows: Int64s) -> int:
        """Return what lay in an account before the first row of its own statement."""
        if account not in self.until:
            return 0
        own = self.live.rows_of(account, self.start[account])
        if not len(own):
            return int(self.live.state.balance[account])
        first, state = int(own[0]), self.live.state
        out = int(self.live.script.flows.payer[first]) == account
        after = int((state.payer_after if out else state.payee_after)[first])
        return after + int(state.amount[first]) * (1 if out else -1)

    def situation(
        self,
        now: int,
        rules: Sequence[Rule],
        pending: Sequence[Pending],
        speeds: tuple[dict[str, Speed], dict[str, Speed]],
        means: Means,
    ) -> Situation:
        """Return what is known at ``now``, reckoned by ``rules``."""
        sub, place_ = self.sub_ledger(now)
        seeds = [
            Seed("V", self.names[int(self.institution[one.account])], str(one.account), one.amount_fen, one.time)
            for one in self.heard
        ]
        at = np.searchsorted(place_, [one.account for one in self.heard]).astype(np.int64)
        placed, arrivals = place(sub, seeds, at=at)
        found = {rule: attribute(placed, arrivals, rule, Bounds()) for rule in rules}
        told = {
            (self.names[int(self.institution[account])], str(account)): said for account, said in self.told.items()
        }
        desk = Desk(told=told, pending=pending, stop_speed=speeds[0], ask_speed=speeds[1], means=means)
        return situation_of(placed, found, now, desk)


def _local(place_: Int64s, side: Int64s) -> Int32s:
    found = np.searchsorted(place_, side)
    return np.where(side == NOBODY, NOBODY, found).astype(np.int32)


def _masked(rows: Int64s, share: float) -> Mask:
    """Tell in which rows a bank's file hides the other side's digits: always the same ones."""
    drawn = (rows.astype(np.uint64) * _HIDDEN) >> np.uint64(40)
    return np.asarray(drawn.astype(np.float64) / (1 << 24) < share)
