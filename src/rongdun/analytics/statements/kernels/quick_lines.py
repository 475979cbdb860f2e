"""The quick way through lines of delimited text: many bytes at a time, for records as most files have them. Pure."""

import numpy as np

from rongdun.analytics.statements.kernels.compiled import (
    Bytes,
    Places,
    compiled_bare,
    compiled_within,
    count_ones,
    find_three,
    trailing_zeros,
    whole,
)
from rongdun.analytics.statements.kernels.trim import QUOTE, plain_cell

MOST_QUOTED = 1 << 16
"""A quoted cell longer than this is a stray quote."""

_ONE = np.uint64(1)


@compiled_bare
def count_byte(data: Bytes, byte: np.uint8) -> int:
    """Return how many bytes of ``data`` are ``byte``."""
    size, at, count = len(data), 0, 0
    while at <= size - 32:
        count += whole(count_ones(find_three(data, at, byte, byte, byte)))
        at += 32
    while at < size:
        count += data[at] == byte
        at += 1
    return count


@compiled_bare
def find_marks(data: Bytes, delimiter: int, marks: Places) -> int:
    """Write the places of all delimiters, line feeds and quotes into ``marks``; return how many there are."""
    size, at, count = len(data), 0, 0
    mark, feed, quote = np.uint8(delimiter), np.uint8(0x0A), np.uint8(QUOTE)
    while at <= size - 32:
        found = np.uint64(find_three(data, at, mark, feed, quote))
        while found:
            marks[count] = at + trailing_zeros(found)
            count += 1
            found &= found - _ONE
        at += 32
    while at < size:
        if data[at] == delimiter or data[at] == 0x0A or data[at] == QUOTE:
            marks[count] = at
            count += 1
        at += 1
    return count


@compiled_within
def _close_of(data: Bytes, marks: Places, mark: int, count: int, open_at: int) -> int:
    """Return which mark closes the quote before ``mark``; ``count`` when the cell is out of the ordinary.

    It closes on its own line, within :data:`MOST_QUOTED` bytes, and a delimiter or line feed follows at once.
    """
    while mark < count - 1 and marks[mark] - open_at < MOST_QUOTED and data[marks[mark]] != 0x0A:
        if data[marks[mark]] == QUOTE:
            follows = marks[mark + 1] == marks[mark] + 1 and data[marks[mark + 1]] != QUOTE
            return mark if follows else count
        mark += 1
    return count


@compiled_bare
def split_quick(
    data: Bytes, at: int, marks: Places, mark: int, count: int, starts: Places, ends: Places, row: int
) -> tuple[int, int, int]:
    """Split a record of exactly ``len(starts)`` cells whose quotes, if any, enclose whole cells on one line.

    ``mark`` is the first of the ``marks`` (:func:`find_marks`) from ``at`` on. Returns (place behind the record's line
    feed, its first filled cell, the next mark); a place of -1 when the record is none such or is blank: then the other
    way tells.
    """
    width, cell, start, first = len(starts), 0, at, len(starts)
    while mark < count:
        end = whole(marks[mark])
        mark += 1
        behind = end + 1
        if data[end] == QUOTE:
            close = _close_of(data, marks, mark, count, end) if end == start else count
            if close == count:
                break
            start, end, mark = end + 1, whole(marks[close]), close + 2
            behind = end + 2
        if cell == width:
            break
        if end > start:
            start, end = plain_cell(data, start, end, False)
            if end > start and first == width:
                first = cell
        starts[cell, row], ends[cell, row] = start, end
        cell += 1
        start = behind
        if data[behind - 1] == 0x0A:
            if cell < width or first == width:
                break
            return behind, first, mark
    return whole(-1), 0, mark
