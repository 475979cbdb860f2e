"""The outbox's two tables, as mapped classes; ``migrations/0007`` says what each column means."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from rongdun.runtime.db import Base, id_column, path_column, time_column


class OutboxMessage(Base):
    """A message to a partner or a desk, and where its delivery stands."""

    __tablename__ = "outbox"

    id: Mapped[UUID] = id_column()
    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    unit_path: Mapped[str] = path_column()
    partner_path: Mapped[str | None] = path_column()
    channel: Mapped[str]
    kind: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    idempotency_key: Mapped[str]
    order_key: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    max_attempts: Mapped[int]
    expires_at: Mapped[datetime | None] = time_column()
    next_attempt_at: Mapped[datetime | None] = time_column()
    leased_by: Mapped[str | None]
    lease_until: Mapped[datetime | None] = time_column()
    last_error: Mapped[str] = mapped_column(default="")
    receipt: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = time_column()
    settled_at: Mapped[datetime | None] = time_column()
    decided_by: Mapped[UUID | None]
    decision_reason: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)


class OutboxAttempt(Base):
    """One attempt to deliver a message, and how it ended."""

    __tablename__ = "outbox_attempts"

    id: Mapped[UUID] = id_column()
    message_id: Mapped[UUID] = mapped_column(ForeignKey("outbox.id"))
    attempt: Mapped[int]
    worker: Mapped[str]
    ended_at: Mapped[datetime] = time_column()
    outcome: Mapped[str]
    took_s: Mapped[float | None]
    error: Mapped[str] = mapped_column(default="")
    retry_at: Mapped[datetime | None] = time_column()
