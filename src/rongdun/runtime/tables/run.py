"""Running a table query: one page of rows, and how many there are in all."""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, Field
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from rongdun.kernel.errors import Invalid, Text
from rongdun.runtime.tables.conditions import order_by, where
from rongdun.runtime.tables.query import TableQuery
from rongdun.runtime.tables.search import COUNT_CAP, Found, found_in
from rongdun.runtime.tables.spec import TableSpec

EXPORT_CAP = 50_000
"""Most rows one export holds."""

T = TypeVar("T")
U = TypeVar("U")


class Page(BaseModel, Generic[T]):
    """One page of a table. ``total`` is exact unless ``total_capped``: then there are more than that."""

    items: list[T]
    total: int = Field(ge=0, le=COUNT_CAP)
    total_capped: bool
    page: int = Field(ge=1)
    size: int = Field(ge=1)

    def map(self, convert: Callable[[T], U]) -> "Page[U]":
        """Return the same page with every row converted."""
        return Page[Any].model_construct(
            items=[convert(item) for item in self.items],
            total=self.total,
            total_capped=self.total_capped,
            page=self.page,
            size=self.size,
        )


def run_table(session: Session, statement: Select[Any], spec: TableSpec, query: TableQuery) -> Page[Any]:
    """Return the page of ``statement`` that ``query`` asks for.

    Items are entities when ``statement`` selects one thing, else rows. The order is total, so paging
    through an unchanging table meets each row exactly once. Raises :class:`Invalid` for a column, an
    operator or a value the table does not offer.
    """
    conditions, found = where(spec, query), found_in(session, spec, query.q)
    filtered = statement.where(*conditions)
    if found.keys is not None:
        filtered = filtered.where(spec.key.in_(found.keys))
    paged = filtered.order_by(None).order_by(*order_by(spec, query)).offset(query.offset()).limit(query.size)
    counted = _counted(session, filtered, query, found)
    return Page[Any].model_construct(
        items=list(_fetch(session, paged)),
        total=min(counted, COUNT_CAP),
        total_capped=counted > COUNT_CAP,
        page=query.page,
        size=query.size,
    )


def first_rows(session: Session, statement: Select[Any], spec: TableSpec, query: TableQuery) -> Sequence[Any]:
    """Return the first ``query.size`` rows of the table without counting the rest, for a quick search."""
    ordered = statement.where(*where(spec, query)).order_by(None).order_by(*order_by(spec, query))
    return _fetch(session, ordered.limit(query.size))


def all_rows(session: Session, statement: Select[Any], spec: TableSpec, query: TableQuery) -> Sequence[Any]:
    """Return every row that ``query`` asks for, in its order and whatever its page, for an export.

    Raises :class:`Invalid` when there are more than :data:`EXPORT_CAP`: an export is whole or it is not made.
    """
    ordered = statement.where(*where(spec, query)).order_by(None).order_by(*order_by(spec, query))
    rows = _fetch(session, ordered.limit(EXPORT_CAP + 1))
    if len(rows) > EXPORT_CAP:
        raise Invalid(
            Text(
                f"超过 {EXPORT_CAP} 行，不能一次导出",
                f"More than {EXPORT_CAP} rows cannot be exported at once",
            ),
            action=Text("请加筛选条件后分次导出", "Filter the table and export it in parts"),
        )
    return rows


def _counted(session: Session, statement: Select[Any], query: TableQuery, found: Found) -> int:
    """Return how many there are; of words alone the search knows already that there are too many to count."""
    return COUNT_CAP + 1 if found.too_many and not query.filters() else _count(session, statement)


def _count(session: Session, statement: Select[Any]) -> int:
    capped = statement.order_by(None).limit(COUNT_CAP + 1).subquery()
    return session.execute(select(func.count()).select_from(capped)).scalar_one()


def _fetch(session: Session, statement: Select[Any]) -> Sequence[Any]:
    result = session.execute(statement)
    single = len(statement.column_descriptions) == 1
    return result.scalars().all() if single else result.all()
