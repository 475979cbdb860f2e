"""Blocks of rows → chunks in order, while two threads compute: nothing is held beyond a few blocks."""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, NamedTuple

from rongdun.analytics.statements.block import Context, Outcome
from rongdun.analytics.statements.companions import read_companions
from rongdun.analytics.statements.reading import Chunk, FileReading
from rongdun.analytics.statements.schema import REJECTS, TRANSACTIONS
from rongdun.analytics.statements.seen import Seen
from rongdun.analytics.statements.sheet_file import BrokenWorkbook
from rongdun.analytics.statements.text_file import Block, Place, Repeated, Rows, TextRows
from rongdun.analytics.statements.transactions import read_transactions

THREADS: Final = 2
_IN_FLIGHT: Final = 4


class Ahead(NamedTuple):
    """A block split and read from where it should begin, before the blocks before it were done."""

    block: Block
    parts: list[tuple[Rows, Outcome] | Repeated]
    following: Place


def run(reading: FileReading, rows: Iterator[Rows | Repeated], context: Context) -> Iterator[Chunk]:
    """Yield the chunks of one sheet; counts, layouts and notes go to ``reading``.

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
                waiting.append(pool.submit(_read, part, context))
                if len(waiting) >= _IN_FLIGHT:
                    yield from _settle(reading, waiting.popleft().result(), seen)
        except BrokenWorkbook as error:
            broken = error
        while waiting:
            yield from _settle(reading, waiting.popleft().result(), seen)
    if broken is not None:
        raise broken


def run_text(reading: FileReading, text: TextRows, context: Context) -> Iterator[Chunk]:
    """Yield the chunks of one text file; counts, layouts and notes go to ``reading``.

    Threads decode, split and read blocks from where they should begin. Where that was guessed wrongly, because a
    quoted cell reaches into the block or the layout changed before it, it is read again when its turn comes.
    """
    seen = Seen()
    waiting: deque[Future[Ahead]] = deque()
    with ThreadPoolExecutor(THREADS, thread_name_prefix="statements") as pool:
        for block in text.blocks():
            waiting.append(pool.submit(_read_ahead, text, block, block.guess, context))
            if len(waiting) >= _IN_FLIGHT:
                yield from _in_turn(reading, text, waiting.popleft().result(), context, seen)
        while waiting:
            yield from _in_turn(reading, text, waiting.popleft().result(), context, seen)


def _read_ahead(text: TextRows, block: Block, place: Place, context: Context) -> Ahead:
    parts, following = text.split(block, place)
    told = [part if isinstance(part, Repeated) else (part, _read(part, context)) for part in parts]
    return Ahead(block, told, following)


def _in_turn(
    reading: FileReading, text: TextRows, told: Ahead, context: Context, seen: Seen
) -> Iterator[Chunk]:
    if told.block.guess != text.place:
        told = _read_ahead(text, told.block, text.place, context)
    text.place = told.following
    for part in told.parts:
        if isinstance(part, Repeated):
            reading.counts.blank += 1
        else:
            _enter(reading, part[0], context)
            yield from _settle(reading, part[1], seen)


def _read(part: Rows, context: Context) -> Outcome:
    return _reader(part)(part.cells, part.binding, context)


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
