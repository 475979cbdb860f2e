"""Which versions of which tables make a version of the ledger: one small file decides, renamed in one step.

Several Delta tables cannot commit together. So each ledger version is a file ``versions/00000007.json`` that
names the Delta version of every table; it appears whole or not at all, and readers go through the newest one.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from rongdun.analytics.ledger.errors import DifferentLedger, NoLedger, NoSuchVersion

FORMAT: Final = 1
_FOLDER: Final = "versions"


@dataclass(frozen=True, slots=True)
class Manifest:
    """One version of the ledger.

    ``kind`` is ``import``, ``undo``, ``compact`` or ``empty`` (version 0); ``tables`` maps a table to its Delta
    version; ``imports`` lists the versions whose rows count; ``totals`` has accounts, transfers, observations,
    paired; ``about`` is what the step itself told (files with their counts, the version undone).
    """

    version: int = 0
    kind: str = "empty"
    at: str = ""
    token: str = ""
    tables: dict[str, int] = field(default_factory=dict)
    imports: list[int] = field(default_factory=list)
    totals: dict[str, int] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)
    format: int = FORMAT


class Manifests:
    """The versions of one ledger directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._folder = directory / _FOLDER

    def versions(self) -> list[int]:
        """Return the numbers of all versions, ascending; empty where nothing was imported yet."""
        if not self._folder.is_dir():
            return []
        return sorted(int(path.stem) for path in self._folder.glob("*.json"))

    def read(self, version: int | None = None) -> Manifest:
        """Return a version, the newest by default; raise :class:`NoLedger` or :class:`NoSuchVersion`."""
        versions = self.versions()
        if not versions:
            raise NoLedger
        wanted = versions[-1] if version is None else version
        if wanted not in versions:
            raise NoSuchVersion
        return _loaded(self._path(wanted))

    def newest(self) -> Manifest:
        """Return the newest version, the empty one where nothing was imported yet."""
        return self.read() if self.versions() else Manifest()

    def commit(self, manifest: Manifest) -> None:
        """Make a version visible in one step, durably; fails if another has taken its number."""
        self._folder.mkdir(parents=True, exist_ok=True)
        draft = self._folder / f".{manifest.token}.draft"
        with draft.open("w", encoding="utf-8") as file:
            json.dump(asdict(manifest), file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, self._path(manifest.version))
        draft.unlink()
        sync_folder(self._folder)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the ledger for writing; waits for whoever holds it. The lock of a killed process is free."""
        self.directory.mkdir(parents=True, exist_ok=True)
        with (self.directory / ".lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def clear_drafts(self) -> None:
        """Remove what a writer killed before its commit left; only under the lock."""
        for draft in self._folder.glob(".*.draft"):
            draft.unlink(missing_ok=True)

    def _path(self, version: int) -> Path:
        return self._folder / f"{version:08d}.json"


def _loaded(path: Path) -> Manifest:
    content = json.loads(path.read_text(encoding="utf-8"))
    if content["format"] > FORMAT:
        raise DifferentLedger
    return Manifest(**content)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
