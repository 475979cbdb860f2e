"""Refused rows as a workbook an officer corrects and imports again.

Each list of a file has a sheet of its own with the file's headings, so that the corrected sheet is recognised like
the file itself; the columns before them say why a row was refused. Every cell is text: nothing is computed, no
number is turned into a float, and a cell that begins with ``=`` stays what it is. Files and sheets refused as a
whole have no rows to correct; a sheet of its own lists them, with the reason and what to do. A reader passes it over.
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby, islice
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from rongdun.analytics.statements.reasons import REASONS, REFUSED_HEADINGS, REMEDIES
from rongdun.kernel.errors import Text

ABOUT: Final = ("拒收原因", "出错列", "原文件", "原工作表", "原行号")
"""Headings of the columns in front; a reader knows none of them and leaves them aside."""

_ROWS_OF_A_SHEET: Final = 500_000
_REFUSED_TITLE: Final = "未读入的文件"
_EMPTY_TITLE: Final = "无拒收行"

Headings = Callable[[str, str], list[str]]
"""Gives the headings of a file (as it is shown) and a sheet."""


def write_rejects(out: Path, rejects: Iterable[dict[str, Any]], headings: Headings) -> int:
    """Write refused rows (columns of ``REJECT_SCHEMA``, sorted by file and sheet) to ``out``; return how many.

    Rejects without a row number are files or sheets refused whole; they are listed, not counted.
    """
    options = {"constant_memory": True, "strings_to_numbers": False, "strings_to_formulas": False}
    rows = 0
    refused: list[dict[str, Any]] = []
    with xlsxwriter.Workbook(out, {**options, "strings_to_urls": False}) as book:
        for number, (where, told) in enumerate(_lists(rejects, refused), 1):
            rows += _write_list(book, number, headings(*where), told)
        if refused:
            _write_refused(book, refused)
        elif not rows:
            book.add_worksheet(_EMPTY_TITLE)
    return rows


def _lists(
    rejects: Iterable[dict[str, Any]], refused: list[dict[str, Any]]
) -> Iterator[tuple[tuple[str, str], list[dict[str, Any]]]]:
    """Yield the refused rows list by list; files refused whole are put aside into ``refused``."""
    for where, told in groupby(rejects, key=lambda row: (row["file"], row["sheet"])):
        for part in _batches(told, _ROWS_OF_A_SHEET):
            refused += (row for row in part if row["row"] is None)
            rows = [row for row in part if row["row"] is not None]
            if rows:
                yield where, rows


def _write_refused(book: "xlsxwriter.Workbook", refused: list[dict[str, Any]]) -> None:
    sheet = book.add_worksheet(_REFUSED_TITLE)
    text = book.add_format({"num_format": "@"})
    sheet.set_column(0, 0, 50, text)
    sheet.set_column(1, len(REFUSED_HEADINGS) - 1, 36, text)
    sheet.freeze_panes(1, 1)
    sheet.write_row(0, 0, REFUSED_HEADINGS, book.add_format({"bold": True}))
    for number, row in enumerate(refused, 1):
        told = (
            row["file"],
            row["sheet"],
            _both(reason_text(row["reason"])),
            _both(REMEDIES.get(row["reason"])),
        )
        for place, cell in enumerate(told):
            sheet.write_string(number, place, cell, text)


def _both(text: Text | None) -> str:
    return f"{text.zh} / {text.en}" if text is not None else ""


def _batches(rows: Iterator[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    while part := list(islice(rows, size)):
        yield part


def _write_list(
    book: "xlsxwriter.Workbook", number: int, headings: list[str], told: list[dict[str, Any]]
) -> int:
    sheet = book.add_worksheet(f"拒收{number}")
    text = book.add_format({"num_format": "@"})
    sheet.set_column(0, len(ABOUT) + len(headings), 18, text)
    sheet.freeze_panes(1, len(ABOUT))
    sheet.write_row(0, 0, [*ABOUT, *headings], book.add_format({"bold": True}))
    count = 0
    for count, row in enumerate(told, 1):
        for place, cell in enumerate(_line(row)):
            sheet.write_string(count, place, cell, text)
    return count


def _line(row: dict[str, Any]) -> list[str]:
    cells = next(csv.reader([row["raw"]]), [])
    about = [
        reason_text(row["reason"]).zh,
        row["column"] or "",
        row["file"],
        row["sheet"],
        str(row["row"] or ""),
    ]
    return [*about, *cells]


def reason_text(code: str) -> Text:
    """Return the words of a reason code; a code of a later program stands for itself."""
    return REASONS.get(code, Text(code, code))
