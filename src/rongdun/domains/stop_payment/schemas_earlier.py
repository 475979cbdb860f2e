"""Shapes of what was done to an account before a freeze: measures, times and answers, nobody's name or number."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from rongdun.domains.stop_payment.schemas import Words


class EarlierStepOut(BaseModel):
    """One instruction that went out: when, until when it was to last, what the bank made of it."""

    kind: str
    sent_at: datetime
    ends_at: datetime | None
    outcome: str
    silent: bool


class EarlierReplyOut(BaseModel):
    """One answer of the bank; ``former_*``: who had frozen the account before, and until when (article 242)."""

    kind: str
    outcome: str
    effect: str
    at: datetime
    held_fen: int | None
    balance_fen: int | None
    former_authority: str
    former_until: datetime | None


class EarlierOut(BaseModel):
    """An earlier stop or freeze of the same account, by whichever unit.

    ``source``: the freeze under approval follows it. ``id`` is None where its page lies outside the reader's scope.
    """

    id: UUID | None
    number: str
    kind: str
    source: bool
    state: str
    state_name: Words
    over: bool
    unit_name: str
    sent_at: datetime
    answered_at: datetime | None
    starts_at: datetime | None
    ends_at: datetime | None
    held_fen: int
    balance_fen: int | None
    balance_at: datetime | None
    steps: list[EarlierStepOut]
    replies: list[EarlierReplyOut]


class BeforeOut(BaseModel):
    """A freeze and the measures before it, the newest first."""

    order_id: UUID
    measures: list[EarlierOut]
