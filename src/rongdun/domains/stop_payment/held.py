"""A measure in force as the desks of relief and return know it: what it holds, since when, who ordered it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rongdun.domains.stop_payment import store
from rongdun.domains.stop_payment.model import Order, details_of
from rongdun.domains.stop_payment.rules import HOLDING
from rongdun.runtime.uow import Uow

_CONVERTED = ("CONVERTING", "CONVERTED_TO_FREEZE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A stop or freeze in force; ``number`` and ``name`` in clear, fen; ``ordered_by``: who made and who sent it.

    An approver is not among them: the law has a freeze lifted by the organ that approved it (article 241).
    """

    order_id: UUID
    order_number: str
    kind: str
    case_id: UUID | None
    unit_path: str
    unit_name: str
    partner_path: str | None
    institution_name: str
    number: str
    name: str
    held_fen: int
    since: datetime
    ends_at: datetime | None
    ordered_by: frozenset[UUID]


def held_by(uow: Uow, order_id: UUID) -> Held | None:
    """Return what an order holds now; None when it is not in force or lies outside the actor's scope.

    Of a stop that turned into a freeze it is what that freeze holds: the same money, held on.
    """
    order = store.find_order(uow.session, uow.actor.scope, order_id)
    if order is not None and order.state in _CONVERTED:
        order = _freeze_after(uow, order)
    return _held(uow, order) if order is not None and order.state in HOLDING else None


def held_of(uow: Uow, case_id: UUID) -> list[Held]:
    """Return every stop and freeze of a case that is in force, the oldest first."""
    orders = store.orders_of_case(uow.session, uow.actor.scope, case_id)
    return [_held(uow, one) for one in orders if one.state in HOLDING]


def _freeze_after(uow: Uow, stop: Order) -> Order | None:
    there = store.following(uow.session, uow.actor.scope, stop.id)
    freezes = [one for one in there if one.kind == "freeze" and one.state in HOLDING]
    return freezes[-1] if freezes else None


def _held(uow: Uow, order: Order) -> Held:
    told = details_of(uow.vault, order)
    makers = (order.maker_id, order.sender_id)
    return Held(
        order_id=order.id,
        order_number=order.number,
        kind=order.kind,
        case_id=order.case_id,
        unit_path=order.unit_path,
        unit_name=order.unit_name,
        partner_path=order.partner_path,
        institution_name=order.institution_name,
        number=told.number,
        name=told.name,
        held_fen=order.held_fen,
        since=order.starts_at or order.answered_at or order.made_at,
        ends_at=order.ends_at,
        ordered_by=frozenset(one for one in makers if one is not None),
    )
