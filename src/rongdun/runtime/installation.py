"""What kind of installation a database holds: nothing yet, the demonstration city, or real work.

Looking needs one connection and no mapped class, because every start looks before it does anything else.
"""

import hashlib
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, NamedTuple

import psycopg
from sqlalchemy import text
from sqlalchemy.orm import Session

from rongdun import __version__
from rongdun.kernel.errors import Conflict, DomainError, Text, Unavailable
from rongdun.kernel.scope import Scope
from rongdun.runtime import schema
from rongdun.runtime.uow import Uow

EMPTY, FOREIGN, FRESH, UNMARKED, DEMO, REAL = "empty", "foreign", "fresh", "unmarked", "demo", "real"
"""No table at all; tables of something else; our tables without people; our tables with people but without
the mark; the demonstration; real work."""

_TABLES = (
    "select to_regclass('public.installation') is not null, to_regclass('public.units') is not null,"
    " exists (select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace"
    " where n.nspname = 'public' and c.relkind in ('r', 'p', 'v', 'm', 'S'))"
)
_SCOPE = (
    "select set_config('rongdun.scope_low', %(low)s, true), set_config('rongdun.scope_high', %(high)s, true)"
)
_REVISION = "select version_num from alembic_version"
_MARK = "select kind, shipped from installation"
_PEOPLE = "select exists (select 1 from units)"
_LOCK = text("select pg_advisory_xact_lock(hashtext('rongdun.installation'))")
_INSERT = text("insert into installation (kind, shipped, created_at) values (:kind, :shipped, :now)")
_UPDATE = text("update installation set shipped = :shipped where shipped <> :shipped")
_KIND = text("select kind from installation")


class Found(NamedTuple):
    """What a database holds: its kind, its schema's revision, the fingerprint of the rows brought in."""

    kind: str
    revision: str = ""
    shipped: str = ""


class ForeignDatabase(Conflict):
    """The database holds the tables of something else."""

    code = "database_foreign"
    message = Text(
        "该数据库里已有其他程序的数据，榕盾不会写入",
        "The database holds another program's tables; nothing is written",
    )
    action = Text("请为榕盾建立一个空的数据库", "Make an empty database for Rongdun")


class RealWork(Conflict):
    """The demonstration was asked for, and the database may hold real work."""

    code = "real_work"
    message = Text(
        "该数据目录保存着真实业务数据，不能启动演示",
        "This data directory holds real work; the demonstration is not started on it",
    )
    action = Text(
        "请去掉 --demo 启动，或用 --data-dir 指定另一个目录运行演示",
        "Start without --demo, or give the demonstration a directory of its own with --data-dir",
    )


class DemonstrationData(Conflict):
    """Real work was to begin on the demonstration's database."""

    code = "demonstration_data"
    message = Text(
        "该数据目录保存的是演示城市，不能用于真实业务",
        "This data directory holds the demonstration city; real work does not start on it",
    )
    action = Text(
        "请加上 --demo 继续演示，或用 --data-dir 指定另一个目录",
        "Add --demo to go on with the demonstration, or give another directory with --data-dir",
    )


class NewerDatabase(Conflict):
    """A newer release made this schema."""

    code = "database_newer"
    message = Text(
        "数据库由更新的版本建立，本版本无法使用", "A newer release made this database; this one cannot use it"
    )
    action = Text("请安装新版本后启动", "Install the newer release, then start")


class SchemaOutdated(DomainError):
    """The database lacks changes that this release needs."""

    status = 503
    code = "schema_outdated"
    message = Text("数据库结构不是本版本所需的", "The schema is not the one this release needs")
    action = Text("请运行 rongdun migrate", "Run rongdun migrate")


class DatabaseSilent(Unavailable):
    """Nobody answers where the database should be."""

    code = "database_silent"
    message = Text("数据库没有应答", "The database does not answer")
    action = Text(
        "请核对 RONGDUN_DSN，确认数据库在运行且本机可以连接",
        "Check RONGDUN_DSN, and that the database runs and can be reached from here",
    )


def look(dsn: str) -> Found:
    """Return what the database at ``dsn`` (the application's or the owner's) holds; changes nothing.

    Raises :class:`DatabaseSilent` when it cannot be reached.
    """
    try:
        return _look(dsn)
    except psycopg.OperationalError as error:
        raise DatabaseSilent() from error


def _look(dsn: str) -> Found:
    everything = Scope.everything()
    with psycopg.connect(dsn, connect_timeout=10) as connection:
        connection.execute(_SCOPE, {"low": everything.low, "high": everything.high})
        ours, peopled, any_table = _row(connection, _TABLES) or (False, False, False)
        if not ours:
            return Found(FOREIGN if any_table else EMPTY)
        (revision,) = _row(connection, _REVISION) or ("",)
        mark = _row(connection, _MARK)
        if mark is not None:
            return Found(mark[0], revision, mark[1])
        (people,) = (_row(connection, _PEOPLE) if peopled else None) or (False,)
        return Found(UNMARKED if people else FRESH, revision)


def require_kind(found: Found, *, demo: bool) -> None:
    """Raise unless a start with or without the demonstration may touch what was ``found``.

    A database with people in it and no mark counts as real work.
    """
    if found.kind == FOREIGN:
        raise ForeignDatabase()
    if demo and found.kind in (REAL, UNMARKED):
        raise RealWork()
    if not demo and found.kind == DEMO:
        raise DemonstrationData()


def needs_migration(found: Found) -> bool:
    """Tell whether the schema is older than this release's; raise :class:`NewerDatabase` when it is newer."""
    known = schema.revisions()
    if found.revision and found.revision not in known:
        raise NewerDatabase()
    return found.revision != known[-1]


def require_current(found: Found) -> None:
    """Raise :class:`SchemaOutdated` unless the database can be worked with as it is."""
    if needs_migration(found):
        raise SchemaOutdated()


@cache
def shipped_fingerprint() -> str:
    """Return the fingerprint of this release and of everything it may bring into a database."""
    digest = hashlib.sha256(__version__.encode("ascii"))
    package = resources.files("rongdun")
    for place in ("data", "simulation"):
        for name, entry in sorted(_files(package.joinpath(place), place)):
            digest.update(f"\0{name}\0".encode())
            digest.update(entry.read_bytes())
    return digest.hexdigest()


def mark(uow: Uow, *, demo: bool) -> bool:
    """Say what the database holds, and that this release's rows are in; tell whether it was not marked before."""
    uow.session.execute(_LOCK)
    shipped = shipped_fingerprint()
    if kind_of(uow.session):
        uow.session.execute(_UPDATE, {"shipped": shipped})
        return False
    kind = DEMO if demo else REAL
    uow.session.execute(_INSERT, {"kind": kind, "shipped": shipped, "now": uow.now})
    return True


def kind_of(session: Session) -> str:
    """Return ``demo`` or ``real``, or ``""`` for a database that is not marked yet."""
    return session.execute(_KIND).scalar_one_or_none() or ""


def _row(connection: psycopg.Connection, query: str) -> tuple[Any, ...] | None:
    return connection.execute(query).fetchone()


def _files(directory: Traversable, prefix: str) -> list[tuple[str, Traversable]]:
    found: list[tuple[str, Traversable]] = []
    for entry in directory.iterdir():
        name = f"{prefix}/{entry.name}"
        if entry.is_dir():
            found += [] if entry.name == "__pycache__" else _files(entry, name)
        elif not entry.name.endswith(".pyc"):
            found.append((name, entry))
    return found
