"""Ways to choose the next order: those of practice, and advice. None of them sees the truth."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Final, TypeAlias

from rongdun.analytics.tracing.advice.advise import advise
from rongdun.analytics.tracing.advice.model import MINUTE, Action, KnownAccount, Suggestion
from rongdun.analytics.tracing.advice.prior import BELIEVED, Prior
from rongdun.analytics.tracing.model import Kind, Rule
from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.money import format_yuan
from rongdun.simulation.twin.draws import HOUR, SECOND
from rongdun.simulation.twin.experiment.desk import Choice, Desk, Order

_ENDS: Final = (Kind.MERCHANT, Kind.PLATFORM, Kind.UTILITY)
_MUCH: Final = 1e9
_SOME: Final = 1e6
_PRACTICE: Final = Rule.WINDOW
"""Officers follow what leaves within an hour of victims' money."""


class Sorted:
    """Stops and asks about every account that money reached, in an order; two orders for each, the stop first."""

    def __init__(self, urgency: Callable[[KnownAccount, Desk], float], why: "_Why") -> None:
        self._urgency, self._why = urgency, why

    def next(self, desk: Desk) -> Sequence[Choice]:
        """Return both orders for each account, in order."""
        known = desk.situation([_PRACTICE]).accounts
        ranked = [(self._urgency(one, desk), one) for one in known if one.kind not in _ENDS]
        ranked.sort(key=lambda one: -one[0])
        return [
            Choice(urgency, Order(action, int(one.number)), partial(self._why, one))
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
            Choice(one.fen_per_minute, Order(one.action, int(one.number)), partial(_said, one))
            for one in suggested
            if one.action in (Action.STOP, Action.ASK)
        ]


def _said(one: Suggestion) -> tuple[str, str]:
    return one.why


_Why: TypeAlias = Callable[[KnownAccount], tuple[str, str]]


def _by_tier(one: KnownAccount) -> tuple[str, str]:
    zh, en = _first(one)
    return f"按层级：第{one.tier}级，{zh}", f"by tier: tier {one.tier}, {en}"


def _by_balance(one: KnownAccount) -> tuple[str, str]:
    if one.balance_fen is None:
        fen = format_yuan(_came(one))
        return f"金额大的先：查到转入 {fen} 元", f"biggest first: {fen} yuan seen to come in"
    fen = format_yuan(one.balance_fen)
    return f"余额大的先：银行答复余额 {fen} 元", f"biggest first: the bank said {fen} yuan lay there"


def _by_age(one: KnownAccount) -> tuple[str, str]:
    if not one.arrivals:
        return "最新到账的先：未见到账", "newest first: none seen to come in"
    last = _clock(max(arrival.time for arrival in one.arrivals))
    return f"最新到账的先：最近一笔 {last}", f"newest first: the last came at {last}"


def _first(one: KnownAccount) -> tuple[str, str]:
    if not one.arrivals:
        return "未见到账", "none seen to come in"
    first = _clock(min(arrival.time for arrival in one.arrivals))
    return f"{first} 起到账", f"came from {first} on"


def _clock(time: int) -> str:
    return f"{datetime.fromtimestamp(time / SECOND, SHANGHAI):%H:%M}"


SIMPLE: Final = {
    "tier": (tier_order, _by_tier),
    "balance": (biggest_balance, _by_balance),
    "newest": (newest, _by_age),
}
"""Simple policies by name: how urgent an account is, and how that is said."""
