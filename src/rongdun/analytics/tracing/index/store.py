"""The index of a ledger directory: found, built where there is none or it does not hold, old ones cleared away.

``<ledger>/index/00000007/`` belongs to version 7. Who builds holds a lock, everybody else waits and then reads the
same files. A folder in use may be removed: whoever has it mapped keeps it until done.
"""

import fcntl
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rongdun.analytics.ledger.manifest import Manifests
from rongdun.analytics.tracing.index.errors import DamagedIndex
from rongdun.analytics.tracing.index.opened import TraceIndex

if TYPE_CHECKING:
    import polars as pl

FOLDER: Final = "index"
LABELS_FILE: Final = "labels.csv"
"""A unit's own kinds of account beside the ledger: institution, account, kind in words."""

_LOCK: Final = ".lock"


def open_index(directory: Path, version: int | None = None) -> TraceIndex:
    """Return the index of a version, the newest by default; builds it where it is absent, damaged or of old labels.

    Raises ``NoLedger`` or ``NoSuchVersion``.
    """
    wanted = Manifests(directory).read(version).version
    labels = digest_of(directory / LABELS_FILE)
    target = directory / FOLDER / f"{wanted:08d}"
    try:
        return _opened(target, labels)
    except DamagedIndex:
        return _built(directory, target, wanted, labels)


def versions(directory: Path) -> list[int]:
    """Return the ledger versions that have an index, ascending."""
    return sorted(int(path.name) for path in (directory / FOLDER).glob("[0-9]*"))


def _opened(target: Path, labels: str) -> TraceIndex:
    index = TraceIndex(target)
    if index.manifest.labels != labels:
        raise DamagedIndex
    return index


def _built(directory: Path, target: Path, version: int, labels: str) -> TraceIndex:
    with locked(directory / FOLDER):
        try:
            return _opened(target, labels)  # somebody else has built it meanwhile
        except DamagedIndex:
            _clear_drafts(directory / FOLDER)
            _build(directory, target, version, labels)
        index = TraceIndex(target)
        _clear_old(directory, version)
        return index


def _build(directory: Path, target: Path, version: int, labels: str) -> None:
    # what builds is loaded where it is needed only: a trace starts in a third of the time without it
    from rongdun.analytics.ledger.ledger import Ledger
    from rongdun.analytics.tracing.index.build import write_index
    from rongdun.analytics.tracing.index.prepare import prepare

    told = labels_of(directory / LABELS_FILE)
    write_index(prepare(Ledger(directory).view(version), told).material, target, version, labels)


def labels_of(path: Path) -> "pl.DataFrame | None":
    """Return a unit's own labels beside the ledger, None where it has none."""
    import polars as pl

    from rongdun.analytics.tracing.index.identity import LABELS

    return pl.read_csv(path, schema_overrides=LABELS).fill_null("") if path.exists() else None


def digest_of(path: Path) -> str:
    """Return what tells labels from others, empty where there are none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def _clear_drafts(folder: Path) -> None:
    """Remove what builders killed in the middle left; only under the lock."""
    for draft in folder.glob(".*.draft"):
        shutil.rmtree(draft, ignore_errors=True)


def _clear_old(directory: Path, version: int) -> None:
    """Remove the indexes of all versions but this one and the newest; each vanishes in one step."""
    kept = {version, Manifests(directory).newest().version}
    for old in versions(directory):
        if old not in kept:
            path = directory / FOLDER / f"{old:08d}"
            draft = path.with_name(f".{path.name}.old.draft")
            path.rename(draft)
            shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the right to build; the lock of a killed process is free."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _LOCK).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
