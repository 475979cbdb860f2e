"""A centre as an operator runs it: ``rongdun up`` as a process, its output, its children, its pages."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

CLI = (sys.executable, "-m", "rongdun.entrypoints.cli")
PROCESSES = "rongdun.entrypoints.processes"
PATIENCE_S = 120.0
"""Tests share a small machine; how fast things are is measured by the benchmarks."""


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(look: Callable[[], Any], within_s: float = PATIENCE_S) -> Any:
    """Return what ``look`` finds as soon as it finds something."""
    give_up = time.monotonic() + within_s
    while time.monotonic() < give_up:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError(f"not within {within_s} s")


def command(data_dir: Path, *arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    """Run ``rongdun`` with ``arguments`` on ``data_dir`` to its end."""
    return subprocess.run(
        [*CLI, *arguments],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
        env={**_clean_environ(), "RONGDUN_DATA_DIR": str(data_dir), **environ},
    )


class House:
    """One data directory and the ``rongdun up`` that runs on it, if any."""

    def __init__(self, data_dir: Path, **environ: str) -> None:
        self.data_dir = data_dir
        self.environ = {**_clean_environ(), **environ}
        self.port = free_port()
        self.lines: list[str] = []
        self._process: subprocess.Popen[str] | None = None

    @property
    def pid(self) -> int:
        """Number of the supervisor."""
        assert self._process is not None
        return self._process.pid

    @property
    def text(self) -> str:
        """Everything said since the last start."""
        return "".join(self.lines)

    def start(self, *options: str) -> "House":
        """Start, and wait until it says that it answers and that the worker is ready."""
        self.begin(*options)
        self.hears("后台进程已就绪")
        return self

    def begin(self, *options: str) -> None:
        """Start without waiting."""
        self.lines = []
        arguments = [*CLI, "up", "--port", str(self.port), "--data-dir", str(self.data_dir), *options]
        self._process = subprocess.Popen(
            arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=self.environ
        )
        threading.Thread(target=_listen, args=[self._process, self.lines], daemon=True).start()

    def running(self) -> bool:
        """Tell whether the supervisor lives."""
        return self._process is not None and self._process.poll() is None

    def hears(self, words: str, times: int = 1) -> None:
        """Wait until ``words`` have been said so many times since the start."""

        def heard() -> bool:
            assert self.running() or self.text.count(words) >= times, self.text
            return self.text.count(words) >= times

        until(heard)

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Send a signal as Ctrl-C does, wait for the end, and return the exit code."""
        if self._process is None:
            return 0
        if self.running():
            self._process.send_signal(number)
        return self._process.wait(60)

    def kill(self) -> None:
        """Kill the supervisor alone, as the kernel does when memory runs out."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(10)

    def get(self, path: str) -> tuple[int, Any]:
        """Ask for ``path``; return the status and the body, as JSON where it is."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
                return answer.status, _body(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, _body(error)

    def sign_in(self, login: str, password: str) -> str:
        """Sign in as a person would; return the session's cookie."""
        origin = f"http://127.0.0.1:{self.port}"
        request = urllib.request.Request(
            f"{origin}/api/auth/login",
            data=json.dumps({"login": login, "password": password}).encode(),
            headers={"Content-Type": "application/json", "Origin": origin},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            cookies = answer.headers.get_all("Set-Cookie")
        return "; ".join(cookie.partition(";")[0] for cookie in cookies)

    def children(self) -> dict[str, int]:
        """Return the processes of this house by what they are: ``http``, ``worker``, ``stage``, ``postgres``."""
        found = {}
        for pid, words in _processes():
            if PROCESSES in words and _environ_of(pid).get("RONGDUN_DATA_DIR") == str(self.data_dir):
                found[words[words.index(PROCESSES) + 1]] = pid
            elif words[0].endswith("postgres") and str(self.data_dir / "db" / "pgdata") in words:
                found["postgres"] = pid
        return found


def _listen(process: "subprocess.Popen[str]", lines: list[str]) -> None:
    assert process.stdout
    for line in process.stdout:
        lines += [line]
    process.stdout.close()


def _clean_environ() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("RONGDUN_")}


def _processes() -> list[tuple[int, list[str]]]:
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes().decode().split("\0")
        except OSError:
            continue
        found.append((int(entry.name), words))
    return found


def _environ_of(pid: int) -> dict[str, str]:
    try:
        pairs = Path(f"/proc/{pid}/environ").read_bytes().decode().split("\0")
    except OSError:
        return {}
    return dict(pair.partition("=")[::2] for pair in pairs)


def _body(answer: Any) -> Any:
    text = answer.read().decode("utf-8")
    return json.loads(text) if "json" in answer.headers.get("Content-Type", "") else text
