"""Shapes of the cases' endpoints."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

_PLAIN = r"^[^\x00-\x08\x0b-\x1f\x7f]*$"
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500, pattern=_PLAIN)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100, pattern=_PLAIN)]
Story = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        min_length=1,
        max_length=20_000,
        pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$",
    ),
]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]

Action = Literal[
    "propose_file", "propose_refuse", "propose_transfer", "extend_check", "extend_major", "file", "refuse",
    "transfer", "send_back", "serve_notice", "reconsider", "investigate", "withdraw", "close",
]  # fmt: skip


class Words(BaseModel):
    """One sentence in both languages."""

    zh: str
    en: str


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class VersionIn(_In):
    """A step taken on the version one has seen."""

    version: Version


class MoveIn(VersionIn):
    """A step of the case's life; ``transfer_to`` names the organ a transfer is proposed to."""

    action: Action
    reason: Note = ""
    transfer_to: Short = ""


class HandleIn(VersionIn):
    """Whether the actor handles the case."""

    handle: bool


class VictimCheckIn(_In):
    """Somebody harmed, as far as it is typed; the loss as it is written: 12,345.60 or 1.2万."""

    name: Short = ""
    id_number: Short = ""
    phone: Short = ""
    institution: Short = ""
    account: Short = ""
    loss: Short = ""


class VictimIn(VictimCheckIn):
    """Somebody harmed: with a name and a loss at least."""

    name: Annotated[Short, Field(min_length=1)]
    loss: Short


class CaseCheckIn(_In):
    """The victims of a form that is being filled in."""

    victims: Annotated[list[VictimCheckIn], Field(max_length=500)]


class CaseIn(_In):
    """A case the actor's own unit accepts without a report before it."""

    source: Literal["clue", "referred", "found"] = "found"
    fraud_type: Short
    story: Story
    victims: Annotated[list[VictimIn], Field(min_length=1, max_length=500)]


class FaultOut(BaseModel):
    """What cannot be read in a field."""

    path: str
    message: Words


class CaseCheckOut(BaseModel):
    """What cannot be read in a form, and each victim's loss in fen as it is read (null: it cannot be)."""

    faults: list[FaultOut]
    losses: list[int | None]


class ActionOut(BaseModel):
    """What may be done next, and why not, if not, with what would make it pass."""

    action: str
    name: Words
    to_state_name: Words
    needs_reason: bool
    allowed: bool
    refusal: Words | None
    remedy: Words | None


class CaseOut(BaseModel):
    """A case as lists show it."""

    id: UUID
    number: str
    title: str
    state: str
    state_name: Words
    fraud_type: str
    fraud_type_name: Words
    loss_fen: int
    victims: int
    unit_name: str
    unit_path: str
    source: str
    handlers: list[str]
    accepted_at: datetime
    accepted_name: str
    filed_at: datetime | None
    filing_number: str
    version: int


class CaseVictimOut(BaseModel):
    """Somebody harmed, masked."""

    id: UUID
    name: str
    id_number: str
    phone: str
    institution: str
    account: str
    loss_fen: int
    report_id: UUID | None


class ProposalOut(BaseModel):
    """What a handler proposes, and what follows if it is approved."""

    kind: str
    name: Words
    consequence: Words
    reason: str
    transfer_to: str
    by: str
    at: datetime


class CaseDetailOut(CaseOut):
    """A case's page: the story with numbers masked, who was harmed, what is proposed, what may be done."""

    story: str
    jurisdiction: str
    review: str
    people: list[CaseVictimOut]
    proposal: ProposalOut | None
    decided_name: str
    decided_at: datetime | None
    notice_served_at: datetime | None
    end_reason: str
    ended_at: datetime | None
    handles: bool
    may_handle: bool
    filed: bool
    actions: list[ActionOut]


class HistoryOut(BaseModel):
    """One line of the timeline."""

    at: datetime
    action: str
    actor_name: str
    subject_kind: str
    subject_id: str
    subject_label: str
    note: str
    state: str
