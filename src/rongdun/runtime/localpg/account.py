"""Under which account the server runs: ours, or an unprivileged one when root starts it.

PostgreSQL refuses to run as root. No account is created: a system account ``rongdun`` is taken when there
is one, else ``postgres``, else ``nobody``; an existing data directory keeps its owner.
"""

import errno
import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rongdun.runtime.localpg.errors import NoServerAccount

_NAMES = ("rongdun", "postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """Whom the server runs as; ``switch`` tells whether that is somebody else than this process."""

    uid: int
    gid: int
    switch: bool

    def popen_options(self) -> dict[str, Any]:
        """Return what :class:`subprocess.Popen` needs to run a program under this account."""
        options: dict[str, Any] = {"cwd": "/", "umask": 0o077, "env": _environment()}
        if self.switch:
            options |= {"user": self.uid, "group": self.gid, "extra_groups": ()}
        return options

    def run(self, command: Sequence[str | Path], text: str = "") -> subprocess.CompletedProcess[str]:
        """Run a program to its end under this account with ``text`` as its input; capture what it prints."""
        arguments = [str(part) for part in command]
        options = self.popen_options()
        return subprocess.run(arguments, input=text, capture_output=True, text=True, check=False, **options)

    def can(self, what: str, path: Path) -> bool:
        """Tell whether the account may read (``r``), write (``w``) or enter (``x``) ``path``."""
        if not self.switch:
            return os.access(path, {"r": os.R_OK, "w": os.W_OK, "x": os.X_OK}[what])
        return self.run([shutil.which("test") or "/usr/bin/test", f"-{what}", path]).returncode == 0

    def make_directory(self, path: Path) -> None:
        """Make ``path``, private to this account, unless it is there. Raises :class:`OSError`."""
        self._must(["mkdir", "-p", "-m", "700", path], path)

    def write(self, path: Path, text: str) -> None:
        """Write a file as this account would: root follows no link that the account may have laid."""
        self._must(["tee", path], path, text)

    def _must(self, command: Sequence[str | Path], path: Path, text: str = "") -> None:
        done = self.run(command, text)
        if done.returncode != 0:
            full = "No space left" in done.stderr
            raise OSError(errno.ENOSPC if full else errno.EACCES, done.stderr.strip(), str(path))


def server_account(existing: Path) -> Account:
    """Return the account for the server whose files are (or will be) in ``existing``.

    Raises :class:`NoServerAccount` when root starts it and the machine has no suitable account.
    """
    uid = os.geteuid()
    if uid != 0:
        return Account(uid, os.getegid(), switch=False)
    if existing.exists():
        owner = existing.stat()
        if owner.st_uid != 0:
            return Account(owner.st_uid, owner.st_gid, switch=True)
    for name in _NAMES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, switch=True)
    raise NoServerAccount()


def _environment() -> dict[str, str]:
    """Return what the server's programs may know: no ``PG*`` that bends them, none of our settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "RONGDUN_"))}
    return {**kept, "LC_ALL": "C"}
