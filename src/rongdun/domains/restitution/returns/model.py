"""Rows of returns. ``migrations/0015`` says what the columns mean."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, FetchedValue, Uuid
from sqlalchemy import Text as SqlText
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.crypto import Vault, register_sealed
from rongdun.runtime.db import Base, id_column, path_column, time_column


class ReturnOrder(Base):
    """One return out of one frozen account: how far it has come, what was reckoned, who approved, who paid."""

    __tablename__ = "return_orders"

    id: Mapped[UUID] = id_column()
    serial: Mapped[int] = mapped_column(BigInteger, FetchedValue())
    number: Mapped[str] = mapped_column(default="")
    unit_path: Mapped[str] = path_column()
    unit_name: Mapped[str] = mapped_column(default="")
    partner_path: Mapped[str | None] = path_column()
    case_id: Mapped[UUID]
    case_number: Mapped[str]
    order_id: Mapped[UUID]
    order_number: Mapped[str] = mapped_column(default="")
    institution_name: Mapped[str] = mapped_column(default="")
    account: Mapped[str]
    holder: Mapped[str] = mapped_column(default="")
    details: Mapped[bytes]
    state: Mapped[str] = mapped_column(default="CANDIDATE")
    frozen_fen: Mapped[int] = mapped_column(BigInteger)
    mode: Mapped[str | None]
    trace_id: Mapped[UUID | None]
    reckoning: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    reckoned_at: Mapped[datetime | None] = time_column()
    share_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    leftover_fen: Mapped[int | None] = mapped_column(BigInteger)
    paid_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    notice_place: Mapped[str] = mapped_column(default="")
    notice_from: Mapped[datetime | None] = time_column()
    notice_until: Mapped[datetime | None] = time_column()
    maker_id: Mapped[UUID]
    maker_name: Mapped[str]
    editors: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), default=list)
    decision_year: Mapped[int | None]
    decision_serial: Mapped[int | None]
    decision_number: Mapped[str] = mapped_column(default="")
    approver_id: Mapped[UUID | None]
    approver_name: Mapped[str] = mapped_column(default="")
    approved_at: Mapped[datetime | None] = time_column()
    officer_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), default=list)
    officer_names: Mapped[list[str]] = mapped_column(ARRAY(SqlText), default=list)
    bank_noticed_at: Mapped[datetime | None] = time_column()
    receipt_number: Mapped[str] = mapped_column(default="")
    receipt_clerk: Mapped[str] = mapped_column(default="")
    receipt_by: Mapped[str] = mapped_column(default="")
    paid_at: Mapped[datetime | None] = time_column()
    receipt_filed_at: Mapped[datetime | None] = time_column()
    end_reason: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = time_column()
    version: Mapped[int] = mapped_column(default=1)

    @property
    def reference(self) -> SubjectRef:
        """The return as audit entries, deadlines and live events name it."""
        return SubjectRef("return_order", str(self.id), self.number)


class ReturnClaim(Base):
    """A victim who takes part: what was lost, which papers have come in, what is paid and to where."""

    __tablename__ = "return_claims"

    id: Mapped[UUID] = id_column()
    return_id: Mapped[UUID]
    unit_path: Mapped[str] = path_column()
    partner_path: Mapped[str | None] = path_column()
    place: Mapped[int]
    victim_id: Mapped[UUID | None]
    person: Mapped[bytes]
    name: Mapped[str]
    account: Mapped[str] = mapped_column(default="")
    loss_fen: Mapped[int] = mapped_column(BigInteger)
    returned_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    notified_at: Mapped[datetime | None] = time_column()
    applied_at: Mapped[datetime | None] = time_column()
    materials: Mapped[list[str]] = mapped_column(ARRAY(SqlText), default=list)
    verified_at: Mapped[datetime | None] = time_column()
    verified_name: Mapped[str] = mapped_column(default="")
    set_aside: Mapped[str] = mapped_column(default="")
    other_account: Mapped[bytes | None]
    other_account_masked: Mapped[str] = mapped_column(default="")
    other_account_reason: Mapped[str] = mapped_column(default="")
    share_fen: Mapped[int | None] = mapped_column(BigInteger)
    paid_fen: Mapped[int] = mapped_column(BigInteger, default=0)


class ReturnObjection(Base):
    """An objection raised against a public notice, and how it was settled."""

    __tablename__ = "return_objections"

    id: Mapped[UUID] = id_column()
    return_id: Mapped[UUID]
    unit_path: Mapped[str] = path_column()
    person: Mapped[bytes]
    name: Mapped[str]
    raised_at: Mapped[datetime] = time_column()
    maker_name: Mapped[str]
    outcome: Mapped[str] = mapped_column(default="")
    settlement: Mapped[str] = mapped_column(default="")
    settled_name: Mapped[str] = mapped_column(default="")
    settled_at: Mapped[datetime | None] = time_column()


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """The frozen account in clear."""

    account: str
    holder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimant:
    """A victim in clear, with the account the money left (the original account)."""

    name: str
    id_number: str = ""
    phone: str = ""
    address: str = ""
    institution: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payee:
    """Another account of the victim that is paid to."""

    institution: str
    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Objector:
    """Who objects to a public notice, and what they say."""

    name: str
    phone: str
    text: str


DETAILS = register_sealed("return_orders", "id", "details", "return_orders.details:{id}")
PERSON = register_sealed("return_claims", "id", "person", "return_claims.person:{id}")
OTHER = register_sealed("return_claims", "id", "other_account", "return_claims.other_account:{id}")
OBJECTOR = register_sealed("return_objections", "id", "person", "return_objections.person:{id}")


def seal_fields(vault: Vault, value: Frozen | Claimant | Payee | Objector, context: str) -> bytes:
    """Return ``value`` as sealed JSON for ``context``."""
    return vault.seal(json.dumps(asdict(value), ensure_ascii=False, separators=(",", ":")), context)


def frozen_account(vault: Vault, found: ReturnOrder) -> Frozen:
    """Return the frozen account in clear."""
    return Frozen(**json.loads(vault.open(found.details, DETAILS.context_of(found.id))))


def claimant(vault: Vault, claim: ReturnClaim) -> Claimant:
    """Return the victim of a claim in clear."""
    return Claimant(**json.loads(vault.open(claim.person, PERSON.context_of(claim.id))))


def payee_of(vault: Vault, claim: ReturnClaim) -> Payee:
    """Return the account a claim is paid to: the original one unless another was entered with a reason."""
    if claim.other_account is not None:
        return Payee(**json.loads(vault.open(claim.other_account, OTHER.context_of(claim.id))))
    person = claimant(vault, claim)
    return Payee(institution=person.institution, account=person.account)


def objector(vault: Vault, row: ReturnObjection) -> Objector:
    """Return who objects, in clear."""
    return Objector(**json.loads(vault.open(row.person, OBJECTOR.context_of(row.id))))
