"""The beginning of a file nobody knows the layout of: its sheets and their first rows as texts."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

ROWS: Final = 60


class Sheet(NamedTuple):
    """A sheet ("" for a text file): its first rows, and the delimiter of a text file ("" in a workbook)."""

    name: str
    rows: list[list[str]]
    delimiter: str = ""


def sheets_in(path: Path, wanted: str, passwords: Sequence[str] = ()) -> list[Sheet]:
    """Return the sheets of the member of ``path`` that an officer sees as ``wanted``; empty where it has none."""
    from rongdun.analytics.statements.containers import Limits, members

    for member in members(path, passwords, Limits()):
        if member.path == wanted and member.stream is not None and member.refused is None:
            found = _text(member.stream) if member.kind == "text" else _book(member.stream)
            return [sheet for sheet in found if any(any(row) for row in sheet.rows)]
    return []


def _text(stream: BinaryIO) -> Iterator[Sheet]:
    from rongdun.analytics.statements.find_headings import DELIMITERS, heading_cells
    from rongdun.analytics.statements.text_file import look_at

    lines = look_at(stream, ()).lines[:ROWS]
    delimiter = max(DELIMITERS, key=lambda sign: _regularity(lines, sign))
    yield Sheet(
        "", [[cell.strip() for cell in heading_cells(line, delimiter)[0]] for line in lines], delimiter
    )


def _regularity(lines: Sequence[str], delimiter: str) -> int:
    """Return how many lines a delimiter cuts into the most frequent number of cells, by how many cells."""
    counts = [line.count(delimiter) for line in lines if line.strip()]
    return max((counts.count(count) * count for count in set(counts)), default=0)


def _book(stream: BinaryIO) -> Iterator[Sheet]:
    from rongdun.analytics.statements.sheet_file import BrokenWorkbook, sheets_of
    from rongdun.analytics.statements.sheet_rows import look_at_sheet

    try:
        for name, blocks in sheets_of(stream):
            yield Sheet(name, look_at_sheet(blocks, ()).lines[:ROWS])
    except BrokenWorkbook:
        return
