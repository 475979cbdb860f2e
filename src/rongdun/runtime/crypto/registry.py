"""The list of sealed columns: what rotation re-encrypts and what an inventory of personal data shows."""

import re
from typing import NamedTuple

_NAME = re.compile(r"[a-z_][a-z0-9_]*")

_columns: dict[tuple[str, str], "SealedColumn"] = {}


class SealedColumn(NamedTuple):
    """One ``bytea`` column of sealed values. ``context`` may contain ``{id}``: the row's id as text."""

    table: str
    id_column: str
    column: str
    context: str

    def context_of(self, row_id: object) -> str:
        """Return the context under which the row ``row_id`` is sealed."""
        return self.context.replace("{id}", str(row_id))


def register_sealed(table: str, id_column: str, column: str, context: str) -> SealedColumn:
    """Declare a sealed column, once, where its model is defined.

    Prefer a context with the row's id, ``users.phone:{id}``: a value then cannot be moved to another
    row. Raises :class:`ValueError` for names that are not plain identifiers or a second, different
    declaration.
    """
    for name in (table, id_column, column):
        if not _NAME.fullmatch(name):
            raise ValueError(f"not a plain identifier: {name!r}")
    declared = SealedColumn(table, id_column, column, context)
    if _columns.setdefault((table, column), declared) != declared:
        raise ValueError(f"{table}.{column} is already declared with another context")
    return declared


def sealed_columns() -> tuple[SealedColumn, ...]:
    """Return every declared column, by table and column name."""
    return tuple(_columns[key] for key in sorted(_columns))
