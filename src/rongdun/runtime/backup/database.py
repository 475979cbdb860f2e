"""The database's side of backup and restore, as the owner of the tables."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import psycopg
from psycopg import sql

from rongdun.kernel.clock import monotonic
from rongdun.runtime.backup.errors import OwnerNeeded, RestoreInUse
from rongdun.runtime.localpg import Dsns

ASIDE = "before_restore"
"""Schema that holds what was there until a restore has succeeded."""

_ISO = 'YYYY-MM-DD"T"HH24:MI:SS"Z"'
_LEAVING_S = 2.0

_TABLES = "select tablename from pg_tables where schemaname = 'public' order by tablename"
_OTHERS = (
    "select count(*) from pg_stat_activity where datname = current_database() and usename is not null"
    " and pid <> pg_backend_pid()"
)
_HAS_SCHEMA = "select 1 from pg_namespace where nspname = %s"
_HAS_TABLES = "select 1 from pg_tables where schemaname = 'public' limit 1"


class Snapshot(NamedTuple):
    """What the dump will hold: its name for pg_dump, rows by table, and what must fit to it."""

    name: str
    server: int
    made_at: str
    tables: dict[str, int]
    master_keys: tuple[str, ...]
    last_root: str


def owner_of(dsns: Dsns) -> str:
    """Return the owner's connection string; raise :class:`OwnerNeeded` when none was configured."""
    if not dsns.owner:
        raise OwnerNeeded()
    return dsns.owner


@contextmanager
def snapshot(owner_dsn: str) -> Iterator[Snapshot]:
    """Hold one moment of the database for as long as it takes to dump it."""
    with psycopg.connect(owner_dsn, connect_timeout=10) as connection:
        connection.execute("set transaction isolation level repeatable read, read only")
        name, at = _one(
            connection, "select pg_export_snapshot(), to_char(now() at time zone 'utc', %s)", [_ISO]
        )
        keys = connection.execute("select distinct wrapped_by from data_keys order by 1").fetchall()
        (last,) = _one(connection, "select coalesce(max(day)::text, '') from audit_roots")
        server = connection.info.server_version // 10000
        yield Snapshot(name, server, at, counts(connection), tuple(row[0] for row in keys), last)


def counts(connection: psycopg.Connection) -> dict[str, int]:
    """Return the rows of every table."""
    names = [row[0] for row in connection.execute(_TABLES).fetchall()]
    query = sql.SQL("select count(*) from public.{}")
    return {name: _one(connection, query.format(sql.Identifier(name)))[0] for name in names}


def counts_at(owner_dsn: str) -> dict[str, int]:
    """Return the rows of every table at ``owner_dsn``."""
    with psycopg.connect(owner_dsn, connect_timeout=10) as connection:
        return counts(connection)


def server_at(owner_dsn: str) -> int:
    """Return the major version of the server at ``owner_dsn``."""
    with psycopg.connect(owner_dsn, connect_timeout=10) as connection:
        return connection.info.server_version // 10000


def require_alone(owner_dsn: str) -> None:
    """Raise :class:`RestoreInUse` when anybody else is connected to the database.

    A connection just closed, such as our own last one, is still seen for a moment.
    """
    with psycopg.connect(owner_dsn, connect_timeout=10, autocommit=True) as connection:
        patience = monotonic() + _LEAVING_S
        while _one(connection, _OTHERS)[0]:
            if monotonic() > patience:
                raise RestoreInUse()
            time.sleep(0.05)


@contextmanager
def emptied(owner_dsn: str) -> Iterator[None]:
    """Give an empty schema to restore into; bring back what was there if that fails."""
    settle(owner_dsn)
    with psycopg.connect(owner_dsn, connect_timeout=10) as connection:
        connection.execute(f"alter schema public rename to {ASIDE}")
        connection.execute("create schema public authorization pg_database_owner")
        connection.execute("grant usage on schema public to public")
    try:
        yield
    except BaseException:
        settle(owner_dsn, restored=False)
        raise
    settle(owner_dsn)


def settle(owner_dsn: str, *, restored: bool | None = None) -> None:
    """Finish a restore that was cut off: drop what it replaced, or bring that back if it had not got far.

    A restore is one transaction, so ``public`` then holds all of it or nothing.
    """
    with psycopg.connect(owner_dsn, connect_timeout=10) as connection:
        if connection.execute(_HAS_SCHEMA, [ASIDE]).fetchone() is None:
            return
        whole = connection.execute(_HAS_TABLES).fetchone() is not None if restored is None else restored
        if whole:
            connection.execute(f"drop schema {ASIDE} cascade")
        else:
            connection.execute("drop schema public cascade")
            connection.execute(f"alter schema {ASIDE} rename to public")


def _one(
    connection: psycopg.Connection, query: str | sql.Composed, values: list[str] | None = None
) -> tuple[Any, ...]:
    statement = query.encode() if isinstance(query, str) else query
    row: tuple[Any, ...] | None = connection.execute(statement, values).fetchone()
    assert row is not None
    return row
