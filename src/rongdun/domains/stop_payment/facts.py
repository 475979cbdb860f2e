"""What the rules look at, put together from the order, its account, its case and the policy table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeAlias
from uuid import UUID

from rongdun.domains import cases
from rongdun.domains.stop_payment import store
from rongdun.domains.stop_payment.model import Order, OrderStep
from rongdun.domains.stop_payment.rules import HOLDING
from rongdun.domains.stop_payment.wide import everything
from rongdun.kernel.deadline import Term, Unit
from rongdun.kernel.lifecycle import MAKERS
from rongdun.kernel.policy import PolicyRule
from rongdun.kernel.workday import civil_date
from rongdun.runtime import policies
from rongdun.runtime.uow import Uow

REFUSALS = frozenset({"mismatch", "not_found", "closed", "queued", "refused", "timeout"})
"""Answers after which a stop has not taken place: it does not count towards the two."""

LATEST_ANSWER = timedelta(days=7)
"""A renewal that was sent in time is waited for at most so long after the end."""

UNDELIVERED = "undelivered"
"""Attention of an order whose message did not reach the institution."""

_LIFTS = ("lift_stop", "lift_freeze")
_FOLLOW = ("extend_stop", "renew_freeze", "end_dynamic")
"""Instructions one at a time: the first one's answer is the state of the order itself."""

_CITY_APPROVES = "freeze.approve_city"


def day_of(order: Order) -> date:
    """Return the day whose rules hold for an order: when it was made."""
    return civil_date(order.made_at)


Stops: TypeAlias = list[tuple[Order, OrderStep]]


@dataclass(frozen=True, slots=True)
class Around:
    """What was looked up of several orders at once: unanswered instructions, stops that count by law, filed cases."""

    waiting: Mapping[UUID, list[OrderStep]]
    stops: Mapping[tuple[str, bytes], Stops]
    filed: frozenset[UUID]


def look_around(uow: Uow, orders: Sequence[Order]) -> Around:
    """Return what the facts of ``orders`` need of other rows, across all units, in three queries."""
    waiting: dict[UUID, list[OrderStep]] = {}
    stops: dict[tuple[str, bytes], Stops] = {}
    accounts = {_account_of(one) for one in orders if one.kind == "stop"}
    with everything(uow) as scope:
        for step in store.unanswered_steps(uow.session, scope, [one.id for one in orders]):
            waiting.setdefault(step.order_id, []).append(step)
        for order, step in store.stops_on(uow.session, scope, accounts) if accounts else ():
            stops.setdefault(_account_of(order), []).append((order, step))
    freezes = {one.case_id for one in orders if one.kind == "freeze" and one.case_id is not None}
    return Around(waiting, stops, cases.filed_among(uow, freezes))


def _account_of(order: Order) -> tuple[str, bytes]:
    return order.organ_path, order.account_key


def facts_of(
    uow: Uow,
    order: Order,
    *,
    step: OrderStep | None = None,
    months: int | None = None,
    around: Around | None = None,
) -> dict[str, object]:
    """Return the facts of an order for its guards; ``step``: the prepared instruction, ``months`` of a renewal.

    ``around``: what :func:`look_around` found for several orders, this one among them.
    """
    around = around or look_around(uow, [order])
    waiting = around.waiting.get(order.id, [])
    asked = [one for one in waiting if one.kind in _FOLLOW]
    pending = asked[-1] if asked else None
    facts: dict[str, object] = {
        MAKERS: makers_of(order, step),
        "missing": list(order.missing),
        "urgent": order.urgent,
        "reviewed": order.reviewer_id is not None,
        "undelivered": order.attention == UNDELIVERED,
        "ends_at": order.ends_at,
        "pending": pending is not None,
        "lifting": any(one.kind in _LIFTS for one in waiting),
        "pending_until": _until(order, pending),
    }
    return {**facts, **_OF_KIND[order.kind](uow, order, months, around)}


def makers_of(order: Order, step: OrderStep | None) -> frozenset[UUID]:
    """Return who wrote what is to be checked: the prepared instruction where there is one, else the order."""
    maker = step.maker_id if step is not None else order.maker_id
    return frozenset({maker} if maker is not None else ())


def waiting_steps(uow: Uow, order: Order) -> list[OrderStep]:
    """Return the instructions of an order that have been sent and not answered, the newest last."""
    with everything(uow) as scope:
        return list(store.unanswered_steps(uow.session, scope, [order.id]))


def _until(order: Order, pending: OrderStep | None) -> datetime | None:
    """Return until when an unanswered extension keeps an order from ending: it may have been carried out."""
    if pending is None or pending.kind not in ("extend_stop", "renew_freeze") or order.ends_at is None:
        return None
    latest = order.ends_at + LATEST_ANSWER
    return min(pending.ends_at, latest) if pending.ends_at else latest


def _stop(uow: Uow, order: Order, months: int | None, around: Around) -> dict[str, object]:
    day = day_of(order)
    taken = _taken(around, order)
    others = [one for one, _ in taken if one.id != order.id]
    running = next((one.number for one in others if _running(one, uow.now)), None)
    return {
        "stops": len(taken),
        "stops_max": policies.integer(uow.session, "stop.max_per_account", on=day),
        "in_force": running,
        "overridden": order.override_by is not None,
        "urgent_allowed": policies.flag(uow.session, "stop.urgent_without_review", on=day),
    }


def stops_taken(uow: Uow, order: Order) -> Stops:
    """Return the stops of this account by this organ that took place or may have, this order's among them."""
    return _taken(look_around(uow, [order]), order)


def _taken(around: Around, order: Order) -> Stops:
    sent = around.stops.get(_account_of(order), [])
    return [(one, step) for one, step in sent if step.outcome not in REFUSALS]


def _running(other: Order, now: datetime) -> bool:
    if other.over_at is not None:
        return False
    waiting = other.state in ("SENT", "TIMEOUT")
    return waiting or (other.state in HOLDING and other.ends_at is not None and now < other.ends_at)


def _query(uow: Uow, order: Order, months: int | None, around: Around) -> dict[str, object]:
    return {"urgent_allowed": policies.flag(uow.session, "query.urgent_without_review", on=day_of(order))}


def _freeze(uow: Uow, order: Order, months: int | None, around: Around) -> dict[str, object]:
    day = day_of(order)
    renewal = order.sent_at is not None
    county, city = (
        ("freeze.renewal_max", "freeze.renewal_major_max")
        if renewal
        else ("freeze.period", "freeze.period_major")
    )
    return {
        "filed": order.case_id in around.filed,
        "months": months or order.months or 0,
        "months_county": _months(policies.lookup(uow.session, county, on=day)),
        "months_city": _months(policies.lookup(uow.session, city, on=day)),
        "original_approver": order.level != "city" or uow.actor.may(_CITY_APPROVES),
    }


def is_filed(uow: Uow, order: Order) -> bool:
    """Tell whether the case of an order has been filed; a report is none."""
    return order.case_id is not None and bool(cases.filed_among(uow, [order.case_id]))


def term_of(months: int) -> Term:
    """Return the term of a freeze of so many months."""
    return Term(months, Unit.MONTH, "freeze.period")


def _months(rule: PolicyRule) -> int:
    term = rule.term()
    return term.amount * (12 if term.unit is Unit.YEAR else 1)


_OF_KIND = {"stop": _stop, "query": _query, "freeze": _freeze}
