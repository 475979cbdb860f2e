"""Ends the database when the supervisor is killed and can no longer do it itself.

A shell waits on a pipe that only the supervisor holds. When the pipe ends, the supervisor is gone: the web
process and the worker, which watch pipes of their own, get a few seconds, then the database is told to stop.
"""

import shutil
import subprocess
from contextlib import suppress

_SCRIPT = 'read -r _; sleep 2; kill -INT "$1" 2>/dev/null'


class Guard:
    """Watches over one server process at a time."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self.pid = 0

    def watch(self, pid: int) -> None:
        """Watch over the server ``pid`` from now on, and over no other."""
        if pid == self.pid:
            return
        self.leave()
        shell = shutil.which("sh")
        if shell is not None:
            command = [shell, "-c", _SCRIPT, "rongdun-guard", str(pid)]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True, cwd="/")
            self.pid = pid

    def leave(self) -> None:
        """Watch no longer."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            if self._process.stdin is not None:
                with suppress(BrokenPipeError):
                    self._process.stdin.close()
        self._process, self.pid = None, 0
