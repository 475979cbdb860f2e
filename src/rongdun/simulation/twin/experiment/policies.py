"""Ways to choose the next order: those of practice, and advice. None of them sees the truth."""

from collections.abc import Callable, Sequence
from typing import Final

from rongdun.analytics.tracing.advice.advise import advise
from rongdun.analytics.tracing.advice.model import MINUTE, Action, KnownAccount
from rongdun.analytics.tracing.advice.prior import BELIEVED, Prior
from rongdun.analytics.tracing.model import Kind, Rule
from rongdun.simulation.twin.draws import HOUR
from rongdun.simulation.twin.experiment.desk import Choice, Desk, Order

_ENDS: Final = (Kind.MERCHANT, Kind.PLATFORM, Kind.UTILITY)
_MUCH: Final = 1e9
_SOME: Final = 1e6
_PRACTICE: Final = Rule.WINDOW
"""Officers follow what leaves within an hour of victims' money."""


class Sorted:
    """Stops and asks about every account that money reached, in an order; two orders for each, the stop first."""

    def __init__(self, urgency: Callable[[KnownAccount, Desk], float]) -> None:
        self._urgency = urgency

    def next(self, desk: Desk) -> Sequence[Choice]:
        """Return both orders for each account, in order."""
        known = desk.situation([_PRACTICE]).accounts
        ranked = [(self._urgency(one, desk), one) for one in known if one.kind not in _ENDS]
        ranked.sort(key=lambda one: -one[0])
        return [
            Choice(urgency, Order(action, int(one.number)))
            for urgency, one in ranked
            for action in (Action.STOP, Action.ASK)
            if action == Action.STOP or not desk.knowledge.asked(int(one.number))
        ]


def _came(one: KnownAccount) -> int:
    return sum(arrival.tainted.get(_PRACTICE, 0) for arrival in one.arrivals)


def tier_order(one: KnownAccount, desk: Desk) -> float:
    """Work case after case as reported, tier by tier, in each as money came."""
    first = min((arrival.time for arrival in one.arrivals), default=desk.now)
    return -(desk.offset / MINUTE * _MUCH + one.tier * _SOME + (first - desk.case.reported) / HOUR)


def biggest_balance(one: KnownAccount, _: Desk) -> float:
    """Put the largest balance first: what the bank said, else what came."""
    return _came(one) if one.balance_fen is None else one.balance_fen


def newest(one: KnownAccount, desk: Desk) -> float:
    """Put the account first that money reached last."""
    return max((arrival.time for arrival in one.arrivals), default=0) - desk.now


class Advice:
    """What :func:`advise` says, in its order."""

    def __init__(self, prior: Prior) -> None:
        self._prior = prior

    def next(self, desk: Desk) -> Sequence[Choice]:
        """Return the stops and questions suggested now."""
        suggested = advise(desk.situation(BELIEVED), self._prior)
        return [
            Choice(one.fen_per_minute, Order(one.action, int(one.number)))
            for one in suggested
            if one.action in (Action.STOP, Action.ASK)
        ]


SIMPLE: Final = {"tier": tier_order, "balance": biggest_balance, "newest": newest}
"""Simple policies by name."""
