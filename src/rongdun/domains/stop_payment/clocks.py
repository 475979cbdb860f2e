"""The clocks of an order: opened and closed as its table says, by the rule in force, where its bank can see them."""

from contextlib import suppress
from datetime import date, datetime

from rongdun.domains.stop_payment.facts import term_of
from rongdun.domains.stop_payment.model import Order
from rongdun.kernel.deadline import Term, due
from rongdun.kernel.lifecycle import Moved
from rongdun.kernel.policy import ValueUnit
from rongdun.kernel.workday import civil_date
from rongdun.runtime import policies
from rongdun.runtime.deadlines import (
    DeadlineAlreadyOpen,
    NoSuchDeadline,
    close_all,
    close_deadline,
    open_deadline,
)
from rongdun.runtime.uow import Uow
from rongdun.runtime.workdays import calendar_of

REPLIES = frozenset({"stop.reply", "freeze.reply", "query.reply"})
"""Clocks of the bank: it has to act before they are due."""

PERIODS = {"county": "freeze.period", "city": "freeze.period_major"}
"""The rule whose clock a freeze runs by, by who approved it."""

REPLY_OF = {"stop": "stop.reply", "freeze": "freeze.reply", "query": "query.reply"}


def follow(uow: Uow, order: Order, moved: Moved, *, ended: bool) -> None:
    """Close and open the clocks that a step of the table names; an order that is over keeps none."""
    for key in moved.closes:
        close(uow, order, key, reason=moved.reason)
    for key in moved.opens:
        start(uow, order, key)
    if ended:
        close_all(uow, subject=order.reference, reason=moved.reason)


def start(
    uow: Uow, order: Order, key: str, *, begun: datetime | None = None, term: Term | None = None
) -> None:
    """Start the clock of ``key`` on an order unless it runs already."""
    with suppress(DeadlineAlreadyOpen):
        open_deadline(
            uow,
            rule_key=key,
            subject=order.reference,
            unit_path=order.unit_path,
            start=begun or _begun(uow, order, key),
            term=term,
            owner_path=order.partner_path if key in REPLIES else None,
            partner_path=order.partner_path,
            case_id=order.case_id,
        )


def close(uow: Uow, order: Order, key: str, *, reason: str = "") -> None:
    """Close the clock of ``key`` as met, where it runs."""
    with suppress(NoSuchDeadline):
        close_deadline(uow, subject=order.reference, rule_key=key, reason=reason)


def stop_end(uow: Uow, start: datetime) -> datetime:
    """Return when a stop that began at ``start`` lapses: 48 hours from the moment of stopping."""
    term = policies.term(uow.session, "stop.validity", on=civil_date(start))
    return due(start, term, calendar_of(uow.settings.data_dir))


def freeze_end(uow: Uow, start: datetime, months: int) -> datetime:
    """Return when a freeze of ``months`` that began at ``start`` ends: the last day's end, never moved by holidays."""
    return due(start, term_of(months), calendar_of(uow.settings.data_dir))


def start_period(uow: Uow, order: Order) -> None:
    """Start the clock of a freeze, of the length that was approved."""
    key = PERIODS[order.level or "county"]
    close(uow, order, key)
    assert order.starts_at is not None
    assert order.months is not None
    start(uow, order, key, begun=order.starts_at, term=term_of(order.months))


def reply_term(uow: Uow, kind: str, at: datetime) -> Term:
    """Return how long a bank has to answer an order of ``kind`` sent at ``at``."""
    return reply_term_on(uow, kind, civil_date(at))


def reply_term_on(uow: Uow, kind: str, day: date) -> Term:
    """Return how long a bank has to answer an order of ``kind`` sent on ``day``."""
    return policies.term(uow.session, REPLY_OF[kind], on=day)


def lead(uow: Uow, key: str) -> Term:
    """Return how long before an end what comes next is prepared (``stop.prepare_next``, ``freeze.prepare_next``)."""
    rule = policies.lookup(uow.session, key, on=civil_date(uow.now))
    assert rule.unit in (ValueUnit.HOUR, ValueUnit.DAY)
    return rule.term()


def _begun(uow: Uow, order: Order, key: str) -> datetime:
    if key in ("stop.validity", "stop.file_and_freeze_target", "stop.file_and_freeze_limit"):
        return order.starts_at or uow.now
    return uow.now
