"""One desk works on one case: officers send orders, banks answer late, money moves on. The same for every policy."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from rongdun.analytics.tracing.advice.model import MINUTE, Action, Means, Pending, Situation
from rongdun.analytics.tracing.model import Rule
from rongdun.domains.exchange.messages import Outcome
from rongdun.simulation.twin.draws import HOUR
from rongdun.simulation.twin.experiment.cases import Case, Heard
from rongdun.simulation.twin.experiment.knowledge import Knowledge
from rongdun.simulation.twin.experiment.replies import Institutions
from rongdun.simulation.twin.params import Params

_LOOK_AGAIN: Final = 5 * MINUTE
_CORRECT: Final = -1
"""Asks the victim's bank where a transfer really went, whose account was told wrongly."""


@dataclass(frozen=True, slots=True)
class Order:
    """An action about an account (a place in the city)."""

    action: Action
    account: int


@dataclass(order=True, slots=True)
class _Coming:
    """An answer on its way."""

    at: int
    number: int
    order: Order = field(compare=False)
    outcome: Outcome = field(compare=False)
    sent: int = field(compare=False)
    heard: Heard | None = field(compare=False, default=None)


@dataclass(frozen=True, slots=True)
class Setting:
    """The median delay of reports (minutes), officers, and the minutes a case may cost them (None: any)."""

    delay: float
    officers: int
    minutes: float | None = None


class Policy(Protocol):
    """A way to choose what to do next."""

    def next(self, desk: "Desk") -> Sequence[Order]:
        """Return what should be done now, the most urgent first; nothing: wait for news."""
        ...


@dataclass(slots=True)
class Done:
    """What a desk did: moments accounts were stopped, orders and questions sent, minutes of officers."""

    stopped: dict[int, int] = field(default_factory=dict)
    stops: int = 0
    asks: int = 0
    refused: int = 0
    minutes: float = 0.0


class Desk:
    """A case, its officers, what is known and what is on its way."""

    def __init__(
        self, case: Case, knowledge: Knowledge, banks: Institutions, params: Params, setting: Setting
    ) -> None:
        told = params.desk
        self.case, self.knowledge, self.banks, self.params = case, knowledge, banks, params
        self.live = knowledge.live
        self.now = case.reported
        self.end = case.reported + round(told.hours_worked * HOUR)
        self.means = Means(
            officers=setting.officers, minutes_stop=told.minutes_stop, minutes_ask=told.minutes_ask
        )
        self.done = Done()
        self._minutes = setting.minutes
        self.tried: dict[Order, int] = {}
        self.coming: list[_Coming] = []
        self._free = [self.now] * setting.officers
        self._speeds = banks.speeds()
        self._sent = 0
        self._plan: list[Order] = []
        self._planned = (-1, 0)
        self._wrong = [one for one in case.heard if not one.known]
        for one in case.heard:
            if one.known:
                knowledge.hear(one)

    def situation(self, rules: Sequence[Rule]) -> Situation:
        """Return what is known now, reckoned by ``rules``."""
        key = self.knowledge.ground.key
        pending = [
            Pending(action=one.order.action, institution=to[0], number=to[1], sent_at=one.sent)
            for one in self.coming
            if one.heard is None and (to := key[one.order.account])
        ]
        return self.knowledge.situation(self.now, rules, pending, self._speeds, self.means)

    def may(self, order: Order) -> bool:
        """Tell whether an order can be sent: none like it on its way, stops left, no third try."""
        if any(one.order == order for one in self.coming):
            return False
        if order.action == Action.STOP:
            return (
                order.account not in self.done.stopped
                and self.tried.get(order, 0) < 2 * self.means.stops_most
            )
        return self.tried.get(order, 0) < 2 * 3

    def work(self, policy: Policy) -> Done:
        """Chase the case until its hours are over; return what was done."""
        while self.now <= self.end:
            self._answers()
            free = min(range(len(self._free)), key=self._free.__getitem__)
            if self._free[free] <= self.now and self._act(policy, free):
                continue
            moments = [at for at in self._free if at > self.now] + [one.at for one in self.coming[:1]]
            self.now = min([*moments, self.now + self._patience()])
        self.now = self.end
        return self.done

    def _patience(self) -> int:
        """Return how long a plan holds without news: the older the case, the longer."""
        return max(_LOOK_AGAIN, (self.now - self.case.reported) // 6)

    def _act(self, policy: Policy, officer: int) -> bool:
        """Let a free officer do the next thing; tell whether there was one."""
        if self._minutes is not None and self.done.minutes + self.means.minutes_ask > self._minutes:
            return False
        if self._wrong:
            self._send(Order(Action.ASK, _CORRECT), officer, self._wrong.pop())
            return True
        order = self._next(policy)
        if order is None:
            return False
        self._send(order, officer)
        return True

    def _next(self, policy: Policy) -> Order | None:
        """Return the next thing of the plan; plans are made anew when something was learnt or minutes have passed."""
        version, made = self._planned
        if version != self.knowledge.version or self.now - made >= self._patience():
            self._plan = list(policy.next(self))
            self._planned = (self.knowledge.version, self.now)
        while self._plan:
            order = self._plan.pop(0)
            if self.may(order):
                return order
        return None

    def _send(self, order: Order, officer: int, heard: Heard | None = None) -> None:
        stop = order.action == Action.STOP
        cost = self.means.minutes_stop if stop else self.means.minutes_ask
        sent = self.now + round(cost * MINUTE)
        attempt = self.tried.get(order, 0)
        account = order.account if heard is None else self.case.victim
        reply = self.banks.reply(
            order.action, account, int(self.knowledge.ground.institution[account]), attempt
        )
        self.tried[order] = attempt + 1
        self._free[officer] = sent
        self._sent += 1
        self.done.minutes += cost
        self.done.stops += stop
        self.done.asks += not stop
        coming = _Coming(sent + reply.after, self._sent, order, reply.outcome, sent, heard)
        heapq.heappush(self.coming, coming)

    def _answers(self) -> None:
        while self.coming and self.coming[0].at <= self.now:
            one = heapq.heappop(self.coming)
            self.live.until(one.at)
            self._take(one)
        self.live.until(self.now)

    def _take(self, one: _Coming) -> None:
        account, knowledge = one.order.account, self.knowledge
        if one.outcome != Outcome.DONE:
            self.done.refused += 1
            if one.heard is not None:
                self._wrong.append(one.heard)
            knowledge.version += 1
        elif one.heard is not None:
            knowledge.hear(self._told_by_bank(one.heard))
        elif one.order.action == Action.ASK:
            knowledge.statement(account, one.at)
        else:
            until = one.at + 4 * self.means.stop_hours * HOUR
            balance = self.live.hold(account, None, until)
            self.done.stopped[account] = one.at
            knowledge.say(
                account, balance_fen=balance, balance_at=one.at, stops_used=1,
                stopped_until=one.at + self.means.stop_hours * HOUR,
            )  # fmt: skip

    def _told_by_bank(self, heard: Heard) -> Heard:
        flows = self.live.script.flows
        fen = int(self.live.state.amount[heard.row])
        return Heard(heard.row, heard.account, fen, int(flows.time[heard.row]), known=True)
