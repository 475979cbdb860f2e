"""Shapes of the duty endpoints."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

LevelName = Literal["calm", "notice", "urgent", "critical", "overdue"]
StateName = Literal["running", "paused", "met", "missed", "cancelled"]
OutcomeName = Literal["met", "met_late", "missed", "cancelled"]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]


class Words(BaseModel):
    """One text in both languages."""

    zh: str
    en: str


class SubjectOut(BaseModel):
    """What a deadline is about; the label is a number or a masked name."""

    kind: str
    id: str
    label: str


class UnitOut(BaseModel):
    """The unit that has to act."""

    id: UUID
    name: str


class StepOut(BaseModel):
    """A step of escalation: the level it raises to, and when."""

    level: LevelName
    at: datetime


class DeadlineOut(BaseModel):
    """A deadline as boards and tables show it.

    ``state`` is ``running`` or ``paused`` while it is open, also past its due moment (``level`` is then
    ``overdue``); ``missed`` says that it was closed late. ``remaining_s`` is negative when overdue and
    stands still when paused or closed. ``missed_marked_late``: nobody was watching when it fell due.
    """

    id: UUID
    subject: SubjectOut
    rule_key: str
    name: Words
    legal_basis: str
    started_at: datetime
    due_at: datetime
    paused: bool
    paused_total_s: float
    state: StateName
    level: LevelName
    remaining_s: float
    owner_unit: UnitOut | None
    acknowledged_by: str | None
    acknowledged_at: datetime | None
    outcome: OutcomeName | None
    closed_at: datetime | None
    missed_marked_late: bool
    steps: list[StepOut]
    version: int


class EventOut(BaseModel):
    """One thing that happened to a deadline."""

    at: datetime
    kind: str
    actor: str
    note: str
    level: LevelName | None
    step_at: datetime | None
    late_by_s: float | None
    while_down: bool


class ActionOut(BaseModel):
    """Something that can be done to a deadline now, or why it cannot."""

    action: str
    name: Words
    needs_reason: bool
    refusal: Words | None


class DeadlineDetailOut(DeadlineOut):
    """A deadline with its history and what may be done to it."""

    events: list[EventOut]
    actions: list[ActionOut]


class CountsOut(BaseModel):
    """Open deadlines by level."""

    overdue: int
    critical: int
    urgent: int
    notice: int
    calm: int


class NoticeOut(BaseModel):
    """Something wrong with the watching itself: an outage, a clock jump, a failing worker."""

    id: UUID
    at: datetime
    kind: Literal["outage", "clock_jump", "fault"]
    seconds: float | None
    message: Words


class BoardOut(BaseModel):
    """Everything that expires within ``horizon_h`` hours, what expires first on top.

    ``counts`` covers all of it; ``items`` holds at most 500, and ``capped`` says that there are more.
    """

    now: datetime
    horizon_h: int
    counts: CountsOut
    items: list[DeadlineOut]
    capped: bool
    notices: list[NoticeOut]


class ActIn(BaseModel):
    """An action on a deadline: the version it was seen in, and a word about it."""

    model_config = ConfigDict(extra="forbid")

    version: int = Field(ge=1, le=2**31 - 1)
    note: Note = ""
