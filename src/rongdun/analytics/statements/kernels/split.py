"""Lines of delimited text → places of trimmed cells. Pure.

Quotes are read as RFC 4180 has them, but a quote that never closes, or whose closing would give the record a
wrong number of cells, is taken for a stray character: it costs at most its own line, never the ones below.
"""

from typing import Final

import numpy as np

from rongdun.analytics.statements.kernels.compiled import (
    Bytes,
    Hashes,
    Marks,
    Numbers,
    Places,
    compiled_bare,
    whole,
)
from rongdun.analytics.statements.kernels.quick_lines import MOST_QUOTED, find_marks, split_quick
from rongdun.analytics.statements.kernels.trim import QUOTE, is_nothing, plain_cell, trim

WHOLE: Final = 0
BLANK: Final = 1
SHORT: Final = 2
LONG: Final = 3
UNDECODABLE: Final = 4

MORE: Final = 0
HEADING: Final = 1
"""Why splitting stopped: at the end of what is there, or before a line that may be a heading."""


@compiled_bare
def hash_word(data: Bytes, start: int, end: int) -> np.uint64:
    """Return the FNV-1a hash of a word, ASCII letters taken as capitals."""
    state = np.uint64(0xCBF29CE484222325)
    for at in range(start, end):
        byte = data[at]
        if 0x61 <= byte <= 0x7A:
            byte -= 0x20
        state = (state ^ np.uint64(byte)) * np.uint64(0x100000001B3)
    return state


@compiled_bare
def may_be_heading(data: Bytes, start: int, end: int, known: Hashes) -> bool:
    """Tell whether a cell is one of the headings whose hashes are ``known`` (sorted); digits never begin one."""
    while start < end and (data[start] == 0x2A or data[start] == 0x22):
        start += 1
    while end > start and data[end - 1] == 0x22:
        end -= 1
    if start >= end or (data[start] < 0x80 and not 0x41 <= (data[start] & 0xDF) <= 0x5A):
        return False
    wanted = hash_word(data, start, end)
    place = np.searchsorted(known, wanted)
    return bool(place < len(known) and known[place] == wanted)


@compiled_bare
def _close_quote(data: Bytes, at: int, size: int, delimiter: int) -> int:
    """Return the place of the quote that closes the cell opened before ``at``; -1 when none does, -2 at the end."""
    limit = min(size, at + MOST_QUOTED)
    while at < limit:
        if data[at] == QUOTE:
            after = at + 1
            if after < size and data[after] == QUOTE:
                at += 2
                continue
            while after < size and (data[after] == 0x20 or data[after] == 0x0D):
                after += 1
            if after == size or data[after] == delimiter or data[after] == 0x0A:
                return at
        at += 1
    return -2 if limit == size else -1


@compiled_bare
def _drop_doubled(data: Bytes, start: int, end: int) -> int:
    """Turn ``""`` into ``"`` in place; return the cell's new end."""
    place, at = start, start
    while at < end:
        data[place] = data[at]
        if data[at] == QUOTE and at + 1 < end and data[at + 1] == QUOTE:
            at += 1
        at += 1
        place += 1
    return place


@compiled_bare
def _quoted(data: Bytes, at: int, delimiter: int) -> tuple[int, int, int]:
    """Read a cell that opens with a quote at ``at``; return (close, place behind the cell, line feeds inside).

    A close of -1 says that the quote is a character like others, -2 that the text ends before it closes.
    """
    close, size = _close_quote(data, at + 1, len(data), delimiter), len(data)
    if close < 0:
        return close, at, 0
    inner = 0
    for place in range(at + 1, close):
        if data[place] == 0x0A:
            inner += 1
    at = close + 1
    while at < size and data[at] != delimiter and data[at] != 0x0A:
        at += 1
    return close, at, inner


@compiled_bare
def _cell_end(data: Bytes, at: int, delimiter: int) -> int:
    """Return the place of the delimiter or line feed that ends a cell without quotes."""
    size, mark = len(data), np.uint8(delimiter)
    while at < size:
        byte = data[at]
        if byte == mark or byte == 0x0A:
            return at
        at += 1
    return at


@compiled_bare
def _split_record(
    data: Bytes, at: int, delimiter: int, literal: bool, starts: Places, ends: Places, row: int
) -> tuple[int, int, int, bool]:
    """Split one record; return (place behind it, cells, line feeds inside quotes, whether it ran out in a quote).

    The end of a quoted cell is written as ``-end - 1``, for :func:`_settle`. Empty cells beyond the width of
    ``starts`` are not counted.
    """
    size, width, cells, inner, most = len(data), len(starts), 0, 0, 0
    while True:
        start, end, quoted = at, at, False
        while not literal and at < size and (data[at] == 0x20 or (data[at] == 0x09 and delimiter != 0x09)):
            at += 1
        if not literal and at < size and data[at] == QUOTE:
            close, behind, feeds = _quoted(data, at, delimiter)
            if close == -2:
                return at, cells, inner, True
            if close >= 0:
                start, end = trim(data, at + 1, close)
                at, inner, quoted = behind, inner + feeds, True
        if not quoted:
            at = _cell_end(data, at, delimiter)
            start, end = plain_cell(data, start, at, literal)
        if cells < width:
            starts[cells, row], ends[cells, row] = start, (-end - 1 if quoted else end)
        cells += 1
        if start < end:
            most = cells
        if at >= size or data[at] == 0x0A:
            return at + 1, max(most, min(cells, width)), inner, False
        at += 1


@compiled_bare
def _settle(data: Bytes, starts: Places, ends: Places, row: int) -> bool:
    """Unescape the record's quoted cells (their ends are kept as ``-end - 1``); tell whether any cell is filled."""
    filled = False
    for cell in range(len(starts)):
        end = ends[cell, row]
        if end < 0:
            start, end = starts[cell, row], _drop_doubled(data, starts[cell, row], -end - 1)
            if is_nothing(data, start, end):
                end = start
            ends[cell, row] = end
        if end > starts[cell, row]:
            filled = True
    return filled


@compiled_bare
def settle_rows(data: Bytes, starts: Places, ends: Places, states: Marks) -> None:
    """Trim the cells of a sheet's rows, empty those that say nothing, and mark blank rows."""
    for row in range(len(states)):
        filled = False
        for cell in range(len(starts)):
            start, end = plain_cell(data, starts[cell, row], ends[cell, row], False)
            starts[cell, row], ends[cell, row] = start, end
            filled = filled or end > start
        if not filled:
            states[row] = BLANK


@compiled_bare
def overlong(starts: Places, ends: Places, width: int, states: Marks) -> None:
    """Mark rows that hold something to the right of the headings."""
    for cell in range(width, len(starts)):
        for row in range(len(states)):
            if ends[cell, row] > starts[cell, row]:
                states[row] = LONG


@compiled_bare
def heading_rows(data: Bytes, starts: Places, ends: Places, known: Hashes, out: Marks) -> int:
    """Mark rows whose first filled cell is a known heading; return how many."""
    found = 0
    for row in range(len(out)):
        cell = _first_filled(starts, ends, row)
        out[row] = may_be_heading(data, starts[cell, row], ends[cell, row], known)
        found += out[row]
    return found


@compiled_bare
def _has_bad(data: Bytes, start: int, end: int) -> bool:
    at, stop = start, min(end, len(data))
    while at < stop and data[at] != 0xFF:
        at += 1
    return at < stop


@compiled_bare
def _first_filled(starts: Places, ends: Places, row: int) -> int:
    for cell in range(len(starts)):
        if ends[cell, row] > starts[cell, row]:
            return cell
    return 0


@compiled_bare
def _split_best(
    data: Bytes, at: int, delimiter: int, final: bool, starts: Places, ends: Places, row: int
) -> tuple[int, int, int, bool]:
    """Split one record with quotes read; where that fits the headings badly, with quotes as stray characters.

    Returns (place behind it, cells, line feeds inside, whether more text must be awaited to tell).
    """
    sound, cells, inner, behind = False, 0, 0, at
    for attempt in range(3):
        behind, cells, inner, stray = _split_record(data, at, delimiter, attempt == 1, starts, ends, row)
        if stray and not final and len(data) - at < MOST_QUOTED:
            return behind, cells, inner, True
        if cells == len(starts) and not stray:
            break
        if attempt == 0:
            sound = not stray and inner == 0
        elif not sound:
            break
    return behind, cells, inner, False


@compiled_bare
def split_lines(
    data: Bytes,
    delimiter: int,
    first_line: int,
    final: bool,
    bad: bool,
    known: Hashes,
    stop_at_heading: bool,
    starts: Places,
    ends: Places,
    lines: Numbers,
    states: Marks,
    begins: Numbers,
    marks: Places,
) -> tuple[int, int, int, int]:
    """Split ``data`` into records of ``len(starts)`` cells; return (records, bytes used, next line, why it stopped).

    ``starts``/``ends`` are (cells, records); ``lines`` gets each record's first line, ``states`` WHOLE … UNDECODABLE,
    ``begins`` its first byte; ``marks`` is room for a place for each byte. ``final``: nothing follows, so an open
    quote is stray. ``stop_at_heading``: False when the first line has been looked at and is no heading.
    """
    at, row, line, size = whole(0), whole(0), first_line, len(data)
    mark, count = whole(0), whole(find_marks(data, delimiter, marks))
    while at < size and row < len(lines):
        while mark < count and marks[mark] < at:
            mark += 1
        behind, first, following = split_quick(data, at, marks, mark, count, starts, ends, row)
        if behind >= 0 and not bad:
            if (row or stop_at_heading) and may_be_heading(data, starts[first, row], ends[first, row], known):
                return row, at, line, HEADING
            lines[row], states[row], begins[row] = line, WHOLE, at
            line += 1
            at, mark = behind, following
            row += 1
            continue
        behind, cells, inner, waits = _split_best(data, at, delimiter, final, starts, ends, row)
        if waits:
            break
        for cell in range(cells, len(starts)):
            starts[cell, row] = ends[cell, row] = at
        state = WHOLE if cells == len(starts) else (SHORT if cells < len(starts) else LONG)
        if not _settle(data, starts, ends, row):
            state = BLANK if state != LONG else LONG
        else:
            first = _first_filled(starts, ends, row)
            if (row or stop_at_heading) and may_be_heading(data, starts[first, row], ends[first, row], known):
                return row, at, line, HEADING
        if bad and _has_bad(data, at, behind):
            state = UNDECODABLE
        lines[row], states[row], begins[row] = line, state, at
        line += 1 + inner
        at = behind
        row += 1
    return row, min(at, size), line, MORE
