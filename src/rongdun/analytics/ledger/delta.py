"""Delta tables by their files: which make up a version, and one commit that adds some and removes others."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

import pyarrow as pa
from deltalake import DeltaTable
from deltalake.transaction import AddAction, RemoveAction

from rongdun.analytics.ledger.tables import DUPLICATES, PAIR_SCHEMA, PAIRS, spec_of
from rongdun.kernel.clock import SystemClock

TABLES: Final = "tables"

_CONFIGURATION: Final = {"delta.enableExpiredLogCleanup": "false"}
"""The log stays whole: which versions can be read is the ledger's to say (``vacuum``), not a date's in the log."""


@dataclass(frozen=True, slots=True)
class DataFile:
    """One Parquet file of a table: where it lies, its month ("" without), rows, first and last account, imports."""

    path: str
    month: str
    rows: int
    size: int
    first: str | None
    last: str | None
    import_ids: tuple[int, int]

    @property
    def partition(self) -> dict[str, str | None]:
        """Return the values in the names of the file's folders."""
        return {"month": self.month} if self.month else {}


class Tables:
    """The Delta tables under one ledger directory."""

    def __init__(self, directory: Path) -> None:
        self.root = directory / TABLES

    def folder(self, table: str) -> Path:
        """Return where a table lies."""
        return self.root / table

    def names(self) -> list[str]:
        """Return the tables that exist on disk, committed or not."""
        return sorted(path.name for path in self.root.glob("*") if (path / "_delta_log").is_dir())

    def files(self, table: str, version: int | None) -> list[DataFile]:
        """Return the files of a table at a Delta version, by month and first account; none for no version."""
        if version is None:
            return []
        actions = DeltaTable(self.folder(table), version=version).get_add_actions(flatten=True)
        account = "" if table == PAIRS else spec_of(table).account
        found = [_data_file(row, account) for row in pa.table(actions).to_pylist()]
        return sorted(found, key=lambda file: (file.month, file.first or "", file.path))

    def commit(
        self,
        table: str,
        added: Sequence[DataFile],
        removed: Sequence[DataFile] = (),
        *,
        data_change: bool = True,
    ) -> int:
        """Add and remove files in one commit, making the table when it is new; return its new version.

        ``data_change`` is false where the same rows only lie in other files.
        """
        delta = self._opened(table)
        now = int(SystemClock().now().timestamp() * 1000)
        actions: list[AddAction | RemoveAction] = [
            _add(table, file, now, data_change=data_change) for file in added
        ]
        actions += [RemoveAction(f.path, data_change, now, f.size, f.partition) for f in removed]
        delta.create_write_transaction(actions, "append", _schema(table), _partition_by(table) or None)
        return DeltaTable(self.folder(table)).version()

    def restore(self, table: str, version: int | None) -> None:
        """Take back commits that no version of the ledger names (their writer was killed)."""
        delta = DeltaTable(self.folder(table))
        if version is None:
            delta.delete()
        elif delta.version() > version and self.files(table, version) != self.files(table, delta.version()):
            delta.restore(version)

    def _opened(self, table: str) -> DeltaTable:
        folder = self.folder(table)
        if not (folder / "_delta_log").is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            return DeltaTable.create(
                folder,
                _schema(table),
                partition_by=_partition_by(table) or None,
                configuration=_CONFIGURATION,
            )
        return DeltaTable(folder)


def _schema(table: str) -> pa.Schema:
    if table == PAIRS:
        return PAIR_SCHEMA
    stored = spec_of(table).stored
    return stored.append(pa.field("month", pa.string())) if spec_of(table).monthly else stored


def _partition_by(table: str) -> list[str]:
    return [] if table == PAIRS else spec_of(table).partition_by


def is_duplicates(table: str) -> bool:
    """Tell whether a table keeps the duplicates of another."""
    return table.endswith(DUPLICATES)


def _data_file(row: dict[str, Any], account: str) -> DataFile:
    return DataFile(
        unquote(row["path"]),
        row.get("partition.month") or "",
        row["num_records"],
        row["size_bytes"],
        row.get(f"min.{account}"),
        row.get(f"max.{account}"),
        (row.get("min.import_id") or 0, row.get("max.import_id") or 0),
    )


def _add(table: str, file: DataFile, now: int, *, data_change: bool) -> AddAction:
    lowest: dict[str, Any] = {}
    highest: dict[str, Any] = {}
    if table != PAIRS:
        account = spec_of(table).account
        lowest = {"import_id": file.import_ids[0], account: file.first}
        highest = {"import_id": file.import_ids[1], account: file.last}
    stats = {"numRecords": file.rows, "minValues": lowest, "maxValues": highest, "nullCount": {}}
    return AddAction(
        file.path, file.size, file.partition, now, data_change, json.dumps(stats, ensure_ascii=False)
    )
