"""Shapes of the oversight endpoints."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class Words(BaseModel):
    """One sentence in both languages."""

    zh: str
    en: str


class ActorOut(BaseModel):
    """Who acted, as they were at that moment."""

    id: UUID | None
    login: str
    name: str
    roles: list[str]
    unit_path: str


class SubjectOut(BaseModel):
    """What it was done to; the label holds no personal data in clear."""

    kind: str
    id: str
    label: str


class AuditEntryOut(BaseModel):
    """One audit entry."""

    id: UUID
    at: datetime
    actor: ActorOut
    ip: str
    session: UUID | None
    action: str
    subject: SubjectOut
    scope_path: str
    purpose: str | None
    purpose_name: Words | None
    note: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    chain: int
    seq: int
    hash: str


class NeighbourOut(BaseModel):
    """An entry beside another in its chain; outside the asking scope only its place is told."""

    seq: int
    visible: bool
    id: UUID | None = None
    at: datetime | None = None
    action: str | None = None


class FaultOut(BaseModel):
    """One thing verification found wrong."""

    kind: str
    message: Words
    chain: int | None
    seq: int | None
    entry_id: str | None
    day: str | None


class CheckOut(BaseModel):
    """Whether an entry's hash and its link to the one before it hold."""

    intact: bool
    fault: FaultOut | None


class CoveringRootOut(BaseModel):
    """The first signed root that covers an entry."""

    day: date
    signed_at: datetime
    late: bool


class AuditDetailOut(BaseModel):
    """One entry with its neighbours and its own check."""

    entry: AuditEntryOut
    prev_hash: str
    alg: str
    previous: NeighbourOut | None
    next: NeighbourOut | None
    check: CheckOut
    root: CoveringRootOut | None


class VerifyIn(BaseModel):
    """The span to check, ``since`` included, ``until`` not."""

    model_config = ConfigDict(extra="forbid")

    since: AwareDatetime
    until: AwareDatetime


class VerifyOut(BaseModel):
    """Outcome of a check."""

    intact: bool
    entries: int
    chains: int
    roots: int
    since: datetime
    until: datetime
    checked_at: datetime
    faults: list[FaultOut]


class RootOut(BaseModel):
    """A daily root; ``authentic`` tells whether a trusted key signed it."""

    day: date
    hash: str
    entries: int
    chains: int
    signed_at: datetime
    late: bool
    key_fingerprint: str
    authentic: bool


class PurposeOut(BaseModel):
    """A purpose one may give."""

    code: str
    name: Words
    note_required: bool


class PurposesOut(BaseModel):
    """The purposes, and how much of the hour's allowance is used."""

    items: list[PurposeOut]
    limit_per_hour: int
    used_last_hour: int


class SubjectIn(BaseModel):
    """Which record."""

    model_config = ConfigDict(extra="forbid")

    kind: str = Field(min_length=1, max_length=60)
    id: str = Field(min_length=1, max_length=100)


class RevealIn(BaseModel):
    """Which field of which record, and what for."""

    model_config = ConfigDict(extra="forbid")

    subject: SubjectIn
    field: str = Field(min_length=1, max_length=60)
    purpose: str = Field(min_length=1, max_length=60)
    note: str = Field(default="", max_length=500)


class RevealOut(BaseModel):
    """The value in clear, the audit entry that says so, and how long a page may show it."""

    value: str | None
    audit_id: UUID
    expires_s: int
