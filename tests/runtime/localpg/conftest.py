"""Data directories that the server's unprivileged account can enter, and servers on them."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from rongdun.runtime.localpg import Binaries, LocalServer, installed, start
from rongdun.runtime.localpg.dsns import ADMIN, local_dsn
from rongdun.runtime.settings import Settings

FOUND = list(installed())


@pytest.fixture
def place(postgres_dir: Path) -> Iterator[Path]:
    """A short empty directory."""
    directory = Path(tempfile.mkdtemp(dir=postgres_dir))
    directory.chmod(0o711)
    yield directory
    shutil.rmtree(directory)


@pytest.fixture
def settings(place: Path) -> Settings:
    """An installation that has never been started."""
    return Settings(data_dir=place / "var")


@pytest.fixture
def server(settings: Settings) -> Iterator[LocalServer]:
    """Its server, started for the first time."""
    with start(settings) as server:
        yield server


@pytest.fixture(params=FOUND, ids=lambda one: f"{'wheel' if one.wheel else 'system'}-{one.version}")
def each_server(
    request: pytest.FixtureRequest, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[LocalServer]:
    """The same, with every PostgreSQL this machine has in turn."""
    only(monkeypatch, request.param)
    with start(settings) as server:
        yield server


@pytest.fixture
def admin(settings: Settings) -> Callable[[], psycopg.Connection]:
    """Open a connection of the superuser."""
    return lambda: psycopg.connect(local_dsn(settings, ADMIN), autocommit=True)


def only(monkeypatch: pytest.MonkeyPatch, *binaries: Binaries) -> None:
    """Let the machine have no other PostgreSQL than ``binaries``."""
    monkeypatch.setattr("rongdun.runtime.localpg.binaries.installed", lambda: iter(binaries))


def put(dsn: str, word: str) -> None:
    """Commit one word."""
    with psycopg.connect(dsn) as connection:
        connection.execute("create table if not exists words (word text)")
        connection.execute("insert into words values (%s)", [word])


def words(dsn: str) -> list[str]:
    """Return the words committed so far."""
    with psycopg.connect(dsn) as connection:
        return [row[0] for row in connection.execute("select word from words order by word")]
