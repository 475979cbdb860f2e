"""The quick way through lines of delimited text: eight bytes at a time, for records as most files have them. Pure."""

import numpy as np

from rongdun.analytics.statements.kernels.compiled import (
    Bytes,
    Places,
    compiled,
    load_word,
    matches,
    trailing_zeros,
    whole,
)
from rongdun.analytics.statements.kernels.trim import QUOTE, plain_cell

MOST_QUOTED = 1 << 16
"""A quoted cell longer than this is a stray quote."""

_ONE = np.uint64(1)
_ONES = np.uint64(0x0101010101010101)
_FEEDS = np.uint64(0x0A0A0A0A0A0A0A0A)
_QUOTES = np.uint64(0x2222222222222222)


@compiled
def _marks_at(data: Bytes, at: int, delimiters: np.uint64) -> np.uint64:
    """Mark delimiters, line feeds and quotes among the eight bytes at ``at``; none where data ends before."""
    if at > len(data) - 8:
        return np.uint64(0)
    word = load_word(data, at)
    return matches(word, delimiters) | matches(word, _FEEDS) | matches(word, _QUOTES)


@compiled
def _quick_close(data: Bytes, at: int) -> int:
    """Return the quote that closes the cell opened at ``at``; -1 when something out of the ordinary comes before."""
    last = min(len(data) - 8, at + MOST_QUOTED)
    place = at + 1
    while place <= last:
        word = load_word(data, place)
        found = matches(word, _QUOTES) | matches(word, _FEEDS)
        if found:
            place += trailing_zeros(found) >> 3
            return place if data[place] == QUOTE else whole(-1)
        place += 8
    return whole(-1)


@compiled
def split_quick(
    data: Bytes, at: int, delimiter: int, starts: Places, ends: Places, row: int
) -> tuple[int, int]:
    """Split a record of exactly ``len(starts)`` cells whose quotes, if any, enclose whole cells on one line.

    Returns (place behind its line feed, its first filled cell); a place of -1 when the record is none such, is
    blank, or stands too near the end of ``data``: then the other way tells.
    """
    size, width, cell, start, first = len(data), len(starts), 0, at, len(starts)
    delimiters = _ONES * np.uint64(delimiter)
    found = _marks_at(data, at, delimiters)
    while True:
        while not found:
            at += 8
            if at > size - 8:
                return whole(-1), 0
            found = _marks_at(data, at, delimiters)
        end = at + (trailing_zeros(found) >> 3)
        behind = end + 1
        found &= found - _ONE
        if data[end] == QUOTE:
            close = _quick_close(data, end) if end == start else whole(-1)
            if close < 0 or close + 1 >= size or (data[close + 1] != delimiter and data[close + 1] != 0x0A):
                return whole(-1), 0
            start, end, behind = start + 1, close, close + 2
            at, found = behind, _marks_at(data, behind, delimiters)
        if cell == width:
            return whole(-1), 0
        if end > start:
            start, end = plain_cell(data, start, end, False)
            if end > start and first == width:
                first = cell
        starts[cell, row], ends[cell, row] = start, end
        cell += 1
        start = behind
        if data[behind - 1] == 0x0A:
            return (behind if cell == width and first < width else whole(-1)), first
