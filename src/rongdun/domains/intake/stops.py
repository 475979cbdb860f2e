"""Stops from a report: what the form would make, and making it."""

from dataclasses import dataclass
from uuid import UUID

from rongdun.domains import stop_payment
from rongdun.domains.intake.content import Content, TransferTold
from rongdun.domains.intake.urgency import Urgency
from rongdun.domains.stop_payment import DraftFrom, Target, Transfer
from rongdun.kernel.errors import DomainError, Text
from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.uow import Uow

UNDRAWN = frozenset({"cash", "gold", "parcel", "top_up", "crypto"})
"""Ways money leaves that no bank can stop."""


@dataclass(frozen=True, slots=True)
class Preview:
    """An order the form would make: of which transfer, and the items it still lacks."""

    place: int
    told: TransferTold
    missing: list[str]


@dataclass(frozen=True, slots=True)
class Made:
    """An order made of a report: whether it went out at once, and why not where it was to."""

    id: UUID
    number: str
    state: str
    account: str
    missing: list[str]
    sent: bool
    refusal: Text | None


def previews_of(uow: Uow, content: Content) -> list[Preview]:
    """Return the orders a form would make, one for each payee account, in the order of the form."""
    return [
        Preview(place, told, missing_of(uow, told))
        for place, told in enumerate(content.transfers)
        if told.method not in UNDRAWN and (told.account or told.name or told.institution)
    ]


def missing_of(uow: Uow, told: TransferTold) -> list[str]:
    """Return the items an order of a transfer lacks; a number that is not whole counts as missing."""
    return stop_payment.missing_items(uow, "stop", _target(told), _moved(told), at=uow.now)


def draft_stops(
    uow: Uow,
    subject: SubjectRef,
    content: Content,
    urgency: Urgency,
    *,
    unit_path: str,
    reason: str,
    send: bool,
) -> list[Made]:
    """Draft a stop for every payee account that is known whole; with ``send`` urgent and complete ones go out.

    What a rule refuses to send stays a draft, with the refusal in words, for somebody to review.
    """
    transfers = [
        (_target(told), _moved(told))
        for told in content.transfers
        if told.whole and told.method not in UNDRAWN
    ]
    wanted = DraftFrom(
        subject=subject,
        transfers=transfers,
        unit_path=unit_path,
        reason=reason[:200],
        urgent=urgency.urgent,
    )
    orders = stop_payment.draft_stops(uow, wanted) if transfers else []
    return [_made(uow, order, send=send and urgency.urgent) for order in orders]


def _made(uow: Uow, order: "stop_payment.Order", *, send: bool) -> Made:
    refusal: Text | None = None
    sent = False
    if send and order.state == "DRAFT" and not order.missing:
        try:
            with uow.tried():
                order = stop_payment.send_order(uow, order.id, version=order.version)
            sent = True
        except DomainError as error:
            refusal = error.message
    return Made(order.id, order.number, order.state, order.account, list(order.missing), sent, refusal)


def _target(told: TransferTold) -> Target:
    number = told.account if told.whole else ""
    return Target(institution=told.institution, number=number, name=told.name, kind=told.kind)


def _moved(told: TransferTold) -> Transfer:
    return Transfer(
        amount_fen=told.amount_fen,
        time=told.moment,
        institution=told.out_institution,
        number=told.out_account if "*" not in told.out_account else "",
        name=told.out_name,
    )
