"""Key files: readable by their owner alone, written whole or not at all."""

import os
import stat
from pathlib import Path

from rongdun.runtime.crypto.errors import KeyFileUnsafe, naming


def read_private(path: Path) -> str:
    """Return the text of a key file; raise :class:`KeyFileUnsafe` when others than its owner can read it."""
    mode = path.stat().st_mode
    if stat.S_IMODE(mode) & 0o077:
        raise KeyFileUnsafe(naming(KeyFileUnsafe.message, path))
    return path.read_text("utf-8")


def write_private(path: Path, text: str) -> None:
    """Write a key file that must not exist yet: complete on disk, 0600, in a directory of mode 0700."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        _write_through(draft, text)
        os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    sync_directory(path.parent)


def _write_through(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def sync_directory(path: Path) -> None:
    """Make renames and new names in ``path`` survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
