"""The database: one engine per process, and transactions that know who is asking.

Row-level security reads four transaction-local settings (``rongdun.*``); a transaction opened without
a scope therefore sees no row at all.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import TIMESTAMP, Engine, MetaData, Text, create_engine, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from rongdun.kernel.ids import new_id
from rongdun.kernel.scope import Scope

_SET_SCOPE = text(
    "select set_config('rongdun.scope_low', :low, true), set_config('rongdun.scope_high', :high, true),"
    " set_config('rongdun.teams', :teams, true), set_config('rongdun.actor', :actor, true)"
)


class Base(DeclarativeBase):
    """Root of all mapped classes; constraints get predictable names."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def id_column() -> Mapped[UUID]:
    """Return a UUIDv7 primary key column."""
    return mapped_column(primary_key=True, default=new_id)


def time_column(**options: Any) -> Mapped[Any]:
    """Return a ``timestamptz`` column."""
    return mapped_column(TIMESTAMP(timezone=True), **options)


def path_column(**options: Any) -> Mapped[Any]:
    """Return a unit-path column, compared byte by byte."""
    return mapped_column(Text(collation="C"), **options)


class Database:
    """A PostgreSQL database reached as one role.

    ``dsn`` is a libpq connection string; ``pool`` the most connections this process may hold.
    """

    def __init__(self, dsn: str, *, pool: int = 20) -> None:
        self.dsn = dsn
        self.engine: Engine = create_engine(
            "postgresql+psycopg://",
            creator=lambda: _connected(dsn),
            pool_size=pool,
            max_overflow=0,
            pool_timeout=10,
            pool_pre_ping=True,
        )

    @contextmanager
    def session(self, scope: Scope, *, actor_id: UUID | None = None) -> Iterator[Session]:
        """Open a transaction that sees what ``scope`` covers; whoever opens it decides to commit."""
        with Session(self.engine, expire_on_commit=False) as session:
            set_scope(session, scope, actor_id=actor_id)
            yield session

    def database_time(self) -> datetime:
        """Return the database server's own clock (UTC), to compare with ours."""
        with self.engine.connect() as connection:
            moment: datetime = connection.execute(text("select clock_timestamp()")).scalar_one()
            return moment

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def _connected(dsn: str) -> psycopg.Connection:
    """Connect; every statement is planned for the values it is asked with.

    A plan for any values, which PostgreSQL keeps after some uses of a statement, is ten times slower where values are
    distributed unevenly: a handful of drafts among a million orders that are over.
    """
    connection = psycopg.connect(dsn, connect_timeout=10, application_name="rongdun", autocommit=True)
    connection.execute("set plan_cache_mode = force_custom_plan")
    connection.autocommit = False
    return connection


def set_scope(session: Session, scope: Scope, *, actor_id: UUID | None = None) -> None:
    """Tell row-level security, until the end of this transaction, who asks and what they may see."""
    session.execute(
        _SET_SCOPE,
        {
            "low": scope.low,
            "high": scope.high,
            "teams": ",".join(str(case) for case in scope.teams),
            "actor": str(actor_id) if actor_id else "",
        },
    )
