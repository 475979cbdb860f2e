"""Which encoding a text file has, and its bytes as blocks of whole lines in UTF-8."""

import codecs
from collections.abc import Iterator
from io import BufferedIOBase
from typing import Any, BinaryIO, Final, NamedTuple, cast

import numpy as np

from rongdun.analytics.past_cache import let_go
from rongdun.analytics.statements.kernels.compiled import Bytes
from rongdun.analytics.statements.kernels.decode import ROOM, gb18030_tables, gb18030_to_utf8, mark_bad_utf8
from rongdun.analytics.statements.kernels.quick_lines import count_byte

BLOCK: Final = 4 << 20
"""Bytes read at a time."""

FEED: Final = np.uint8(0x0A)
_LONGEST_LINE: Final = 32 << 20
_NEAR: Final = 4096
"""Characters looked at together in the search for a block's last line feed."""

_FEEDS: Final = {"utf-16-le": b"\n\x00", "utf-16-be": b"\x00\n"}
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)


class Encoding(NamedTuple):
    """An encoding's name as Python has it, and the bytes of the mark at the file's beginning."""

    name: str
    mark: int = 0


def sniff_encoding(sample: bytes) -> Encoding:
    """Return the encoding of a file that begins so: by its mark, by zeros, else UTF-8 where most of it is that.

    Chinese in GB18030 is almost never well-formed UTF-8, while the reverse often decodes.
    """
    for mark, name in _BOMS:
        if sample.startswith(mark):
            return Encoding(name, len(mark))
    even, odd = sample[:4096:2].count(0), sample[1:4096:2].count(0)
    if max(even, odd) * 8 > min(len(sample), 4096) and min(even, odd) * 4 < max(even, odd):
        return Encoding("utf-16-le" if odd > even else "utf-16-be")
    whole = sample[: sample.rfind(b"\n") + 1] or sample
    strange = np.count_nonzero(np.frombuffer(whole, np.uint8) >= 0x80)
    return Encoding("utf-8" if to_utf8(_owned(whole), "utf-8")[1] * 2 <= strange else "gb18030")


def _owned(data: bytes) -> Bytes:
    return np.frombuffer(bytearray(data), np.uint8)


def to_utf8(data: Bytes, name: str) -> tuple[Bytes, int]:
    """Return ``data`` (whole lines; may be changed) as UTF-8 and how many bytes could not be decoded (0xFF each)."""
    if name == "utf-8":
        return data, mark_bad_utf8(data)
    if name == "gb18030":
        out = np.empty(len(data) + len(data) // 2 + ROOM, np.uint8)
        size, bad = gb18030_to_utf8(data, out, *gb18030_tables())
        return out[:size], bad
    text = data.tobytes().decode(name, "replace")
    return _marked(text)


def _marked(text: str) -> tuple[Bytes, int]:
    bad = text.count("\ufffd")
    encoded = text.encode("utf-8", "replace")
    return _owned(encoded.replace(b"\xef\xbf\xbd", b"\xff\xff\xff") if bad else encoded), bad


class Lines(NamedTuple):
    """Whole lines as they stand in the file, and how many line feeds they have."""

    data: Bytes
    feeds: int


def whole_lines(stream: BinaryIO, encoding: Encoding) -> Iterator[Lines]:
    """Yield the file as blocks of whole lines, undecoded; skips the encoding's mark."""
    stream.seek(encoding.mark)
    feed = np.frombuffer(_FEEDS.get(encoding.name, b"\n"), np.uint8)
    rest = feed[:0]
    while len(text := _read_on(stream, rest)) > len(rest):
        cut = _cut(text, feed, len(rest))
        if cut == 0 and len(text) < _LONGEST_LINE:
            rest = text
            continue
        cut = cut or len(text)
        yield _counted(text[:cut], feed)
        rest = text[cut:]
    if len(rest):
        yield _counted(rest, feed)


def _read_on(stream: BinaryIO, rest: Bytes) -> Bytes:
    """Return what was left over and a block that follows it, read where it stays: copies of a whole file are dear."""
    text = np.empty(len(rest) + BLOCK, np.uint8)
    text[: len(rest)] = rest
    room = text[len(rest) :].data
    begin = stream.tell()
    read = cast(BufferedIOBase, stream).readinto(room)
    let_go(stream, begin, read)
    return text[: len(rest) + read]


def _units(text: Bytes, feed: Bytes) -> tuple[np.ndarray[Any, Any], np.unsignedinteger[Any]]:
    """Return the text and the line feed as numbers: of two bytes at even places, as halves may look like one."""
    kind = np.dtype(f"u{len(feed)}")
    return np.frombuffer(text, kind, len(text) // len(feed)), feed.view(kind)[0]


def _counted(text: Bytes, feed: Bytes) -> Lines:
    if len(feed) == 1:
        return Lines(text, int(count_byte(text, FEED)))
    units, mark = _units(text, feed)
    return Lines(text, int(np.count_nonzero(units == mark)))


def _cut(text: Bytes, feed: Bytes, before: int) -> int:
    """Return the place behind the last line feed after ``before``; 0 when there is none."""
    units, mark = _units(text, feed)
    for end in range(len(units), before // len(feed), -_NEAR):
        start = max(0, end - _NEAR)
        found = np.flatnonzero(units[start:end] == mark)
        if len(found):
            return (start + int(found[-1]) + 1) * len(feed)
    return 0


def in_utf8(lines: Lines, encoding: Encoding) -> tuple[Bytes, int]:
    """Return the lines in UTF-8, ended by line feeds, and the number of undecodable bytes; ``lines`` stay."""
    owned = lines.data.copy() if encoding.name == "utf-8" else lines.data
    data, bad = to_utf8(owned, encoding.name)
    if not bytes(data[:65536]).count(b"\n") and bytes(data).count(b"\r"):
        data[data == 0x0D] = 0x0A
    return data, bad
