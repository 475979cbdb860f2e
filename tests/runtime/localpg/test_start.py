"""From nothing to a database, and back to it: start, stop, start again, and what must be private."""

import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from rongdun.kernel.errors import Text
from rongdun.runtime.localpg import LocalServer, databases, start
from rongdun.runtime.localpg.errors import ServerInUse, ServerNotRunning
from rongdun.runtime.settings import Settings
from tests.runtime.localpg.conftest import put, words


def test_from_nothing_to_three_logins(each_server: LocalServer) -> None:
    for dsn, role in zip(each_server.dsns, ("rongdun_owner", "rongdun_app", "rongdun_read"), strict=True):
        with psycopg.connect(dsn) as connection:
            assert connection.execute("select current_user, current_database()").fetchone() == (
                role,
                "rongdun",
            )


def test_the_first_start_says_so_and_the_second_finds_the_data(settings: Settings) -> None:
    said: list[Text] = []
    with start(settings, report=said.append) as server:
        put(server.owner_dsn, "榕")
    assert [words_.en for words_ in said] == ["First start: making the database"]
    with start(settings, report=said.append) as server:
        assert words(server.owner_dsn) == ["榕"]
    assert len(said) == 1


def test_stopped_it_is_gone_and_stopping_twice_does_no_harm(settings: Settings) -> None:
    server = start(settings)
    pid = server.pid
    server.stop()
    server.stop()
    assert not server.running()
    assert not Path(f"/proc/{pid}").exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.app_dsn)


@pytest.mark.parametrize("password", ["", "wrong", "rongdun"])
def test_nobody_gets_in_without_the_password(server: LocalServer, password: str) -> None:
    for dsn in server.dsns:
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(make_conninfo("", **{**conninfo_to_dict(dsn), "password": password}))


def test_every_way_in_asks_for_scram_and_only_verifiers_are_stored(
    each_server: LocalServer, settings: Settings, admin: Callable[[], psycopg.Connection]
) -> None:
    with admin() as connection:
        rules = connection.execute("select type, auth_method, error from pg_hba_file_rules").fetchall()
        stored = connection.execute("select rolpassword from pg_authid where rolcanlogin").fetchall()
    assert rules == [("local", "scram-sha-256", None)]
    assert len(stored) == 4
    assert all(re.match(r"SCRAM-SHA-256\$\d+:", row[0]) for row in stored)


def test_pages_carry_checksums_and_text_is_utf8_sorted_by_bytes(each_server: LocalServer) -> None:
    with psycopg.connect(each_server.app_dsn) as connection:
        facts = connection.execute(
            "select current_setting('data_checksums'), current_setting('server_encoding')"
        )
        assert facts.fetchone() == ("on", "UTF8")
        ordered = connection.execute(
            "select w from unnest(array['a', 'B', '榕', 'é']) w order by w"
        ).fetchall()
        assert [row[0] for row in ordered] == ["B", "a", "é", "榕"]
        # Letters outside ASCII are letters: search and masking in SQL rest on it.
        assert connection.execute("select upper('é'), '榕' ~ '[[:alpha:]]'").fetchone() == ("É", True)


def test_the_socket_lies_in_a_directory_of_its_own_account_alone(
    server: LocalServer, settings: Settings
) -> None:
    directory = Path(str(conninfo_to_dict(server.app_dsn)["host"]))
    found = directory.stat()
    assert stat.S_IMODE(found.st_mode) == 0o700
    assert found.st_uid == Path(f"/proc/{server.pid}").stat().st_uid != 0 or os.geteuid() != 0


def test_no_tcp_port_is_open(server: LocalServer) -> None:
    inodes = set()
    for entry in Path(f"/proc/{server.pid}/fd").iterdir():
        target = os.readlink(entry)
        if target.startswith("socket:["):
            inodes.add(target[8:-1])
    assert inodes, "the unix socket is among them"
    for table in ("tcp", "tcp6", "udp", "udp6"):
        path = Path("/proc/net", table)
        lines = path.read_text().splitlines()[1:] if path.exists() else []
        assert not inodes & {line.split()[9] for line in lines}


def test_passwords_are_with_the_keys_for_their_owner_only(server: LocalServer, settings: Settings) -> None:
    files = sorted(settings.keys.glob("db-*.password"))
    assert [path.name for path in files] == [
        f"db-{role}.password" for role in ("admin", "app", "owner", "read")
    ]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert len({path.read_text() for path in files}) == 4
    assert stat.S_IMODE(settings.keys.stat().st_mode) == 0o700


def test_the_server_writes_no_statement_and_no_value_into_its_log(
    server: LocalServer, settings: Settings
) -> None:
    put(server.owner_dsn, "13800000000")
    with psycopg.connect(server.owner_dsn, autocommit=True) as connection:
        connection.execute("create unique index on words (word)")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("insert into words values ('13800000000')")
    logs = [path.read_text() for path in (settings.data_dir / "db" / "log").iterdir()]
    assert any("duplicate key" in log for log in logs)
    assert not any("13800000000" in log for log in logs)


def test_a_second_start_on_one_directory_is_refused_and_told_by_whom(
    server: LocalServer, settings: Settings
) -> None:
    with pytest.raises(ServerInUse) as refused:
        start(settings)
    assert str(os.getpid()) in refused.value.message.zh
    assert str(os.getpid()) in refused.value.message.en
    with psycopg.connect(server.app_dsn) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_another_process_is_refused_too(server: LocalServer, settings: Settings) -> None:
    program = (
        "import sys; from pathlib import Path; from rongdun.runtime.settings import Settings;"
        "from rongdun.runtime.localpg import start; start(Settings(data_dir=Path(sys.argv[1])))"
    )
    command = [sys.executable, "-c", program, str(settings.data_dir)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "ServerInUse" in done.stderr


def test_a_directory_never_started_says_what_to_do(settings: Settings) -> None:
    with pytest.raises(ServerNotRunning) as error:
        databases(settings)
    assert "rongdun up" in error.value.action.zh


def test_a_configured_database_means_no_server_here(place: Path) -> None:
    settings = Settings(
        data_dir=place / "var", dsn="host=db.example dbname=r", owner_dsn="host=o", read_dsn="host=r"
    )
    assert databases(settings) == ("host=o", "host=db.example dbname=r", "host=r")
    with pytest.raises(ValueError, match="configured"):
        start(settings)
    assert not settings.data_dir.exists()
