"""SpreadsheetML (ECMA-376 part 1, 18.3 and 18.4) → cells, straight from its bytes. Pure."""

from typing import Final

from rongdun.analytics.statements.kernels.compiled import (
    Bytes,
    Marks,
    Numbers,
    Places,
    compiled_bare,
    copy_bytes,
    whole,
)
from rongdun.analytics.statements.kernels.decode import put_point
from rongdun.analytics.statements.kernels.markup_quick import NUMBER, SHARED, WIDEST, quick_cell

DONE: Final = 0
MORE_ROOM: Final = 1
MORE_COLUMNS: Final = 2
FULL: Final = 3
"""Why reading stopped: all read; text, columns or rows need more room from the returned place on."""

_BOOLEAN = 0x62


@compiled_bare
def _tag_end(data: Bytes, at: int) -> int:
    """Return the place of the ``>`` that ends the tag at ``at``."""
    size, quote = len(data), 0
    while at < size:
        byte = data[at]
        if quote:
            if byte == quote:
                quote = 0
        elif byte == 0x22 or byte == 0x27:
            quote = whole(byte)
        elif byte == 0x3E:
            return at
        at += 1
    return at


@compiled_bare
def _is_tag(data: Bytes, at: int, first: int, second: int, third: int) -> bool:
    """Tell whether the tag at ``at`` (its ``<``) has this name of one to three letters (0: none)."""
    at += 1
    for letter in (first, second, third):
        if letter == 0:
            break
        if at >= len(data) or data[at] != letter:
            return False
        at += 1
    return at < len(data) and (data[at] <= 0x20 or data[at] == 0x3E or data[at] == 0x2F)


@compiled_bare
def _attribute(data: Bytes, at: int, end: int, name: int) -> tuple[int, int]:
    """Return the value's place of an attribute with a name of one letter, within a tag; (0, 0) when it has none."""
    while at + 3 < end:
        if data[at] == 0x3D and (data[at + 1] == 0x22 or data[at + 1] == 0x27):
            stop = at + 2
            while stop < end and data[stop] != data[at + 1]:
                stop += 1
            if data[at - 1] == name and data[at - 2] <= 0x20:
                return at + 2, stop
            at = stop
        at += 1
    return 0, 0


@compiled_bare
def _number(data: Bytes, at: int, end: int) -> int:
    value = 0
    while at < end and 0x30 <= data[at] <= 0x39 and value < 1 << 40:
        value = value * 10 + whole(data[at]) - 0x30
        at += 1
    return value


@compiled_bare
def _column(data: Bytes, at: int, end: int) -> int:
    """Return the column (from 0) of a reference like ``AB12``."""
    value = 0
    while at < end and 0x41 <= data[at] <= 0x5A and value <= WIDEST:
        value = value * 26 + whole(data[at]) - 0x40
        at += 1
    return value - 1


@compiled_bare
def _entity(data: Bytes, at: int, stop: int) -> int:
    """Return the code point of the entity between ``&`` and ``;``; 0 when it is none."""
    length, first = stop - at, data[at]
    if first != 0x23:
        second = data[at + 1] if length > 1 else 0
        if length == 2:
            return 0x3C if first == 0x6C else 0x3E
        if length == 3:
            return 0x26
        return 0x22 if second == 0x75 else 0x27
    base, point, at = 10, 0, at + 1
    if at < stop and (data[at] | 0x20) == 0x78:
        base, at = 16, at + 1
    while at < stop and point <= 0x10FFFF:
        digit = whole(data[at])
        digit = digit - 0x30 if digit < 0x3A else (digit | 0x20) - 0x57
        if not 0 <= digit < base:
            return 0
        point = point * base + digit
        at += 1
    return 0 if point > 0x10FFFF or 0xD800 <= point < 0xE000 else point


@compiled_bare
def _write_text(data: Bytes, at: int, end: int, out: Bytes, place: int) -> int:
    """Write a text with its entities resolved; it never grows."""
    while at < end:
        if data[at] == 0x26:
            stop = at + 1
            while stop < end and stop < at + 10 and data[stop] != 0x3B:
                stop += 1
            point = _entity(data, at + 1, stop) if stop < end and data[stop] == 0x3B and stop > at + 1 else 0
            if point:
                place = put_point(out, place, point)
                at = stop + 1
                continue
        out[place] = data[at]
        place += 1
        at += 1
    return place


@compiled_bare
def _write_pieces(data: Bytes, at: int, end: int, out: Bytes, place: int) -> int:
    """Write what stands in the ``<t>`` elements between two places, phonetic hints (``<rPh>``) left out."""
    phonetic = False
    while at < end:
        if data[at] != 0x3C:
            at += 1
            continue
        if _is_tag(data, at, 0x72, 0x50, 0x68):
            phonetic = True
        elif data[at + 1] == 0x2F and at + 3 < end and data[at + 2] == 0x72 and data[at + 3] == 0x50:
            phonetic = False
        close = _tag_end(data, at)
        if _is_tag(data, at, 0x74, 0, 0) and data[close - 1] != 0x2F and not phonetic:
            stop = close + 1
            while stop < end and data[stop] != 0x3C:
                stop += 1
            place = _write_text(data, close + 1, stop, out, place)
            close = stop - 1
        at = close + 1
    return place


@compiled_bare
def _find_close(data: Bytes, at: int, first: int, second: int) -> int:
    """Return the place of the closing tag ``</…`` that goes on so; the end when there is none."""
    size = len(data)
    while at + 2 < size:
        here = data[at] == 0x3C and data[at + 1] == 0x2F and data[at + 2] == first
        if here and at + 3 < size and data[at + 3] == second:
            return at
        at += 1
    return size


@compiled_bare
def _value(data: Bytes, at: int, end: int) -> tuple[int, int]:
    """Return the place of the text of ``<v>`` between two places; equal when there is none."""
    while at < end:
        if data[at] == 0x3C and _is_tag(data, at, 0x76, 0, 0):
            start = _tag_end(data, at) + 1
            stop = start
            while stop < end and data[stop] != 0x3C:
                stop += 1
            return min(start, stop), stop
        at += 1
    return end, end


@compiled_bare
def _write_plain(
    data: Bytes, start: int, stop: int, kind: int, texts: Bytes, offsets: Numbers, out: Bytes, place: int
) -> int:
    """Write a quick cell's text, or the shared text it names; return the place behind it, -1 without room."""
    if kind == SHARED:
        index = _number(data, start, stop) if stop > start else len(offsets)
        if index + 1 >= len(offsets):
            return place
        source_start, length = whole(offsets[index]), whole(offsets[index + 1] - offsets[index])
        if place + length > len(out):
            return -1
        copy_bytes(out, place, texts, source_start, length)
        return place + length
    if place + stop - start > len(out):
        return -1
    copy_bytes(out, place, data, start, stop - start)
    return place + stop - start


@compiled_bare
def _write_cell(
    data: Bytes, at: int, end: int, kind: int, texts: Bytes, offsets: Numbers, out: Bytes, place: int
) -> int:
    """Write a cell's text; return the place behind it, -1 when there is no room (its content starts at ``at``)."""
    if kind == SHARED:
        start, stop = _value(data, at, end)
        return _write_plain(data, start, stop, kind, texts, offsets, out, place)
    if place + end - at > len(out):
        return -1
    start, stop = _value(data, at, end)
    if stop > start:
        return _write_text(data, start, stop, out, place)
    return _write_pieces(data, at, end, out, place)


@compiled_bare
def _ends_row(data: Bytes, at: int) -> bool:
    """Tell whether ``</r…`` stands at ``at``."""
    return bool(at + 2 < len(data) and data[at] == 0x3C and data[at + 1] == 0x2F and data[at + 2] == 0x72)


@compiled_bare
def _cell_tag(data: Bytes, at: int, close: int, column: int) -> tuple[int, int]:
    """Return (column, kind) of the ``<c>`` tag from ``at`` to ``close``; without a reference it follows ``column``."""
    start, stop = _attribute(data, at, close, 0x72)
    column = _column(data, start, stop) if stop > start else column + 1
    start, stop = _attribute(data, at, close, 0x74)
    if stop == start:
        return column, NUMBER
    return column, whole(data[start]) if stop - start == 1 else 0


@compiled_bare
def _read_row(
    data: Bytes,
    at: int,
    row: int,
    place: int,
    texts: Bytes,
    offsets: Numbers,
    out: Bytes,
    starts: Places,
    ends: Places,
    numeric: Marks,
) -> tuple[int, int, int, int]:
    """Read one row's cells from ``at``; return (place in ``data``, place in ``out``, columns used, why it stopped)."""
    size, column, used = len(data), whole(-1), whole(0)
    while at < size and not _ends_row(data, at):
        if data[at] != 0x3C or not _is_tag(data, at, 0x63, 0, 0):
            at += 1
            continue
        place_of, kind, start, stop, behind = quick_cell(data, at)
        if 0 <= place_of < len(starts):
            column = place_of
            written = _write_plain(data, start, stop, kind, texts, offsets, out, place)
            if written < 0:
                return at, place, used, MORE_ROOM
            starts[column, row], ends[column, row] = place, written
            numeric[column, row] = kind == NUMBER
            place, used, at = written, max(used, column + 1), behind
            continue
        close = _tag_end(data, at)
        column, kind = _cell_tag(data, at, close, column)
        at = close + 1
        if close >= size or data[close - 1] == 0x2F:
            continue
        end = _find_close(data, at, 0x63, 0x3E)
        if column >= len(starts):
            return at, place, column + 1, MORE_COLUMNS
        if column >= 0:
            behind = _write_cell(data, at, end, kind, texts, offsets, out, place)
            if behind < 0:
                return at, place, used, MORE_ROOM
            starts[column, row], ends[column, row] = place, behind
            numeric[column, row] = kind == NUMBER
            place, used = behind, max(used, column + 1)
        at = end + 4
    return at, place, used, DONE


@compiled_bare
def read_rows(
    data: Bytes,
    at: int,
    line: int,
    texts: Bytes,
    offsets: Numbers,
    out: Bytes,
    starts: Places,
    ends: Places,
    numeric: Marks,
    lines: Numbers,
) -> tuple[int, int, int, int, int]:
    """Read the ``<row>`` elements of ``data`` from ``at``; return (rows, place, last line, columns used, why stopped).

    ``starts``/``ends``/``numeric`` are (columns, rows) and zero where there is no cell. ``texts``/``offsets`` are
    the shared strings. A row is whole in ``data`` or not there; one that finds no room is begun again.
    """
    size, rows, place, used = len(data), whole(0), whole(0), whole(0)
    while at < size:
        if data[at] != 0x3C or not _is_tag(data, at, 0x72, 0x6F, 0x77):
            at += 1
            continue
        if rows == len(lines):
            return rows, at, line, used, FULL
        begun, close = at, _tag_end(data, at)
        start, stop = _attribute(data, at, close, 0x72)
        number = _number(data, start, stop) if stop > start else line + 1
        at = close + 1
        if close >= size or data[close - 1] != 0x2F:
            at, place, width, why = _read_row(
                data, at, rows, place, texts, offsets, out, starts, ends, numeric
            )
            if why != DONE:
                return rows, begun, line, (width if why == MORE_COLUMNS else used), why
            used = max(used, width)
            lines[rows] = number
            rows += 1
        line = number
    return rows, size, line, used, DONE


@compiled_bare
def read_shared(data: Bytes, out: Bytes, offsets: Numbers, place: int) -> int:
    """Write the texts of the whole ``<si>`` elements in ``data`` to ``out``; return how many there are.

    ``offsets`` (one more than there are) is filled with places from ``place`` on.
    """
    at, count, base = whole(0), whole(0), place
    offsets[0] = place
    while at < len(data):
        if data[at] == 0x3C and _is_tag(data, at, 0x73, 0x69, 0):
            close = _tag_end(data, at)
            end = close
            if close < len(data) and data[close - 1] != 0x2F:
                end = _find_close(data, close, 0x73, 0x69)
                place = base + _write_pieces(data, close + 1, end, out, place - base)
            count += 1
            offsets[count] = place
            at = end
        at += 1
    return count
