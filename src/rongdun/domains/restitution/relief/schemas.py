"""Shapes of the endpoints of relief."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from rongdun.domains.restitution.relief.words import Applicant, Finding
from rongdun.domains.restitution.shapes import (
    ActionOut,
    Cell,
    Fen,
    In,
    Reason,
    Said,
    Story,
    Text1000,
    VersionIn,
)


class ReliefIn(In):
    """An objection as it is entered; ``claimed_fen`` null is all that is held."""

    order_id: UUID
    applicant: Applicant
    applicant_name: Cell
    phone: Cell = ""
    story: Story
    claimed_fen: Fen | None = None


class FindingIn(VersionIn):
    """What was found out; ``unrelated_fen`` only for a part."""

    finding: Finding
    unrelated_fen: Fen | None = None
    note: Text1000


class DecisionIn(VersionIn):
    """A decision; ``kept_fen`` only when it is lifted in part."""

    outcome: Literal["lift_full", "lift_partial", "reject"]
    kept_fen: Fen | None = None
    reason: Reason


class ReliefOut(BaseModel):
    """A request, masked. ``late``: money found unrelated was not released within the term of article 247."""

    id: UUID
    number: str
    state: str
    state_name: Said
    applicant: Applicant
    applicant_kind: Said
    measure: Literal["stop", "freeze"]
    measure_name: Said
    order_id: UUID
    order_number: str
    case_id: UUID | None
    institution_name: str
    account: str
    holder: str
    held_fen: int
    held_since: datetime
    claimed_fen: int | None
    finding: str
    finding_name: Said | None
    unrelated_fen: int | None
    found_name: str
    found_at: datetime | None
    kept_fen: int | None
    released_fen: int
    decided_name: str
    decided_at: datetime | None
    decision_reason: str
    told_at: datetime | None
    told_name: str
    unit_name: str
    unit_path: str
    maker_name: str
    created_at: datetime
    accepted_at: datetime | None
    reply_due: datetime
    target_due: datetime
    release_due: datetime | None
    late: bool
    version: int
    actions: list[ActionOut]


class FreezeOut(BaseModel):
    """A freeze that took the place of a stop."""

    order_id: UUID
    number: str


class ReliefDetailOut(ReliefOut):
    """A request with what it says, names and phone masked; ``held_now_fen`` null: the measure is over.

    ``freeze``: what holds the money now, where the stop that was objected to has turned into one.
    """

    applicant_name: str
    phone: str
    story: str
    findings: str
    held_now_fen: int | None
    freeze: FreezeOut | None
    documents: list[Said]


class FiguresOut(BaseModel):
    """Money wrongly held: requests decided in the span, fen, fen × hours, hours until release."""

    submitted: int
    waiting: int
    lifted_full: int
    lifted_partial: int
    rejected: int
    released_fen: int
    fen_hours: int
    hours_median: float | None
    hours_longest: float | None
