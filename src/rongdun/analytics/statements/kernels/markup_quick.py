"""The quick way through a cell of SpreadsheetML as most writers have it; all others go the general way. Pure."""

import numpy as np

from rongdun.analytics.statements.kernels.compiled import (
    Bytes,
    compiled_bare,
    load_word,
    matches,
    trailing_zeros,
    whole,
)

SHARED = 0x73
NUMBER = 0x6E
INLINE = 0x69
WIDEST = 16_384
"""Kinds of a cell by the first letter of their name; the widest sheet."""

_NEAR_END = 96
_SEVEN = np.uint64(0x00FFFFFFFFFFFFFF)
_OPEN_INLINE = np.uint64(0x003E743C3E73693C)  # <is><t>
_CLOSE_INLINE = np.uint64(0x73692F3C3E742F3C)  # </t></is
_CLOSE_VALUE = np.uint64(0x3E632F3C3E762F3C)  # </v></c>
_FIVE = np.uint64(0x000000FFFFFFFFFF)
_CLOSE_CELL = np.uint64(0x0000003E632F3C3E)  # ></c>
_LESS = np.uint64(0x3C3C3C3C3C3C3C3C)
_AMPERSANDS = np.uint64(0x2626262626262626)


@compiled_bare
def _quick_tag(data: Bytes, at: int) -> tuple[int, int, int]:
    """Read ``<c r="AB12" s="3" t="s">`` as most writers have it; return (column, kind, place behind), or -1."""
    if data[at + 2] != 0x20 or data[at + 3] != 0x72 or data[at + 4] != 0x3D or data[at + 5] != 0x22:
        return -1, 0, 0
    at += 6
    column = 0
    while 0x41 <= data[at] <= 0x5A and column <= WIDEST:
        column = column * 26 + whole(data[at]) - 0x40
        at += 1
    stop = at + 20
    while at < stop and 0x30 <= data[at] <= 0x39:
        at += 1
    if data[at] != 0x22:
        return -1, 0, 0
    at += 1
    if data[at] == 0x20 and data[at + 1] == 0x73 and data[at + 2] == 0x3D and data[at + 3] == 0x22:
        at += 4
        while at < stop + 12 and 0x30 <= data[at] <= 0x39:
            at += 1
        if data[at] != 0x22:
            return -1, 0, 0
        at += 1
    kind = whole(NUMBER)
    if data[at] == 0x20 and data[at + 1] == 0x74 and data[at + 2] == 0x3D and data[at + 3] == 0x22:
        kind = whole(data[at + 4])
        at += 5
        if data[at] != 0x22:
            if kind != INLINE:
                return -1, 0, 0
            at += 8  # of inlineStr
            if data[at] != 0x22:
                return -1, 0, 0
        elif kind != SHARED:
            return -1, 0, 0
        at += 1
    return (column - 1, kind, at + 1) if data[at] == 0x3E else (whole(-1), kind, at)


@compiled_bare
def quick_cell(data: Bytes, at: int) -> tuple[int, int, int, int, int]:
    """Read a whole cell as most writers have it: no entities, one ``<t>`` or ``<v>``.

    Returns (column, kind, the text's place, its end, place behind the cell), a column of -1 when it is another.
    """
    last = len(data) - _NEAR_END
    if at > last:
        return -1, 0, 0, 0, 0
    column, kind, at = _quick_tag(data, at)
    if column < 0:
        return -1, 0, 0, 0, 0
    if kind == INLINE:
        if load_word(data, at) & _SEVEN != _OPEN_INLINE:
            return -1, 0, 0, 0, 0
        at += 7
    elif data[at] == 0x3C and data[at + 1] == 0x76 and data[at + 2] == 0x3E:
        at += 3
    else:
        return -1, 0, 0, 0, 0
    start = at
    found = np.uint64(0)
    while at <= last:
        text = load_word(data, at)
        found = matches(text, _LESS) | matches(text, _AMPERSANDS)
        if found:
            break
        at += 8
    if not found:
        return -1, 0, 0, 0, 0
    at += trailing_zeros(found) >> 3
    if kind == INLINE:
        closed = load_word(data, at) == _CLOSE_INLINE and load_word(data, at + 8) & _FIVE == _CLOSE_CELL
        return (column, kind, start, at, at + 13) if closed else (whole(-1), kind, start, at, at)
    closed = load_word(data, at) == _CLOSE_VALUE
    return (column, kind, start, at, at + 8) if closed else (whole(-1), kind, start, at, at)
