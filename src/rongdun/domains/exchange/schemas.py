"""Shapes of the exchange endpoints."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

State = Literal["pending", "sending", "sent", "dead", "abandoned"]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


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
