"""Ways to choose the next order: those of practice, and advice. None of them sees the truth."""

from collections.abc import Callable, Sequence
from typing import Final

from rongdun.analytics.tracing.advice.advise import advise
from rongdun.analytics.tracing.advice.model import Action, KnownAccount
from rongdun.analytics.tracing.advice.prior import BELIEVED, Prior
from rongdun.analytics.tracing.model import Kind, Rule
from rongdun.simulation.twin.experiment.desk import Desk, Order

_ENDS: Final = (Kind.MERCHANT, Kind.PLATFORM, Kind.UTILITY)
_PRACTICE: Final = Rule.WINDOW
"""Officers follow what leaves within an hour of victims' money."""


class Sorted:
    """Stops and asks about every account that money reached, in an order; two orders for each, the stop first."""

    def __init__(self, key: Callable[[KnownAccount], tuple[float, ...]]) -> None:
        self._key = key

    def next(self, desk: Desk) -> Sequence[Order]:
        """Return both orders for each account, in order."""
        known = desk.situation([_PRACTICE]).accounts
        followed = sorted((one for one in known if one.kind not in _ENDS), key=self._key)
        return [
            Order(action, int(one.number))
            for one in followed
            for action in (Action.STOP, Action.ASK)
            if action == Action.STOP or not desk.knowledge.asked(int(one.number))
        ]


def _came(one: KnownAccount) -> int:
    return sum(arrival.tainted.get(_PRACTICE, 0) for arrival in one.arrivals)


def _first(one: KnownAccount) -> float:
    return min((arrival.time for arrival in one.arrivals), default=0)


def tier_order(one: KnownAccount) -> tuple[float, ...]:
    """Go tier by tier, in each as money came."""
    return one.tier, _first(one)


def biggest_balance(one: KnownAccount) -> tuple[float, ...]:
    """Put the largest balance first: what the bank said, else what came."""
    return -(_came(one) if one.balance_fen is None else one.balance_fen), one.tier


def newest(one: KnownAccount) -> tuple[float, ...]:
    """Put the account first that money reached last."""
    return -max((arrival.time for arrival in one.arrivals), default=0), one.tier


class Advice:
    """What :func:`advise` says, in its order."""

    def __init__(self, prior: Prior) -> None:
        self._prior = prior

    def next(self, desk: Desk) -> Sequence[Order]:
        """Return the stops and questions suggested now."""
        suggested = advise(desk.situation(BELIEVED), self._prior)
        return [
            Order(one.action, int(one.number)) for one in suggested if one.action in (Action.STOP, Action.ASK)
        ]


SIMPLE: Final = {"tier": tier_order, "balance": biggest_balance, "newest": newest}
"""Simple policies by name."""
