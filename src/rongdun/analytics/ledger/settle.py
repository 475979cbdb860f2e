"""Writing side of an import: merge the runs, tell new rows from repeated ones, write both in order."""

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from rongdun.analytics.ledger.columns import key_words
from rongdun.analytics.ledger.delta import DataFile
from rongdun.analytics.ledger.order import Ordered, known, repeats
from rongdun.analytics.ledger.runs import Run, merged_runs
from rongdun.analytics.ledger.sink import Disk
from rongdun.analytics.ledger.tables import TableSpec
from rongdun.analytics.ledger.wordbook import Wordbook
from rongdun.analytics.ledger.write import SizedWriter

STEP_ROWS: Final = 100_000
WRITERS: Final = 2


@dataclass(slots=True)
class Settled:
    """What one table gained: files of new rows and of repeated ones, and how many repeats each file brought."""

    files: list[DataFile] = field(default_factory=list)
    duplicates: list[DataFile] = field(default_factory=list)
    repeated: Counter[int] = field(default_factory=Counter)

    @property
    def rows(self) -> int:
        """Return how many rows were written, new and repeated."""
        return sum(file.rows for file in (*self.files, *self.duplicates))


@dataclass(frozen=True, slots=True)
class Settler:
    """Settles one table's runs against what the ledger holds already (``known_files``)."""

    spec: TableSpec
    folder: Path
    duplicates_folder: Path
    known_files: Sequence[DataFile]
    import_id: int
    token: str
    file_hashes: Sequence[bytes]

    def settle(self, runs: Sequence[Run]) -> Settled:
        """Write all rows of the runs; months are written side by side."""
        months = sorted({month for run in runs for month in run.months})
        words = Wordbook([run.words for run in runs])
        total = Settled()
        with Disk() as disk, ThreadPoolExecutor(WRITERS) as pool:
            for part in pool.map(lambda month: self._settle_month(month, runs, words, disk), months):
                total.files += part.files
                total.duplicates += part.duplicates
                total.repeated += part.repeated
        return total

    def _settle_month(self, month: str, runs: Sequence[Run], words: Wordbook, disk: Disk) -> Settled:
        token = f"{self.token}-{month or 'all'}"
        new = SizedWriter(self.folder, self.spec, token, disk)
        old = SizedWriter(self.duplicates_folder, self.spec, token, disk)
        known_here = [file for file in self.known_files if file.month == month]
        settled = Settled()
        for step in _steps(runs, month, self.spec, words):
            repeated = self._repeated(step, known_here)
            if repeated.any():
                again = self._stamped(step.arranged(repeated))
                old.write(month, again)
                settled.repeated += _by_file(again)
                new.write(month, self._stamped(step.arranged(~repeated)))
            else:
                new.write(month, self._stamped(step.arranged()))
        settled.files, settled.duplicates = new.close(), old.close()
        return settled

    def _stamped(self, rows: pa.Table) -> pa.Table:
        """Return rows with what was not known when they were read: the import's number and their file's hash."""
        number = pa.array(np.full(rows.num_rows, self.import_id, np.int64))
        file_no = rows["file_no"].combine_chunks()
        file_hash = pa.DictionaryArray.from_arrays(file_no, pa.array(self.file_hashes, pa.binary()))
        for name, column in (("import_id", number), ("file_hash", file_hash)):
            rows = rows.set_column(rows.schema.get_field_index(name), name, column)
        return rows

    def _repeated(self, step: Ordered, known_files: Sequence[DataFile]) -> npt.NDArray[np.bool_]:
        if not self.spec.deduplicates:
            return np.zeros(step.rows.num_rows, np.bool_)
        found = repeats(step)
        if known_files and step.rows.num_rows:
            words = step.keys()
            for others in stored_keys(self.folder, known_files, self.spec, step.rows):
                found[known(words, others)] = True
        return found


def stored_keys(
    folder: Path, files: Sequence[DataFile], spec: TableSpec, rows: pa.Table
) -> Iterator[npt.NDArray[np.uint64]]:
    """Yield the keys of stored rows that may equal one of ``rows``, a group at a time, by the accounts between."""
    accounts = rows[spec.account].unique().to_pylist()
    wanted = sorted(account for account in accounts if account is not None)
    anonymous = None in accounts
    for file in files:
        parquet = pq.ParquetFile(folder / file.path)
        place = parquet.schema_arrow.get_field_index(spec.account)
        for group in range(parquet.num_row_groups):
            statistics = parquet.metadata.row_group(group).column(place).statistics
            if _overlaps(statistics, wanted, anonymous=anonymous):
                yield key_words(parquet.read_row_group(group, ["row_key", "occurrence"]))


def _overlaps(statistics: pq.Statistics | None, wanted: list[str], *, anonymous: bool) -> bool:
    if statistics is None or not statistics.has_min_max or (anonymous and statistics.null_count):
        return True
    place = int(np.searchsorted(wanted, statistics.min)) if wanted else 0
    return place < len(wanted) and wanted[place] <= statistics.max


def _steps(runs: Sequence[Run], month: str, spec: TableSpec, words: Wordbook) -> Iterator[Ordered]:
    alone = runs[0] if len(runs) == 1 else None
    if alone is not None and alone.table is not None:
        start, end = alone.months[month]
        nothing = np.zeros(0, np.int64)
        told = words.spelled(alone.table.slice(start, end - start), [0], [end - start])
        yield Ordered(told, None, nothing, alone.ties[start:end])
    else:
        yield from merged_runs(runs, month, spec, words, STEP_ROWS)


def _by_file(rows: pa.Table) -> Counter[int]:
    numbers, counts = np.unique(rows["file_no"].to_numpy(), return_counts=True)
    return Counter(dict(zip(numbers.tolist(), counts.tolist(), strict=True)))
