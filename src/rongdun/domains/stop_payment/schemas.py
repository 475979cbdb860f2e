"""Shapes of the orders' endpoints. Money is whole fen; moments carry their zone."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

_PLAIN = r"^[^\x00-\x08\x0b-\x1f\x7f]*$"
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500, pattern=_PLAIN)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100, pattern=_PLAIN)]
Number = Annotated[str, StringConstraints(strip_whitespace=True, max_length=64, pattern=_PLAIN)]
Address = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]
Fen = Annotated[int, Field(ge=0, le=10**15)]
Months = Annotated[int, Field(ge=1, le=24)]

Kind = Literal["stop", "query", "freeze"]
Question = Literal["", "query_transactions", "query_holder", "query_dynamic", "query_accounts"]
Said = Literal["done", "partial", "mismatch", "not_found", "closed", "queued", "refused"]
Action = Literal[
    "review", "return", "send", "countersign", "withdraw", "override", "resend", "extend", "lift",
    "approve_county", "approve_city", "renew_county", "renew_city", "unrelated", "end_watch", "look_into",
]  # fmt: skip


class Words(BaseModel):
    """One sentence in both languages."""

    zh: str
    en: str


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SubjectIn(_In):
    """What an order is for: a case, or a report there is no case of yet."""

    kind: Literal["case", "report"]
    id: UUID
    label: Short = ""


class TargetIn(_In):
    """The account an order is about; ``number`` may be left out where ``from_order`` tells it."""

    institution: Short = ""
    number: Number = ""
    name: Short = ""
    kind: Literal["personal", "corporate"] = "personal"
    id_type: Short = ""
    id_number: Number = ""


class TransferIn(_In):
    """The transfer that led money there."""

    amount_fen: Fen | None = None
    time: AwareDatetime | None = None
    institution: Short = ""
    number: Number = ""
    name: Short = ""


class OrderIn(_In):
    """An order to be made or corrected; without an account's number it is about that of ``from_order``."""

    kind: Kind
    subject: SubjectIn
    target: TargetIn = TargetIn()
    transfer: TransferIn = TransferIn()
    reason: Note = ""
    remark: Note = ""
    urgent: bool = False
    question: Question = ""
    scope: Literal["full", "limited"] = "full"
    amount_fen: Fen | None = None
    months: Months | None = None
    fruits: bool = True
    period_from: AwareDatetime | None = None
    period_to: AwareDatetime | None = None
    trace_id: UUID | None = None
    from_order: UUID | None = None


class OrderEditIn(OrderIn):
    """A corrected draft, of the version one has seen."""

    version: Version


class BatchIn(_In):
    """Orders of one kind on several accounts of a trace, in one act; a freeze is capped at what the trace says."""

    kind: Kind
    subject: SubjectIn
    trace_id: UUID
    accounts: Annotated[list[Address], Field(max_length=500)]
    reason: Note = ""
    urgent: bool = True
    question: Question = ""
    months: Months | None = None
    capped: bool = True


class ActIn(_In):
    """A step on the version one has seen; ``months`` is of a renewal."""

    version: Version
    reason: Note = ""
    months: Months | None = None


class ChosenIn(_In):
    """An order and the version one has seen."""

    id: UUID
    version: Version


class ReviewIn(_In):
    """Orders to be reviewed and sent in one act."""

    orders: Annotated[list[ChosenIn], Field(min_length=1, max_length=500)]


class AnswerIn(_In):
    """What a bank answers by form."""

    instruction: Annotated[str, StringConstraints(min_length=1, max_length=36)]
    outcome: Said
    held_fen: Fen | None = None
    balance_fen: Fen | None = None
    started_at: AwareDatetime | None = None
    text: Note = ""
    former_authority: Short = ""
    former_until: AwareDatetime | None = None


class SubjectOut(BaseModel):
    """What an order is for."""

    kind: str
    id: str
    label: str


class ActionOut(BaseModel):
    """What may be done next, and the rule and its remedy where not."""

    action: str
    name: Words
    needs_reason: bool
    allowed: bool
    rule: str | None
    refusal: Words | None
    legal_basis: str | None
    remedy: Words | None


class OrderOut(BaseModel):
    """An order as lists show it; number and name of the account masked.

    ``account_ref`` is the account's address. ``due_at`` is what runs next: the bank's answer, or the measure's end;
    ``due_from`` is when that clock began.
    """

    id: UUID
    number: str
    kind: Kind
    question: str
    state: str
    state_name: Words
    over: bool
    subject: SubjectOut
    unit_name: str
    institution: str
    institution_name: str
    account_ref: str
    account: str
    name: str
    amount_fen: int | None
    transfer_at: datetime | None
    missing: list[str]
    urgent: bool
    scope: str
    months: int | None
    level: str
    held_fen: int
    balance_fen: int | None
    balance_at: datetime | None
    outcome: str
    attention: str
    maker_name: str
    made_at: datetime
    reviewer_name: str
    reviewed_at: datetime | None
    sender_name: str
    sent_at: datetime | None
    answered_at: datetime | None
    starts_at: datetime | None
    ends_at: datetime | None
    over_at: datetime | None
    due_at: datetime | None
    due_from: datetime | None
    batch_id: UUID | None
    trace_id: UUID | None
    from_order: UUID | None
    returned_reason: str
    version: int


class PayerOut(BaseModel):
    """The account money came from, masked."""

    institution: str
    account: str
    name: str


class ClockOut(BaseModel):
    """A clock of an order."""

    id: UUID
    rule_key: str
    name: Words
    legal_basis: str
    started_at: datetime
    due_at: datetime
    level: str
    closed_at: datetime | None
    outcome: str | None


class StepOut(BaseModel):
    """An instruction of an order."""

    application_id: str
    kind: str
    state: str
    reason: Words
    amount_fen: int | None
    starts_at: datetime | None
    ends_at: datetime | None
    months: int | None
    maker_name: str
    made_at: datetime
    sender_name: str
    sent_at: datetime | None
    answered_at: datetime | None
    silent: bool
    outcome: str


class EventOut(BaseModel):
    """One thing that happened to an order."""

    at: datetime
    kind: str
    from_state: str
    to_state: str
    to_state_name: Words
    actor_name: str
    note: str
    detail: dict[str, Any]


class ReplyOut(BaseModel):
    """What the institution answered; its words with long numbers masked."""

    id: UUID
    kind: str
    outcome: str
    effect: str
    answered_at: datetime
    received_at: datetime
    code: str
    text: str
    balance_fen: int | None
    held_fen: int | None
    rows: int
    clerk: str
    former_authority: str
    former_until: datetime | None


class StatementOut(BaseModel):
    """A statement that came with an answer, on its way into the ledger and the trace."""

    id: UUID
    state: str
    rows: int
    first_at: datetime
    last_at: datetime
    import_id: UUID | None
    traced_at: datetime | None
    error: str


class ConsequencesOut(BaseModel):
    """What sending a draft would mean: for the limit of two stops, for the account, for the clocks."""

    stops: int
    stops_max: int
    overridden: bool
    in_force: str | None
    filed: bool
    ends_at: datetime | None
    others: list[OrderOut]


class OrderDetailOut(OrderOut):
    """An order's page."""

    payer: PayerOut
    reason: Words
    remark: str
    fruits: bool
    account_kind: str
    period_from: datetime | None
    period_to: datetime | None
    override_name: str
    override_reason: str
    end_reason: str
    actions: list[ActionOut]
    consequences: ConsequencesOut
    clocks: list[ClockOut]
    steps: list[StepOut]
    events: list[EventOut]
    replies: list[ReplyOut]
    statements: list[StatementOut]
    may_edit: bool
    may_answer: bool


class ReviewOut(OrderOut):
    """A draft on the board of those to be reviewed, with what sending it would mean."""

    actions: list[ActionOut]
    consequences: ConsequencesOut
    payer: PayerOut
    reason: Words


class RefusedOut(BaseModel):
    """An order of several that was not taken, and why."""

    id: UUID
    number: str
    message: Words
    remedy: Words
    rule: str | None
    legal_basis: str | None


class SentOut(BaseModel):
    """What became of several orders."""

    done: list[OrderOut]
    refused: list[RefusedOut]


class BatchOut(BaseModel):
    """The drafts a batch made; ``batch_id`` joins them."""

    batch_id: UUID
    orders: list[OrderOut]


class CountsOut(BaseModel):
    """How many orders wait for whom."""

    to_review: int
    to_approve: int
    waiting: int
    in_force: int
    attention: int
