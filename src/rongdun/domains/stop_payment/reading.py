"""How other desks know orders: those of a case or a report, what is frozen, what banks have told of balances."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rongdun.domains.stop_payment import store
from rongdun.domains.stop_payment.model import Order, details_of
from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.uow import Uow


@dataclass(frozen=True, slots=True)
class Frozen:
    """Money a bank holds frozen for a case; ``number`` and ``name`` in clear, amounts in fen."""

    order_id: UUID
    institution: str
    institution_name: str
    number: str
    name: str
    frozen_fen: int
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class OrderSeen:
    """An order as other desks know it; ``account`` is the address of its account, number and name in clear."""

    id: UUID
    number: str
    kind: str
    question: str
    state: str
    institution: str
    institution_name: str
    account: str
    account_number: str
    account_name: str
    amount_fen: int | None
    held_fen: int
    balance_fen: int | None
    balance_at: datetime | None
    made_at: datetime
    sent_at: datetime | None
    answered_at: datetime | None
    ends_at: datetime | None
    outcome: str
    trace_id: UUID | None


def orders_of(uow: Uow, subject: SubjectRef) -> list[OrderSeen]:
    """Return the orders of a case or a report within the actor's scope, the oldest first."""
    scope = uow.actor.scope
    if subject.kind == "case":
        rows = store.orders_of_case(uow.session, scope, UUID(subject.id))
    else:
        rows = store.orders_of_report(uow.session, scope, UUID(subject.id))
    return [seen_as(uow, one) for one in rows]


def frozen_of(uow: Uow, case_id: UUID) -> list[Frozen]:
    """Return what is frozen for a case now, account by account; queued freezes hold nothing."""
    return [_frozen(uow, one) for one in store.holding_of_case(uow.session, uow.actor.scope, case_id)]


def seen_as(uow: Uow, order: Order) -> OrderSeen:
    """Return an order as other desks know it."""
    told = details_of(uow.vault, order)
    return OrderSeen(
        id=order.id,
        number=order.number,
        kind=order.kind,
        question=order.question,
        state=order.state,
        institution=order.institution,
        institution_name=order.institution_name,
        account=order.account,
        account_number=told.number,
        account_name=told.name,
        amount_fen=order.amount_fen,
        held_fen=order.held_fen,
        balance_fen=order.balance_fen,
        balance_at=order.balance_at,
        made_at=order.made_at,
        sent_at=order.sent_at,
        answered_at=order.answered_at,
        ends_at=order.ends_at,
        outcome=order.outcome,
        trace_id=order.trace_id,
    )


def _frozen(uow: Uow, order: Order) -> Frozen:
    told = details_of(uow.vault, order)
    return Frozen(
        order_id=order.id,
        institution=order.institution,
        institution_name=order.institution_name,
        number=told.number,
        name=told.name,
        frozen_fen=order.held_fen,
        ends_at=order.ends_at,
    )
