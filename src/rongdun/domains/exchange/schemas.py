"""Shapes of the exchange endpoints."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

State = Literal["pending", "sending", "sent", "dead", "abandoned"]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


class Words(BaseModel):
    """One sentence in both languages."""

    zh: str
    en: str


class MessageOut(BaseModel):
    """An outgoing message and where its delivery stands."""

    id: UUID
    channel: str
    kind: str
    unit_path: str
    partner_path: str | None
    state: State
    attempts: int
    max_attempts: int
    next_attempt_at: datetime | None
    expires_at: datetime | None
    created_at: datetime
    settled_at: datetime | None
    last_error: str
    receipt: str
    decision_reason: str
    version: int


class AttemptOut(BaseModel):
    """One attempt to deliver a message. ``lost``: the worker that tried died."""

    attempt: int
    ended_at: datetime
    outcome: Literal["sent", "failed", "refused", "lost", "expired"]
    took_s: float | None
    error: str
    retry_at: datetime | None


class MessageDetailOut(MessageOut):
    """A message with its content (masked), its attempts, and how many wait behind it."""

    idempotency_key: str
    order_key: str | None
    payload: dict[str, Any]
    attempts_made: list[AttemptOut]
    waiting_behind: int


class DecisionIn(BaseModel):
    """What to do with a dead letter, and why."""

    model_config = ConfigDict(extra="forbid")

    version: int = Field(ge=1, le=2**31 - 1)
    reason: Reason


class InboxOut(BaseModel):
    """A message of an institution: when it came, its hash, what it answers, and what became of it."""

    id: UUID
    institution: str
    message_id: str
    application_id: str
    kind: str
    outcome: str
    state: Literal["received", "taken", "refused"]
    reason_zh: str
    reason_en: str
    received_at: datetime
    settled_at: datetime | None
    size: int
    sha256: str
    copies: int
    attempts: int
    version: int


class RetakeIn(BaseModel):
    """Which message, as it was seen, and why it is to be used once more."""

    model_config = ConfigDict(extra="forbid")

    version: int = Field(ge=1, le=2**31 - 1)
    reason: Reason


class DifferenceOut(BaseModel):
    """One instruction on which two books do not agree."""

    application_id: str
    kind: str
    difference: str
    ours: str
    theirs: str


class ReconciliationOut(BaseModel):
    """Our day beside an institution's: lines on each side, how many agree, and what does not."""

    id: UUID
    institution: str
    day: date
    made_at: datetime
    made_by: str
    ours: int
    theirs: int
    agreed: int
    differences: list[DifferenceOut]


class ReconcileIn(BaseModel):
    """Which institution's book of which day (Shanghai) to compare with ours."""

    model_config = ConfigDict(extra="forbid")

    institution: Annotated[str, StringConstraints(pattern=r"^\d{12}$")]
    day: date
