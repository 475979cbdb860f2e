"""What a table offers: its columns, what may be searched, and how it is ordered when nobody says."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    SmallInteger,
    SQLColumnExpression,
    String,
    Uuid,
)
from sqlalchemy.types import TypeEngine

from rongdun.kernel.errors import Text

Kind = Literal["text", "int", "money", "uuid", "time", "date", "bool", "path"]
"""How a column's values are read and compared. ``money`` is int fen; ``path`` is a unit path."""

Op = Literal["eq", "ne", "lt", "le", "gt", "ge", "like", "in", "null"]
"""The operators of ``filter=field:op:value``."""

_ORDERED: tuple[Op, ...] = ("eq", "ne", "lt", "le", "gt", "ge", "in", "null")

OPS: Mapping[Kind, tuple[Op, ...]] = {
    "text": ("eq", "ne", "like", "in", "null"),
    "path": ("eq", "ne", "like", "in", "null"),
    "uuid": ("eq", "ne", "in", "null"),
    "bool": ("eq", "ne", "null"),
    "int": _ORDERED,
    "money": _ORDERED,
    "time": _ORDERED,
    "date": _ORDERED,
}
"""Operators each kind of column understands. ``like`` on a ``path`` means: this unit and all below it."""

_KIND_OF_TYPE: tuple[tuple[type[TypeEngine[Any]], Kind], ...] = (
    (Uuid, "uuid"),
    (Boolean, "bool"),
    (BigInteger, "int"),
    (SmallInteger, "int"),
    (Integer, "int"),
    (DateTime, "time"),
    (Date, "date"),
    (String, "text"),
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    ``expression`` is what is filtered and sorted by (None: the column is only shown or exported);
    ``kind`` is read off the expression's type unless given; ``choices`` (code → words) allow-lists the
    values and puts them in words in an export; ``only`` names the operators where the expression (e.g. ``any_`` of
    an array) does not understand all of its kind's; ``cell`` takes the exported value out of a row (default:
    its attribute of the column's name); ``width`` is in characters, of which a Chinese one counts two.
    """

    expression: SQLColumnExpression[Any] | None
    title: Text
    kind: Kind | None = field(default=None, kw_only=True)
    choices: Mapping[str, Text] | None = field(default=None, kw_only=True)
    only: tuple[Op, ...] | None = field(default=None, kw_only=True)
    sortable: bool = field(default=True, kw_only=True)
    filterable: bool = field(default=True, kw_only=True)
    exported: bool = field(default=True, kw_only=True)
    width: int | None = field(default=None, kw_only=True)
    cell: Callable[[Any], Any] | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        _ = self.meaning

    @property
    def meaning(self) -> Kind:
        """The column's kind, given or read off its expression."""
        return self.kind or _kind_of(self.expression)

    @property
    def ops(self) -> tuple[Op, ...]:
        """The operators this column understands; a code list knows no order and no ``like``."""
        if self.only is not None:
            return self.only
        return ("eq", "ne", "in", "null") if self.choices else OPS[self.meaning]

    @property
    def nullable(self) -> bool:
        """Whether the expression may be null: mapped columns say so, anything else may."""
        return bool(getattr(self.expression, "nullable", True))


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A table: its columns by their API names, and how it is ordered and searched.

    The unique ``key`` breaks ties in every order; ``search`` holds the expressions the search box looks
    through; ``default_sort`` is the order when none is asked for (e.g. ``-due_at,name``). ``finder`` names a function
    of the database that finds the keys of rows with given words by an index (``migrations/0017``); its
    words and ``search`` look through the same columns.
    """

    columns: Mapping[str, Column]
    key: SQLColumnExpression[Any]
    search: Sequence[SQLColumnExpression[Any]] = ()
    default_sort: str = ""
    finder: str = ""

    def sortable(self) -> dict[str, Column]:
        """Return the columns one may sort by."""
        return {name: column for name, column in self.columns.items() if column.sortable and _real(column)}

    def filterable(self) -> dict[str, Column]:
        """Return the columns one may filter by."""
        return {name: column for name, column in self.columns.items() if column.filterable and _real(column)}

    def exported(self) -> dict[str, Column]:
        """Return the columns an export shows, in order."""
        return {name: column for name, column in self.columns.items() if column.exported}


def _real(column: Column) -> bool:
    return column.expression is not None


def _kind_of(expression: SQLColumnExpression[Any] | None) -> Kind:
    if expression is None:
        return "text"
    own = cast(ColumnElement[Any], expression).type
    for sql_type, kind in _KIND_OF_TYPE:
        if isinstance(own, sql_type):
            return kind
    raise TypeError(f"say which kind a column of type {own!r} is")
