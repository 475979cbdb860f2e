"""Sorted runs: rows put in order some hundred thousand at a time, kept on disk, read again from the front.

A run that stays alone stays in memory. Everything after it is a merge of runs, so that no step holds more than
some runs' front parts, however many rows arrive.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from rongdun.analytics.ledger.order import Ordered, month_name, ordered
from rongdun.analytics.ledger.tables import TableSpec
from rongdun.analytics.ledger.wordbook import Wordbook, split_words
from rongdun.analytics.statements.cells import alike

RUN_ROWS: Final = 160_000
"""About 40 MB of rows in codes; twice that for the moment of sorting. Larger runs were slower: new pages are dear."""

KEPT_ROWS: Final = 600_000
"""So many rows of an import stay in memory, about 150 MB; the runs after them are kept on disk."""

LEAST_BATCH: Final = 1_024
MOST_BATCH: Final = 8_192
_ALL_BATCHES: Final = 32_768
"""A run on disk is read so many rows at a time: the n-th run a n-th of these. Small pieces cost more than the rows in
them, but every run holds one while months are written."""

SLICE_ROWS: Final = 8_192
"""Rows taken at a time of a run in memory, where nothing is copied. Smaller pieces cost more than the rows in them."""

Key: TypeAlias = tuple[str, int]
"""Account and time of a row, as runs are compared; a row without account comes last."""

_LAST_ACCOUNT: Final = "\U0010ffff"


@dataclass(slots=True)
class Run:
    """Rows in order. ``months`` gives for each month its rows' place; ``table`` is None once ``file`` holds them.

    Repeating text stands as plain codes of the run's own ``words``. Columns that say one thing of all rows are not
    written to the file: they are ``alike``, one batch's length of each, and stand among ``names`` in their place.
    """

    months: dict[str, tuple[int, int]]
    words: dict[str, pa.Array]
    table: pa.Table | None
    ties: npt.NDArray[np.bool_]
    file: Path | None = None
    batch_rows: int = LEAST_BATCH
    alike: dict[str, pa.Array] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """Return how many rows the run has."""
        return sum(end - start for start, end in self.months.values())

    def batches(self, month: str) -> Iterator[pa.Table]:
        """Yield the run's rows of a month in order, some thousands at a time."""
        start, end = self.months.get(month, (0, 0))
        if self.table is not None:
            yield from _cut(self.table, start, end)
        elif self.file is not None and end > start:
            with pa.OSFile(str(self.file)) as source:
                reader = pa.ipc.open_file(source)
                for number in range(start // self.batch_rows, (end - 1) // self.batch_rows + 1):
                    first = number * self.batch_rows
                    low, high = max(start - first, 0), min(end - first, self.batch_rows)
                    yield self._whole(reader.get_batch(number).slice(low, high - low))

    def _whole(self, stored: pa.RecordBatch) -> pa.Table:
        """Return rows read from the file with the columns that were not written."""
        columns = {name: column.slice(0, len(stored)) for name, column in self.alike.items()}
        columns |= zip(stored.schema.names, stored.columns, strict=True)
        return pa.Table.from_arrays([columns[name] for name in self.names], self.names)


@dataclass(slots=True)
class RunBuilder:
    """Collects one table's rows; every :data:`RUN_ROWS` rows become a run on disk."""

    spec: TableSpec
    folder: Path
    run_rows: int = RUN_ROWS
    runs: list[Run] = field(default_factory=list)
    _waiting: list[pa.Table] = field(default_factory=list)
    _rows: int = 0
    _kept: int = 0

    def add(self, rows: pa.Table) -> None:
        """Take staged rows."""
        self._waiting.append(rows)
        self._rows += rows.num_rows
        if self._rows >= self.run_rows:
            self._close_run(on_disk=self._kept + self._rows > KEPT_ROWS)

    def finish(self) -> list[Run]:
        """Return all runs; the last one stays in memory."""
        if self._rows:
            self._close_run(on_disk=False)
        return self.runs

    def _close_run(self, *, on_disk: bool) -> None:
        waiting, self._waiting, self._rows = pa.concat_tables(self._waiting), [], 0
        run = _run(ordered(waiting, self.spec), monthly=self.spec.monthly)
        if not on_disk:
            self._kept += run.rows
        else:
            number = len(self.runs)
            batch_rows = max(LEAST_BATCH, min(MOST_BATCH, _ALL_BATCHES // (number + 1)))
            run = _written(run, self.folder / f"{self.spec.name}-{number:05d}.arrow", batch_rows)
        self.runs.append(run)


class Cursor:
    """Reads sorted rows from the front. The rows between ``position`` and the buffer's end are waiting."""

    def __init__(
        self, batches: Iterator[pa.Table], spec: TableSpec, spelled: Callable[[Any], str] | None = None
    ) -> None:
        self._batches = batches
        self._spec = spec
        self._spelled = spelled
        self._buffer: list[pa.Table] = []
        self.waiting = 0
        self.exhausted = False

    def fill(self, rows: int) -> None:
        """Read on until ``rows`` rows wait or no more come."""
        while self.waiting < rows and not self.exhausted:
            batch = next(self._batches, None)
            if batch is None:
                self.exhausted = True
            elif batch.num_rows:
                self._buffer.append(batch)
                self.waiting += batch.num_rows

    def last(self) -> Key:
        """Return the key of the last waiting row."""
        return self._key(self._buffer[-1], -1)

    def take_below(self, bound: Key | None) -> list[pa.Table]:
        """Return the waiting rows before ``bound``, all of them without a bound."""
        taken: list[pa.Table] = []
        while self._buffer:
            front = self._buffer[0]
            count = front.num_rows if bound is None else self._below(front, bound)
            if count:
                taken.append(front.slice(0, count))
            if count < front.num_rows:
                self._buffer[0] = front.slice(count)
                break
            self._buffer.pop(0)
        self.waiting -= sum(part.num_rows for part in taken)
        return taken

    def _below(self, rows: pa.Table, bound: Key) -> int:
        low, high = 0, rows.num_rows
        while low < high:
            middle = (low + high) // 2
            if self._key(rows, middle) < bound:
                low = middle + 1
            else:
                high = middle
        return low

    def _key(self, rows: pa.Table, place: int) -> Key:
        index = place % rows.num_rows
        account = rows[self._spec.account][index].as_py()
        time = rows[self._spec.time][index].value if self._spec.time else 0
        if account is None:
            return _LAST_ACCOUNT, time or 0
        return self._spelled(account) if self._spelled else account, time or 0


def merged(sources: list[Iterator[pa.Table]], spec: TableSpec, step_rows: int) -> Iterator[pa.Table]:
    """Yield the rows of sorted sources in one order, about ``step_rows`` at a time.

    Rows equal in account and time always come in the same step, those of an earlier source first.
    """
    for parts in _merged([Cursor(source, spec) for source in sources], step_rows):
        yield ordered(pa.concat_tables(part for _, part in parts), spec).arranged()


def merged_runs(
    runs: Sequence[Run], month: str, spec: TableSpec, words: Wordbook, step_rows: int
) -> Iterator[Ordered]:
    """Yield a month's rows of all runs, a step at a time as :func:`merged` does; ``words`` are those of these runs."""
    cursors = [
        Cursor(run.batches(month), spec, partial(words.word, spec.account, number))
        for number, run in enumerate(runs)
    ]
    for parts in _merged(cursors, step_rows):
        rows = pa.concat_tables(part for _, part in parts)
        told = words.spelled(rows, [run for run, _ in parts], [part.num_rows for _, part in parts])
        yield ordered(told, spec)


def _merged(cursors: list[Cursor], step_rows: int) -> Iterator[list[tuple[int, pa.Table]]]:
    """Yield steps: rows of each source that has some, with the source's number."""
    share = max(1, step_rows // max(len(cursors), 1))
    while True:
        for cursor in cursors:
            cursor.fill(share)
        if not any(cursor.waiting for cursor in cursors):
            return
        yield _step(cursors, share)


def _step(cursors: list[Cursor], share: int) -> list[tuple[int, pa.Table]]:
    """Take what no unread row can come before; read further where one key fills a whole buffer."""
    while True:
        open_ends = [cursor.last() for cursor in cursors if not cursor.exhausted]
        bound = min(open_ends) if open_ends else None
        taken = ((number, cursor.take_below(bound)) for number, cursor in enumerate(cursors))
        parts = [(number, _joined(rows)) for number, rows in taken if rows]
        if parts:
            return parts
        for cursor in cursors:
            if not cursor.exhausted and cursor.last() == bound:
                cursor.fill(cursor.waiting + share)


def _joined(parts: list[pa.Table]) -> pa.Table:
    """Join what one run gave; its parts share their dictionaries, whose words would be read again for every part."""
    return parts[0] if len(parts) == 1 else pa.concat_tables(parts).combine_chunks()


def _run(rows: Ordered, *, monthly: bool) -> Run:
    codes, words = split_words(rows.arranged())
    if not monthly:
        return Run({"": (0, codes.num_rows)}, words, codes, rows.ties)
    edges = [0, *(place + 1 for place in (rows.months[1:] != rows.months[:-1]).nonzero()[0].tolist())]
    ends = [*edges[1:], codes.num_rows]
    months = {
        month_name(int(rows.months[start])): (start, end) for start, end in zip(edges, ends, strict=True)
    }
    return Run(months, words, codes, rows.ties)


def _written(run: Run, file: Path, batch_rows: int) -> Run:
    assert run.table is not None
    same = _alike(run.table, run.words, batch_rows)
    told = run.table.drop_columns(list(same))
    with pa.OSFile(str(file), "wb") as sink, pa.ipc.new_file(sink, told.schema) as writer:
        writer.write_table(told, max_chunksize=batch_rows)
    ties = np.zeros(0, np.bool_)
    return Run(run.months, run.words, None, ties, file, batch_rows, same, run.table.schema.names)


def _alike(rows: pa.Table, words: dict[str, pa.Array], length: int) -> dict[str, pa.Array]:
    """Return ``length`` rows of each column that holds nothing, or one word in every row."""
    same = {}
    for name, column in zip(rows.schema.names, rows.columns, strict=True):
        if column.null_count == len(column):
            same[name] = alike(length, None, column.type)
        elif len(words.get(name, ())) == 1 and column.null_count == 0:
            same[name] = alike(length, 0, column.type)
    return same


def _cut(table: pa.Table, start: int, end: int) -> Iterator[pa.Table]:
    for place in range(start, end, SLICE_ROWS):
        yield table.slice(place, min(SLICE_ROWS, end - place))
