"""From checked conditions to SQL expressions: names are looked up in the spec, values are bound."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, false, or_

from rongdun.kernel.errors import FieldError, Invalid, Text
from rongdun.runtime.tables.query import Filter, Sort, TableQuery
from rongdun.runtime.tables.spec import Column, TableSpec
from rongdun.runtime.tables.values import Span, read_flag, read_value, refuse

_MAX_IN = 200
_ESCAPE = "\\"

Expression = SQLColumnExpression[Any]
Condition = ColumnElement[bool]


def contains(expression: Expression, text: str) -> Condition:
    """Return the condition that ``text`` stands somewhere in ``expression``, upper or lower case alike."""
    if text.lower() == text.upper():
        # Nothing in it has two cases, as in Chinese and in numbers: comparing as it stands is many times faster.
        return expression.like(f"%{escape_like(text)}%", escape=_ESCAPE)
    return expression.ilike(f"%{escape_like(text)}%", escape=_ESCAPE)


def escape_like(text: str) -> str:
    """Return ``text`` with the wildcards of LIKE taken literally."""
    return text.replace(_ESCAPE, _ESCAPE * 2).replace("%", _ESCAPE + "%").replace("_", _ESCAPE + "_")


def where(spec: TableSpec, query: TableQuery) -> list[Condition]:
    """Return the conditions of ``query``; :class:`Invalid` names what the table does offer."""
    return [*(_condition(spec, item) for item in query.filters()), *_search(spec, query.q)]


def order_by(spec: TableSpec, query: TableQuery) -> list[ColumnElement[Any]]:
    """Return a total order: the one asked for, with the table's key last so that no two rows tie.

    Nulls come last either way. The key runs in the direction of the first column, so that one index on
    (column, key) serves both directions.
    """
    sorts = query.sorts(spec.default_sort)
    keys = [_sort_key(spec, sort) for sort in sorts]
    backwards = bool(sorts) and sorts[0].descending
    return [*keys, spec.key.desc() if backwards else spec.key.asc()]


def _sort_key(spec: TableSpec, sort: Sort) -> ColumnElement[Any]:
    column = _look_up(spec.sortable(), sort.field, path="sort")
    expression = _expression(column)
    if not sort.descending:
        return expression.asc()
    return expression.desc().nulls_last() if column.nullable else expression.desc()


def _search(spec: TableSpec, q: str) -> list[Condition]:
    words = q.split()
    if any(not char.isprintable() for word in words for char in word):
        message = Text("搜索词含有不可见字符", "The search holds unprintable characters")
        raise Invalid(fields=[FieldError("q", message)])
    return [or_(false(), *(contains(item, word) for item in spec.search)) for word in words]


def _condition(spec: TableSpec, item: Filter) -> Condition:
    column = _look_up(spec.filterable(), item.field, path="filter")
    if item.op not in column.ops:
        raise refuse(
            Text(
                f"“{item.field}”不支持操作“{item.op}”，可用：{'、'.join(column.ops)}",
                f"{item.field!r} does not know {item.op!r}; use one of: {', '.join(column.ops)}",
            )
        )
    expression = _expression(column)
    if item.op == "null":
        return expression.is_(None) if read_flag(item.field, item.value) else expression.is_not(None)
    if item.op == "in":
        return or_(*(_compare(column, "eq", value) for value in _many(item, column)))
    return _compare(column, item.op, read_value(item.field, column, item.value))


def _many(item: Filter, column: Column) -> list[Any]:
    texts = item.value.split(",")
    if len(texts) > _MAX_IN:
        raise refuse(Text(f"“in”最多 {_MAX_IN} 个值", f"'in' takes at most {_MAX_IN} values"))
    return [read_value(item.field, column, text) for text in texts]


def _compare(column: Column, op: str, value: Any) -> Condition:
    expression = _expression(column)
    if isinstance(value, Span):
        return _SPAN_OPS[op](expression, value)
    if op == "like" and column.meaning == "path":
        return and_(expression >= value, expression < value + "~")
    return _OPS[op](expression, value)


def _outside(expression: Expression, span: Span) -> Condition:
    return or_(expression.is_(None), expression < span.start, expression >= span.end)


_OPS: Mapping[str, Callable[[Expression, Any], Condition]] = {
    "eq": lambda expression, value: expression == value,
    "ne": lambda expression, value: expression.is_distinct_from(value),
    "lt": lambda expression, value: expression < value,
    "le": lambda expression, value: expression <= value,
    "gt": lambda expression, value: expression > value,
    "ge": lambda expression, value: expression >= value,
    "like": contains,
}

_SPAN_OPS: Mapping[str, Callable[[Expression, Span], Condition]] = {
    "eq": lambda expression, span: and_(expression >= span.start, expression < span.end),
    "ne": _outside,
    "lt": lambda expression, span: expression < span.start,
    "le": lambda expression, span: expression < span.end,
    "gt": lambda expression, span: expression >= span.end,
    "ge": lambda expression, span: expression >= span.start,
}


def _look_up(columns: Mapping[str, Column], name: str, *, path: str) -> Column:
    if name in columns:
        return columns[name]
    message = Text(
        f"没有“{name}”这一列，可用：{'、'.join(columns)}",
        f"There is no column {name!r}; use one of: {', '.join(columns)}",
    )
    raise Invalid(fields=[FieldError(path, message)], extra={"allowed": list(columns)})


def _expression(column: Column) -> Expression:
    assert column.expression is not None, "only columns with an expression are sortable or filterable"
    return column.expression
