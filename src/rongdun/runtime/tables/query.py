"""What a caller asks of a table, as it stands in the address."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query

from rongdun.kernel.errors import FieldError, Invalid, Text

MAX_SIZE = 200
MAX_DEPTH = 100_000
"""Rows beyond this are reached by filtering or by turning the order round, not by paging."""

_MAX_SORTS = 4
_MAX_FILTERS = 20


@dataclass(frozen=True, slots=True)
class Sort:
    """One key of an order."""

    field: str
    descending: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition, not yet checked against a table."""

    field: str
    op: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableQuery:
    """A page of a table: which page (from 1), how many rows, in what order, and which rows."""

    page: int = 1
    size: int = 50
    sort: str = ""
    q: str = ""
    filter: tuple[str, ...] = ()

    def sorts(self, default: str = "") -> tuple[Sort, ...]:
        """Return the order asked for, or ``default``; the same field twice counts once."""
        names = [name.strip() for name in (self.sort.strip() or default).split(",")]
        sorts = {
            name.lstrip("-"): Sort(name.lstrip("-"), name.startswith("-")) for name in reversed(names) if name
        }
        if len(sorts) > _MAX_SORTS:
            raise _too_many("sort", _MAX_SORTS)
        return tuple(reversed(sorts.values()))

    def filters(self) -> tuple[Filter, ...]:
        """Return the conditions asked for; :class:`Invalid` when one is not ``field:op:value``."""
        filters = tuple(_filter(text) for text in self.filter if text)
        if len(filters) > _MAX_FILTERS:
            raise _too_many("filter", _MAX_FILTERS)
        return filters

    def offset(self) -> int:
        """Return how many rows stand before this page; :class:`Invalid` when it is too deep."""
        before = (self.page - 1) * self.size
        if before >= MAX_DEPTH:
            raise Invalid(fields=[FieldError("page", _TOO_DEEP)], action=_NARROW)
        return before


def table_query(
    page: Annotated[int, Query(ge=1, le=MAX_DEPTH, description="页码,从 1 开始 / page, from 1")] = 1,
    size: Annotated[int, Query(ge=1, le=MAX_SIZE, description="每页行数 / rows on a page")] = 50,
    sort: Annotated[str, Query(max_length=200, description="排序,如 / order, e.g. `-due_at,name`")] = "",
    q: Annotated[str, Query(max_length=100, description="搜索词,空格分隔 / words to search for")] = "",
    filter: Annotated[
        list[str] | None,
        Query(description="条件,可重复 / conditions: `field:op:value`, op: eq ne lt le gt ge like in null"),
    ] = None,
) -> TableQuery:
    """Read a :class:`TableQuery` from the request."""
    return TableQuery(page=page, size=size, sort=sort, q=q, filter=tuple(filter or ()))


TableQueryDep = Annotated[TableQuery, Depends(table_query)]
"""The table query of the request."""

_TOO_DEEP = Text("翻页过深", "That page lies too deep")
_NARROW = Text("请加筛选条件，或改变排序", "Filter the table, or turn its order round")


def _filter(text: str) -> Filter:
    name, _, rest = text.partition(":")
    op, colon, value = rest.partition(":")
    if not name or not op or not colon:
        message = Text(
            f"筛选条件“{text}”应写成 列:操作:值", f"Write the condition {text!r} as field:op:value"
        )
        raise Invalid(fields=[FieldError("filter", message)])
    return Filter(name, op, value)


def _too_many(path: str, most: int) -> Invalid:
    message = Text(f"最多 {most} 项", f"At most {most}")
    return Invalid(fields=[FieldError(path, message)])
