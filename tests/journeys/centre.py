"""A whole centre as people run it: ``rongdun up --demo`` with its database, web process and worker."""

import os
import queue
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from rongdun.runtime import localpg
from rongdun.runtime.settings import Settings

STARTS_WITHIN_S = 180
STOPS_WITHIN_S = 60
STARTED = "榕盾已启动"
"""What the command says when the first page answers."""


@dataclass(frozen=True)
class Centre:
    """A running demonstration centre."""

    url: str
    settings: Settings

    def execute(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run one statement as the owner of the tables: what time alone would bring about."""
        owner = localpg.databases(self.settings).owner
        with psycopg.connect(owner, autocommit=True) as connection:
            cursor = connection.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def at_once(self, *statements: str) -> None:
        """Run ``statements`` as the owner in one transaction: nobody sees what lies between them."""
        with psycopg.connect(localpg.databases(self.settings).owner) as connection:
            for statement in statements:
                connection.execute(statement)

    def kill_web(self) -> None:
        """End the web process as a crash would; the supervisor starts another."""
        for pid in _children_of(self._supervisor, "http"):
            os.kill(pid, signal.SIGKILL)

    @property
    def _supervisor(self) -> int:
        return int((self.settings.data_dir / "journeys.pid").read_text())


@contextmanager
def running_centre(*, drill: bool = False) -> Iterator[Centre]:
    """Start a demonstration centre in a directory of its own; stop it as Ctrl-C does, and remove it.

    Its banks answer only with ``drill``: other journeys decide themselves what a bank says.
    """
    directory = Path(tempfile.mkdtemp(prefix="rongdun-journeys-", dir="/tmp"))
    directory.chmod(0o711)
    port = _free_port()
    settings = Settings(data_dir=directory / "var", port=port, demo=True)
    process = _start(settings, drill=drill)
    try:
        _wait_started(process)
        (settings.data_dir / "journeys.pid").write_text(str(process.pid))
        yield Centre(f"http://127.0.0.1:{port}", settings)
    finally:
        _stop(process)
        shutil.rmtree(directory, ignore_errors=True)


def _start(settings: Settings, *, drill: bool) -> subprocess.Popen[str]:
    settings.data_dir.mkdir()
    command = [str(Path(sys.executable).with_name("rongdun")), "up", "--demo", "--port", str(settings.port)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RONGDUN_")}
    return subprocess.Popen(
        [*command, "--data-dir", str(settings.data_dir)],
        env={**kept, "PYTHONUNBUFFERED": "1", "RONGDUN_DRILL": str(drill)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def _wait_started(process: subprocess.Popen[str]) -> None:
    lines = _lines_of(process)
    told: list[str] = []
    deadline = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < deadline:
        try:
            line = lines.get(timeout=1)
        except queue.Empty:
            continue
        if line is None:
            break
        told.append(line)
        if STARTED in line:
            return
    raise AssertionError("the centre did not start:\n" + "".join(told[-40:]))


def _lines_of(process: subprocess.Popen[str]) -> "queue.Queue[str | None]":
    """Read on for as long as the process lives, so that it never waits for somebody to read."""
    lines: queue.Queue[str | None] = queue.Queue()

    def read() -> None:
        assert process.stdout
        with process.stdout as told:
            for line in told:
                lines.put(line)
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    return lines


def _stop(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(STOPS_WITHIN_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _children_of(parent: int, word: str) -> list[int]:
    """Return the processes below ``parent`` whose command line holds ``word``."""
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            above = re.search(r"^PPid:\s+(\d+)$", status.read_text(), re.M)
            words = (status.parent / "cmdline").read_bytes().decode().split("\0")
        except OSError:
            continue
        if above and int(above[1]) == parent and word in words:
            found.append(int(status.parent.name))
    return found


def _free_port() -> int:
    """Return a port nobody listens on, away from those that machines hand out by themselves."""
    for _ in range(50):
        port = 20_000 + secrets.randbelow(10_000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise AssertionError("no free port")
