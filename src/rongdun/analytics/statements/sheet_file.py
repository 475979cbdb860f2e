"""Sheets of XLS workbooks (and of XLSX ones that are out of the ordinary) → blocks of rows, through calamine."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO, Final

import numpy as np
from python_calamine import CalamineError, CalamineWorkbook

from rongdun.analytics.statements.cells import Cells, cells_of_rows
from rongdun.analytics.statements.kernels.split import settle_rows

_BATCH: Final = 8192
_EXACT: Final = 10**15


class BrokenWorkbook(Exception):
    """A workbook cannot be opened; ``reason`` is a key of :data:`reasons.REASONS`."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def sheets_of(stream: BinaryIO) -> Iterator[tuple[str, Iterator[Cells]]]:
    """Yield each sheet's name and its blocks of rows, every row of the sheet as wide as the widest."""
    stream.seek(0)
    try:
        book = CalamineWorkbook.from_filelike(stream)
        names = book.sheet_names
    except (CalamineError, OSError, ValueError) as error:
        raise BrokenWorkbook("password_needed" if "assword" in str(error) else "broken") from error
    for name in names:
        yield name, _blocks(book, name)


def _blocks(book: CalamineWorkbook, name: str) -> Iterator[Cells]:
    try:
        sheet = book.get_sheet_by_name(name)
    except (CalamineError, OSError, ValueError) as error:
        raise BrokenWorkbook("broken") from error
    first = (sheet.start or (0, 0))[0] + 1
    batch: list[list[Any]] = []
    for row in sheet.iter_rows():
        batch.append(row)
        if len(batch) == _BATCH:
            yield block(batch, first)
            first += len(batch)
            batch = []
    if batch:
        yield block(batch, first)


def block(rows: Sequence[Sequence[Any]], first: int) -> Cells:
    """Build a block from a sheet's values; numbers are marked, because a spreadsheet may have lost their digits."""
    cells = cells_of_rows(
        [[cell_text(value) for value in row] for row in rows], range(first, first + len(rows))
    )
    cells.numeric = np.array([[isinstance(value, (int, float)) for value in row] for row in rows], np.bool_).T
    settle_rows(cells.data, cells.starts, cells.ends, cells.states)
    return cells


def cell_text(value: Any) -> str:
    """Return a sheet's value as the text an export would hold."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)
