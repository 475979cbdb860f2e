"""The data directory: made once and whole, and cleared of what a killed server left behind."""

import contextlib
import os
import shutil
import signal
import time
from pathlib import Path

from rongdun.kernel.clock import monotonic
from rongdun.kernel.errors import Text
from rongdun.runtime.localpg.account import Account
from rongdun.runtime.localpg.binaries import Binaries
from rongdun.runtime.localpg.dsns import ADMIN
from rongdun.runtime.localpg.errors import ServerFailed
from rongdun.runtime.localpg.layout import Layout
from rongdun.runtime.localpg.progress import Report
from rongdun.runtime.localpg.trouble import failure_said

_BUILTIN_LOCALE_SINCE = 17
_PROC = Path("/proc")
_PATIENCE_S = 5.0
"""How long the processes of a dead server may take to notice it before they are told."""

_FIRST_ROOM_MIB, _ROOM_MIB = 128, 48
"""A new data directory takes some 60 MiB, a start writes at least one 16 MiB log segment."""


def made_by(pgdata: Path) -> int | None:
    """Return the major version that made ``pgdata``, or None when there is none yet."""
    try:
        return int((pgdata / "PG_VERSION").read_text("ascii"))
    except FileNotFoundError:
        return None


def has_room(layout: Layout) -> bool:
    """Tell whether the disk has room for the server to start."""
    needed = _ROOM_MIB if made_by(layout.pgdata) else _FIRST_ROOM_MIB
    return shutil.disk_usage(layout.home).free >= needed << 20


def initialise(layout: Layout, account: Account, binaries: Binaries, password: str, *, sync: bool) -> None:
    """Make the data directory: all of it or nothing. Raises as :func:`failure_said`."""
    draft = layout.home / "pgdata.new"
    secret = layout.home / "password.new"
    shutil.rmtree(draft, ignore_errors=True)
    account.write(secret, password)
    try:
        said = _initdb(account, binaries, draft, secret, sync=sync)
    finally:
        secret.unlink(missing_ok=True)
    if said:
        shutil.rmtree(draft, ignore_errors=True)
        raise failure_said(layout, said)
    draft.rename(layout.pgdata)


def _initdb(account: Account, binaries: Binaries, draft: Path, secret: Path, *, sync: bool) -> str:
    """Run initdb; return why it failed, or nothing. Not every system has the C library's C.UTF-8."""
    said = ""
    for ctype in ("C.UTF-8", "C"):
        shutil.rmtree(draft, ignore_errors=True)
        options = _initdb_options(binaries, ctype, sync=sync)
        done = account.run([binaries.program("initdb"), "-D", draft, f"--pwfile={secret}", *options])
        if done.returncode == 0:
            return ""
        said = done.stderr.strip() or f"initdb: {done.returncode}"
        if "invalid locale" not in said:
            break
    return said


def _initdb_options(binaries: Binaries, ctype: str, *, sync: bool) -> list[str]:
    options = ["-U", ADMIN, "-A", "scram-sha-256", "-E", "UTF8", "--data-checksums"]
    options += ["--locale=C", f"--lc-ctype={ctype}"]
    if binaries.major >= _BUILTIN_LOCALE_SINCE:
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return options if sync else [*options, "--no-sync"]


def reset_password(layout: Layout, account: Account, binaries: Binaries, password: str) -> None:
    """Give the superuser a new password without logging in: the key directory was lost or left behind."""
    command: list[str | Path] = [binaries.program("postgres"), "--single", "-D", layout.pgdata, "postgres"]
    done = account.run(command, f"alter role {ADMIN} password '{password}'\n")
    if done.returncode != 0:
        raise ServerFailed(extra={"log": done.stderr})


def clear_away(layout: Layout, report: Report) -> None:
    """End what an earlier process left running on the data directory, and remove a stale ``postmaster.pid``.

    Only processes that stand in the data directory are touched. Where there is no ``/proc`` nothing is
    done: PostgreSQL then refuses by itself.
    """
    if not _PROC.is_dir():
        return
    pid_file = layout.pgdata / "postmaster.pid"
    left = processes_in(layout.pgdata)
    if left:
        report(
            Text("正在停止上次遗留的数据库进程", "Stopping what an earlier run of the database left behind")
        )
        main = _first_number(pid_file)
        if main in left:
            _signal([main], signal.SIGINT)
        _wait_until_gone(layout.pgdata, main)
    pid_file.unlink(missing_ok=True)


def processes_in(pgdata: Path) -> list[int]:
    """Return the processes whose working directory is ``pgdata``: a server and its children."""
    found = []
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if (entry / "cwd").readlink() == pgdata:
                    found.append(int(entry.name))
    return found


def wait_for_last(pgdata: Path) -> None:
    """Wait, for a few seconds at most, for what outlives the main process of a server that was stopped.

    Its logger does: it reads on until nobody is left who could write.
    """
    patience = monotonic() + _PATIENCE_S
    while _PROC.is_dir() and processes_in(pgdata) and monotonic() < patience:
        time.sleep(0.01)


def _wait_until_gone(pgdata: Path, main: int | None) -> None:
    """Give a living server the time its checkpoint takes; tell orphans of a dead one to end."""
    patience = monotonic() + _PATIENCE_S
    while left := processes_in(pgdata):
        if monotonic() > patience and main not in left:
            _signal(left, signal.SIGQUIT)
        time.sleep(0.05)


def _signal(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def _first_number(pid_file: Path) -> int | None:
    try:
        return int(pid_file.read_text("ascii").splitlines()[0])
    except (OSError, ValueError, IndexError):
        return None
