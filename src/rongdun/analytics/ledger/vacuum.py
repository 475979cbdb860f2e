"""Clearing away files that no version to be read needs any more.

A version is kept while it is the newest and for some days after it ceased to be: whoever began to read it then reads
on, and whoever wants to look back can. Which versions are dropped is put on record first (``vacuum.json``), then
their files go; killed in between, a vacuum leaves files that nothing names, and the next one takes them. An undo
works on the newest version only, so what it needs is always kept; what each dropped version had told (its files,
counts, headings) stays in ``versions/``.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final

from rongdun.analytics.ledger.delta import TABLES, Tables
from rongdun.analytics.ledger.errors import KeptTooShortly
from rongdun.analytics.ledger.manifest import Manifest, Manifests, sync_folder
from rongdun.analytics.ledger.report import VacuumReport
from rongdun.analytics.ledger.staging import recover
from rongdun.analytics.ledger.sums import clear_sums
from rongdun.kernel.clock import Clock

LEAST: Final = timedelta(days=1)
"""Shorter would take files away from somebody who reads them."""

_RECORD: Final = "vacuum.json"
_LOG: Final = "_delta_log"


def dropped_versions(directory: Path) -> list[int]:
    """Return the versions whose rows can no longer be read, ascending."""
    try:
        told = json.loads((directory / _RECORD).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    return [int(version) for version in told["dropped"]]


def vacuumed(directory: Path, clock: Clock, keep: timedelta) -> VacuumReport:
    """Drop versions that ceased to be the newest longer than ``keep`` ago, and remove what only they needed.

    Raises ``KeptTooShortly`` below a day, ``NoLedger`` where nothing was imported yet.
    """
    if keep < LEAST:
        raise KeptTooShortly
    manifests, tables = Manifests(directory), Tables(directory)
    manifests.read()
    with manifests.locked():
        recover(directory, manifests, tables)
        return _Vacuum(directory, manifests, tables, clock.now() - keep).run()


@dataclass(frozen=True, slots=True)
class _Vacuum:
    directory: Path
    manifests: Manifests
    tables: Tables
    before: datetime

    def run(self) -> VacuumReport:
        """Put on record what is dropped, then remove; only under the lock."""
        earlier = dropped_versions(self.directory)
        told = {version: self.manifests.read(version) for version in self.manifests.versions()}
        dropped = sorted({*earlier, *_outlived(told, self.before)})
        kept = [manifest for version, manifest in told.items() if version not in dropped]
        needed = self._needed(kept)
        if dropped != earlier:
            _record(self.directory, dropped)
        sizes = [self._remove(path) for path in self._unneeded(needed)]
        clear_sums(self.directory)
        return VacuumReport(
            dropped=dropped,
            dropped_now=[version for version in dropped if version not in earlier],
            kept=[manifest.version for manifest in kept],
            files=len(sizes),
            bytes=sum(sizes),
        )

    def _needed(self, kept: list[Manifest]) -> set[Path]:
        pairs = {(table, version) for manifest in kept for table, version in manifest.tables.items()}
        return {
            self.tables.folder(table) / file.path
            for table, version in sorted(pairs)
            for file in self.tables.files(table, version)
        }

    def _unneeded(self, needed: set[Path]) -> Iterator[Path]:
        """Yield old files no kept version names; younger ones may be somebody's who is about to name them."""
        for path in sorted((self.directory / TABLES).rglob("*.parquet")):
            if _LOG in path.parts or path in needed:
                continue
            if path.stat().st_mtime < self.before.timestamp():
                yield path

    def _remove(self, path: Path) -> int:
        size = path.stat().st_size
        path.unlink()
        return size


def _outlived(told: dict[int, Manifest], before: datetime) -> Iterator[int]:
    """Yield the versions that another took the place of before the given moment."""
    for version, successor in pairwise(sorted(told)):
        if datetime.fromisoformat(told[successor].at) < before:
            yield version


def _record(directory: Path, dropped: list[int]) -> None:
    draft = directory / f".{_RECORD}.draft"
    with draft.open("w", encoding="utf-8") as file:
        json.dump({"dropped": dropped}, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(directory / _RECORD)
    sync_folder(directory)
