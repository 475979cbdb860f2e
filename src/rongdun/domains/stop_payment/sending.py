"""Reviewing and sending orders: state, audit, deadlines and the message to the bank in one transaction."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from rongdun.domains.stop_payment import clocks, store
from rongdun.domains.stop_payment.finding import seen
from rongdun.domains.stop_payment.model import Order, details_of
from rongdun.domains.stop_payment.moves import move
from rongdun.domains.stop_payment.steps import FIRST, dispatch, first_kind, prepare, set_aside
from rongdun.domains.stop_payment.undelivered import replace_letters
from rongdun.domains.stop_payment.wide import everything
from rongdun.kernel.errors import DomainError
from rongdun.kernel.scope import SubjectRef
from rongdun.kernel.workday import civil_date
from rongdun.runtime.deadlines import NoSuchDeadline, close_deadline
from rongdun.runtime.policies import term
from rongdun.runtime.uow import Uow


class Chosen(NamedTuple):
    """An order and the version of it that somebody has before them."""

    id: UUID
    version: int


class Refusal(NamedTuple):
    """An order of several that could not be taken, and why."""

    order_id: UUID
    number: str
    error: DomainError


def review(uow: Uow, order_id: UUID, *, version: int, note: str = "") -> Order:
    """Pass a draft of a stop or a query; whoever wrote it may not."""
    order = _judged(uow, order_id, version)
    move(uow, order, "review", reason=note)
    _reviewed(uow, order)
    return order


def approve(uow: Uow, order_id: UUID, *, level: str, version: int, note: str = "") -> Order:
    """Approve a freeze at ``county`` or ``city`` level; the other level's term is refused."""
    order = _judged(uow, order_id, version)
    move(uow, order, f"approve_{level}", reason=note)
    order.level = level
    _reviewed(uow, order)
    return order


def send_order(uow: Uow, order_id: UUID, *, version: int) -> Order:
    """Send a reviewed order, or an urgent draft where the rules let it go first.

    Of two officers who send the same version at the same moment one is refused as stale, so it goes out once.
    """
    order = _judged(uow, order_id, version)
    _send(uow, order)
    return order


def review_and_send(uow: Uow, chosen: Sequence[Chosen]) -> tuple[list[Order], list[Refusal]]:
    """Review and send several orders in one act; those a rule refuses stay as they are, each with its reason."""
    done: list[Order] = []
    refused: list[Refusal] = []
    for one in sorted(chosen):
        try:
            with uow.tried():
                done.append(_review_and_send(uow, one))
        except DomainError as error:
            refused.append(Refusal(one.id, _number(uow, one.id), error))
    return done, refused


def resend(uow: Uow, order_id: UUID, *, version: int) -> Order:
    """Send an unanswered order again under a new application id; a late answer to the first still counts."""
    order = _judged(uow, order_id, version)
    move(uow, order, "resend")
    replace_letters(uow, order, FIRST)
    set_aside(uow, order, FIRST)
    dispatch(uow, order, prepare(uow, order, first_kind(order), span=_span(uow, order)))
    return order


def countersign(uow: Uow, order_id: UUID, *, version: int, note: str = "") -> Order:
    """Review an order that went first because it was urgent."""
    order = seen(uow, order_id, version)
    move(uow, order, "countersign", reason=note)
    _reviewed(uow, order)
    return order


def send_back(uow: Uow, order_id: UUID, *, version: int, reason: str) -> Order:
    """Return a draft to whoever wrote it, with a word."""
    order = seen(uow, order_id, version)
    move(uow, order, "return", reason=reason)
    order.returned_reason = reason.strip()
    order.level = ""
    order.reviewer_id, order.reviewer_name, order.reviewed_at = None, "", None
    return order


def withdraw(uow: Uow, order_id: UUID, *, version: int, reason: str) -> Order:
    """Take a draft back for good."""
    order = seen(uow, order_id, version)
    order.end_reason = reason.strip()
    move(uow, order, "withdraw", reason=reason)
    return order


def override(uow: Uow, order_id: UUID, *, version: int, reason: str) -> Order:
    """Let a stop beyond the limit pass, by the duty leader, with a reason that stays on record."""
    order = _judged(uow, order_id, version)
    move(uow, order, "override", reason=reason)
    order.override_by, order.override_name = uow.actor.user_id, uow.actor.name
    order.override_reason = reason.strip()
    return order


def _judged(uow: Uow, order_id: UUID, version: int) -> Order:
    """Return the order, locked, and nobody else deciding on a stop of the same account meanwhile."""
    order = seen(uow, order_id, version)
    with everything(uow) as scope:
        store.serialise_account(uow.session, scope, order.organ_path, order.account_key)
    return order


def _review_and_send(uow: Uow, one: Chosen) -> Order:
    order = _judged(uow, one.id, one.version)
    if order.state == "DRAFT" and order.kind != "freeze":
        move(uow, order, "review")
        _reviewed(uow, order)
    _send(uow, order)
    return order


def _send(uow: Uow, order: Order) -> None:
    move(uow, order, "send")
    order.sent_at = uow.now
    order.sender_id, order.sender_name = uow.actor.user_id, uow.actor.name
    amount = order.amount_fen if order.kind != "freeze" or order.scope == "limited" else None
    step = prepare(
        uow, order, first_kind(order), amount_fen=amount, span=_span(uow, order), months=order.months
    )
    dispatch(uow, order, step)
    if order.kind == "stop" and order.report_id is not None:
        _first_stop_sent(uow, order.report_id)


def _first_stop_sent(uow: Uow, report_id: UUID) -> None:
    """End the clock of a report's first stop, whoever sent it."""
    with suppress(NoSuchDeadline):
        close_deadline(uow, subject=SubjectRef("report", str(report_id)), rule_key="report.first_stop")


def _span(uow: Uow, order: Order) -> tuple[datetime, datetime] | None:
    """Return the span an instruction states: of the measure from now on, or of what is asked for."""
    told = details_of(uow.vault, order)
    if told.period:
        return datetime.fromisoformat(told.period[0]), datetime.fromisoformat(told.period[1])
    if order.kind == "stop":
        return uow.now, clocks.stop_end(uow, uow.now)
    if order.kind == "freeze":
        return uow.now, clocks.freeze_end(uow, uow.now, order.months or 0)
    if order.question == "query_dynamic":
        months = term(uow.session, "query.watch", on=civil_date(uow.now)).amount
        return uow.now, clocks.freeze_end(uow, uow.now, months)
    return _asked_by_default(uow, order) if order.question == "query_transactions" else None


def _asked_by_default(uow: Uow, order: Order) -> tuple[datetime, datetime]:
    """Return the period asked for where nobody named one: from before the money came until the answer is due."""
    day = civil_date(uow.now)
    back = timedelta(days=term(uow.session, "query.look_back", on=day).amount)
    ahead = timedelta(minutes=term(uow.session, "query.reply", on=day).amount)
    return min(order.transfer_at or uow.now, uow.now) - back, uow.now + ahead


def _reviewed(uow: Uow, order: Order) -> None:
    order.reviewer_id, order.reviewer_name, order.reviewed_at = (
        uow.actor.user_id,
        uow.actor.name,
        uow.now,
    )
    uow.session.flush()


def _number(uow: Uow, order_id: UUID) -> str:
    found = store.find_order(uow.session, uow.actor.scope, order_id)
    return found.number if found else ""
