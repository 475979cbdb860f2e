"""The server dies, or its parent does: what was committed is there again, and nobody has to help."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest

from rongdun.runtime.localpg import LocalServer, reach, start
from rongdun.runtime.localpg.cluster import processes_in
from rongdun.runtime.localpg.layout import Layout
from rongdun.runtime.settings import Settings
from tests.runtime.localpg.conftest import put, words


def _kill(server: LocalServer) -> None:
    os.kill(server.pid, signal.SIGKILL)
    while server.running():
        time.sleep(0.01)


def test_killed_it_is_started_again_with_everything_committed_and_nothing_else(
    each_server: LocalServer,
) -> None:
    put(each_server.owner_dsn, "committed")
    open_transaction = psycopg.connect(each_server.owner_dsn)
    open_transaction.execute("insert into words values ('not committed')")
    _kill(each_server)
    assert each_server.ensure_running()
    assert words(each_server.owner_dsn) == ["committed"]
    with pytest.raises(psycopg.OperationalError):
        open_transaction.execute("select 1")
    open_transaction.close()


def test_a_server_that_lives_is_left_alone(server: LocalServer) -> None:
    pid = server.pid
    assert not server.ensure_running()
    assert server.pid == pid


def test_killed_before_a_new_start_the_stale_pid_file_is_no_obstacle(
    settings: Settings, server: LocalServer
) -> None:
    put(server.owner_dsn, "committed")
    _kill(server)
    server.stop()
    pid_file = Layout(settings.data_dir).pgdata / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    # After a restart of the machine the number belongs to somebody else: here to this very process.
    pid_file.write_text("\n".join([str(os.getppid()), *lines[1:]]) + "\n")
    with start(settings) as again:
        assert words(again.owner_dsn) == ["committed"]


def test_a_server_whose_parent_was_killed_is_taken_over(settings: Settings) -> None:
    program = (
        "import os, sys; from pathlib import Path; from rongdun.runtime.settings import Settings;"
        "from rongdun.runtime.localpg import start;"
        "server = start(Settings(data_dir=Path(sys.argv[1]))); print(server.pid, file=sys.stderr, flush=True);"
        "os.kill(os.getpid(), 9)"
    )
    command = [sys.executable, "-c", program, str(settings.data_dir)]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
    orphan = int(done.stderr)
    assert Path(f"/proc/{orphan}").exists()
    with start(settings) as server:
        put(server.owner_dsn, "taken over")
        assert server.pid != orphan
        assert orphan not in processes_in(Layout(settings.data_dir).pgdata)


def test_a_command_uses_the_server_that_runs_and_leaves_it_running(
    settings: Settings, server: LocalServer
) -> None:
    with reach(settings) as dsns:
        put(dsns.owner, "beside")
    assert server.running()
    assert words(server.owner_dsn) == ["beside"]


def test_a_command_starts_a_server_for_the_while(settings: Settings) -> None:
    with reach(settings) as dsns:
        put(dsns.owner, "alone")
    assert processes_in(Layout(settings.data_dir).pgdata) == []
    with reach(settings) as dsns:
        assert words(dsns.owner) == ["alone"]


def test_a_stopped_server_has_left_nothing_behind(settings: Settings, server: LocalServer) -> None:
    pgdata = Layout(settings.data_dir).pgdata
    logger = next(
        one for one in processes_in(pgdata) if b"logger" in Path(f"/proc/{one}/cmdline").read_bytes()
    )
    os.kill(logger, signal.SIGSTOP)
    stopping = threading.Thread(target=server.stop)
    stopping.start()
    while server.running():
        time.sleep(0.01)
    assert processes_in(pgdata) == [logger], "the logger outlives the others"
    os.kill(logger, signal.SIGCONT)
    stopping.join()
    assert processes_in(pgdata) == []
