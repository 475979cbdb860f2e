"""What somebody types who looks for a relief request or a return: a number, a case, an account whole or masked."""

import re
from dataclasses import dataclass

from sqlalchemy import ColumnElement, false
from sqlalchemy.orm import InstrumentedAttribute

from rongdun.kernel.account import WrongAccount, mask_account, parse_account
from rongdun.kernel.digits import half_width

CANDIDATES = 50
"""Rows with one masked account that are opened to compare the whole number; more share a mask by chance only."""

_SHORTEST = 2
_TAIL = re.compile(r"[0-9A-Z]{4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Words of a search: ``text`` in capitals; ``number`` when it may be a whole account, ``mask`` as rows keep it."""

    text: str
    number: str = ""
    mask: str = ""


def read_words(q: str) -> Sought | None:
    """Return what the words may mean; None when they are too short to mean one thing."""
    text = half_width(q).upper()
    if len(text) < _SHORTEST:
        return None
    number = whole_account(text)
    return Sought(text=text, number=number, mask=mask_account(number) if number else "")


def whole_account(text: str) -> str:
    """Return the account number that ``text`` names, written one way; empty when it names none in full."""
    try:
        return parse_account(text).message_form
    except WrongAccount:
        return ""


def looks_like(masked: InstrumentedAttribute[str], text: str) -> ColumnElement[bool]:
    """Return the condition that a masked account shows ``text``: copied with its stars, or its last four characters."""
    if "*" in text and _TAIL.search(text):
        return masked.contains(text, autoescape=True)
    return masked.endswith(text, autoescape=True) if _TAIL.fullmatch(text) else false()
