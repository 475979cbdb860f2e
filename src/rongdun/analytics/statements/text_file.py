"""A file of delimited text → blocks of rows, each with the layout whose headings stand above it."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final, NamedTuple

import numpy as np

from rongdun.analytics.statements.cells import Cells
from rongdun.analytics.statements.encodings import (
    FEED,
    Encoding,
    Lines,
    in_utf8,
    sniff_encoding,
    to_utf8,
    whole_lines,
)
from rongdun.analytics.statements.find_headings import (
    Found,
    find_in_lines,
    heading_cells,
    recognise_row,
)
from rongdun.analytics.statements.kernels.compiled import Bytes, Hashes
from rongdun.analytics.statements.kernels.quick_lines import count_byte
from rongdun.analytics.statements.kernels.split import HEADING, split_lines
from rongdun.analytics.statements.layout import Binding, Layout, heading_hashes

SAMPLE: Final = 256 << 10
"""Bytes looked at to find encoding, delimiter and headings."""


_TRIED: Final = ("utf-8", "gb18030")
"""Encodings tried when the likely one shows no headings."""


class Rows(NamedTuple):
    """Rows under one row of headings."""

    binding: Binding
    cells: Cells


class Repeated(NamedTuple):
    """A row of headings in the midst of the file, at ``line``."""

    line: int


class Head(NamedTuple):
    """What a text file's beginning tells: encoding, first lines, and the headings where some were found."""

    encoding: Encoding
    lines: list[str]
    found: Found | None


def look_at(stream: BinaryIO, layouts: Sequence[Layout]) -> Head:
    """Read a text file's beginning."""
    stream.seek(0)
    sample = stream.read(SAMPLE)
    encoding = sniff_encoding(sample)
    head = _head(sample, encoding, layouts)
    if head.found is None and encoding.mark == 0:
        others = (_head(sample, Encoding(name), layouts) for name in _TRIED if name != encoding.name)
        head = next((other for other in others if other.found), head)
    return head


def _head(sample: bytes, encoding: Encoding, layouts: Sequence[Layout]) -> Head:
    data, _ = to_utf8(np.frombuffer(bytearray(sample[encoding.mark :]), np.uint8), encoding.name)
    text = data.tobytes().decode("utf-8", "replace")
    lines = (text if "\n" in text else text.replace("\r", "\n")).split("\n")
    return Head(encoding, [line.rstrip("\r") for line in lines], find_in_lines(lines, layouts))


class Place(NamedTuple):
    """Where a block begins: the layout in force, its first line's number, lines still to skip, what was left over."""

    binding: Binding
    line: int
    skip: int
    rest: bytes = b""


class Block(NamedTuple):
    """A block of whole lines and where it begins, if the block before it leaves nothing over and keeps its layout."""

    lines: Lines
    final: bool
    guess: Place


class TextRows:
    """The rows below a text file's headings. Blocks are split side by side, each from where it should begin."""

    def __init__(self, stream: BinaryIO, head: Head, layouts: Sequence[Layout]) -> None:
        """``head.found`` must not be None."""
        assert head.found is not None
        self._stream, self._encoding, self._layouts = stream, head.encoding, layouts
        self._known = heading_hashes(layouts)
        self._delimiter = head.found.delimiter
        self._read = hashlib.sha256()
        self.place = Place(head.found.binding, 1, head.found.line + 1)

    @property
    def sha256(self) -> bytes:
        """Return the SHA-256 of what was read: of the whole file after the last block."""
        return self._read.digest()

    def blocks(self) -> Iterator[Block]:
        """Yield the file's blocks in order; the layout guessed is the one in force when the block is asked for."""
        pieces = self._heard(whole_lines(self._stream, self._encoding))
        line, skip = self.place.line, self.place.skip
        current = next(pieces, None)
        while current is not None:
            following = next(pieces, None)
            yield Block(current, following is None, Place(self.place.binding, line, skip))
            line, skip = line + current.feeds, max(0, skip - current.feeds)
            current = following

    def _heard(self, pieces: Iterator[Lines]) -> Iterator[Lines]:
        self._stream.seek(0)
        self._read.update(self._stream.read(self._encoding.mark))
        for lines in pieces:
            self._read.update(lines.data.data)
            yield lines

    def split(self, block: Block, place: Place) -> tuple[list[Rows | Repeated], Place]:
        """Split a block that begins at ``place``; return its parts and where the next block begins."""
        data, bad = in_utf8(block.lines, self._encoding)
        if place.rest:
            data = np.concatenate([np.frombuffer(place.rest, np.uint8), data])
        splitter = _Splitter(place, self._delimiter, self._known, self._layouts)
        parts = list(splitter.split(data, bool(bad) or b"\xff" in place.rest, block.final))
        return parts, splitter.place()


class _Splitter:
    """Splits one block of lines; keeps the layout in force, the line number and what is left over."""

    def __init__(self, place: Place, delimiter: str, known: Hashes, layouts: Sequence[Layout]) -> None:
        self._binding, self._line, self._skip = place.binding, place.line, place.skip
        self._delimiter = delimiter
        self._known = known
        self._layouts = layouts
        self._rest = b""

    def place(self) -> Place:
        """Return where the next block begins."""
        return Place(self._binding, self._line, self._skip, self._rest)

    def split(self, data: Bytes, bad: bool, final: bool) -> Iterator[Rows | Repeated]:
        """Yield the rows of the block."""
        data, first = self._below_headings(data), True
        while len(data):
            cells, used, stopped = self._run(data, bad, final, first)
            if len(cells):
                yield Rows(self._binding, cells)
            data, first = data[used:], True
            if not stopped:
                break
            repeated = self._turn(data)
            if repeated is None:
                first = False
            else:
                yield repeated
                data = data[_line_end(data) :]
        self._rest = data.tobytes()

    def _run(self, data: Bytes, bad: bool, final: bool, first: bool) -> tuple[Cells, int, bool]:
        most = int(count_byte(data, FEED)) + 1
        width = len(self._binding.headings)
        starts, ends = np.empty((width, most), np.int32), np.empty((width, most), np.int32)
        lines, states, begins = np.empty(most, np.int64), np.empty(most, np.int8), np.empty(most, np.int64)
        delimiter = ord(self._delimiter)
        rows, used, self._line, why = split_lines(
            data, delimiter, self._line, final, bad, self._known, first,
            starts, ends, lines, states, begins, np.empty(len(data), np.int32),
        )  # fmt: skip
        part = slice(0, rows)
        cells = Cells(data, starts[:, part], ends[:, part], lines[part], states[part], begins[part])
        return cells, used, why == HEADING

    def _turn(self, data: Bytes) -> Repeated | None:
        """Take the line at the beginning of ``data`` as new headings if it is some; None when it is a row."""
        line = data[: _line_end(data)].tobytes().decode("utf-8", "replace").rstrip("\r\n")
        for cells in heading_cells(line, self._delimiter):
            binding = recognise_row(cells, self._layouts)
            if binding is not None:
                self._binding = binding
                self._line += 1
                return Repeated(self._line - 1)
        return None

    def _below_headings(self, data: Bytes) -> Bytes:
        while self._skip and len(data):
            data = data[_line_end(data) :]
            self._skip -= 1
            self._line += 1
        return data


def _line_end(data: Bytes) -> int:
    """Return the place behind the first line."""
    for start in range(0, len(data), 4096):
        found = np.flatnonzero(data[start : start + 4096] == 0x0A)
        if len(found):
            return start + int(found[0]) + 1
    return len(data)
