"""What a desk knows of a case: transfers it heard of, statements it got, orders it sent. Nothing of it is the truth.

Whose money lies where is reckoned by the rules of ``analytics/tracing`` on the rows that banks have shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
    Attribution,
    Bounds,
    End,
    Int8s,
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
from rongdun.simulation.twin.city import Accounts as CityAccounts
from rongdun.simulation.twin.city import Kind as CityKind
from rongdun.simulation.twin.experiment.cases import Case, Heard
from rongdun.simulation.twin.flows import Use
from rongdun.simulation.twin.live import Live

_NAME: Final = "演示"
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
_SHOWN: Final = {
    CityKind.MERCHANT: Kind.MERCHANT,
    CityKind.PLATFORM: Kind.PLATFORM,
    CityKind.UTILITY: Kind.UTILITY,
}
_OF_KIND: Final = np.array(
    [_SHOWN.get(kind, Kind.CORPORATE if kind in CORPORATE else Kind.PERSONAL) for kind in CityKind], np.int8
)
"""What a number and a statement tell of an account: accounts of rooms look like any other."""

_HIDDEN: Final = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Ground:
    """What any bank would tell of the city's accounts: kind, institution (a place among names), and by which key."""

    kind: Int8s
    institution: Int8s
    key: Sequence[tuple[str, str]]
    masked_share: float


def ground_of(accounts: CityAccounts, names: Sequence[str], masked_share: float) -> Ground:
    """Return the ground of a city; an account's number is its place."""
    key = [(names[one], str(place)) for place, one in enumerate(accounts.institution.tolist())]
    return Ground(_OF_KIND[accounts.kind], accounts.institution, key, masked_share)


class Knowledge:
    """What is known of one case; changed as answers come. Accounts are places in the city."""

    def __init__(self, case: Case, live: Live, ground: "Ground") -> None:
        self.case, self.live, self.ground = case, live, ground
        self.heard: list[Heard] = []
        self.told: dict[int, Told] = {}
        self.version = 0
        self._statement: dict[int, tuple[Int64s, Int8s]] = {}  # rows, and whose book shows each
        self._since: dict[int, int] = {}  # the first arrival known of
        self._start: dict[int, int] = {}  # where a statement begins
        self._until = np.zeros(len(ground.kind), np.int64)
        self._opening = np.zeros(len(ground.kind), np.int64)

    def asked(self, account: int) -> bool:
        """Tell whether a statement of the account is here."""
        return account in self._statement

    def hear(self, heard: Heard) -> None:
        """Take in a transfer that a victim tells of."""
        self.heard.append(heard)
        self._reached(heard.account, heard.time)
        self.version += 1

    def say(self, account: int, **told: Any) -> None:
        """Note what an answer said of an account."""
        self.told[account] = replace(self.told.get(account, Told(name=_NAME)), **told)

    def statement(self, account: int, at: int) -> None:
        """Take in the statement of an account from its first known arrival to ``at``, and its balance."""
        first = min(self._since.get(account, at), self._start.get(account, at))
        rows = self.live.rows_of(account, first)
        flows, state = self.live.script.flows, self.live.state
        out = flows.payer[rows] == account
        self._statement[account] = rows, np.where(out, np.int8(PAYER_BOOK), np.int8(PAYEE_BOOK))
        self._start[account], self._until[account] = first, at
        balance = int(state.balance[account])
        self._opening[account] = self._before(rows, out, balance)
        self.say(account, balance_fen=balance, balance_at=at, statement_until=at)
        for payee, time in zip(state.to[rows[out]].tolist(), flows.time[rows[out]].tolist(), strict=True):
            self._reached(payee, time)
        self.version += 1

    def _before(self, rows: Int64s, out: Mask, balance: int) -> int:
        """Return what lay in an account before its first row."""
        if not len(rows):
            return balance
        first, state = int(rows[0]), self.live.state
        after = state.payer_after[first] if out[0] else state.payee_after[first]
        return int(after) + int(state.amount[first]) * (1 if out[0] else -1)

    def _reached(self, account: int, time: int) -> None:
        self._since[account] = min(self._since.get(account, time), time - _BEFORE)

    def _rows(self) -> tuple[Int64s, Int8s]:
        """Return the rows that statements show, in order, and whose books show each."""
        parts = list(self._statement.values())
        rows = np.concatenate([np.empty(0, np.int64), *(one[0] for one in parts)])
        side = np.concatenate([np.empty(0, np.int8), *(one[1] for one in parts)])
        found, where = np.unique(rows, return_inverse=True)
        books = np.zeros(len(found), np.int8)
        np.bitwise_or.at(books, where, side)
        return found, books

    def named(self) -> set[int]:
        """Return the accounts whose numbers are known: told by the victim, or on a statement."""
        return set(self.sub_ledger(0)[1].tolist()) - {self.case.victim}

    def sub_ledger(self, now: int) -> tuple[SubLedger, Int64s]:
        """Return the rows known as a sub-ledger, and the city's place of each of its accounts."""
        rows, side = self._rows()
        flows, state = self.live.script.flows, self.live.state
        payer, payee = flows.payer[rows].astype(np.int64), state.to[rows].astype(np.int64)
        end = _OF_USE[flows.use[rows]]
        masked = _masked(rows, self.ground.masked_share)
        hidden = masked & (side == PAYER_BOOK) & (end == End.FOLLOWED)
        payee[hidden | (end == End.CASH) | (end == End.FEE)] = NOBODY
        end[hidden] = End.FRONTIER
        payer[masked & (side == PAYEE_BOOK)] = NOBODY
        known = [*(one.account for one in self.heard), *self._statement]
        place_ = np.unique(np.concatenate([payer, payee, np.array(known, np.int64)]))
        place_ = place_[place_ != NOBODY]
        moved = Transfers(
            _local(place_, payer), _local(place_, payee), state.amount[rows], flows.time[rows], end,
            np.zeros(len(rows), np.bool_), side, rows,
        )  # fmt: skip
        return SubLedger(self._accounts(place_), moved, now), place_

    def _accounts(self, place_: Int64s) -> Accounts:
        ground, until = self.ground, self._until[place_]
        keys = [ground.key[one] for one in place_.tolist()]
        return Accounts(
            [one[0] for one in keys], [one[1] for one in keys], [_NAME] * len(keys), ground.kind[place_],
            until > 0, np.zeros(len(keys), np.bool_), self._opening[place_], until > 0, until,
        )  # fmt: skip

    def situation(
        self,
        now: int,
        rules: Sequence[Rule],
        pending: Sequence[Pending],
        speeds: tuple[dict[str, Speed], dict[str, Speed]],
        means: Means,
    ) -> Situation:
        """Return what is known at ``now``, reckoned by ``rules``."""
        placed, found = self.traced(now, rules)
        told = {self.ground.key[account]: said for account, said in self.told.items()}
        desk = Desk(told=told, pending=pending, stop_speed=speeds[0], ask_speed=speeds[1], means=means)
        return situation_of(placed, found, now, desk)

    def traced(self, now: int, rules: Sequence[Rule]) -> tuple[SubLedger, dict[Rule, Attribution]]:
        """Return the rows known with the victim's transfers in their place, and what each rule says of them."""
        sub, place_ = self.sub_ledger(now)
        key = self.ground.key
        seeds = [Seed(_NAME, *key[one.account], one.amount_fen, one.time) for one in self.heard]
        at = np.searchsorted(place_, [one.account for one in self.heard]).astype(np.int64)
        placed, arrivals = place(sub, seeds, at=at)
        return placed, {rule: attribute(placed, arrivals, rule, Bounds()) for rule in rules}


def _local(place_: Int64s, side: Int64s) -> Int32s:
    found = np.searchsorted(place_, side)
    return np.where(side == NOBODY, NOBODY, found).astype(np.int32)


def _masked(rows: Int64s, share: float) -> Mask:
    """Tell in which rows a bank's file hides the other side's digits: always the same ones."""
    drawn = (rows.astype(np.uint64) * _HIDDEN) >> np.uint64(40)
    return np.asarray(drawn.astype(np.float64) / (1 << 24) < share)
