"""A wire profile as data: which element holds what, in which message, by which code list.

``profiles/national.toml`` explains its own columns; a deployment's corrected copy takes its place.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

from rongdun.domains.exchange import Kind
from rongdun.kernel.errors import DomainError, Text

MOST_TEXT = 255
"""Longest text of an element, in characters, where the profile says nothing else."""


class ProfileUnusable(DomainError):
    """A wire profile cannot be used as it stands."""

    status = 500
    code = "wire_profile_unusable"
    message = Text("报文规范文件不能使用", "The wire profile cannot be used")
    action = Text("请按随附的 national.toml 改正", "Correct it after the national.toml that ships")


@dataclass(frozen=True, slots=True)
class Field:
    """One element: its tag, what stands in it (``of`` or a constant), how it is spelled, and its limits."""

    tag: str
    of: str = ""
    constant: str | None = None
    form: str = "text"
    need: bool = False
    most: int = MOST_TEXT
    path: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Take ``of`` apart once: messages ask for it thirty times each."""
        object.__setattr__(self, "path", tuple(self.of.split(".")))


@dataclass(frozen=True, slots=True)
class Many:
    """An element that holds a list of items, each by the same fields."""

    tag: str
    item: str
    of: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """The fields of one message, in order, with its code."""

    code: str
    kind: Kind
    fields: tuple[Field, ...]
    lists: tuple[Many, ...]
    held_is_balance: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """A whole profile; ``asks`` and ``tells`` are found by kind, ``by_code`` by the code on the wire."""

    name: str
    root: str
    time: str
    centre: str
    mode: str
    head: Mapping[str, str]
    body: str
    attachments: Mapping[str, str]
    ack: Mapping[str, str]
    returns: Mapping[str, str]
    lists: Mapping[str, Mapping[str, str]]
    asks: Mapping[Kind, Shape]
    tells: Mapping[Kind, Shape]
    by_code: Mapping[str, Shape]
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Code lists read backwards: what on the wire means what."""


def load_profile(name: str, corrected: Path | None = None) -> Profile:
    """Return the profile ``name``: ``<corrected>/<name>.toml`` where there is one, else the one that ships.

    Raises :class:`ProfileUnusable` naming what is wrong.
    """
    own = corrected / f"{name}.toml" if corrected else None
    if own is not None and own.is_file():
        return parse_profile(own.read_text(encoding="utf-8"), str(own))
    return _shipped(name)


@cache
def _shipped(name: str) -> Profile:
    resource = files("rongdun").joinpath(f"adapters/banks/profiles/{name}.toml")
    if not resource.is_file():
        raise ProfileUnusable(Text(f"没有报文规范 {name}", f"There is no wire profile {name}"))
    return parse_profile(resource.read_text(encoding="utf-8"), name)


def parse_profile(text: str, where: str) -> Profile:
    """Return the profile written in ``text``; ``where`` names it in the refusal."""
    try:
        return _profile(tomllib.loads(text))
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise ProfileUnusable(
            Text(f"报文规范 {where} 不能使用：{error}", f"The wire profile {where} cannot be used: {error}")
        ) from error


def _profile(raw: Mapping[str, Any]) -> Profile:
    blocks = raw["blocks"]
    asks: dict[Kind, Shape] = {}
    tells: dict[Kind, Shape] = {}
    for name, row in raw["messages"].items():
        kind = Kind(name)
        asks[kind] = _shape(kind, row["request"], row["asks"], blocks)
        tells[kind] = _shape(kind, row["answer"], row["tells"], blocks, held=row.get("held", False))
    shapes = [*asks.values(), *tells.values()]
    lists = {name: dict(values) for name, values in raw["lists"].items()}
    return Profile(
        name=raw["name"],
        root=raw["root"],
        time=raw["time"],
        centre=raw["centre"],
        mode=raw["mode"],
        head=raw["head"],
        body=raw["body"]["element"],
        attachments=raw["attachments"],
        ack=raw["ack"],
        returns=raw["returns"],
        lists=lists,
        asks=MappingProxyType(asks),
        tells=MappingProxyType(tells),
        by_code=_by_code(shapes),
        words={name: {code: word for word, code in values.items()} for name, values in lists.items()},
    )


def _by_code(shapes: Sequence[Shape]) -> Mapping[str, Shape]:
    found = {shape.code: shape for shape in shapes}
    if len(found) != len(shapes):
        raise ValueError("two messages have one code")
    return MappingProxyType(found)


def _shape(
    kind: Kind, code: str, names: Sequence[str], blocks: Mapping[str, Any], *, held: bool = False
) -> Shape:
    rows = [row for name in names for row in blocks[name]]
    plain = tuple(_field(row) for row in rows if "many" not in row)
    lists = tuple(
        Many(row["many"], row["item"], row["of"], tuple(_field(each) for each in blocks[row["block"]]))
        for row in rows
        if "many" in row
    )
    return Shape(code, kind, plain, lists, held)


def _field(row: Mapping[str, Any]) -> Field:
    return Field(
        tag=row["tag"],
        of=row.get("of", ""),
        constant=row.get("is"),
        form=row.get("as", "text"),
        need=row.get("need", False),
        most=row.get("most", MOST_TEXT),
    )
