"""The workers' own records: who is running, when each last beat, and what went wrong with them."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from rongdun.kernel.ids import new_id
from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.db import Base, id_column, time_column
from rongdun.runtime.uow import Uow

BEAT_EVERY_S = 5.0

FORGET_AFTER = timedelta(days=7)
"""Rows of workers that ended so long ago are removed when a new one starts."""

NOTICE_TOPIC = "duty.notice"
"""Live topic on which screens learn of an outage or a clock jump."""


class WorkerRow(Base):
    """One worker process: since when it runs, its last heartbeat, its counters."""

    __tablename__ = "workers"

    id: Mapped[UUID] = id_column()
    name: Mapped[str]
    release: Mapped[str]
    started_at: Mapped[datetime] = time_column()
    beat_at: Mapped[datetime] = time_column()
    stopped_at: Mapped[datetime | None] = time_column()
    figures: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)


class WorkerEvent(Base):
    """Something that happened to a worker: started, stopped, outage, clock_jump, fault."""

    __tablename__ = "worker_events"

    id: Mapped[UUID] = id_column()
    at: Mapped[datetime] = time_column()
    kind: Mapped[str]
    worker: Mapped[str]
    from_at: Mapped[datetime | None] = time_column()
    to_at: Mapped[datetime | None] = time_column()
    seconds: Mapped[float | None]
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)


class Identity(NamedTuple):
    """Which worker this process is."""

    id: UUID
    name: str
    release: str


def beat(uow: Uow, who: Identity, figures: dict[str, Any]) -> None:
    """Say that the worker lives; the first beat also makes its row."""
    values = {"id": who.id, "name": who.name, "release": who.release, "started_at": uow.now}
    changing = {"beat_at": uow.now, "figures": figures}
    statement = insert(WorkerRow).values(**values, **changing)
    uow.session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changing))


def start(uow: Uow, who: Identity) -> None:
    """Put the worker's start on record and forget workers long gone."""
    uow.session.execute(
        text("delete from workers where coalesce(stopped_at, beat_at) < :before"),
        {"before": uow.now - FORGET_AFTER},
    )
    beat(uow, who, {})
    tell(uow, "started", who.name)


def stop(uow: Uow, who: Identity) -> None:
    """Put the worker's clean end on record."""
    uow.session.execute(
        text("update workers set stopped_at = :now where id = :id"), {"now": uow.now, "id": who.id}
    )
    tell(uow, "stopped", who.name)


def tell(
    uow: Uow,
    kind: str,
    worker: str,
    *,
    span: tuple[datetime, datetime] | None = None,
    seconds: float | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Put an event of ``worker`` on record; outages and clock jumps also show on the duty board."""
    event = WorkerEvent(
        id=new_id(),
        at=uow.now,
        kind=kind,
        worker=worker,
        from_at=span[0] if span else None,
        to_at=span[1] if span else None,
        seconds=seconds,
        detail=detail or {},
    )
    uow.session.add(event)
    if kind in NOTICES:
        uow.publish(NOTICE_TOPIC, SubjectRef("worker_event", str(event.id)), "")


NOTICES = ("outage", "clock_jump", "fault")
"""Kinds the duty desk must see."""


def notices(session: Session, *, since: datetime, limit: int = 20) -> list[WorkerEvent]:
    """Return what the duty desk must see of the workers, newest first."""
    statement = (
        select(WorkerEvent)
        .where(WorkerEvent.kind.in_(NOTICES), WorkerEvent.at >= since)
        .order_by(WorkerEvent.at.desc(), WorkerEvent.id.desc())
        .limit(limit)
    )
    return list(session.scalars(statement))
