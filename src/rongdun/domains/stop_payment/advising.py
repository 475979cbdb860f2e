"""What to do next on a trace: what its rules say, with the orders there are and how fast institutions answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from math import log
from typing import TYPE_CHECKING, Final
from uuid import UUID

from rongdun.domains import exchange, tracing
from rongdun.domains.stop_payment import store, store_advice
from rongdun.domains.stop_payment.assuming import assumed
from rongdun.domains.stop_payment.model import AdviceFit, Order
from rongdun.domains.stop_payment.rules import HOLDING, WAITING_FOR_BANK
from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.workday import civil_date
from rongdun.runtime.policies import integer
from rongdun.runtime.uow import Uow

if TYPE_CHECKING:
    from rongdun.analytics.tracing.advice.model import (
        KnownAccount,
        Means,
        Pending,
        Situation,
        Speed,
        Suggestion,
    )
    from rongdun.analytics.tracing.advice.prior import Prior

_STOPS: Final = frozenset({"stop", "freeze"})
_OF_ACTION: Final = {"stop": "stop", "ask": "query"}
_QUERY: Final = "query_transactions"
_ASK_AGAIN: Final = 5.0
"""Minutes for which a statement that was just read is not asked for again."""

_NINETY: Final = 1.2816
"""Standard deviations from the middle to nine tenths of a normal law."""


@dataclass(frozen=True, slots=True)
class Advised:
    """A suggestion with the account it is about and the draft of it that there is already."""

    suggestion: "Suggestion"
    address: str
    account: "KnownAccount | None"
    draft: Order | None


@dataclass(frozen=True, slots=True)
class Advice:
    """All that can be done now, the best first, the moment it was judged at (µs), and by which figures.

    ``fit``: what the figures were learnt by, None for those that ship.
    """

    trace_id: UUID
    as_of: int
    live: bool
    suggestions: list[Advised]
    fit: AdviceFit | None


def advice_on(uow: Uow, trace_id: UUID) -> Advice:
    """Return what to do next on a trace, reckoned with the orders on its accounts within the actor's scope."""
    from rongdun.analytics.tracing.advice.advise import advise

    ground, known = assumed(uow), tracing.known_in(uow, trace_id)
    orders: dict[str, list[Order]] = {}
    for order in store.orders_at_any(uow.session, uow.actor.scope, list(known.accounts)):
        orders.setdefault(order.account, []).append(order)
    accounts = {
        address: _with_orders(one, orders.get(address, []), known.as_of)
        for address, one in known.accounts.items()
    }
    situation = _situation(uow, known.as_of, accounts, orders, ground.prior)
    by_key = {(one.institution, one.number): address for address, one in accounts.items()}
    found = []
    for suggestion in advise(situation, ground.prior):
        address = by_key.get((suggestion.institution, suggestion.number), "")
        draft = _draft(orders.get(address, []), _OF_ACTION.get(suggestion.action.value, ""))
        found.append(Advised(suggestion, address, accounts.get(address), draft))
    return Advice(trace_id, known.as_of, known.live, found, ground.fit)


def _with_orders(one: "KnownAccount", orders: Sequence[Order], now: int) -> "KnownAccount":
    """Return an account with what its orders told: balances, stops taken, until when it is held."""
    stops = [order for order in orders if order.kind == "stop" and order.sent_at is not None]
    extended = sum(order.state == "EXTENDED" for order in stops)
    told = [order for order in orders if order.balance_at is not None and order.balance_fen is not None]
    last = max(told, key=lambda order: order.balance_at or order.made_at, default=None)
    asked = [_micros(order.answered_at) for order in orders if _answers(order) and order.answered_at]
    held = [order for order in orders if order.kind in _STOPS and order.state in HOLDING]
    return replace(
        one,
        observed_until=max([one.observed_until, *asked]) if one.observed_until else 0,
        balance_fen=last.balance_fen if last else None,
        balance_at=_micros(last.balance_at) if last and last.balance_at else 0,
        stops_used=len(stops) + extended,
        stopped_until=max((_held_until(order, now) for order in held), default=0),
    )


def _held_until(order: Order, now: int) -> int:
    """Return until when an order holds; a freeze holds for longer than a stop would from now on."""
    from rongdun.analytics.tracing.advice.model import MINUTE, Means

    if order.kind == "freeze" or order.ends_at is None:
        return now + Means().stop_hours * 60 * MINUTE
    return _micros(order.ends_at)


def _answers(order: Order) -> bool:
    return order.kind == "query" and order.question == _QUERY and order.outcome in ("done", "partial")


def _situation(
    uow: Uow,
    now: int,
    accounts: "Mapping[str, KnownAccount]",
    orders: Mapping[str, Sequence[Order]],
    prior: "Prior",
) -> "Situation":
    from rongdun.analytics.tracing.advice.model import Situation

    stop, ask = _speeds(uow, {one.institution for one in accounts.values()}, prior)
    return Situation(
        now=now,
        accounts=list(accounts.values()),
        pending=list(_pending(accounts, orders)),
        stop_speed=stop,
        ask_speed=ask,
        means=_means(uow),
    )


def _pending(
    accounts: "Mapping[str, KnownAccount]", orders: Mapping[str, Sequence[Order]]
) -> "Iterable[Pending]":
    from rongdun.analytics.tracing.advice.model import Action, Pending

    for address, ones in orders.items():
        account = accounts[address]
        for order in ones:
            if order.state in WAITING_FOR_BANK and order.sent_at is not None:
                yield Pending(
                    action=Action.ASK if order.kind == "query" else Action.STOP,
                    institution=account.institution,
                    number=account.number,
                    sent_at=_micros(order.sent_at),
                )


def _means(uow: Uow) -> "Means":
    from rongdun.analytics.tracing.advice.model import Means

    today = civil_date(uow.now)
    most = integer(uow.session, "query.daily_max", on=today)
    begins = datetime.combine(today, time(), SHANGHAI)
    sent = store_advice.queries_sent(uow.session, uow.actor.scope, uow.actor.unit_path, begins)
    return Means(
        stops_most=integer(uow.session, "stop.max_per_account", on=today),
        ask_again_minutes=_ASK_AGAIN,
        queries_left=max(most - sent, 0),
        queries_most=most,
    )


def _speeds(uow: Uow, names: Iterable[str], prior: "Prior") -> "tuple[dict[str, Speed], dict[str, Speed]]":
    """Return how fast institutions stop and answer, by the names a trace has for them."""
    from rongdun.analytics.tracing.advice.fit import summed_speed

    told = {(one.institution, one.kind): one for one in exchange.reply_speeds(uow)}
    stop: dict[str, Speed] = {}
    ask: dict[str, Speed] = {}
    for name in sorted(names):
        known = exchange.institution_named(uow, name) if name else None
        for kind, into, start, strength in (
            ("stop", stop, prior.stop, prior.strength.stop),
            (_QUERY, ask, prior.ask, prior.strength.ask),
        ):
            one = told.get((known.code, kind)) if known else None
            if one is not None and one.answered and one.median_s > 0:
                sigma = max(log(max(one.p90_s / one.median_s, 1.0)) / _NINETY, 0.05)
                into[name] = summed_speed(one.median_s / 60, sigma, one.answered, one.failed, start, strength)
    return stop, ask


def _draft(orders: Sequence[Order], kind: str) -> Order | None:
    """Return the newest draft of that kind that has not been sent."""
    waiting = [one for one in orders if one.kind == kind and one.sent_at is None and one.over_at is None]
    return max(waiting, key=lambda one: (one.made_at, one.id), default=None)


def _micros(moment: datetime | None) -> int:
    return round(moment.timestamp() * 1_000_000) if moment else 0
