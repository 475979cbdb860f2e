"""Finding rows by words with an index, where a table has one; see ``migrations/0017``."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, Text, bindparam, func, select
from sqlalchemy.orm import Session

from rongdun.runtime.tables.spec import TableSpec

COUNT_CAP = 1_000
"""Totals are exact up to here; beyond it a table says «more than»: of millions of rows counting is what takes time."""

FIND_CAP = 5_000
"""Rows with the words of a search are looked up one by one up to here."""

_SHORTEST = 2
"""Titles are looked up by every two characters of a word (``rongdun_pairs``)."""


class Found(NamedTuple):
    """The keys of the rows with the words, or None where the index cannot say: no words, or ``too_many`` rows."""

    keys: Sequence[Any] | None = None
    too_many: bool = False


def found_in(session: Session, spec: TableSpec, q: str) -> Found:
    """Look the words of ``q`` up by the table's index; rows with many-found words are met soon in any order."""
    words = [word for word in q.split() if len(word) >= _SHORTEST]
    if not spec.finder or not words:
        return Found()
    function = getattr(func, spec.finder)
    asked = select(function(bindparam("words", words, ARRAY(Text)), FIND_CAP + 1))
    keys = session.scalars(asked).all()
    return Found(too_many=True) if len(keys) > FIND_CAP else Found(keys)
