"""Sheets of an XLSX workbook → blocks of rows, read as a stream: memory does not grow with the sheet."""

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, BinaryIO, Final, NamedTuple
from xml.etree import ElementTree

import numpy as np

from rongdun.analytics.statements.cells import Cells
from rongdun.analytics.statements.containers import Limits
from rongdun.analytics.statements.kernels.compiled import Bytes, Marks, Numbers, Places
from rongdun.analytics.statements.kernels.decode import mark_bad_utf8
from rongdun.analytics.statements.kernels.markup import DONE, MORE_COLUMNS, MORE_ROOM, read_rows, read_shared
from rongdun.analytics.statements.kernels.split import settle_rows
from rongdun.analytics.statements.sheet_file import BrokenWorkbook

_PIECE: Final = 4 << 20
_MOST_CELLS: Final = 8 << 20
_MOST_ROOM: Final = 1 << 30
_INDEX_MOST: Final = 8 << 20
"""Bytes of the small parts (list of sheets, relations) that are read at all."""

_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    KeyError,
    NotImplementedError,
    RuntimeError,
)
_FIRST_WIDTH: Final = 64


class OutOfTheOrdinary(Exception):
    """The workbook is written in a way that only the general library reads."""


class _Shared(NamedTuple):
    texts: Bytes
    offsets: Numbers


def sheets_of(stream: BinaryIO, limits: Limits) -> Iterator[tuple[str, Iterator[Cells]]]:
    """Yield each sheet's name and its blocks of rows.

    Raises :class:`BrokenWorkbook`, or :class:`OutOfTheOrdinary` before the first sheet.
    """
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            _must_fit(archive, limits)
            parts = _parts(archive)
            shared = _shared(archive)
            for _, part in parts:
                _must_be_plain(archive, part)
            for name, part in parts:
                yield name, _blocks(archive, part, shared)
    except _BROKEN as error:
        raise BrokenWorkbook("broken") from error


def _must_fit(archive: zipfile.ZipFile, limits: Limits) -> None:
    infos = archive.infolist()
    if len(infos) > limits.entries or sum(info.file_size for info in infos) > limits.total:
        raise BrokenWorkbook("too_large")
    for info in infos:
        if info.file_size > min(limits.member, max(limits.ratio * info.compress_size, limits.ratio_free)):
            raise BrokenWorkbook("too_large")


def _tree(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    if archive.getinfo(name).file_size > _INDEX_MOST:
        raise BrokenWorkbook("too_large")
    try:
        return ElementTree.fromstring(archive.read(name))  # noqa: S314  (bounded; expat bounds entities itself)
    except ElementTree.ParseError as error:
        raise BrokenWorkbook("broken") from error


def _parts(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Return the sheets' names and the names of their parts, in the workbook's order."""
    if "xl/workbook.xml" not in archive.namelist():
        raise OutOfTheOrdinary
    book, links = _tree(archive, "xl/workbook.xml"), _tree(archive, "xl/_rels/workbook.xml.rels")
    if any(item.get("date1904") in ("1", "true") for item in book.iter() if item.tag.endswith("}workbookPr")):
        raise OutOfTheOrdinary
    targets = {item.get("Id"): item.get("Target", "") for item in links}
    found = []
    for item in book.iter():
        if item.tag.endswith("}sheet"):
            part = posixpath.normpath(posixpath.join("/xl", targets.get(item.get(_RELATION), ""))).lstrip("/")
            if part in archive.namelist() and "chartsheets" not in part:
                found.append((item.get("name", ""), part))
    if not found:
        raise OutOfTheOrdinary
    return found


def _must_be_plain(archive: zipfile.ZipFile, part: str) -> None:
    """Leave other encodings, prefixed elements and comments that hide rows to the general library."""
    with archive.open(part) as source:
        head = source.read(1 << 16)
    if b"<sheetData" not in head or b"<!" in head.split(b"<sheetData")[0]:
        raise OutOfTheOrdinary


def _shared(archive: zipfile.ZipFile) -> _Shared:
    """Read the workbook's shared strings."""
    name = "xl/sharedStrings.xml"
    if name not in archive.namelist():
        return _Shared(np.zeros(0, np.uint8), np.zeros(1, np.int64))
    texts, offsets, place = [], [np.zeros(1, np.int64)], 0
    with archive.open(name) as source:
        for data in _whole_elements(source, b"</si>"):
            out, places = np.empty(len(data), np.uint8), np.empty(_count(data, b"<si") + 1, np.int64)
            count = read_shared(data, out, places, place)
            texts.append(out[: places[count] - place].copy())
            offsets.append(places[1 : count + 1].copy())
            place = int(places[count])
    return _Shared(np.concatenate(texts) if texts else np.zeros(0, np.uint8), np.concatenate(offsets))


def _whole_elements(source: IO[bytes], close: bytes) -> Iterator[Bytes]:
    """Yield a part's bytes in pieces that end behind a closing tag, undecodable bytes made ``?``."""
    rest = b""
    while piece := source.read(_PIECE):
        piece = rest + piece
        cut = piece.rfind(close) + len(close)
        if cut < len(close):
            rest = piece
            continue
        yield _clean(piece[:cut])
        rest = piece[cut:]
    if rest:
        yield _clean(rest)


def _clean(piece: bytes) -> Bytes:
    data = np.frombuffer(bytearray(piece), np.uint8)
    if mark_bad_utf8(data):
        data[data == 0xFF] = 0x3F
    return data


def _blocks(archive: zipfile.ZipFile, part: str, shared: _Shared) -> Iterator[Cells]:
    line, width, room = 0, _FIRST_WIDTH, _PIECE
    try:
        with archive.open(part) as source:
            for data in _whole_elements(source, b"</row>"):
                at, most = 0, max(_count(data, b"<row"), 1)
                while at < len(data):
                    space = _space(width, min(most, _MOST_CELLS // width), room)
                    rows, at, line, used, why = read_rows(
                        data, at, line, shared.texts, shared.offsets,
                        space.out, space.starts, space.ends, space.numeric, space.lines,
                    )  # fmt: skip
                    if rows:
                        yield _cells(space, rows, used if why != MORE_COLUMNS else width)
                    if why == MORE_COLUMNS:
                        width = min(used * 2, 16_384)
                    elif why == MORE_ROOM:
                        room = _doubled(room)
                    elif why == DONE:
                        break
    except _BROKEN as error:
        raise BrokenWorkbook("cut_off") from error


def _doubled(room: int) -> int:
    if room >= _MOST_ROOM:
        raise BrokenWorkbook("too_large")
    return room * 2


def _count(data: Bytes, tag: bytes) -> int:
    """Count a tag, and refuse what the loop does not read."""
    content = data.tobytes()
    if b"<![" in content:
        raise BrokenWorkbook("broken")
    return content.count(tag)


class _Room(NamedTuple):
    """Where a block is written; in the order of :func:`read_rows`."""

    out: Bytes
    starts: Places
    ends: Places
    numeric: Marks
    lines: Numbers


def _space(width: int, rows: int, room: int) -> _Room:
    shape = (width, rows)
    return _Room(
        np.empty(room, np.uint8),
        np.zeros(shape, np.int32),
        np.zeros(shape, np.int32),
        np.zeros(shape, np.int8),
        np.empty(rows, np.int64),
    )


def _cells(space: _Room, rows: int, used: int) -> Cells:
    starts = np.ascontiguousarray(space.starts[:used, :rows])
    ends = np.ascontiguousarray(space.ends[:used, :rows])
    states = np.zeros(rows, np.int8)
    settle_rows(space.out, starts, ends, states)
    numeric = np.ascontiguousarray(space.numeric[:used, :rows]).view(np.bool_)
    return Cells(space.out, starts, ends, space.lines[:rows].copy(), states, None, numeric)
