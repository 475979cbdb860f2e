"""Taking one import out: its rows go, and rows it had crowded out as repeated count again."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from rongdun.analytics.ledger.columns import key_words
from rongdun.analytics.ledger.delta import DataFile, Tables
from rongdun.analytics.ledger.errors import NotAnImport
from rongdun.analytics.ledger.importing import totals
from rongdun.analytics.ledger.manifest import Manifest, Manifests
from rongdun.analytics.ledger.order import ordered
from rongdun.analytics.ledger.pair_book import renewed, touched_amounts
from rongdun.analytics.ledger.rewrite import Keep, kept, stored_rows
from rongdun.analytics.ledger.sink import Disk
from rongdun.analytics.ledger.staging import Staging, recover, staging
from rongdun.analytics.ledger.tables import DUPLICATES, PAIRS, TableSpec, specs
from rongdun.analytics.ledger.view import scan_files
from rongdun.analytics.ledger.write import SizedWriter
from rongdun.analytics.statements.schema import TRANSACTIONS
from rongdun.kernel.clock import Clock

_PLACE = ["import_id", "file_no", "row"]


@dataclass(slots=True)
class Swap:
    """Files that go and files that come, of one table."""

    added: list[DataFile] = field(default_factory=list)
    removed: list[DataFile] = field(default_factory=list)


def undone(directory: Path, clock: Clock, version: int) -> Manifest:
    """Commit a version without the import ``version``; raise ``NotAnImport`` where it does not count (any more)."""
    manifests, tables = Manifests(directory), Tables(directory)
    manifests.read(version)
    with staging(directory) as own, manifests.locked():
        base = recover(directory, manifests, tables)
        if version not in base.imports:
            raise NotAnImport
        manifest = _without(base, tables, own, clock, version)
        manifests.commit(manifest)
    return manifest


def _without(base: Manifest, tables: Tables, own: Staging, clock: Clock, version: int) -> Manifest:
    swaps: dict[str, Swap] = {}
    for spec in specs().values():
        if spec.name in base.tables:
            swaps |= _Undo(base, tables, own.token, spec, version).swaps()
    files, changed = _transactions(base, tables, swaps)
    amounts = touched_amounts(scan_files(tables, TRANSACTIONS, changed))
    change = renewed(tables, base, files, amounts, own.token)
    swaps[PAIRS] = Swap(change.added, change.removed)
    versions = dict(base.tables)
    for table, swap in swaps.items():
        if swap.added or swap.removed:
            versions[table] = tables.commit(table, swap.added, swap.removed)
    return Manifest(
        version=base.version + 1,
        kind="undo",
        at=clock.now().isoformat(),
        token=own.token,
        tables=versions,
        imports=[number for number in base.imports if number != version],
        totals=totals(files, change),
        about={"undone": version},
    )


def _transactions(
    base: Manifest, tables: Tables, swaps: dict[str, Swap]
) -> tuple[list[DataFile], list[DataFile]]:
    """Return the files of transactions after the swap, and those that change (both old and new)."""
    swap = swaps.get(TRANSACTIONS, Swap())
    before = tables.files(TRANSACTIONS, base.tables.get(TRANSACTIONS))
    return [file for file in before if file not in swap.removed] + swap.added, swap.removed + swap.added


@dataclass(frozen=True, slots=True)
class _Undo:
    base: Manifest
    tables: Tables
    token: str
    spec: TableSpec
    version: int

    def swaps(self) -> dict[str, Swap]:
        """Return what changes in the table and in the duplicates beside it."""
        name = self.spec.name
        swap, beside = Swap(), Swap()
        for month in sorted({file.month for file in self._touched(name) + self._touched(name + DUPLICATES)}):
            self._undo_month(month, swap, beside)
        return {name: swap, name + DUPLICATES: beside}

    def _undo_month(self, month: str, swap: Swap, beside: Swap) -> None:
        token = f"{self.token}-{month or 'all'}"
        mine = [file for file in self._touched(self.spec.name) if file.month == month]
        repeated = [file for file in self._files(self.spec.name + DUPLICATES) if file.month == month]
        promoted = self._promoted(mine, repeated)
        self._swap(self.spec.name, mine, swap, token, self._keeps_others)
        if promoted.height:
            swap.added += self._promote(month, repeated, promoted, token)
        changed = [file for file in repeated if promoted.height or self._spans(file)]
        self._swap(self.spec.name + DUPLICATES, changed, beside, token, self._keeps_repeats(promoted))

    def _swap(self, table: str, files: list[DataFile], swap: Swap, token: str, keep: Keep) -> None:
        whole = [file for file in files if file.import_ids == (self.version, self.version)]
        partly = [file for file in files if file not in whole]
        swap.removed += files
        swap.added += kept(self.tables.folder(table), partly, self.spec, token, keep)

    def _promoted(self, mine: list[DataFile], repeated: list[DataFile]) -> pl.DataFrame:
        """Return key (a, b) and place of the repeated rows that take the removed ones' stead: the earliest each."""
        gone = pl.concat([_nothing_gone(), *self._gone(mine)])
        if not gone.height or not repeated:
            return _nothing_gone().clear().with_columns(pl.lit(0).alias(name) for name in _PLACE)
        rest = pl.concat([_keys(self.tables.folder(self.spec.name + DUPLICATES), file) for file in repeated])
        rest = rest.filter(pl.col("import_id") != self.version).join(gone, on=["a", "b"], how="semi")
        return rest.sort(*_PLACE).unique(["a", "b"], keep="first", maintain_order=True)

    def _gone(self, mine: list[DataFile]) -> Iterator[pl.DataFrame]:
        if self.spec.deduplicates:
            for file in mine:
                keys = _keys(self.tables.folder(self.spec.name), file)
                yield keys.filter(pl.col("import_id") == self.version).select("a", "b")

    def _promote(
        self, month: str, repeated: list[DataFile], promoted: pl.DataFrame, token: str
    ) -> list[DataFile]:
        folder = self.tables.folder(self.spec.name + DUPLICATES)
        parts = [
            rows.filter(pa.array(_is_in(rows, promoted)))
            for file in repeated
            for rows in stored_rows(folder, file, self.spec, 1 << 16)
        ]
        with Disk() as disk:
            writer = SizedWriter(self.tables.folder(self.spec.name), self.spec, f"{token}-p", disk)
            writer.write(month, ordered(pa.concat_tables(parts), self.spec).arranged())
            return writer.close()

    def _keeps_others(self, rows: pa.Table) -> npt.NDArray[np.bool_]:
        return np.asarray(rows["import_id"].to_numpy() != self.version, np.bool_)

    def _keeps_repeats(self, promoted: pl.DataFrame) -> Keep:
        def keep(rows: pa.Table) -> npt.NDArray[np.bool_]:
            return self._keeps_others(rows) & ~_is_in(rows, promoted)

        return keep

    def _files(self, table: str) -> list[DataFile]:
        return self.tables.files(table, self.base.tables.get(table))

    def _touched(self, table: str) -> list[DataFile]:
        return [file for file in self._files(table) if self._spans(file)]

    def _spans(self, file: DataFile) -> bool:
        return file.import_ids[0] <= self.version <= file.import_ids[1]


def _nothing_gone() -> pl.DataFrame:
    return pl.DataFrame(schema={"a": pl.UInt64, "b": pl.UInt64})


def _keys(folder: Path, file: DataFile) -> pl.DataFrame:
    rows = pq.read_table(folder / file.path, columns=["row_key", "occurrence", *_PLACE], partitioning=None)
    return _with_places(rows)


def _with_places(rows: pa.Table) -> pl.DataFrame:
    words = key_words(rows)
    places = {name: rows[name].to_numpy() for name in _PLACE}
    return pl.DataFrame({"a": words[:, 0], "b": words[:, 1], **places})


def _is_in(rows: pa.Table, promoted: pl.DataFrame) -> npt.NDArray[np.bool_]:
    found = np.zeros(rows.num_rows, np.bool_)
    if promoted.height:
        here = _with_places(rows).with_row_index("place")
        found[here.join(promoted, on=["a", "b", *_PLACE], how="semi")["place"].to_numpy()] = True
    return found
