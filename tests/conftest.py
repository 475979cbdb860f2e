"""One PostgreSQL for each test process, and for each test a migrated database of its own."""

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from rongdun.runtime import localpg
from rongdun.runtime.db import Database
from rongdun.runtime.localpg.dsns import ADMIN, local_dsn
from rongdun.runtime.schema import migrate
from rongdun.runtime.settings import Settings

TEMPLATE = "rongdun"
"""The database that every test's own is copied from."""

_QUICK = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "128MB",
    "max_wal_size": "1GB",
    "autovacuum": "off",
}
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


@pytest.fixture
def database_name(postgres: Settings) -> Iterator[str]:
    """The name of this test's own database, dropped afterwards with whoever is still connected."""
    name = f"test_{next(_NUMBERS)}"
    admin = local_dsn(postgres, ADMIN, database="postgres")
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(
            f"create database {name} owner rongdun_owner template {TEMPLATE} strategy file_copy"
        )
        connection.execute(f"revoke all on database {name} from public")
        connection.execute(f"grant connect on database {name} to rongdun_app, rongdun_read")
        yield name
        connection.execute(f"drop database {name} with (force)")


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
    yield database
    database.close()
