"""Tables of the audit, as other packages read them. They are written only by :mod:`.log` and :mod:`.roots`."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Date, LargeBinary, SmallInteger, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from rongdun.runtime.db import Base, id_column, path_column, time_column


class AuditEntry(Base):
    """One thing somebody did; append-only."""

    __tablename__ = "audit_entries"

    id: Mapped[UUID] = id_column()
    chain: Mapped[int] = mapped_column(SmallInteger)
    seq: Mapped[int] = mapped_column(BigInteger)
    prev_hash: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    alg: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = time_column()
    actor_id: Mapped[UUID | None]
    actor_login: Mapped[str] = mapped_column(Text)
    actor_name: Mapped[str] = mapped_column(Text)
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    unit_path: Mapped[str] = path_column()
    ip: Mapped[str] = mapped_column(Text)
    session: Mapped[UUID | None]
    action: Mapped[str] = mapped_column(Text)
    subject_kind: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[str] = mapped_column(Text)
    subject_label: Mapped[str] = mapped_column(Text)
    scope_path: Mapped[str] = path_column()
    purpose: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class AuditRoot(Base):
    """The signed heads of all chains at the end of one civil day; append-only."""

    __tablename__ = "audit_roots"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    key_fingerprint: Mapped[str] = mapped_column(Text)
    signed_at: Mapped[datetime] = time_column()
    late: Mapped[bool]
