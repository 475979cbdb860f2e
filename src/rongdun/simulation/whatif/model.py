"""Rows of what-if runs: who asked what, how far it came, and what each world gave under both settings."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, FetchedValue
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.db import Base, id_column, path_column, time_column


class Run(Base):
    """One run: the two settings ``a`` and ``b`` in the same made-up worlds. ``release`` is that of the program."""

    __tablename__ = "whatif_runs"

    id: Mapped[UUID] = id_column()
    serial: Mapped[int] = mapped_column(BigInteger, FetchedValue())
    number: Mapped[str] = mapped_column(default="")
    unit_path: Mapped[str] = path_column()
    unit_name: Mapped[str] = mapped_column(default="")
    maker_id: Mapped[UUID]
    maker_name: Mapped[str]
    title: Mapped[str]
    state: Mapped[str] = mapped_column(default="WAITING")
    a: Mapped[dict[str, Any]] = mapped_column(JSONB)
    b: Mapped[dict[str, Any]] = mapped_column(JSONB)
    worlds: Mapped[int]
    cases: Mapped[int]
    people: Mapped[int]
    days: Mapped[int]
    seed: Mapped[int] = mapped_column(BigInteger)
    release: Mapped[str]
    worlds_done: Mapped[int] = mapped_column(default=0)
    error_zh: Mapped[str] = mapped_column(default="")
    error_en: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = time_column()
    started_at: Mapped[datetime | None] = time_column()
    beat_at: Mapped[datetime] = time_column()
    ended_at: Mapped[datetime | None] = time_column()
    version: Mapped[int] = mapped_column(default=1)

    @property
    def reference(self) -> SubjectRef:
        """The run as audit entries and live events name it."""
        return SubjectRef("whatif_run", str(self.id), self.number)


class RunWorld(Base):
    """What one world of a run gave: the sums of its cases under ``a`` and under ``b``."""

    __tablename__ = "whatif_worlds"

    run_id: Mapped[UUID] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    unit_path: Mapped[str] = path_column()
    seed: Mapped[int] = mapped_column(BigInteger)
    a: Mapped[dict[str, Any]] = mapped_column(JSONB)
    b: Mapped[dict[str, Any]] = mapped_column(JSONB)
    made_at: Mapped[datetime] = time_column()


class RunStory(Base):
    """What happened in one world of a run, as :class:`~rongdun.simulation.whatif.story.Story` of that ``layout``."""

    __tablename__ = "whatif_stories"

    run_id: Mapped[UUID] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    unit_path: Mapped[str] = path_column()
    layout: Mapped[int]
    story: Mapped[dict[str, Any]] = mapped_column(JSONB)
    made_at: Mapped[datetime] = time_column()
