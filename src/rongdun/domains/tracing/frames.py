"""The table contract (page, order, conditions, search) over a frame of the ledger instead of rows of the database."""

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any

from sqlalchemy import literal

from rongdun.domains.tracing.errors import TooManyRows
from rongdun.kernel.errors import FieldError, Invalid, Text
from rongdun.runtime.tables import Column, Page, TableQuery, TableSpec
from rongdun.runtime.tables.query import Filter
from rongdun.runtime.tables.run import EXPORT_CAP
from rongdun.runtime.tables.search import COUNT_CAP
from rongdun.runtime.tables.values import Span, read_flag, read_value

if TYPE_CHECKING:
    import polars as pl


def frame_spec(columns: Mapping[str, Column]) -> TableSpec:
    """Return the description of a frame's table; columns bear the frame's names and their kinds."""
    # A frame has no key of its own in SQL: its rows come in a total order already.
    return TableSpec(columns=columns, key=literal(0))


def narrowed(
    frame: "pl.DataFrame", spec: TableSpec, query: TableQuery, search: Sequence[str]
) -> "pl.DataFrame":
    """Return the rows that ``query`` asks for in its order; ``search`` are the columns its words are looked for in.

    Raises :class:`Invalid` for a column, an operator or a value the table does not offer.
    """
    found = frame
    for item in query.filters():
        found = found.filter(_condition(spec, item))
    for word in query.q.split():
        found = found.filter(_contains_any(word, search))
    sorts = query.sorts()
    if not sorts:
        return found
    for sort in sorts:
        _column(spec, sort.field, "sort")
    fields, down = [sort.field for sort in sorts], [sort.descending for sort in sorts]
    return found.sort(fields, descending=down, nulls_last=True, maintain_order=True)


def page_of(rows: "pl.DataFrame", query: TableQuery) -> Page[dict[str, Any]]:
    """Return the page of ``rows`` that ``query`` asks for."""
    return Page[Any].model_construct(
        items=rows.slice(query.offset(), query.size).to_dicts(),
        total=min(rows.height, COUNT_CAP),
        total_capped=rows.height > COUNT_CAP,
        page=query.page,
        size=query.size,
    )


def every_row(rows: "pl.DataFrame") -> list[dict[str, Any]]:
    """Return all rows for an export; :class:`TooManyRows` beyond what a sheet may hold."""
    if rows.height > EXPORT_CAP:
        raise TooManyRows()
    return rows.to_dicts()


def _column(spec: TableSpec, name: str, path: str) -> Column:
    column = spec.columns.get(name)
    if column is None or not (column.sortable if path == "sort" else column.filterable):
        offered = "、".join(spec.columns)
        message = Text(
            f"没有“{name}”这一列，可用：{offered}", f"There is no column {name!r}; use one of: {offered}"
        )
        raise Invalid(fields=[FieldError(path, message)])
    return column


def _condition(spec: TableSpec, item: Filter) -> "pl.Expr":
    import polars as pl

    column = _column(spec, item.field, "filter")
    if item.op not in column.ops:
        words = "、".join(column.ops)
        message = Text(
            f"“{item.field}”不支持“{item.op}”，可用：{words}", f"{item.field!r} knows {words} only"
        )
        raise Invalid(fields=[FieldError("filter", message)])
    cell = pl.col(item.field)
    if item.op == "null":
        return cell.is_null() if read_flag(item.field, item.value) else cell.is_not_null()
    if item.op == "like":
        return cell.str.to_lowercase().str.contains(item.value.lower(), literal=True)
    if item.op == "in":
        values = [read_value(item.field, column, text) for text in item.value.split(",")]
        return reduce(lambda one, two: one | two, (_compared(cell, "eq", value) for value in values))
    return _compared(cell, item.op, read_value(item.field, column, item.value))


def _compared(cell: "pl.Expr", op: str, value: Any) -> "pl.Expr":
    compared: dict[str, pl.Expr]
    if isinstance(value, Span):
        inside = (cell >= value.start) & (cell < value.end)
        compared = {
            "eq": inside,
            "ne": ~inside,
            "lt": cell < value.start,
            "le": cell < value.end,
            "gt": cell >= value.end,
            "ge": cell >= value.start,
        }
        return compared[op]
    compared = {
        "eq": cell == value,
        "ne": cell.ne_missing(value),
        "lt": cell < value,
        "le": cell <= value,
        "gt": cell > value,
        "ge": cell >= value,
    }
    return compared[op]


def _contains_any(word: str, columns: Sequence[str]) -> "pl.Expr":
    import polars as pl

    return pl.any_horizontal(
        pl.col(name).str.to_lowercase().str.contains(word.lower(), literal=True).fill_null(value=False)
        for name in columns
    )
