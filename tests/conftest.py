"""One PostgreSQL for each test process, and for each test a migrated database of its own."""

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from sqlalchemy import Dialect

from rongdun.kernel.scope import SYSTEM
from rongdun.runtime import localpg
from rongdun.runtime.db import Database
from rongdun.runtime.localpg.dsns import ADMIN, local_dsn
from rongdun.runtime.policies import seed_policies
from rongdun.runtime.schema import migrate
from rongdun.runtime.settings import Settings

TEMPLATE = "rongdun"
"""The database that a test's own is copied from: migrated and empty."""
RULED = "rongdun_ruled"
"""The same with the shipped rules in it."""

_QUICK = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "128MB",
    "max_wal_size": "1GB",
    "autovacuum": "off",
}
RULED_AT = datetime(2026, 1, 1, tzinfo=UTC)
_COMPILED: dict[Any, Any] = {}
_DIALECTS: list[Dialect] = []
_NUMBERS = itertools.count(1)


def _fastest_place() -> Path:
    """Memory, where there is enough of it: making and dropping a database is five times faster."""
    memory = Path("/dev/shm")
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free >= 1 << 30
    return memory if roomy else Path("/tmp")


@pytest.fixture(scope="session")
def postgres_dir() -> Iterator[Path]:
    """A short directory that the server's unprivileged account can enter; pytest's own cannot be."""
    directory = Path(tempfile.mkdtemp(prefix="rongdun-tests-", dir=_fastest_place()))
    directory.chmod(0o711)
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres(postgres_dir: Path) -> Iterator[Settings]:
    """The settings of a running server whose first database is migrated and empty."""
    settings = Settings(data_dir=postgres_dir / "var")
    with localpg.start(settings, options=_QUICK) as server:
        migrate(server.owner_dsn)
        yield settings


@pytest.fixture(scope="session")
def ruled(postgres: Settings) -> str:
    """The name of a template with the shipped rules, made once for each process of tests."""
    with _admin(postgres) as connection:
        _copy(connection, TEMPLATE, RULED)
    database = Database(make_conninfo(localpg.databases(postgres).app, dbname=RULED))
    with database.session(SYSTEM.scope) as session:
        seed_policies(session, now=RULED_AT)
        session.commit()
    database.close()
    return RULED


@pytest.fixture(scope="session")
def template() -> str:
    """The name of the template for tests' databases; a folder of tests may shadow this fixture."""
    return TEMPLATE


@pytest.fixture
def database_name(postgres: Settings, template: str) -> Iterator[str]:
    """The name of this test's own database, dropped afterwards with whoever is still connected."""
    name = f"test_{next(_NUMBERS)}"
    with _admin(postgres) as connection:
        _copy(connection, template, name)
        yield name
        connection.execute(f"drop database {name} with (force)")


def _admin(postgres: Settings) -> psycopg.Connection[Any]:
    return psycopg.connect(local_dsn(postgres, ADMIN, database="postgres"), autocommit=True)


def _copy(connection: psycopg.Connection[Any], template: str, name: str) -> None:
    connection.execute(f"create database {name} owner rongdun_owner template {template} strategy file_copy")
    connection.execute(f"revoke all on database {name} from public")
    connection.execute(f"grant connect on database {name} to rongdun_app, rongdun_read")


@pytest.fixture
def owner_dsn(postgres: Settings, database_name: str) -> str:
    """How the owner of the tables reaches this test's database."""
    return make_conninfo(localpg.databases(postgres).owner, dbname=database_name)


@pytest.fixture
def app_dsn(postgres: Settings, database_name: str) -> str:
    """How the application reaches this test's database."""
    return make_conninfo(localpg.databases(postgres).app, dbname=database_name)


@pytest.fixture
def read_dsn(postgres: Settings, database_name: str) -> str:
    """How analysis reaches this test's database."""
    return make_conninfo(localpg.databases(postgres).read, dbname=database_name)


@pytest.fixture
def db(app_dsn: str) -> Iterator[Database]:
    """This test's database, as the application."""
    database = Database(app_dsn)
    _share_statements(database)
    yield database
    database.close()


def _share_statements(database: Database) -> None:
    """Put statements into words once for each process of tests: one dialect, one cache, however many engines."""
    if not _DIALECTS:
        with database.engine.connect():
            _DIALECTS.append(database.engine.dialect)
    database.engine.dialect = _DIALECTS[0]
    database.engine = database.engine.execution_options(compiled_cache=_COMPILED)
