"""One version of a ledger to read: its files as Polars frames, month by month where that is enough."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from rongdun.analytics.ledger.delta import DataFile, Tables
from rongdun.analytics.ledger.manifest import Manifest
from rongdun.analytics.ledger.tables import PAIR_SCHEMA, PAIRS, spec_of
from rongdun.analytics.statements.schema import TRANSACTIONS


@dataclass(frozen=True, slots=True)
class View:
    """A version of the ledger; what it shows never changes, whatever is imported meanwhile."""

    manifest: Manifest
    tables: Tables

    def files(self, table: str) -> list[DataFile]:
        """Return a table's files, none where the table does not exist."""
        return self.tables.files(table, self.manifest.tables.get(table))

    def scan(self, table: str) -> pl.LazyFrame:
        """Return a table as a lazy frame in its documented columns, empty where nothing was imported."""
        return scan_files(self.tables, table, self.files(table))

    def accounts(self) -> pa.Array:
        """Return the observed accounts, each once."""
        return observed(self.tables.folder(TRANSACTIONS), self.files(TRANSACTIONS), "account")


def scan_files(tables: Tables, table: str, files: Iterable[DataFile]) -> pl.LazyFrame:
    """Return the given files of a table as one lazy frame."""
    folder = tables.folder(table)
    paths = [folder / file.path for file in files]
    empty = pl.DataFrame((PAIR_SCHEMA if table == PAIRS else spec_of(table).stored).empty_table())
    if not paths:
        return empty.lazy()
    # A file of an earlier program lacks the columns that came later: they are null.
    return pl.scan_parquet(
        paths, schema=empty.schema, missing_columns="insert", hive_partitioning=False, glob=False
    )


def observed(folder: Path, files: Iterable[DataFile], column: str) -> pa.Array:
    """Return the different values of a text column; reads its codes only, one group at a time."""
    values = pa.array([], pa.string())
    for file in files:
        parquet = pq.ParquetFile(folder / file.path, read_dictionary=[column])
        for batch in parquet.iter_batches(1 << 20, columns=[column]):
            values = pc.unique(pa.concat_arrays([values, _values(batch.column(0))]))
    return values.drop_null()


def _values(array: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(array.type):
        used = pc.unique(array.indices).drop_null()
        return array.dictionary.take(used)
    return pc.unique(array)
