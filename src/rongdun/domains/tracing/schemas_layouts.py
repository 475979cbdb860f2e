"""Shapes of guessing, trying and keeping layouts."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from rongdun.domains.tracing.schemas import Short, Words

Place = Annotated[int, Field(ge=0, le=500)]
Role = Annotated[str, Field(pattern=r"^[a-z_0-9]{2,40}$")]


class GuessOut(BaseModel):
    """A column of an unknown file: its heading, what it may mean and why, and some of its cells, masked."""

    place: int
    heading: str
    role: str | None
    score: float
    reason: Words | None
    cells: list[str]


class SheetOut(BaseModel):
    """A sheet ("" in a text file): its first rows, masked, and which of them looks like the headings (from 0)."""

    name: str
    heading_row: int
    rows: list[list[str]]
    columns: list[GuessOut]


class RoleOut(BaseModel):
    """A meaning a column may have."""

    role: str
    name: Words


class FileGuessOut(BaseModel):
    """What an unreadable file looks like, and every meaning that may be chosen."""

    file_id: UUID
    path: str
    sheets: list[SheetOut]
    roles: list[RoleOut]


class MappingIn(BaseModel):
    """What the columns of a file mean.

    ``unit``: of amounts whose headings state none (``wan``: ten thousand yuan). ``plus``: what an amount above zero
    is where no column says it.
    """

    model_config = ConfigDict(extra="forbid")

    title: Annotated[Short, Field(min_length=1)]
    sheet: Annotated[str, Field(max_length=100)] = ""
    heading_row: Annotated[int, Field(ge=0, le=59)] = 0
    columns: Annotated[dict[Place, Role], Field(max_length=200)]
    unit: Literal["yuan", "fen", "wan"] = "yuan"
    plus: Literal["", "in", "out"] = ""
    institution: Short = ""
    account_outside: bool = False


class TrialRowOut(BaseModel):
    """A row as it would be kept, masked."""

    time: datetime
    account: str
    direction: int
    amount_fen: int
    balance_fen: int | None
    cp_account: str
    cp_name: str
    purpose: str


class TrialReasonOut(BaseModel):
    """How many rows would be refused for one reason."""

    column: str
    reason: str
    text: Words
    count: int


class TrialOut(BaseModel):
    """What a mapping makes of the beginning of its file."""

    rows: int
    taken: int
    rejected: int
    sample: list[TrialRowOut]
    reasons: list[TrialReasonOut]


class LayoutOut(BaseModel):
    """A layout: shipped (no unit), or made by a unit; ``columns`` are meanings with their headings."""

    id: str
    title: Words
    table: str
    unit_path: str | None
    maker_name: str
    created_at: datetime | None
    active: bool
    version: int | None
    columns: dict[str, list[str]]
