"""Shapes of the imports' and the ledger's endpoints."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

_PLAIN = r"^[^\x00-\x08\x0b-\x1f\x7f]*$"
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500, pattern=_PLAIN)]
Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=_PLAIN)
]
Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Password = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100, pattern=_PLAIN)]


class Words(BaseModel):
    """One sentence in both languages."""

    zh: str
    en: str


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class DroppedIn(_In):
    """A file uploaded before, and where it lay in the dropped folder."""

    sha256: Hash
    path: Annotated[str, StringConstraints(min_length=1, max_length=2000)]


class ImportIn(_In):
    """Files to import together; passwords are tried on every archive and forgotten afterwards."""

    files: Annotated[list[DroppedIn], Field(max_length=5000)]
    note: Note = ""
    passwords: Annotated[list[Password], Field(max_length=20)] = []


class VersionIn(_In):
    """A step taken on the version one has seen."""

    version: Version


class UndoIn(VersionIn):
    """Why an import is taken back."""

    reason: Reason


class PasswordIn(_In):
    """A password of an archive."""

    password: Password


class ActionOut(BaseModel):
    """What may be done next, and why not, if not."""

    action: str
    name: Words
    needs_reason: bool
    allowed: bool
    refusal: Words | None


class CountsOut(BaseModel):
    """``rows = taken + duplicates + rejected + blank``."""

    rows: int
    taken: int
    duplicates: int
    rejected: int
    blank: int


class ImportOut(CountsOut):
    """An import. ``rows_read`` is how far its reading is; the counts are set when it ends."""

    id: UUID
    state: str
    state_name: Words
    note: str
    maker_name: str
    unit_name: str
    unit_path: str
    files_total: int
    files_done: int
    files_refused: int
    rows_read: int
    error: Words | None
    undo_reason: str
    undone_by_name: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    version: int
    actions: list[ActionOut]


class NoteOut(BaseModel):
    """What was kept with a doubt: in which column, why, how often."""

    column: str
    reason: str
    text: Words
    count: int


class ImportFileOut(CountsOut):
    """A file of an import; ``path`` with its long numbers masked. ``needs``: what would make it readable."""

    id: UUID
    path: str
    parent_id: UUID | None
    state: Literal["WAITING", "READ", "REFUSED", "EXPANDED", "SKIPPED"]
    container: str
    layout: str | None
    layout_name: Words | None
    encoding: str | None
    reason: str | None
    reason_text: Words | None
    needs: Literal["mapping", "password"] | None
    notes: list[NoteOut]


class ReasonOut(BaseModel):
    """How many rows of a file were refused for one reason in one column; the first of them by number."""

    file_id: UUID
    column: str
    reason: str
    text: Words
    count: int
    rows: list[str]


class ImportDetailOut(ImportOut):
    """An import with its files and why rows were refused."""

    files: list[ImportFileOut]
    reasons: list[ReasonOut]


class AccountOut(BaseModel):
    """An account the ledger tells of; number, name and id number masked. Sums are of successful CNY rows, in fen."""

    id: str
    institution: str
    account: str
    owner_name: str
    owner_id: str
    status: str
    opened: datetime | None
    closed: datetime | None
    balance_fen: int | None
    rows: int
    in_fen: int
    out_fen: int
    first_at: datetime | None
    last_at: datetime | None


class GapOut(BaseModel):
    """Something is missing or out of order before a row; ``missing_fen`` is what the missing rows moved."""

    kind: Literal["gap", "missing_page", "odd_balance", "disorder", "reversed"]
    expected_fen: int
    found_fen: int
    missing_fen: int
    since: datetime
    until: datetime
    currency: str


class SourceOut(BaseModel):
    """Where a row was read: file (long numbers masked), sheet, row."""

    import_id: UUID | None
    path: str
    sheet: str
    row: int


class RowOut(BaseModel):
    """A row of a statement, personal data masked; ``running_fen`` is computed where ``stated`` is false."""

    id: str
    time: datetime
    time_precision: int
    direction: int
    amount_fen: int
    currency: str
    running_fen: int | None
    stated: bool
    cp_account: str
    cp_name: str
    cp_bank: str
    klass: str
    channel: str
    purpose: str
    remark: str
    success: bool
    cash: bool
    terminal: str
    ip: str
    mac: str
    place: str
    merchant_name: str
    serial: str
    source: SourceOut
    gap: GapOut | None


class CheckOut(BaseModel):
    """What the balances of a whole statement tell: how many rows state one, and the findings, the gravest first."""

    stated: int
    gaps: list[GapOut]


class AccountDetailOut(AccountOut):
    """An account with what its balances tell."""

    check: CheckOut
