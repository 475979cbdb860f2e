"""The deadlines' two tables, as mapped classes; ``migrations/0004`` says what each column means."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.db import Base, id_column, path_column, time_column


class Deadline(Base):
    """A clock that runs: what it is about, when it is due, and how it ended."""

    __tablename__ = "deadlines"

    id: Mapped[UUID] = id_column()
    subject_kind: Mapped[str]
    subject_id: Mapped[str]
    subject_label: Mapped[str] = mapped_column(default="")
    rule_key: Mapped[str]
    rule_row_id: Mapped[UUID | None]
    legal_basis: Mapped[str]
    certainty: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    term: Mapped[dict[str, Any]] = mapped_column(JSONB)
    unit_path: Mapped[str] = path_column()
    owner_path: Mapped[str] = path_column()
    partner_path: Mapped[str | None] = path_column()
    case_id: Mapped[UUID | None]
    started_at: Mapped[datetime] = time_column()
    due_at: Mapped[datetime] = time_column()
    pauses: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    paused_at: Mapped[datetime | None] = time_column()
    pause_reason: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="running")
    outcome: Mapped[str | None]
    closed_at: Mapped[datetime | None] = time_column()
    missed_at: Mapped[datetime | None] = time_column()
    missed_while_down: Mapped[bool] = mapped_column(default=False)
    late_by_s: Mapped[float | None]
    acknowledged_by: Mapped[UUID | None]
    acknowledged_name: Mapped[str | None]
    acknowledged_at: Mapped[datetime | None] = time_column()
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    step: Mapped[int] = mapped_column(default=0)
    next_step_at: Mapped[datetime | None] = time_column()
    level: Mapped[str] = mapped_column(default="calm")
    created_at: Mapped[datetime] = time_column()
    version: Mapped[int] = mapped_column(default=1)

    @property
    def subject(self) -> SubjectRef:
        """What the deadline is about."""
        return SubjectRef(self.subject_kind, self.subject_id, self.subject_label)

    @property
    def reference(self) -> SubjectRef:
        """How audit entries and live signals call the deadline itself."""
        return SubjectRef("deadline", str(self.id), self.name_zh)


class DeadlineEvent(Base):
    """One thing that happened to a deadline; rows are never changed."""

    __tablename__ = "deadline_events"

    id: Mapped[UUID] = id_column()
    deadline_id: Mapped[UUID] = mapped_column(ForeignKey("deadlines.id"))
    at: Mapped[datetime] = time_column()
    kind: Mapped[str]
    step: Mapped[int | None]
    step_at: Mapped[datetime | None] = time_column()
    late_by_s: Mapped[float | None]
    while_down: Mapped[bool] = mapped_column(default=False)
    level: Mapped[str | None]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str]
    worker: Mapped[str | None]
    reason: Mapped[str] = mapped_column(default="")
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
