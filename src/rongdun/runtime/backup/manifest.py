"""What a backup says about itself, and whether that is still true."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rongdun.kernel.errors import Text
from rongdun.runtime.backup.errors import BackupDamaged, BackupTooNew, NotABackup
from rongdun.runtime.crypto.keyfiles import sync_directory
from rongdun.runtime.localpg.errors import about

FORMAT = 1
NAME = "manifest.json"
SEAL = "manifest.json.sha256"
"""The manifest's own hash, in the form ``sha256sum -c`` reads."""

DUMP = "database.dump"
FILES = "files"
ROOTS = "audit-roots"

_SHOWN_PARTS = 5
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """A backup's label.

    ``parts`` maps each file of it to its SHA-256 and size in bytes, ``tables`` each table to its rows;
    ``master_keys`` are fingerprints of the keys its sealed data needs; ``server`` is PostgreSQL's major
    version, ``last_root`` the newest day with an audit root, ``made_at`` is UTC. ``damaged`` names files
    whose content was no longer what their name says when they were copied.
    """

    made_at: str
    release: str
    revision: str
    kind: str
    server: int
    tables: Mapping[str, int]
    master_keys: tuple[str, ...]
    last_root: str
    parts: Mapping[str, tuple[str, int]]
    damaged: tuple[str, ...] = ()
    format: int = FORMAT

    @property
    def size(self) -> int:
        """Bytes of all parts together."""
        return sum(size for _, size in self.parts.values())


def write(manifest: Manifest, directory: Path) -> None:
    """Write the manifest and its seal into ``directory``, safe on disk."""
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    _write_through(directory / NAME, text)
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
    _write_through(directory / SEAL, f"{digest}  {NAME}\n")
    sync_directory(directory)


def read(directory: Path) -> Manifest:
    """Return the manifest of the backup in ``directory``.

    Raises :class:`NotABackup`, :class:`BackupDamaged` when the manifest itself was changed, and
    :class:`BackupTooNew` when a newer release laid it out in a way unknown here.
    """
    try:
        raw = (directory / NAME).read_bytes()
        seal = (directory / SEAL).read_text("ascii", "replace")
    except (FileNotFoundError, NotADirectoryError):
        raise NotABackup(about(NotABackup.message, directory)) from None
    if not seal.startswith(hashlib.sha256(raw).hexdigest()):
        raise _damaged([NAME])
    return _of_json(json.loads(raw))


def check_parts(manifest: Manifest, directory: Path) -> None:
    """Read every part again; raise :class:`BackupDamaged` that names the changed, missing and extra ones."""
    there = set(walk(directory)) - {NAME, SEAL}
    wrong = [name for name in manifest.parts if name not in there or not _intact(manifest, directory, name)]
    wrong += there - manifest.parts.keys()
    if wrong:
        raise _damaged(sorted(wrong))


def walk(directory: Path) -> Iterator[str]:
    """Yield every file under ``directory``, relative to it, with forward slashes."""
    for path, _, names in os.walk(directory):
        for name in names:
            yield Path(path, name).relative_to(directory).as_posix()


def fingerprint(path: Path) -> tuple[str, int]:
    """Return the SHA-256 in hex and the size of a file."""
    digest = hashlib.sha256()
    size = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return digest.hexdigest(), size


def _intact(manifest: Manifest, directory: Path, name: str) -> bool:
    path = directory / name
    return path.stat().st_size == manifest.parts[name][1] and fingerprint(path) == manifest.parts[name]


def _of_json(found: dict[str, Any]) -> Manifest:
    if found.get("format") != FORMAT:
        raise BackupTooNew()
    values = {
        **found,
        "master_keys": tuple(found["master_keys"]),
        "damaged": tuple(found["damaged"]),
        "parts": {name: (part[0], part[1]) for name, part in found["parts"].items()},
    }
    return Manifest(**values)


def _damaged(parts: list[str]) -> BackupDamaged:
    shown = ", ".join(parts[:_SHOWN_PARTS])
    more = len(parts) - _SHOWN_PARTS
    zh = f"{BackupDamaged.message.zh}:{shown}" + (f" 等 {len(parts)} 项" if more > 0 else "")
    en = f"{BackupDamaged.message.en}: {shown}" + (f" and {more} more" if more > 0 else "")
    return BackupDamaged(Text(zh, en), extra={"parts": parts})


def _write_through(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
