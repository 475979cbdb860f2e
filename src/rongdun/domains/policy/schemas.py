"""Shapes of the policy endpoints; ``README.md`` shows them together."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from rongdun.domains.policy.plan import Kind
from rongdun.kernel.policy import Tag, ValueUnit

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)+$", max_length=100)]
_PLAIN = r"^[^\x00-\x08\x0b-\x1f\x7f]*$"
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=_PLAIN)]
Long = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000, pattern=_PLAIN)]
Whole = Annotated[int, Field(strict=True, ge=-(2**53), le=2**53)]
Entry = Annotated[
    dict[
        Annotated[str, StringConstraints(pattern=r"^[a-z_]+$", max_length=40)],
        Short | Annotated[bool, Field(strict=True)] | Whole,
    ],
    Field(max_length=12),
]
RuleValue = (
    Annotated[bool, Field(strict=True)]
    | Whole
    | Short
    | Annotated[list[Whole], Field(min_length=1, max_length=20)]
    | Annotated[list[Entry], Field(min_length=1, max_length=300)]
)


class Words(BaseModel):
    """One sentence in both languages."""

    zh: str
    en: str


class WordsIn(BaseModel):
    """A name in both languages."""

    model_config = ConfigDict(extra="forbid")

    zh: Short
    en: Short


class RuleOut(BaseModel):
    """One row of the policy table."""

    id: UUID
    key: str
    name: Words
    group: str
    group_name: Words
    value: Any
    unit: ValueUnit
    shown: Words
    effective_from: date
    effective_to: date | None
    legal_basis: str
    tag: Tag
    certainty: Words
    source: str
    note: str
    origin: Literal["seed", "change"]
    change_id: UUID | None
    closed_by: UUID | None
    status: Literal["in_force", "future", "past", "void"]


class SpanOut(BaseModel):
    """Days without a rule; ``until`` is the first day that has one again, null when none does."""

    since: date
    until: date | None


class ProposalOut(BaseModel):
    """What a change proposes."""

    key: str
    kind: Kind
    name: Words
    value: Any
    unit: ValueUnit
    effective_from: date
    effective_to: date | None
    legal_basis: str
    tag: Tag
    source: str
    note: str
    reason: str
    shown: Words


class EndingOut(BaseModel):
    """A row that would end, and the first day it would no longer apply."""

    rule: RuleOut
    ends: date


class ConsequencesOut(BaseModel):
    """What confirming would bring about."""

    applies_from: date
    applies_to: date | None
    retroactive: bool
    closes: list[EndingOut]
    overlaps: list[RuleOut]
    gaps: list[SpanOut]
    running_deadlines: int
    summary: list[Words]


class DiffOut(BaseModel):
    """One field, before and after, raw and in words."""

    field: str
    name: Words
    before: Any
    after: Any
    before_shown: Words
    after_shown: Words


class PersonOut(BaseModel):
    """Who it was; a decision that was taken up again names nobody."""

    id: UUID | None
    name: str


class ActionOut(BaseModel):
    """What may be done next, and why not, if not."""

    action: str
    name: Words
    needs_reason: bool
    allowed: bool
    refusal: Words | None


class ChangeOut(BaseModel):
    """A change of a rule."""

    id: UUID
    version: int
    key: str
    kind: Kind
    kind_name: Words
    state: str
    state_name: Words
    proposal: ProposalOut
    reason: str
    current: RuleOut | None
    diff: list[DiffOut]
    consequences: ConsequencesOut | None
    problem: Words | None
    unit_path: str
    maker: PersonOut
    editors: list[UUID]
    submitted_at: datetime | None
    checker: PersonOut | None
    decided_at: datetime | None
    decision_note: str
    created_at: datetime
    updated_at: datetime
    actions: list[ActionOut]


class RuleHistoryOut(BaseModel):
    """Every version of a rule, and what is about to become of it."""

    key: str
    name: Words
    versions: list[RuleOut]
    open_changes: list[ChangeOut]
    gaps: list[SpanOut]
    running_deadlines: int


class UnitOut(BaseModel):
    """A unit a rule may be measured in, and the kind of value that goes with it."""

    unit: ValueUnit
    name: Words
    kind: Literal["duration", "number", "money", "flag", "text", "codes"]


class UnitsOut(BaseModel):
    """What a form needs to know: units, certainties, kinds of change and families of keys."""

    units: list[UnitOut]
    tags: dict[Tag, Words]
    kinds: dict[Kind, Words]
    groups: dict[str, Words]


class _Fields(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: Kind = Kind.REPLACE
    name: WordsIn | None = None
    value: RuleValue | None = None
    unit: ValueUnit | None = None
    effective_to: date | None = None
    legal_basis: Long | None = None
    tag: Tag | None = None
    source: Short | None = None
    note: Long | None = None
    reason: Long | None = None


class ProposalIn(_Fields):
    """A change to be drafted; what is left out is taken from the row in force on ``effective_from``."""

    key: Key
    effective_from: date


class ProposalEditIn(_Fields):
    """New words for a draft; what is left out stays."""

    version: int = Field(ge=1)
    effective_from: date | None = None


class DecisionIn(BaseModel):
    """A step of a change, taken on the version one has seen."""

    model_config = ConfigDict(extra="forbid")

    version: int = Field(ge=1)
    note: Long = ""
