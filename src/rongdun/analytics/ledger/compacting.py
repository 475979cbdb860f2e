"""Merging each month's files into sorted files of a measured size; the rows stay what they are."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from rongdun.analytics.ledger.delta import DataFile, Tables
from rongdun.analytics.ledger.manifest import Manifest, Manifests
from rongdun.analytics.ledger.rewrite import stored_rows
from rongdun.analytics.ledger.runs import merged
from rongdun.analytics.ledger.settle import STEP_ROWS
from rongdun.analytics.ledger.sink import Disk
from rongdun.analytics.ledger.staging import recover, staging
from rongdun.analytics.ledger.tables import PAIRS, TableSpec, spec_of
from rongdun.analytics.ledger.undoing import Swap
from rongdun.analytics.ledger.write import FILE_ROWS, SizedWriter
from rongdun.kernel.clock import Clock

MOST_SOURCES: Final = 256
"""Files merged at a time; where a month has more, the smallest go first and the next compaction goes on."""


def compacted(directory: Path, clock: Clock) -> Manifest:
    """Commit a version with merged files; return the newest version as it is where nothing is to merge."""
    manifests, tables = Manifests(directory), Tables(directory)
    manifests.read()
    with staging(directory) as own, manifests.locked():
        base = recover(directory, manifests, tables)
        swaps = {name: _swap(base, tables, name, own.token) for name in base.tables if name != PAIRS}
        swaps = {name: swap for name, swap in swaps.items() if swap.removed}
        if not swaps:
            return base
        versions = dict(base.tables)
        for table, swap in swaps.items():
            versions[table] = tables.commit(table, swap.added, swap.removed, data_change=False)
        manifest = Manifest(
            version=base.version + 1,
            kind="compact",
            at=clock.now().isoformat(),
            token=own.token,
            tables=versions,
            imports=base.imports,
            totals=base.totals,
            about={"files": [], "merged": sum(len(swap.removed) for swap in swaps.values())},
        )
        manifests.commit(manifest)
    return manifest


def to_merge(files: list[DataFile]) -> list[DataFile]:
    """Return which of one month's files, by first account, should become one: they overlap or are many and small."""
    small = [file for file in files if file.rows < FILE_ROWS // 2]
    overlapping = any((one.last or "") > (two.first or "") for one, two in pairwise(files))
    chosen = files if overlapping else small
    if len(chosen) < 2:
        return []
    return sorted(sorted(chosen, key=lambda file: file.rows)[:MOST_SOURCES], key=_age)


def _age(file: DataFile) -> tuple[tuple[int, int], str]:
    return file.import_ids, file.path


def _swap(base: Manifest, tables: Tables, name: str, token: str) -> Swap:
    swap = Swap()
    files = tables.files(name, base.tables[name])
    for month in sorted({file.month for file in files}):
        chosen = to_merge([file for file in files if file.month == month])
        if chosen:
            swap.removed += chosen
            swap.added += _Merge(tables.folder(name), spec_of(name), token).files(month, chosen)
    return swap


@dataclass(frozen=True, slots=True)
class _Merge:
    folder: Path
    spec: TableSpec
    token: str

    def files(self, month: str, sources: list[DataFile]) -> list[DataFile]:
        """Write one month's files again in one order."""
        batch_rows = max(1_024, STEP_ROWS // len(sources))
        parts = [stored_rows(self.folder, file, self.spec, batch_rows) for file in sources]
        with Disk() as disk:
            writer = SizedWriter(self.folder, self.spec, f"{self.token}-{month or 'all'}", disk)
            for step in merged(parts, self.spec, STEP_ROWS):
                writer.write(month, step)
            return writer.close()
