"""A table of oddities: ties, nulls, wildcards, quotes, both languages."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import Select, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from rongdun.kernel.errors import Text
from rongdun.kernel.scope import Scope
from rongdun.runtime.db import Database, path_column, time_column
from rongdun.runtime.tables import Column, Page, TableQuery, TableSpec, all_rows, run_table

START = datetime(2026, 2, 28, 15, 0, tzinfo=UTC)
NAMES = [
    "百分之50%",
    "下_划线",
    "反斜\\线",
    "引'号",
    '双"引号',
    "Zhang San",
    "zhang san",
    "",
    "; drop table odd;--",
]
STATES = {"open": Text("在办", "Open"), "closed": Text("办结", "Closed")}


class Own(DeclarativeBase):
    """Keeps this table out of the product's schema."""


class Odd(Own):
    """One odd row."""

    __tablename__ = "odd"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    note: Mapped[str | None]
    amount: Mapped[int | None]
    at: Mapped[datetime] = time_column()
    done: Mapped[bool | None]
    state: Mapped[str]
    unit_path: Mapped[str] = path_column()


SPEC = TableSpec(
    {
        "id": Column(Odd.id, Text("编号", "Id")),
        "name": Column(Odd.name, Text("名称", "Name")),
        "note": Column(Odd.note, Text("备注", "Note"), sortable=False),
        "amount": Column(Odd.amount, Text("金额", "Amount"), kind="money"),
        "at": Column(Odd.at, Text("时间", "Time")),
        "done": Column(Odd.done, Text("完成", "Done")),
        "state": Column(Odd.state, Text("状态", "State"), choices=STATES),
        "unit_path": Column(Odd.unit_path, Text("单位", "Unit"), kind="path"),
        "shown": Column(None, Text("显示", "Shown")),
    },
    key=Odd.id,
    search=[Odd.name, Odd.note],
    default_sort="-at",
)

_CREATE = """
create table odd (id uuid primary key, name text not null, note text, amount bigint, at timestamptz not null,
  done boolean, state text not null, unit_path text collate "C" not null);
grant select, insert on odd to rongdun_app
"""


def _row(dice: random.Random) -> Odd:
    return Odd(
        id=UUID(int=dice.getrandbits(128)),
        name=dice.choice(NAMES),
        note=dice.choice([None, "备注", "note"]),
        amount=dice.choice([None, -100, 0, 5_000_00, 12_345_678_90]),
        at=START + timedelta(hours=dice.randrange(6)),
        done=dice.choice([None, True, False]),
        state=dice.choice(list(STATES)),
        unit_path=dice.choice(["cn.fj.fz.", "cn.fj.fz.gulou.", "cn.fj.fzx.", "cn.fj.xm."]),
    )


@dataclass
class OddTable:
    """The table under test, with its rows at hand for comparison."""

    db: Database
    rows: list[Odd]

    def page(self, statement: Select[*tuple[Any, ...]] | None = None, **asked: Any) -> Page[Any]:
        """Run one query."""
        with self.db.session(Scope.everything()) as session:
            own = select(Odd) if statement is None else statement
            return run_table(session, own, SPEC, TableQuery(**asked))

    def all(self, **asked: Any) -> list[Odd]:
        """Return every row of a query."""
        with self.db.session(Scope.everything()) as session:
            return list(all_rows(session, select(Odd), SPEC, TableQuery(**asked)))

    def ids(self, *filters: str, q: str = "") -> set[UUID]:
        """Return the ids a filter lets through."""
        return {row.id for row in self.all(filter=filters, q=q)}

    def expect(self, condition: Callable[[Odd], bool]) -> set[UUID]:
        """Return the ids of the rows that meet ``condition`` here, in Python."""
        return {row.id for row in self.rows if condition(row)}


@pytest.fixture
def empty_odd(db: Database, owner_dsn: str) -> OddTable:
    """The table without a row."""
    with psycopg.connect(owner_dsn) as connection:
        connection.execute(_CREATE)
    return OddTable(db, [])


@pytest.fixture
def odd(empty_odd: OddTable) -> OddTable:
    """The table with 150 rows, the same each time."""
    dice = random.Random(20260301)
    empty_odd.rows = [_row(dice) for _ in range(150)]
    with empty_odd.db.session(Scope.everything()) as session:
        session.add_all(empty_odd.rows)
        session.commit()
    return empty_odd
