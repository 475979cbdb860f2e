"""Rows of the exchange: institutions, what came in from them, and reconciliations; ``migrations/0014`` explains."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, FetchedValue, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.crypto import register_sealed
from rongdun.runtime.db import Base, id_column, path_column, time_column


class Institution(Base):
    """A bank or payment institution: how it is called, reached and recognised."""

    __tablename__ = "exchange_institutions"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    aliases: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    kind: Mapped[str]
    unit_path: Mapped[str] = path_column()
    transport: Mapped[str]
    url: Mapped[str] = mapped_column(default="")
    profile: Mapped[str] = mapped_column(default="national")
    carries: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    otherwise: Mapped[str] = mapped_column(default="")
    asks_status: Mapped[bool] = mapped_column(default=False)
    public_key: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)
    refusals: Mapped[int] = mapped_column(default=0)
    last_refusal: Mapped[str] = mapped_column(default="")
    last_refusal_en: Mapped[str] = mapped_column(default="")
    last_refused_at: Mapped[datetime | None] = time_column()
    created_at: Mapped[datetime] = time_column()
    updated_at: Mapped[datetime] = time_column()
    version: Mapped[int] = mapped_column(default=1)

    @property
    def reference(self) -> SubjectRef:
        """The institution as audit entries and live events name it."""
        return SubjectRef("institution", self.code, self.name)


class InboxMessage(Base):
    """One message of an institution, stored whole before it was read; ``raw`` is sealed."""

    __tablename__ = "exchange_inbox"

    id: Mapped[UUID] = id_column()
    seq: Mapped[int] = mapped_column(BigInteger, FetchedValue())
    institution: Mapped[str]
    unit_path: Mapped[str] = path_column()
    message_id: Mapped[str]
    application_id: Mapped[str] = mapped_column(default="")
    kind: Mapped[str] = mapped_column(default="")
    outcome: Mapped[str] = mapped_column(default="")
    held_fen: Mapped[int | None] = mapped_column(BigInteger)
    received_at: Mapped[datetime] = time_column()
    size: Mapped[int]
    sha256: Mapped[str]
    raw: Mapped[bytes]
    proof: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="received")
    reason_zh: Mapped[str] = mapped_column(default="")
    reason_en: Mapped[str] = mapped_column(default="")
    attempts: Mapped[int] = mapped_column(default=0)
    copies: Mapped[int] = mapped_column(default=1)
    settled_at: Mapped[datetime | None] = time_column()
    version: Mapped[int] = mapped_column(default=1)

    @property
    def reference(self) -> SubjectRef:
        """The message as audit entries and live events name it."""
        return SubjectRef("inbox_message", str(self.id), self.kind)


class StoredReconciliation(Base):
    """Our day beside an institution's, as it stood when the two were compared."""

    __tablename__ = "exchange_reconciliations"

    id: Mapped[UUID] = id_column()
    institution: Mapped[str]
    unit_path: Mapped[str] = path_column()
    day: Mapped[date]
    made_at: Mapped[datetime] = time_column()
    made_by: Mapped[str]
    ours: Mapped[int]
    theirs: Mapped[int]
    agreed: Mapped[int]
    differences: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)


class Day(Base):
    """A day of an institution that the nightly comparison looks at, until it is settled one way or another."""

    __tablename__ = "exchange_days"

    id: Mapped[UUID] = id_column()
    institution: Mapped[str]
    unit_path: Mapped[str] = path_column()
    day: Mapped[date]
    state: Mapped[str] = mapped_column(default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(default="")
    last_error_en: Mapped[str] = mapped_column(default="")
    due_at: Mapped[datetime] = time_column()
    opened_at: Mapped[datetime] = time_column()
    settled_at: Mapped[datetime | None] = time_column()
    reconciliation_id: Mapped[UUID | None]

    @property
    def subject(self) -> SubjectRef:
        """The day as audit entries and clocks name it."""
        return SubjectRef("exchange_day", str(self.id), f"{self.institution} {self.day}")


RAW = register_sealed("exchange_inbox", "id", "raw", "exchange_inbox.raw:{id}")
