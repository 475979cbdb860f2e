"""How an institution writes: the words and notations it has, CSV in GB18030 or a workbook. Writes files."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl
import xlsxwriter

from rongdun.simulation.twin.draws import stream
from rongdun.simulation.twin.params import Params

_MOST_SHEET_ROWS: Final = 200_000
"""Longer tables are sent as CSV by whoever would send a workbook."""

_WAYS: Final = (("进", "出"), ("贷", "借"), ("C", "D"), ("收", "付"), ("入账", "出账"), ("转入", "转出"))
_TIMES: Final = ("%Y%m%d%H%M%S", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S")


@dataclass(frozen=True, slots=True)
class Style:
    """One institution's habits; ``seed`` of the random dirt in its rows."""

    institution: str
    place: int
    ways: tuple[str, str]
    time: str
    workbook: bool
    thousands: bool
    signed: bool
    mac: int  # 0 aa-bb…, 1 aa:bb…, 2 aabb…
    quote: bool  # a stray quotation mark before the first heading
    seed: int


def style_of(institution: str, params: Params, seed: int) -> Style:
    """Return the habits of an institution; the same in every world of one seed."""
    told = params.institutions
    place = [*told.banks, *told.payments].index(institution)
    random = stream(seed, "style", place)
    payment = place >= len(told.banks)
    return Style(
        institution,
        place,
        ("入账", "出账") if payment else _WAYS[int(random.integers(len(_WAYS)))],
        _TIMES[int(random.integers(len(_TIMES)))],
        bool(random.random() < params.answers.xlsx_share),
        bool(random.random() < 0.3),
        bool(random.random() < 0.2) and not payment,
        int(random.integers(3)),
        bool(random.random() < 0.3),
        seed,
    )


def write_table(directory: Path, name: str, table: pl.DataFrame, style: Style) -> Path:
    """Write a table of text cells as this institution does; return the file."""
    if style.workbook and len(table) <= _MOST_SHEET_ROWS:
        return _workbook(directory / f"{name}.xlsx", table)
    path = directory / f"{name}.csv"
    body = table.write_csv(include_header=False, line_terminator="\r\n", null_value="")
    head = ",".join(table.columns)
    text = ('"' if style.quote else "") + head + "\r\n" + body
    path.write_bytes(text.encode("gb18030"))
    return path


def _workbook(path: Path, table: pl.DataFrame) -> Path:
    options = {"constant_memory": True, "strings_to_numbers": False, "strings_to_formulas": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet("Sheet1")
        for column, heading in enumerate(table.columns):
            sheet.write_string(0, column, heading)
        for row, cells in enumerate(table.iter_rows(), 1):
            for column, cell in enumerate(cells):
                if cell:
                    sheet.write_string(row, column, cell)
    return path
