"""From what the disk or the server said to an error an administrator can act on."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from rongdun.runtime.localpg.errors import (
    DatabaseDiskFull,
    DatabaseKeysForeign,
    ServerFailed,
    SocketUnusable,
    about,
    unwritable,
)
from rongdun.runtime.localpg.layout import Layout

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
_LOG_TAIL = 8192
_LOG_LINES = 20
_GRAVE = ("FATAL:", "PANIC:", "error:")


@contextmanager
def on_disk(directory: Path) -> Iterator[None]:
    """Turn what the disk refuses into :class:`DatabaseDiskFull` or :class:`DataDirUnwritable`."""
    try:
        yield
    except OSError as error:
        path = Path(str(error.filename)) if error.filename else directory
        if error.errno in _NO_ROOM:
            raise disk_full(path) from error
        raise unwritable(path) from error


def disk_full(path: Path) -> DatabaseDiskFull:
    """Return the error that there is no room at ``path``."""
    return DatabaseDiskFull(about(DatabaseDiskFull.message, path))


def keys_do_not_fit(keys: Path) -> DatabaseKeysForeign:
    """Return the error that the passwords in ``keys`` belong to another data directory."""
    return DatabaseKeysForeign(about(DatabaseKeysForeign.message, keys))


def is_refused(error: psycopg.OperationalError) -> bool:
    """Tell whether the server refused the password, as opposed to not answering yet."""
    return "password authentication failed" in str(error)


def failure(layout: Layout) -> DatabaseDiskFull | SocketUnusable | ServerFailed:
    """Return why the server ended while it started, from its own words."""
    return failure_said(layout, _last_words(layout))


def failure_said(layout: Layout, words: str) -> DatabaseDiskFull | SocketUnusable | ServerFailed:
    """Return the error that the server's (or initdb's) own ``words`` tell of."""
    if "No space left on device" in words:
        return disk_full(layout.home)
    if "Unix-domain socket" in words or "Unix socket" in words:
        return SocketUnusable(about(SocketUnusable.message, layout.socket_dir), extra={"log": words})
    return ServerFailed(about(ServerFailed.message, _reason(words)), extra={"log": words})


def _last_words(layout: Layout) -> str:
    logs = sorted(layout.log.glob("*.log"), key=lambda path: path.stat().st_mtime)
    read = [_tail(path) for path in (layout.first_words, *logs[-1:])]
    return "\n".join(line for tail in read for line in tail.splitlines()[-_LOG_LINES:])


def _tail(path: Path) -> str:
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _LOG_TAIL))
        return file.read().decode("utf-8", "replace")


def _reason(words: str) -> str:
    lines = words.splitlines()
    grave = [line for line in lines if any(mark in line for mark in _GRAVE)]
    return (grave or lines or ["?"])[-1].strip()
