"""GB18030 and UTF-8 bytes → valid UTF-8, a byte that cannot be decoded → :data:`BAD`. Pure.

GB 18030-2005: one byte below 0x80, two bytes (0x81–0xFE, 0x40–0xFE without 0x7F), or four bytes
(0x81–0xFE, 0x30–0x39, 0x81–0xFE, 0x30–0x39). A line feed is never part of a longer sequence, so lines may be
decoded apart from each other.
"""

from functools import lru_cache
from typing import Any, Final

import numpy as np

from rongdun.analytics.statements.kernels.compiled import (
    Bytes,
    compiled_bare,
    load_word,
    store_word,
    trailing_zeros,
    whole,
)

BAD: Final = 0xFF
"""Never occurs in UTF-8; stands for one byte that could not be decoded."""

_TRAILS: Final = 191  # 0x40..0xFE
_FOUR_BYTE_BMP: Final = 39_420
_SUPPLEMENTARY: Final = 189_000

ROOM: Final = 8
"""Bytes that a decoder's output must be longer than what it may hold: it writes eight at a time."""

_HIGH = np.uint64(0x8080808080808080)

Points = np.ndarray[Any, np.dtype[np.uint32]]


@lru_cache(maxsize=1)
def gb18030_tables() -> tuple[Points, Points]:
    """Return what two bytes stand for, as UTF-8 with its length in the highest byte, and the first plane's points.

    The points are those of the four-byte sequences, in order; 0 stands for none in both.
    """
    pairs = np.zeros(126 * _TRAILS, np.uint32)
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            pairs[(lead - 0x81) * _TRAILS + trail - 0x40] = _packed(_point(bytes((lead, trail))))
    quads = np.zeros(_FOUR_BYTE_BMP, np.uint32)
    for index in range(_FOUR_BYTE_BMP):
        rest, fourth = divmod(index, 10)
        rest, third = divmod(rest, 126)
        first, second = divmod(rest, 10)
        quads[index] = _point(bytes((first + 0x81, second + 0x30, third + 0x81, fourth + 0x30)))
    return pairs, quads


def _point(sequence: bytes) -> int:
    try:
        text = sequence.decode("gb18030")
    except UnicodeDecodeError:
        return 0
    return ord(text) if len(text) == 1 else 0


def _packed(point: int) -> int:
    encoded = chr(point).encode() if point else b""
    return len(encoded) << 24 | int.from_bytes(encoded, "little")


@compiled_bare
def put_point(out: Bytes, place: int, point: int) -> int:
    """Write a code point as UTF-8 (RFC 3629) at ``place``; return the place after it."""
    if point < 0x80:
        out[place] = point
        return place + 1
    if point < 0x800:
        out[place] = 0xC0 | (point >> 6)
        out[place + 1] = 0x80 | (point & 0x3F)
        return place + 2
    if point < 0x10000:
        out[place] = 0xE0 | (point >> 12)
        out[place + 1] = 0x80 | ((point >> 6) & 0x3F)
        out[place + 2] = 0x80 | (point & 0x3F)
        return place + 3
    out[place] = 0xF0 | (point >> 18)
    out[place + 1] = 0x80 | ((point >> 12) & 0x3F)
    out[place + 2] = 0x80 | ((point >> 6) & 0x3F)
    out[place + 3] = 0x80 | (point & 0x3F)
    return place + 4


@compiled_bare
def _four(data: Bytes, at: int, quads: Points) -> int:
    """Return the code point of the four bytes at ``at``; 0 when there is none."""
    first, second, third, fourth = (
        whole(data[at]),
        whole(data[at + 1]),
        whole(data[at + 2]),
        whole(data[at + 3]),
    )
    if not (0x81 <= third <= 0xFE and 0x30 <= fourth <= 0x39 and 0x30 <= second <= 0x39):
        return 0
    index = (((first - 0x81) * 10 + second - 0x30) * 126 + third - 0x81) * 10 + fourth - 0x30
    if index < 39_420:
        return whole(quads[index])
    point = index - 189_000 + 0x10000
    return point if 0x10000 <= point <= 0x10FFFF else 0


@compiled_bare
def gb18030_to_utf8(data: Bytes, out: Bytes, pairs: Points, quads: Points) -> tuple[int, int]:
    """Decode ``data`` into ``out``, half as long again and :data:`ROOM`; return (bytes written, undecodable bytes)."""
    size, at, place, bad = len(data), whole(0), whole(0), 0
    while at < size:
        if at + 8 <= size:
            word = load_word(data, at)
            store_word(out, place, word)
            plain = trailing_zeros(word & _HIGH) >> 3
            at += plain
            place += plain
            if plain == 8:
                continue
        while at < size:
            byte = whole(data[at])
            if byte < 0x80:
                if at + 8 <= size:
                    break
                out[place] = byte
                at += 1
                place += 1
                continue
            packed = whole(0)
            if at + 1 < size and 0x81 <= byte <= 0xFE and 0x40 <= data[at + 1] <= 0xFE:
                packed = whole(pairs[(byte - 0x81) * 191 + whole(data[at + 1]) - 0x40])
            if packed:
                store_word(out, place, np.uint64(packed))
                place += packed >> 24
                at += 2
                continue
            point = _four(data, at, quads) if at + 3 < size and 0x81 <= byte <= 0xFE else 0
            if point:
                place = put_point(out, place, point)
                at += 4
            else:
                out[place] = 0xFF
                place += 1
                at += 1
                bad += 1
    return place, bad


@compiled_bare
def _utf8_length(data: Bytes, at: int, size: int) -> int:
    """Return the length of the well-formed sequence at ``at`` (Unicode 15, table 3-7); 0 when ill-formed."""
    lead = data[at]
    if 0xC2 <= lead <= 0xDF:
        length = 2
    elif 0xE0 <= lead <= 0xEF:
        length = 3
    elif 0xF0 <= lead <= 0xF4:
        length = 4
    else:
        return 0
    if at + length > size:
        return 0
    for step in range(1, length):
        if data[at + step] & 0xC0 != 0x80:
            return 0
    second = data[at + 1]
    if (lead == 0xE0 and second < 0xA0) or (lead == 0xED and second > 0x9F):
        return 0
    if (lead == 0xF0 and second < 0x90) or (lead == 0xF4 and second > 0x8F):
        return 0
    return length


@compiled_bare
def mark_bad_utf8(data: Bytes) -> int:
    """Replace each byte of ``data`` that is not part of well-formed UTF-8 by 0xFF; return how many."""
    size, at, bad = len(data), whole(0), 0
    while at < size:
        while at + 8 <= size and load_word(data, at) & _HIGH == 0:
            at += 8
        if at == size or data[at] < 0x80:
            at += 1
            continue
        length = _utf8_length(data, at, size)
        if length:
            at += length
        else:
            data[at] = 0xFF
            at += 1
            bad += 1
    return bad
