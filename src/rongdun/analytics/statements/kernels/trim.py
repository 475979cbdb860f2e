"""A cell without blanks at its ends, and empty where it says that there is nothing. Pure."""

from rongdun.analytics.statements.kernels.compiled import Bytes, compiled_bare, compiled_within

QUOTE = 0x22


@compiled_bare
def trim(data: Bytes, start: int, end: int) -> tuple[int, int]:
    """Return the cell without blanks at its ends: controls, spaces (also U+00A0, U+3000), U+200B–F, U+FEFF."""
    while start < end:
        byte = data[start]
        if byte <= 0x20:
            start += 1
        elif byte == 0xC2 and start + 1 < end and data[start + 1] == 0xA0:
            start += 2
        elif byte >= 0xE2 and start + 2 < end and _is_wide_blank(byte, data[start + 1], data[start + 2]):
            start += 3
        else:
            break
    while start < end:
        byte = data[end - 1]
        if byte <= 0x20:
            end -= 1
        elif byte < 0x80:
            break
        elif byte == 0xA0 and end - 2 >= start and data[end - 2] == 0xC2:
            end -= 2
        elif end - 3 >= start and _is_wide_blank(data[end - 3], data[end - 2], byte):
            end -= 3
        else:
            break
    return start, end


@compiled_bare
def _is_wide_blank(first: int, second: int, third: int) -> bool:
    if first == 0xE3:
        return bool(second == 0x80 and third == 0x80)
    if first == 0xE2:
        return second == 0x80 and 0x8B <= third <= 0x8F
    return bool(first == 0xEF and second == 0xBB and third == 0xBF)


@compiled_bare
def is_nothing(data: Bytes, start: int, end: int) -> bool:
    r"""Tell whether a trimmed cell says that there is nothing: ``-``, ``--``, ``—``, ``－``, ``null``, ``N/A``."""
    length = end - start
    if length == 0:
        return True
    if length > 6:
        return False
    first = data[start]
    if first == 0x2D:
        return length == 1 or (length == 2 and data[start + 1] == 0x2D)
    if first == 0x5C:
        return length == 2 and data[start + 1] == 0x4E
    if first == 0xE2:
        return length % 3 == 0 and data[start + 1] == 0x80 and data[end - 1] == 0x94
    if first == 0xEF:
        return length == 3 and data[start + 1] == 0xBC and data[start + 2] == 0x8D
    if length == 3:
        slashed = data[start + 1] == 0x2F and (data[start + 2] | 0x20) == 0x61
        return bool(slashed and (first | 0x20) == 0x6E)
    if length == 4:
        return _is_null(data, start)
    return length == 6 and first == 0x28 and data[end - 1] == 0x29 and _is_null(data, start + 1)


@compiled_bare
def _is_null(data: Bytes, at: int) -> bool:
    same = (data[at] | 0x20) == 0x6E and (data[at + 1] | 0x20) == 0x75
    return bool(same and (data[at + 2] | 0x20) == 0x6C and (data[at + 3] | 0x20) == 0x6C)


@compiled_within
def _is_plain(data: Bytes, start: int, end: int) -> bool:
    """Tell quickly that a cell is neither blank at its ends nor a word for nothing; what is unsure is not plain.

    It begins with a digit or a Chinese character (a word for nothing is longer than six bytes nowhere) and ends
    with visible ASCII or such a character.
    """
    first, last = data[start], data[end - 1]
    begins = 0x30 <= first <= 0x39 or 0xE4 <= first <= 0xE9 or (end - start > 6 and 0x20 < first < 0x80)
    if last < 0x80:
        return bool(begins and last > 0x20)
    return bool(begins and end - start >= 3 and 0xE4 <= data[end - 3] <= 0xE9)


@compiled_within
def plain_cell(data: Bytes, start: int, end: int, literal: bool) -> tuple[int, int]:
    """Return a cell without quotes: trimmed; in a ``literal`` line, also without stray quotes; empty if nothing."""
    if not literal and end > start and _is_plain(data, start, end):
        return start, end
    start, end = trim(data, start, end)
    if literal:
        while start < end and data[start] == QUOTE:
            start += 1
        while end > start and data[end - 1] == QUOTE:
            end -= 1
        start, end = trim(data, start, end)
    return (start, start) if is_nothing(data, start, end) else (start, end)
