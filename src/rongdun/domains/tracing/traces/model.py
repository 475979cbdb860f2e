"""Rows of traces: whose money is followed, what was found, and what officers added by hand."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, FetchedValue
from sqlalchemy.orm import Mapped, mapped_column

from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.crypto import Vault, register_sealed
from rongdun.runtime.db import Base, id_column, path_column, time_column

MARKS = ("cash_out", "frozen", "awaiting_reply", "located", "struck")
"""What officers find of an account: 取现、已冻结、待反馈、已落地、已打击."""


class Trace(Base):
    """One trace: whose it is, what it starts from, how far it goes, and how far its computation came."""

    __tablename__ = "traces"

    id: Mapped[UUID] = id_column()
    serial: Mapped[int] = mapped_column(BigInteger, FetchedValue())
    number: Mapped[str] = mapped_column(default="")
    unit_path: Mapped[str] = path_column()
    scope_path: Mapped[str] = path_column()
    case_path: Mapped[str | None] = path_column()
    report_id: Mapped[UUID | None]
    case_id: Mapped[UUID | None]
    maker_id: Mapped[UUID]
    maker_name: Mapped[str]
    unit_name: Mapped[str] = mapped_column(default="")
    title: Mapped[str]
    state: Mapped[str] = mapped_column(default="DRAFT")
    rule: Mapped[str] = mapped_column(default="fifo")
    depth: Mapped[int] = mapped_column(default=6)
    window_hours: Mapped[int] = mapped_column(default=72)
    delta_minutes: Mapped[int] = mapped_column(default=60)
    as_of: Mapped[datetime | None] = time_column()
    seeds: Mapped[bytes]
    seed_count: Mapped[int]
    choices: Mapped[bytes | None]
    round: Mapped[int] = mapped_column(default=0)
    changed: Mapped[bool] = mapped_column(default=False)
    ledger_version: Mapped[int | None] = mapped_column(BigInteger)
    ledger_imports: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), default=list)
    computed_at: Mapped[datetime | None] = time_column()
    computed_as_of: Mapped[datetime | None] = time_column()
    accounts: Mapped[int] = mapped_column(default=0)
    transfers: Mapped[int] = mapped_column(default=0)
    seeds_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    left_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    ended_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    frontier_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    limit_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    error_zh: Mapped[str] = mapped_column(default="")
    error_en: Mapped[str] = mapped_column(default="")
    archive_reason: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = time_column()
    started_at: Mapped[datetime | None] = time_column()
    beat_at: Mapped[datetime] = time_column()
    version: Mapped[int] = mapped_column(default=1)

    @property
    def reference(self) -> SubjectRef:
        """The trace as audit entries and live events name it."""
        return SubjectRef("trace", str(self.id), self.number)

    @property
    def units(self) -> tuple[str | None, ...]:
        """The units whose trace it is: that which made it, and that which handles its case, if there is one."""
        return self.unit_path, self.case_path


class TraceResult(Base):
    """What a trace found by one rule, sealed; ``digest`` is the SHA-256 of its JSON."""

    __tablename__ = "trace_results"

    id: Mapped[UUID] = id_column()
    trace_id: Mapped[UUID]
    unit_path: Mapped[str] = path_column()
    rule: Mapped[str]
    digest: Mapped[str]
    content: Mapped[bytes]


class TraceAccount(Base):
    """An account a trace touches, by its address: what other traces find it by."""

    __tablename__ = "trace_accounts"

    trace_id: Mapped[UUID] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(primary_key=True)
    unit_path: Mapped[str] = path_column()
    tier: Mapped[int]
    in_fen: Mapped[int] = mapped_column(BigInteger)
    left_fen: Mapped[int] = mapped_column(BigInteger)


class TraceMark(Base):
    """One thing that was found of an account."""

    __tablename__ = "trace_marks"

    id: Mapped[UUID] = id_column()
    trace_id: Mapped[UUID]
    unit_path: Mapped[str] = path_column()
    account: Mapped[str]
    mark: Mapped[str]
    maker_id: Mapped[UUID]
    maker_name: Mapped[str]
    made_at: Mapped[datetime] = time_column()


class TraceNote(Base):
    """A note on an account; its text is sealed, for officers write names into it."""

    __tablename__ = "trace_notes"

    id: Mapped[UUID] = id_column()
    trace_id: Mapped[UUID]
    unit_path: Mapped[str] = path_column()
    account: Mapped[str]
    text: Mapped[bytes]
    maker_id: Mapped[UUID]
    maker_name: Mapped[str]
    made_at: Mapped[datetime] = time_column()


class HandTransfer(Base):
    """A transfer no statement shows, added with a reason; it enters every later computation until withdrawn."""

    __tablename__ = "trace_transfers"

    id: Mapped[UUID] = id_column()
    trace_id: Mapped[UUID]
    unit_path: Mapped[str] = path_column()
    parties: Mapped[bytes]
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    time: Mapped[datetime] = time_column()
    reason: Mapped[str]
    maker_id: Mapped[UUID]
    maker_name: Mapped[str]
    made_at: Mapped[datetime] = time_column()
    withdrawn_at: Mapped[datetime | None] = time_column()
    withdrawn_by: Mapped[str] = mapped_column(default="")
    withdrawn_reason: Mapped[str] = mapped_column(default="")


SEEDS = register_sealed("traces", "id", "seeds", "traces.seeds:{id}")
CHOICES = register_sealed("traces", "id", "choices", "traces.choices:{id}")
CONTENT = register_sealed("trace_results", "id", "content", "trace_results.content:{id}")
NOTE = register_sealed("trace_notes", "id", "text", "trace_notes.text:{id}")
PARTIES = register_sealed("trace_transfers", "id", "parties", "trace_transfers.parties:{id}")


def seal_json(vault: Vault, value: Any, context: str) -> bytes:
    """Return ``value`` as sealed JSON for ``context``."""
    return vault.seal(json.dumps(value, ensure_ascii=False, separators=(",", ":")), context)


def open_json(vault: Vault, sealed: bytes, context: str) -> Any:
    """Return what :func:`seal_json` sealed."""
    return json.loads(vault.open(sealed, context))
