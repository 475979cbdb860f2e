"""A writer's own folder while it works, and clearing away what killed writers left."""

import fcntl
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from rongdun.analytics.ledger.delta import TABLES, Tables
from rongdun.analytics.ledger.manifest import Manifest, Manifests

_FOLDER: Final = "staging"
_ALIVE: Final = ".alive"


@dataclass(frozen=True, slots=True)
class Staging:
    """The folder of one writer; every Parquet file it writes carries its token in the name."""

    token: str
    folder: Path


@contextmanager
def staging(directory: Path) -> Iterator[Staging]:
    """Open a folder for one writer. A lock on it tells others that the writer lives; a good end removes it.

    After a bad end the emptied folder stays, so that the next writer clears away the Parquet files too.
    """
    token = uuid.uuid4().hex[:12]
    folder = directory / _FOLDER / token
    folder.mkdir(parents=True)
    with (folder / _ALIVE).open("w") as alive:
        fcntl.flock(alive, fcntl.LOCK_EX)
        try:
            yield Staging(token, folder)
        except BaseException:
            for run in folder.glob("*.arrow"):
                run.unlink()
            raise
        shutil.rmtree(folder, ignore_errors=True)


def recover(directory: Path, manifests: Manifests, tables: Tables) -> Manifest:
    """Bring the tables back to what the newest version names; return that version. Only under the lock."""
    newest = manifests.newest()
    manifests.clear_drafts()
    for name in tables.names():
        tables.restore(name, newest.tables.get(name))
    for folder in (directory / _FOLDER).glob("*"):
        if _is_dead(folder):
            _clear(directory, folder, manifests)
    return newest


def _is_dead(folder: Path) -> bool:
    try:
        alive: IO[str] = (folder / _ALIVE).open("r+")
    except FileNotFoundError:
        return False
    with alive:
        try:
            fcntl.flock(alive, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def _clear(directory: Path, folder: Path, manifests: Manifests) -> None:
    committed = any(manifests.read(version).token == folder.name for version in manifests.versions())
    if not committed:
        _remove_files(directory, folder.name)
    shutil.rmtree(folder, ignore_errors=True)


def _remove_files(directory: Path, token: str) -> None:
    for path in (directory / TABLES).glob(f"**/part-{token}-*.parquet"):
        path.unlink(missing_ok=True)
