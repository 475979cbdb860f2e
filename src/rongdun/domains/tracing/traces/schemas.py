"""Shapes of the traces' endpoints."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from rongdun.domains.tracing.schemas import ActionOut, Reason, Version, Words

_PLAIN = r"^[^\x00-\x08\x0b-\x1f\x7f]*$"
Cell = Annotated[str, StringConstraints(max_length=200, pattern=_PLAIN)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=_PLAIN)]
NoteText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000, pattern=_PLAIN)
]
Rule = Literal["fifo", "lifo", "pro_rata", "window", "poison"]
Mark = Literal["cash_out", "frozen", "awaiting_reply", "located", "struck"]
Hub = Literal["stop", "follow"]
Minutes = Annotated[int, Field(ge=1, le=10_080)]
Address = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SeedIn(_In):
    """A victim's transfer as it was typed or pasted; the server reads it, cell by cell."""

    victim: Cell
    institution: Cell = ""
    account: Cell
    amount: Cell
    time: Cell


class SettingsIn(_In):
    """What a trace is called and how far it goes; ``as_of`` null is all that is known."""

    title: Title
    rule: Rule = "fifo"
    depth: Annotated[int, Field(ge=1, le=10)] = 6
    window_hours: Annotated[int, Field(ge=1, le=8760)] = 72
    delta_minutes: Minutes = 60
    as_of: datetime | None = None


class TraceIn(SettingsIn):
    """A trace to make; with ``compute`` it is computed at once."""

    seeds: Annotated[list[SeedIn], Field(max_length=2000)]
    compute: bool = True


class TraceEditIn(SettingsIn):
    """A change of a trace; ``seeds`` null leaves them as they are."""

    version: Version
    seeds: Annotated[list[SeedIn], Field(max_length=2000)] | None = None


class ArchiveIn(_In):
    """Why a trace is closed."""

    version: Version
    reason: Reason


class MarksIn(_In):
    """The marks that stand on an account from now on."""

    marks: Annotated[list[Mark], Field(max_length=5)]


class NoteIn(_In):
    """A note on an account."""

    text: NoteText


class ChoiceIn(_In):
    """A decision on one account; null leaves it to the policy and to the trace's delta."""

    hub: Hub | None = None
    delta_minutes: Minutes | None = None


class PartyIn(_In):
    """A side of a transfer by hand: an account of the trace, or one written out."""

    account_id: Address | Literal[""] = ""
    institution: Cell = ""
    account: Cell = ""
    name: Cell = ""


class HandTransferIn(_In):
    """A transfer no statement shows."""

    payer: PartyIn
    payee: PartyIn
    amount: Cell
    time: Cell
    reason: Reason


class WithdrawIn(_In):
    """Why a transfer by hand no longer counts."""

    reason: Reason


class TotalsOut(BaseModel):
    """``seeds = left + ended + frontier + limit`` for every rule except poison."""

    seeds_fen: int
    left_fen: int
    ended_fen: int
    frontier_fen: int
    limit_fen: int


class TraceOut(TotalsOut):
    """A trace; the sums are those of ``rule``."""

    id: UUID
    number: str
    title: str
    state: str
    state_name: Words
    rule: Rule
    depth: int
    window_hours: int
    delta_minutes: int
    as_of: datetime | None
    seed_count: int
    accounts: int
    transfers: int
    maker_name: str
    unit_name: str
    unit_path: str
    computed_at: datetime | None
    computed_as_of: datetime | None
    created_at: datetime
    error: Words | None
    case_id: UUID | None
    report_id: UUID | None
    archive_reason: str
    version: int
    actions: list[ActionOut]


class SeedOut(BaseModel):
    """A victim's transfer, masked; ``place`` is what a reveal asks for."""

    place: int
    victim: str
    institution: str
    account: str
    amount_fen: int
    time: datetime


class HandTransferOut(BaseModel):
    """A transfer added by hand, masked."""

    id: UUID
    payer: str
    payee: str
    amount_fen: int
    time: datetime
    reason: str
    maker_name: str
    made_at: datetime
    withdrawn_at: datetime | None
    withdrawn_by: str
    withdrawn_reason: str


class TraceDetailOut(TraceOut):
    """A trace with what it starts from. ``moved_on``: statements came or went; ``changed``: so did the trace."""

    seeds: list[SeedOut]
    hand_transfers: list[HandTransferOut]
    rules: list[Rule]
    moved_on: bool
    changed: bool
    mine: bool


class HoldingOut(BaseModel):
    """One victim's money in an account; ``victim`` is a place among the result's victims."""

    victim: int
    tier: int
    in_fen: int
    out_fen: int
    left_fen: int
    end: str
    first_in: datetime | None
    last_out: datetime | None
    dwell_s: int
    confidence: str


class ResultAccountOut(BaseModel):
    """An account of a result, masked. ``known``: the ledger has a page of it."""

    id: str
    institution: str
    account: str
    name: str
    tier: int
    observed: bool
    opening: str
    observed_until: datetime | None
    hub: bool
    holdings: list[HoldingOut]
    marks: list[Mark]
    notes: int
    others: int


class ResultTransferOut(BaseModel):
    """A transfer that carried money; parties are places of accounts, -1 for none.

    ``shares`` are victim and fen, ``ends`` where each went no further.
    """

    payer: int
    payee: int
    time: datetime
    amount_fen: int
    end: str
    books: str
    hand: bool
    shares: list[tuple[int, int]]
    ends: list[str]


class StopOut(BaseModel):
    """An account at which money was not followed, and why."""

    account: int
    reason: str


class ResultOut(BaseModel):
    """What one rule says of a trace."""

    rule: Rule
    as_of: datetime
    totals: TotalsOut
    victims: list[str]
    accounts: list[ResultAccountOut]
    transfers: list[ResultTransferOut]
    stops: list[StopOut]
    digest: str


class MarkOut(BaseModel):
    """A mark, and who set it."""

    mark: Mark
    maker_name: str
    made_at: datetime


class NoteOut(BaseModel):
    """A note, and whose it is."""

    text: str
    maker_name: str
    made_at: datetime


class OtherOut(BaseModel):
    """Another trace that touches the account."""

    id: UUID
    number: str
    title: str
    unit_name: str
    in_fen: int


class TraceAccountOut(BaseModel):
    """What the desk knows of one account of a trace. ``page``: the ledger has a page of it within one's scope."""

    id: str
    marks: list[MarkOut]
    notes: list[NoteOut]
    others: list[OtherOut]
    hub: Hub | None
    delta_minutes: int | None
    page: bool
