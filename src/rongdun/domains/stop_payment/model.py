"""Rows of orders: what a bank is told, what happened, what was answered. ``migrations/0013`` says what columns mean."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, FetchedValue
from sqlalchemy import Text as SqlText
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.crypto import Vault, register_sealed
from rongdun.runtime.db import Base, id_column, path_column, time_column


class Order(Base):
    """One order: on which account, for which case or report, how far it has come, who made and who checked it."""

    __tablename__ = "orders"

    id: Mapped[UUID] = id_column()
    serial: Mapped[int] = mapped_column(BigInteger, FetchedValue())
    number: Mapped[str] = mapped_column(default="")
    kind: Mapped[str]
    question: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="DRAFT")
    case_id: Mapped[UUID | None]
    report_id: Mapped[UUID | None]
    trace_id: Mapped[UUID | None]
    subject_label: Mapped[str] = mapped_column(default="")
    unit_path: Mapped[str] = path_column()
    case_path: Mapped[str | None] = path_column()
    unit_name: Mapped[str] = mapped_column(default="")
    organ_path: Mapped[str] = path_column()
    institution: Mapped[str] = mapped_column(default="")
    institution_name: Mapped[str] = mapped_column(default="")
    partner_path: Mapped[str | None] = path_column()
    account: Mapped[str]
    account_key: Mapped[bytes]
    details: Mapped[bytes]
    amount_fen: Mapped[int | None] = mapped_column(BigInteger)
    transfer_at: Mapped[datetime | None] = time_column()
    missing: Mapped[list[str]] = mapped_column(ARRAY(SqlText), default=list)
    urgent: Mapped[bool] = mapped_column(default=False)
    scope: Mapped[str] = mapped_column(default="full")
    months: Mapped[int | None]
    level: Mapped[str] = mapped_column(default="")
    from_order: Mapped[UUID | None]
    batch_id: Mapped[UUID | None]
    maker_id: Mapped[UUID | None]
    maker_name: Mapped[str]
    made_at: Mapped[datetime] = time_column()
    reviewer_id: Mapped[UUID | None]
    reviewer_name: Mapped[str] = mapped_column(default="")
    reviewed_at: Mapped[datetime | None] = time_column()
    sender_id: Mapped[UUID | None]
    sender_name: Mapped[str] = mapped_column(default="")
    sent_at: Mapped[datetime | None] = time_column()
    answered_at: Mapped[datetime | None] = time_column()
    starts_at: Mapped[datetime | None] = time_column()
    ends_at: Mapped[datetime | None] = time_column()
    over_at: Mapped[datetime | None] = time_column()
    held_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    balance_fen: Mapped[int | None] = mapped_column(BigInteger)
    balance_at: Mapped[datetime | None] = time_column()
    outcome: Mapped[str] = mapped_column(default="")
    override_by: Mapped[UUID | None]
    override_name: Mapped[str] = mapped_column(default="")
    override_reason: Mapped[str] = mapped_column(default="")
    returned_reason: Mapped[str] = mapped_column(default="")
    end_reason: Mapped[str] = mapped_column(default="")
    unrelated_at: Mapped[datetime | None] = time_column()
    attention: Mapped[str] = mapped_column(default="")
    updated_at: Mapped[datetime] = time_column()
    version: Mapped[int] = mapped_column(default=1)

    @property
    def reference(self) -> SubjectRef:
        """The order as audit entries, deadlines and live events name it."""
        return SubjectRef("order", str(self.id), self.number)

    @property
    def subject(self) -> SubjectRef:
        """What it is for: the case, or the report there is no case of yet."""
        if self.case_id is not None:
            return SubjectRef("case", str(self.case_id), self.subject_label)
        return SubjectRef("report", str(self.report_id), self.subject_label)


class OrderStep(Base):
    """One instruction of an order; a draft of it has been prepared and not sent."""

    __tablename__ = "order_steps"

    id: Mapped[UUID] = id_column()
    order_id: Mapped[UUID]
    unit_path: Mapped[str] = path_column()
    application_id: Mapped[str]
    kind: Mapped[str]
    state: Mapped[str]
    original_id: Mapped[str] = mapped_column(default="")
    amount_fen: Mapped[int | None] = mapped_column(BigInteger)
    starts_at: Mapped[datetime | None] = time_column()
    ends_at: Mapped[datetime | None] = time_column()
    reason: Mapped[bytes]
    months: Mapped[int | None]
    level: Mapped[str] = mapped_column(default="")
    maker_id: Mapped[UUID | None]
    maker_name: Mapped[str]
    made_at: Mapped[datetime] = time_column()
    sender_id: Mapped[UUID | None]
    sender_name: Mapped[str] = mapped_column(default="")
    sent_at: Mapped[datetime | None] = time_column()
    answered_at: Mapped[datetime | None] = time_column()
    silent_at: Mapped[datetime | None] = time_column()
    outcome: Mapped[str] = mapped_column(default="")


class OrderEvent(Base):
    """One thing that happened to an order; rows are never changed."""

    __tablename__ = "order_events"

    id: Mapped[UUID] = id_column()
    order_id: Mapped[UUID]
    unit_path: Mapped[str] = path_column()
    at: Mapped[datetime] = time_column()
    kind: Mapped[str]
    from_state: Mapped[str] = mapped_column(default="")
    to_state: Mapped[str] = mapped_column(default="")
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str]
    note: Mapped[bytes | None]
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)


class OrderReply(Base):
    """One message of an institution; ``effect`` says what it did to its order."""

    __tablename__ = "order_replies"

    id: Mapped[UUID] = id_column()
    institution: Mapped[str]
    message_id: Mapped[str]
    application_id: Mapped[str]
    order_id: Mapped[UUID | None]
    unit_path: Mapped[str] = path_column()
    kind: Mapped[str]
    outcome: Mapped[str]
    effect: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime] = time_column()
    received_at: Mapped[datetime] = time_column()
    digest: Mapped[str]
    body: Mapped[bytes]
    code: Mapped[str] = mapped_column(default="")
    balance_fen: Mapped[int | None] = mapped_column(BigInteger)
    held_fen: Mapped[int | None] = mapped_column(BigInteger)
    rows: Mapped[int] = mapped_column(default=0)
    accounts: Mapped[int] = mapped_column(default=0)
    received_by: Mapped[str] = mapped_column(default="")


class OrderStatement(Base):
    """A statement that came with an answer, on its way into the ledger."""

    __tablename__ = "order_statements"

    id: Mapped[UUID] = id_column()
    reply_id: Mapped[UUID]
    order_id: Mapped[UUID]
    unit_path: Mapped[str] = path_column()
    state: Mapped[str] = mapped_column(default="WAITING")
    rows: Mapped[int]
    first_at: Mapped[datetime] = time_column()
    last_at: Mapped[datetime] = time_column()
    file: Mapped[str] = mapped_column(default="")
    import_id: Mapped[UUID | None]
    traced_at: Mapped[datetime | None] = time_column()
    error: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = time_column()


class AdviceFit(Base):
    """What advice learnt from the cases that were closed by then; rows are never changed, the newest counts."""

    __tablename__ = "advice_fits"

    id: Mapped[UUID] = id_column()
    layout: Mapped[int]
    prior: Mapped[str]
    grounds: Mapped[str]
    cases: Mapped[int]
    sums: Mapped[int]
    confirmed: Mapped[int]
    learnt: Mapped[dict[str, Any]] = mapped_column(JSONB)
    made_at: Mapped[datetime] = time_column()

    @property
    def reference(self) -> SubjectRef:
        """The fit as audit entries name it."""
        return SubjectRef("advice_fit", str(self.id))


@dataclass(frozen=True, slots=True, kw_only=True)
class PayerDetails:
    """The account money came from, in clear."""

    institution: str = ""
    institution_name: str = ""
    number: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What only the bank needs in clear: the account, its holder, the payer, the reason."""

    number: str
    name: str = ""
    kind: str = "personal"
    id_type: str = ""
    id_number: str = ""
    payer: PayerDetails = field(default_factory=PayerDetails)
    reason: str = ""
    remark: str = ""
    fruits: bool = True
    period: tuple[str, str] | None = None


DETAILS = register_sealed("orders", "id", "details", "orders.details:{id}")
STEP_REASON = register_sealed("order_steps", "id", "reason", "order_steps.reason:{id}")
NOTE = register_sealed("order_events", "id", "note", "order_events.note:{id}")
BODY = register_sealed("order_replies", "id", "body", "order_replies.body:{id}")

ACCOUNT_KEY = "orders.account_key"
"""Context of the blind index of account numbers."""


def seal_details(vault: Vault, order: Order, details: Details) -> None:
    """Keep ``details`` with the order."""
    text = json.dumps(asdict(details), ensure_ascii=False, separators=(",", ":"))
    order.details = vault.seal(text, DETAILS.context_of(order.id))


def details_of(vault: Vault, order: Order) -> Details:
    """Return what :func:`seal_details` kept."""
    data = json.loads(vault.open(order.details, DETAILS.context_of(order.id)))
    period = data.pop("period")
    payer = PayerDetails(**data.pop("payer"))
    return Details(payer=payer, period=tuple(period) if period else None, **data)
