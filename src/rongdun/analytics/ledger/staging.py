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
_DOOR: Final = ".staging.lock"


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
    with _opened(directory, folder):
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
    with _door(directory):
        dead = [folder for folder in (directory / _FOLDER).glob("*") if _is_dead(folder)]
    for folder in dead:
        _clear(directory, folder, manifests)
    return newest


@contextmanager
def _door(directory: Path) -> Iterator[None]:
    """Hold the door of the folders: who looks for dead ones sees none that is only half opened."""
    with (directory / _DOOR).open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield


def _opened(directory: Path, folder: Path) -> IO[str]:
    """Make a writer's folder; return the file that tells it lives, as long as it is open."""
    directory.mkdir(parents=True, exist_ok=True)
    with _door(directory):
        folder.mkdir(parents=True)
        alive = (folder / _ALIVE).open("w")
        fcntl.flock(alive, fcntl.LOCK_EX)
    return alive


def _is_dead(folder: Path) -> bool:
    """Tell whether a writer was killed: at work, while it opened its folder, or while it cleared it away."""
    try:
        alive: IO[str] = (folder / _ALIVE).open("r+")
    except FileNotFoundError:
        return True
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
