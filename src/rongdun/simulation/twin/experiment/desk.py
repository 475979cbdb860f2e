"""One case at a desk: what is known, orders on their way, answers. The same for every policy."""

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Protocol, TypeAlias

from rongdun.analytics.tracing.advice.model import MINUTE, Action, Means, Pending, Situation
from rongdun.analytics.tracing.model import Rule
from rongdun.domains.exchange.messages import Outcome
from rongdun.simulation.twin.draws import HOUR
from rongdun.simulation.twin.experiment.cases import Case, Heard
from rongdun.simulation.twin.experiment.knowledge import Knowledge
from rongdun.simulation.twin.experiment.replies import Institutions
from rongdun.simulation.twin.params import Params

_FRESH: Final = 5 * MINUTE
_AT_ONCE: Final = float("inf")
_MOST_ASKS: Final = 6
CORRECT: Final = -1
"""Asks the victim's bank where a transfer really went, whose account was told wrongly."""

Why: TypeAlias = Callable[[], tuple[str, str]]
"""The reason of a choice in Chinese and English, worked out only for whoever watches."""


class Order(NamedTuple):
    """An action about an account (a place in the city)."""

    action: Action
    account: int


def unsaid() -> tuple[str, str]:
    """Return no reason: of those who see the truth."""
    return "", ""


def _misheard() -> tuple[str, str]:
    return (
        "报案的收款账户有误，先向付款行查清去向",
        "the account was told wrongly: the victim's bank is asked where the money went",
    )


class Choice(NamedTuple):
    """An order, how urgent it is beside those of other cases, and why it is given."""

    urgency: float
    order: Order
    why: Why = unsaid


class Act(NamedTuple):
    """An order as an officer sent it: when he began, when it went out, when it is answered and how. Moments in µs."""

    number: int
    order: Order
    officer: int
    begun: int
    sent: int
    lands: int
    outcome: Outcome
    why: Why


@dataclass(frozen=True, slots=True)
class Setting:
    """The median delay of reports (minutes), and the officers that all cases of the hour share."""

    delay: float
    officers: int


@dataclass(order=True, slots=True)
class Coming:
    """An answer on its way; ``heard``: of a question where a wrongly told transfer went."""

    at: int
    number: int
    order: Order = field(compare=False)
    outcome: Outcome = field(compare=False)
    sent: int = field(compare=False)
    heard: Heard | None = field(compare=False, default=None)


class Policy(Protocol):
    """A way to choose what to do next."""

    def next(self, desk: "Desk") -> Sequence[Choice]:
        """Return what should be done now in a case, the most urgent first; nothing: wait for news."""
        ...


@dataclass(slots=True)
class Done:
    """What was done in a case: moments accounts were stopped, orders and questions sent, minutes of officers.

    ``found``: the fen that lay in an account when its stop came in.
    """

    stopped: dict[int, int] = field(default_factory=dict)
    found: dict[int, int] = field(default_factory=dict)
    acts: list[Act] = field(default_factory=list)
    stops: int = 0
    asks: int = 0
    refused: int = 0
    minutes: float = 0.0


class Desk:
    """A case that was reported ``offset`` µs after the hour began. Moments are those of the case's own world."""

    def __init__(
        self,
        case: Case,
        knowledge: Knowledge,
        banks: Institutions,
        params: Params,
        setting: Setting,
        offset: int = 0,
    ) -> None:
        told = params.desk
        self.case, self.knowledge, self.banks, self.params = case, knowledge, banks, params
        self.live, self.offset, self.now = knowledge.live, offset, case.reported
        self.end = case.reported + round(told.hours_worked * HOUR)
        self.means = Means(
            officers=setting.officers, minutes_stop=told.minutes_stop, minutes_ask=told.minutes_ask
        )
        self.done, self.tried = Done(), dict[Order, int]()
        self.coming: list[Coming] = []
        self._speeds = banks.speeds()
        self._sent = 0
        self._plan: list[Choice] = []
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
        """Tell whether an order can be sent: none like it on its way, stops left, not too many questions."""
        if any(one.order == order for one in self.coming):
            return False
        tried = self.tried.get(order, 0)
        if order.action == Action.STOP:
            return order.account not in self.done.stopped and tried < 2 * self.means.stops_most
        return tried < _MOST_ASKS

    def patience(self) -> int:
        """Return how long a plan holds without news, µs: the older the case, the longer."""
        return max(_FRESH, (self.now - self.case.reported) // 6)

    def first(self, policy: Policy) -> Choice | None:
        """Return the most urgent order now; plans are made anew when something was learnt or time has passed."""
        if self.now > self.end:
            return None
        if self._wrong:
            return Choice(_AT_ONCE, Order(Action.ASK, CORRECT), _misheard)
        version, made = self._planned
        if version != self.knowledge.version or self.now - made >= self.patience():
            self._plan = list(policy.next(self))
            self._planned = (self.knowledge.version, self.now)
        while self._plan and not self.may(self._plan[0].order):
            self._plan.pop(0)
        return self._plan[0] if self._plan else None

    def send(self, choice: Choice, officer: int) -> int:
        """Let an officer send an order; return when he is free again."""
        order = choice.order
        heard = self._wrong.pop() if order.account == CORRECT else None
        stop = order.action == Action.STOP
        cost = self.means.minutes_stop if stop else self.means.minutes_ask
        sent = self.now + round(cost * MINUTE)
        attempt = self.tried.get(order, 0)
        account = order.account if heard is None else self.case.victim
        institution = int(self.knowledge.ground.institution[account])
        reply = self.banks.reply(order.action, account, institution, attempt)
        self.tried[order] = attempt + 1
        self._sent += 1
        self.done.minutes += cost
        self.done.stops += stop
        self.done.asks += not stop
        lands = sent + reply.after
        self.done.acts.append(
            Act(self._sent, order, officer, self.now, sent, lands, reply.outcome, choice.why)
        )
        coming = Coming(lands, self._sent, order, reply.outcome, sent, heard)
        heapq.heappush(self.coming, coming)
        return sent

    def until(self, moment: int) -> None:
        """Let time go on to ``moment`` and take in the answers that have come by then."""
        while self.coming and self.coming[0].at <= moment:
            one = heapq.heappop(self.coming)
            self.live.until(one.at)
            self._take(one)
        self.live.until(moment)
        self.now = moment

    def _take(self, one: Coming) -> None:
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
            until = one.at + self.means.stops_most * self.means.stop_hours * HOUR
            balance = self.live.hold(account, None, until)
            self.done.stopped[account], self.done.found[account] = one.at, balance
            knowledge.say(
                account, balance_fen=balance, balance_at=one.at, stops_used=1,
                stopped_until=one.at + self.means.stop_hours * HOUR,
            )  # fmt: skip

    def _told_by_bank(self, heard: Heard) -> Heard:
        flows = self.live.script.flows
        fen = int(self.live.state.amount[heard.row])
        return Heard(heard.row, heard.account, fen, int(flows.time[heard.row]), known=True)
