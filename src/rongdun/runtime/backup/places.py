"""Copying, so that it is on disk when it is said to be, and what the disk refuses in words."""

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rongdun.runtime.backup.errors import BackupDiskFull, PlaceUnusable
from rongdun.runtime.localpg.errors import about

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
_CHUNK = 1 << 20


def copy(source: Path, target: Path, *, mode: int = 0o600) -> tuple[str, int]:
    """Copy a file to ``target`` (directories are made), safe on disk; return its SHA-256 and size.

    ``target`` holds the whole content or does not change.
    """
    make_private(target.parent)
    draft = target.with_name(f".{target.name}.copying")
    digest = hashlib.sha256()
    size = 0
    with source.open("rb") as reading, draft.open("wb") as writing:
        while chunk := reading.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            writing.write(chunk)
        writing.flush()
        os.fsync(writing.fileno())
    draft.chmod(mode)
    os.replace(draft, target)
    return digest.hexdigest(), size


def make_private(directory: Path) -> None:
    """Make a directory and those above it that are missing, for their owner alone."""
    if not directory.is_dir():
        make_private(directory.parent)
        directory.mkdir(mode=0o700, exist_ok=True)


def lay_safe(path: Path) -> None:
    """Make what another program wrote to ``path`` survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def on_disk(place: Path) -> Iterator[None]:
    """Turn what the disk refuses into :class:`BackupDiskFull` or :class:`PlaceUnusable`."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise BackupDiskFull() from error
        raise PlaceUnusable(about(PlaceUnusable.message, error.filename or place)) from error
