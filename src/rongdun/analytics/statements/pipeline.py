"""Blocks of rows → chunks in order, while two threads compute: nothing is held beyond a few blocks."""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

from rongdun.analytics.statements.block import Context, Outcome
from rongdun.analytics.statements.companions import read_companions
from rongdun.analytics.statements.reading import Chunk, FileReading
from rongdun.analytics.statements.schema import REJECTS, TRANSACTIONS
from rongdun.analytics.statements.seen import Seen
from rongdun.analytics.statements.sheet_file import BrokenWorkbook
from rongdun.analytics.statements.text_file import Repeated, Rows
from rongdun.analytics.statements.transactions import read_transactions

THREADS: Final = 2
_IN_FLIGHT: Final = 3


def run(reading: FileReading, rows: Iterator[Rows | Repeated], context: Context) -> Iterator[Chunk]:
    """Yield the chunks of one text file or sheet; counts, layouts and notes go to ``reading``.

    A workbook that breaks off gives what was read before; then the break is raised.
    """
    seen = Seen()
    waiting: deque[Future[Outcome]] = deque()
    with ThreadPoolExecutor(THREADS, thread_name_prefix="statements") as pool:
        broken: BrokenWorkbook | None = None
        try:
            for part in rows:
                if isinstance(part, Repeated):
                    reading.counts.blank += 1
                    continue
                _enter(reading, part, context)
                waiting.append(pool.submit(_reader(part), part.cells, part.binding, context))
                if len(waiting) >= _IN_FLIGHT:
                    yield from _settle(reading, waiting.popleft().result(), seen)
        except BrokenWorkbook as error:
            broken = error
        while waiting:
            yield from _settle(reading, waiting.popleft().result(), seen)
    if broken is not None:
        raise broken


def _reader(part: Rows) -> Callable[..., Outcome]:
    return read_transactions if part.binding.layout.table == TRANSACTIONS else read_companions


def _enter(reading: FileReading, part: Rows, context: Context) -> None:
    """Note a layout and its headings when they are met."""
    layout = part.binding.layout.id
    if layout not in reading.layouts:
        reading.layouts.append(layout)
    if reading.headings.get(context.sheet) is None:
        reading.headings[context.sheet] = tuple(heading.raw for heading in part.binding.headings)
        for heading in part.binding.unknown:
            reading.notes[heading, "unknown_column"] += 1


def _settle(reading: FileReading, outcome: Outcome, seen: Seen) -> Iterator[Chunk]:
    batch = outcome.batch if outcome.asked is None else seen.number(outcome.batch, outcome.asked)
    reading.counts.taken += len(batch)
    reading.counts.blank += outcome.blank
    reading.notes.update(outcome.notes)
    if len(batch):
        yield Chunk(outcome.table, batch)
    if outcome.rejects is not None:
        reading.counts.rejected += len(outcome.rejects)
        yield Chunk(REJECTS, outcome.rejects)
