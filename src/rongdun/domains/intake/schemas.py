"""What the reports' endpoints answer."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from rongdun.domains.intake.schemas_in import ReportIn


class Words(BaseModel):
    """One sentence in both languages."""

    zh: str
    en: str


class CodeOut(BaseModel):
    """One entry of a list."""

    code: str
    name: Words


class ListsOut(BaseModel):
    """The lists of the form, as they are in force today."""

    sources: list[CodeOut]
    classifications: list[CodeOut]
    fraud_types: list[CodeOut]
    channels: list[CodeOut]
    methods: list[CodeOut]
    vulnerabilities: list[CodeOut]
    institutions: list[str]


class FaultOut(BaseModel):
    """What cannot be read in a field."""

    path: str
    message: Words


class HintOut(BaseModel):
    """How a field was read, or what to look at in it."""

    path: str
    kind: Literal["read", "doubt"]
    message: Words


class HitOut(BaseModel):
    """Something known already: a report, case or trace with the same person, account or number."""

    path: str
    what: Literal["report", "case", "trace"]
    same: Literal["person", "account", "phone", "link", "chat", "app"]
    id: UUID
    number: str
    title: str
    state_name: Words
    at: datetime
    duplicate: bool


class StopPreviewOut(BaseModel):
    """An order the form would make, and the items it still lacks (codes of ``stop.match_items``)."""

    place: int
    institution: str
    account: str
    name: str
    amount_fen: int | None
    time: datetime | None
    missing: list[str]
    missing_names: list[Words]


class UrgencyOut(BaseModel):
    """How pressing a report is, and why."""

    score: int
    urgent: bool
    reasons: list[Words]


class CheckOut(BaseModel):
    """What the form says while it is typed."""

    faults: list[FaultOut]
    hints: list[HintOut]
    hits: list[HitOut]
    stops: list[StopPreviewOut]
    missing: list[CodeOut]
    urgency: UrgencyOut
    loss_fen: int


class FoundOut(BaseModel):
    """Something a narrative holds, and where."""

    kind: str
    start: int
    end: int
    value: str


class SuggestedTransferOut(BaseModel):
    """A transfer a narrative seems to tell of, ready for the form's cells."""

    institution: str
    account: str
    name: str
    amount: str
    time: str


class ExtractOut(BaseModel):
    """What a narrative holds; suggestions only."""

    found: list[FoundOut]
    transfers: list[SuggestedTransferOut]


class ActionOut(BaseModel):
    """What may be done next, and why not, if not, with what would make it pass."""

    action: str
    name: Words
    needs_reason: bool
    allowed: bool
    refusal: Words | None
    remedy: Words | None


class ReportOut(BaseModel):
    """A report as lists show it."""

    id: UUID
    number: str
    receipt_number: str
    title: str
    state: str
    state_name: Words
    source: str
    source_name: Words
    classification: str
    classification_name: Words
    fraud_type: str
    fraud_type_name: Words
    loss_fen: int
    transfers: int
    last_transfer_at: datetime | None
    on_call: bool
    more_expected: bool
    screen_shared: bool
    hardship: bool
    urgency: int
    unit_name: str
    unit_path: str
    maker_name: str
    case_id: UUID | None
    case_number: str
    received_at: datetime
    entered_at: datetime | None
    version: int


class PersonOut(BaseModel):
    """Somebody, masked."""

    name: str
    id_number: str
    phone: str
    age: int | None
    sex: str
    occupation: str
    address: str
    relation: str
    vulnerabilities: list[Words]


class TransferOut(BaseModel):
    """A transfer, masked; ``missing``: items an order of it would lack."""

    place: int
    out_institution: str
    out_account: str
    out_name: str
    institution: str
    account: str
    name: str
    kind: str
    amount_fen: int | None
    time: datetime | None
    precision: str
    method: str
    method_name: Words
    serial: str
    missing: list[str]
    missing_names: list[Words]


class NamedOut(BaseModel):
    """A number, link, app or account of the fraudster; personal numbers masked."""

    place: int
    kind: str
    value: str


class FileOut(BaseModel):
    """A file of the report."""

    sha256: str
    name: str


class DuplicateOut(BaseModel):
    """The report that this one repeats."""

    id: UUID
    number: str


class ReportDetailOut(ReportOut):
    """A report's page: masked, with what it has in common with others and what may be done."""

    story: str
    reporter: PersonOut
    victim: PersonOut
    channels: list[Words]
    deceived_at: datetime | None
    transfer_list: list[TransferOut]
    named: list[NamedOut]
    files: list[FileOut]
    urgency_reasons: list[Words]
    missing: list[CodeOut]
    hits: list[HitOut]
    duplicate_of: DuplicateOut | None
    referred_to: str
    end_reason: str
    ended_at: datetime | None
    may_edit: bool
    may_stop: bool
    actions: list[ActionOut]


class StopMadeOut(BaseModel):
    """An order drafted from the report; ``refusal`` says why it was not sent, where it was to be."""

    id: UUID
    number: str
    state: str
    account: str
    missing: list[str]
    sent: bool
    refusal: Words | None


class TakenOut(BaseModel):
    """A report that was taken, with the orders made of it."""

    report: ReportDetailOut
    stops: list[StopMadeOut]


class FormOut(BaseModel):
    """A report in the words of the form, in clear, for whoever edits it; that it was opened is on record."""

    form: ReportIn
    version: int


class FollowedOut(BaseModel):
    """The trace that was made."""

    trace_id: UUID
