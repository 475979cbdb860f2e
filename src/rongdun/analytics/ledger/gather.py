"""Reading side of an import: rows of all files into sorted runs, one pass, reading and sorting side by side."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Final

import pyarrow as pa

from rongdun.analytics.ledger.columns import staged
from rongdun.analytics.ledger.errors import TotalsDiffer
from rongdun.analytics.ledger.report import REJECTS_TOLD, FileReport
from rongdun.analytics.ledger.runs import RUN_ROWS, Run, RunBuilder
from rongdun.analytics.ledger.tables import specs
from rongdun.analytics.statements.reading import Chunk, FileReading
from rongdun.analytics.statements.schema import REJECTS
from rongdun.kernel.errors import Text

Progress = Callable[[FileReport], None]
"""Called with each file's report when the file is read; duplicates are not known yet."""

_TOLD: Final = ["sheet", "row", "column", "reason", "raw"]
"""What a report says of a rejected row."""

_AHEAD: Final = 4
"""Chunks the reader may be ahead of the sorter."""


@dataclass(slots=True)
class Gathered:
    """All rows of an import as sorted runs, with its files' reports and how many rows came of each."""

    runs: dict[str, list[Run]] = field(default_factory=dict)
    files: list[FileReport] = field(default_factory=list)
    received: Counter[int] = field(default_factory=Counter)
    rejects_omitted: int = 0


def gather(
    readings: Iterable[FileReading], folder: Path, progress: Progress | None = None, run_rows: int = RUN_ROWS
) -> Gathered:
    """Read every file to its end; rows come out as runs under ``folder``, the last of each table in memory."""
    gathered = Gathered()
    builders: dict[str, RunBuilder] = {}

    def take(chunk: Chunk, file_no: int) -> None:
        spec = specs()[chunk.table]
        builder = builders.setdefault(chunk.table, RunBuilder(spec, folder, run_rows))
        builder.add(staged(chunk.batch, spec, file_no))

    with _beside(take) as put:
        for file_no, reading in enumerate(readings):
            report = _read(reading, file_no, gathered, put)
            gathered.files.append(report)
            if progress:
                progress(report)
    gathered.runs = {name: builder.finish() for name, builder in builders.items()}
    return gathered


def _read(
    reading: FileReading, file_no: int, gathered: Gathered, put: Callable[[Chunk, int], None]
) -> FileReport:
    report = FileReport(reading.path, reading.container)
    for chunk in reading:
        if chunk.table == REJECTS:
            gathered.rejects_omitted += _tell(report, chunk.batch, gathered)
        else:
            gathered.received[file_no] += chunk.batch.num_rows
        if chunk.batch.num_rows:
            put(chunk, file_no)
    counts = reading.counts
    report.file_hash = reading.file_hash.hex()
    report.layout, report.encoding, report.refused = reading.layout, reading.encoding, reading.refused
    report.rows, report.rejected, report.blank = counts.rows, counts.rejected, counts.blank
    report.taken = counts.taken
    report.headings = {sheet: list(names) for sheet, names in reading.headings.items()}
    report.notes = [{"column": c, "reason": r, "count": n} for (c, r), n in sorted(reading.notes.items())]
    if gathered.received[file_no] != counts.taken:
        raise differs(report.path, counts.taken, gathered.received[file_no])
    return report


def differs(path: str, expected: int, found: int) -> TotalsDiffer:
    """Build the error for a file whose rows do not add up."""
    return TotalsDiffer(
        Text(
            f"{path}:应有 {expected} 行，实收 {found} 行，导入未生效",
            f"{path}: {expected} rows were expected, {found} arrived; nothing was imported",
        )
    )


def _tell(report: FileReport, batch: pa.RecordBatch, gathered: Gathered) -> int:
    """Add rejected rows to the report while there is room; return how many are left out."""
    told = sum(len(file.rejects) for file in gathered.files) + len(report.rejects)
    rows = batch.slice(0, max(0, REJECTS_TOLD - told)).select(_TOLD).to_pylist()
    report.rejects += rows
    return int(batch.num_rows) - len(rows)


@contextmanager
def _beside(take: Callable[[Chunk, int], None]) -> Iterator[Callable[[Chunk, int], None]]:
    """Run ``take`` in a thread of its own, a few chunks behind; its error is raised here."""
    queue: Queue[tuple[Chunk, int] | None] = Queue(_AHEAD)
    errors: list[BaseException] = []

    def work() -> None:
        while (item := queue.get()) is not None:
            try:
                if not errors:
                    take(*item)
            except BaseException as error:  # noqa: BLE001 — raised again in the reader's thread
                errors.append(error)

    def put(chunk: Chunk, file_no: int) -> None:
        if errors:
            raise errors[0]
        queue.put((chunk, file_no))

    thread = Thread(target=work, name="ledger-sorter")
    thread.start()
    try:
        yield put
    finally:
        queue.put(None)
        thread.join()
    if errors:
        raise errors[0]
