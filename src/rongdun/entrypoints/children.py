"""One child process of the supervisor: started, told to go, heard, restarted after a pause, stopped."""

import os
import selectors
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO

from rongdun.entrypoints.lifeline import GO, Told, heard
from rongdun.entrypoints.stop import Stop
from rongdun.kernel.clock import monotonic
from rongdun.kernel.errors import Text

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0
"""Pause before a restart: doubled with every failure, until a child has lived for a while."""

LIVED_S = 60.0


class ChildFailed(Told):
    """A child process ended, or said nothing, before it was ready."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a child is: what :mod:`processes` is told, its name for people, how long it may take to stop."""

    command: tuple[str, ...]
    name: Text
    grace_s: float


@dataclass(slots=True)
class Child:
    """A child that is kept running. ``log`` is where its log lines go, ``pass_fds`` what it inherits."""

    kind: Kind
    environ: Mapping[str, str]
    log: IO[bytes] | None = None
    pass_fds: Sequence[int] = ()
    pause_s: float = FIRST_PAUSE_S
    restart_at: float | None = None
    _process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)
    _started_at: float = 0.0

    @property
    def pid(self) -> int:
        """Number of the running process, 0 when there is none."""
        return self._process.pid if self._process else 0

    def spawn(self) -> None:
        """Start the process; it prepares itself and waits for :meth:`go`.

        It gets a process group of its own: Ctrl-C reaches the supervisor alone, which stops in order.
        """
        command = [sys.executable, "-P", "-m", "rongdun.entrypoints.processes", *self.kind.command]
        self._started_at = monotonic()
        self.restart_at = None
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            env=dict(self.environ),
            pass_fds=tuple(self.pass_fds),
            start_new_session=True,
        )

    def go(self) -> None:
        """Tell the process that the database is ready."""
        with suppress(BrokenPipeError):
            os.write(_fd(self._running().stdin), GO)

    def wait_ready(self, within_s: float, stop: Stop) -> None:
        """Wait until the process says that it is ready; raise what it reports, or :class:`ChildFailed`.

        Returns early when ``stop`` is asked for.
        """
        line = _line_of(_fd(self._running().stdout), within_s, stop)
        failure = heard(line) if line else None
        if failure is not None:
            raise failure
        if not line and not stop.asked:
            raise self._silent(within_s)

    def look(self) -> int | None:
        """Return the exit code of a process that has ended and is not yet waiting for its restart."""
        if self._process is None or self.restart_at is not None:
            return None
        code = self._process.poll()
        if code is None:
            return None
        if monotonic() - self._started_at >= LIVED_S:
            self.pause_s = FIRST_PAUSE_S
        self.restart_at = monotonic() + self.pause_s
        self._close()
        return code

    def restart_if_due(self) -> bool:
        """Start an ended process again once its pause is over; tell whether it was started."""
        if self.restart_at is None or monotonic() < self.restart_at:
            return False
        self.pause_s = min(self.pause_s * 2, LONGEST_PAUSE_S)
        self.spawn()
        self.go()
        return True

    def terminate(self) -> None:
        """Ask the process to stop."""
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the process at once."""
        self._signal(signal.SIGKILL)

    def gone(self, within_s: float = 0.0) -> bool:
        """Tell whether the process has ended, waiting up to ``within_s`` seconds for it."""
        if self._process is None:
            return True
        try:
            self._process.wait(within_s)
        except subprocess.TimeoutExpired:
            return False
        self._close()
        return True

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)

    def _running(self) -> "subprocess.Popen[bytes]":
        assert self._process is not None
        return self._process

    def _close(self) -> None:
        for pipe in (self._running().stdin, self._running().stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()

    def _silent(self, within_s: float) -> ChildFailed:
        self.gone(1.0)
        code, name = self._running().poll(), self.kind.name
        if code is None:
            words = Text(
                f"{name.zh}在 {within_s:.0f} 秒内没有就绪",
                f"The {name.en} was not ready within {within_s:.0f} s",
            )
        else:
            how = ending(code)
            words = Text(f"{name.zh}启动失败（{how.zh}）", f"The {name.en} did not start ({how.en})")
        return ChildFailed(
            words,
            action=Text(
                "请查看数据目录 log 下的日志，并交给管理员",
                "See the logs below log in the data directory, and give them to the administrator",
            ),
        )


def ending(code: int) -> Text:
    """Return the words for an exit code: a signal by its name, else the number."""
    if code < 0:
        name = signal.Signals(-code).name
        return Text(f"信号 {name}", f"signal {name}")
    return Text(f"退出码 {code}", f"exit code {code}")


def _fd(pipe: IO[bytes] | None) -> int:
    assert pipe is not None
    return pipe.fileno()


def _line_of(fd: int, within_s: float, stop: Stop) -> str:
    """Read a line from ``fd``; ``""`` when it ends, nothing comes in time, or ``stop`` is asked for."""
    give_up = monotonic() + within_s
    read = b""
    with selectors.DefaultSelector() as selector:
        selector.register(fd, selectors.EVENT_READ)
        while not read.endswith(b"\n") and monotonic() < give_up and not stop.asked:
            if selector.select(0.1):
                part = os.read(fd, 4096)
                if not part:
                    break
                read += part
    return read.decode("utf-8") if read.endswith(b"\n") else ""
