"""Shapes of the desks' shared services, as they stand in the API."""

import json
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, StringConstraints

FORM_KEY = r"^[A-Za-z0-9][A-Za-z0-9_.:-]{0,119}$"
FILE_HASH = r"^[0-9a-f]{64}$"


def _plain(text: str) -> str:
    if not text.isprintable():
        raise ValueError("含有不可见字符 / holds unprintable characters")
    return text


def _writable(value: JsonValue) -> JsonValue:
    """Refuse what JSON proper cannot carry: NaN, infinities and halves of characters."""
    json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8")
    return value


PlainText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(_plain)]
TableKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.-]{0,59}$")]


class DraftIn(BaseModel):
    """What a form holds so far."""

    model_config = ConfigDict(extra="forbid")

    value: Annotated[JsonValue, AfterValidator(_writable)]


class DraftOut(BaseModel):
    """A kept draft; ``saved_at`` is the server's time."""

    form_key: str
    value: JsonValue
    saved_at: datetime


class ViewIn(BaseModel):
    """A table's state to keep under a name; ``state`` is the query of its address."""

    model_config = ConfigDict(extra="forbid")

    table: TableKey
    name: Annotated[PlainText, Field(max_length=60)]
    state: Annotated[dict[str, str | list[str]], Field(max_length=30), AfterValidator(_writable)]


class ViewOut(BaseModel):
    """A saved view."""

    id: UUID
    table: str
    name: str
    state: dict[str, str | list[str]]


class FileOut(BaseModel):
    """A kept file; ``media_type`` was found by looking at its content."""

    id: UUID
    sha256: str
    size: int
    media_type: str
    name: str
    uploaded_at: datetime


class HitOut(BaseModel):
    """Something found; ``route`` opens its page."""

    id: str
    label: str
    sub: str
    route: str


class GroupOut(BaseModel):
    """What was found of one kind."""

    kind: str
    items: list[HitOut]


class SearchOut(BaseModel):
    """What the one search found, kind by kind."""

    groups: list[GroupOut]
