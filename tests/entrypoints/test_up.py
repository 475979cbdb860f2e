"""``rongdun up`` as a process of its own: from nothing to the first page, through every death, to a clean end."""

import os
import shutil
import signal
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from rongdun.runtime.localpg.dsns import ADMIN, local_dsn
from rongdun.runtime.settings import Settings
from tests.entrypoints.house import House, command, until


@pytest.fixture(scope="module")
def place(postgres_dir: Path) -> Iterator[Path]:
    """A directory the database's account can enter."""
    directory = Path(tempfile.mkdtemp(prefix="up-", dir=postgres_dir))
    directory.chmod(0o711)
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="module")
def house(place: Path) -> Iterator[House]:
    """The demonstration's house, started from nothing once."""
    house = House(place / "demo").start("--demo")
    yield house
    house.stop()


@pytest.fixture
def running(house: House) -> House:
    """The demonstration's house, running."""
    return house if house.running() else house.start("--demo")


def test_from_an_empty_directory_the_demonstration_serves(running: House) -> None:
    status, ready = running.get("/health/ready")
    assert status == 200, ready
    assert {check["name"]: check["state"] for check in ready["checks"]}["worker"] == "good"
    status, options = running.get("/api/auth/options")
    assert status == 200
    assert options["demo"] is True
    assert len(options["demo_accounts"]) > 3
    assert f"http://127.0.0.1:{running.port}" in running.text


def test_the_answer_names_no_server_and_tells_the_time(running: House) -> None:
    with socket.create_connection(("127.0.0.1", running.port), timeout=10) as line:
        line.sendall(b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        head = b"".join(iter(lambda: line.recv(4096), b"")).lower()
    assert b"\r\ndate: " in head
    assert b"\r\nserver:" not in head


def test_a_killed_worker_is_started_again(running: House) -> None:
    before = running.children()["worker"]
    os.kill(before, signal.SIGKILL)
    running.hears("后台进程意外退出（信号 SIGKILL）")
    after = until(lambda: running.children().get("worker"))
    assert after != before
    assert running.get("/health/live")[0] == 200


def test_a_killed_web_process_loses_no_request(running: House) -> None:
    before = running.children()["http"]
    os.kill(before, signal.SIGKILL)
    status, _ = running.get("/health/live")
    assert status == 200
    assert running.children()["http"] != before


def test_a_killed_database_comes_back(running: House) -> None:
    before = running.children()["postgres"]
    os.kill(before, signal.SIGKILL)
    running.hears("数据库已恢复")
    assert running.children()["postgres"] != before
    until(lambda: running.get("/health/ready")[0] == 200)


def test_a_taken_port_is_told_with_who_has_it(running: House, place: Path) -> None:
    other = House(place / "other")
    other.port = running.port
    other.begin("--demo")
    assert until(lambda: not other.running())
    assert other.stop() == 1
    assert f"端口 {running.port} 已被占用,占用者:" in other.text
    assert f"rongdun up --port {running.port + 1}" in other.text
    assert not (place / "other" / "db").exists()


def test_a_second_start_on_the_same_directory_is_told(running: House) -> None:
    second = House(running.data_dir)
    second.begin("--demo")
    assert until(lambda: not second.running())
    assert second.stop() == 1
    assert f"进程 {running.pid}" in second.text
    assert running.get("/health/ready")[0] == 200


def test_an_altered_entry_of_the_audit_is_found(running: House) -> None:
    whole = command(running.data_dir, "audit", "verify")
    assert whole.returncode == 0, whole.stdout + whole.stderr
    admin = local_dsn(Settings(data_dir=running.data_dir), ADMIN)
    with psycopg.connect(admin) as connection:
        row = connection.execute(
            "select id, note from audit_entries where action = 'user.create' limit 1"
        ).fetchone()
    assert row is not None
    _alter(admin, row[0], "x")
    found = command(running.data_dir, "audit", "verify")
    _alter(admin, *row)
    assert found.returncode == 1
    assert str(row[0]) in found.stdout
    assert "its content was altered" in found.stdout


def _alter(dsn: str, entry_id: UUID, note: str) -> None:
    """Change an entry as only the server's superuser can."""
    with psycopg.connect(dsn) as connection:
        connection.execute("alter table audit_entries disable trigger append_only")
        connection.execute("update audit_entries set note = %s where id = %s", [note, entry_id])
        connection.execute("alter table audit_entries enable always trigger append_only")


def test_ctrl_c_leaves_nothing_and_the_next_start_finds_the_data(running: House) -> None:
    assert running.stop(signal.SIGINT) == 0
    assert running.text.index("正在停止网页进程") < running.text.index("正在停止后台进程")
    assert running.text.index("正在停止后台进程") < running.text.index("正在停止数据库")
    assert running.children() == {}
    assert not list(running.data_dir.glob("db/pgdata/postmaster.pid"))
    running.start("--demo")
    assert "首次启动" not in running.text
    assert "正在写入规则表" not in running.text
    assert running.get("/health/ready")[0] == 200


def test_an_open_screen_does_not_hold_up_the_stop(running: House) -> None:
    account = running.get("/api/auth/options")[1]["demo_accounts"][0]
    cookie = running.sign_in(account["login"], account["password"])
    with socket.create_connection(("127.0.0.1", running.port), timeout=30) as screen:
        screen.sendall(f"GET /api/events HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\n\r\n".encode())
        assert screen.recv(4096).startswith(b"HTTP/1.1 200")
        assert running.stop() == 0
        assert until(lambda: screen.recv(4096) == b"", within_s=5) is True
    assert "已强制结束" not in running.text
    assert "timeout graceful shutdown exceeded" not in running.text
    running.start("--demo")


def test_a_killed_supervisor_leaves_no_orphans(running: House) -> None:
    assert running.children().keys() == {"http", "worker", "stage", "postgres"}
    running.kill()
    until(lambda: not running.children(), within_s=30)
    running.start("--demo")
    assert running.get("/health/ready")[0] == 200


def test_a_demonstration_and_real_work_never_share_a_database(running: House) -> None:
    running.stop()
    running.begin()
    assert until(lambda: not running.running())
    assert running.stop() == 1
    assert "该数据目录保存的是演示城市，不能用于真实业务" in running.text
    assert running.children() == {}


def test_real_work_on_a_configured_database(tmp_path: Path, app_dsn: str, owner_dsn: str) -> None:
    real = House(tmp_path, RONGDUN_DSN=app_dsn, RONGDUN_OWNER_DSN=owner_dsn).start()
    try:
        assert real.text.count("已建立首位管理员") == 1
        assert real.get("/health/ready")[0] == 200
        assert real.get("/api/auth/options")[1]["demo_accounts"] == []
        assert real.children().keys() == {"http", "worker"}
    finally:
        assert real.stop(signal.SIGTERM) == 0
    real.begin("--demo")
    assert until(lambda: not real.running())
    assert real.stop() == 1
    assert "不能启动演示" in real.text
    assert real.children() == {}
