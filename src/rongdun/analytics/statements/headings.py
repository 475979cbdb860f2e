"""Headings written one way, and the unit a heading states. Pure."""

import re
from typing import Final, NamedTuple

from rongdun.kernel.digits import half_width

_NOISE: Final = re.compile(r"[\s\"'`“”‘’*＊:：]+|^\d+[.、]")
_UNIT: Final = re.compile(r"\((?:单位)?(?:人民币)?(元|分|千元|万元|百万元|亿元|万|亿|RMB|CNY)\)$")

UNITS: Final = {
    "分": 0,
    "元": 2,
    "RMB": 2,
    "CNY": 2,
    "千元": 5,
    "万元": 6,
    "万": 6,
    "百万元": 8,
    "亿元": 10,
    "亿": 10,
}
"""Unit stated in a heading → power of ten that turns it into fen."""


class Heading(NamedTuple):
    """A heading cell: as the file has it, written one way, and without its unit; ``unit`` None when it states none."""

    raw: str
    clean: str
    bare: str
    unit: int | None


def clean_heading(text: str) -> str:
    """Return ``text`` as headings are compared: half-width, capitals, no blanks, quotes, stars or colons."""
    return _NOISE.sub("", half_width(text)).upper()


def read_heading(text: str) -> Heading:
    """Return what a heading cell says; ``金额（万元）`` states a unit, and only a heading may."""
    clean = clean_heading(text)
    found = _UNIT.search(clean)
    bare = clean[: found.start()] if found else clean
    return Heading(text, clean, bare, UNITS[found[1]] if found else None)
