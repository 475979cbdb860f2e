"""Old workbooks: what a bank saves as .xls reads as the same rows saved as text."""

from datetime import datetime
from pathlib import Path
from typing import Any

import xlwt

from tests.analytics.statements.making import CARD2, REPLY, csv_bytes, read_one, row, write_book

WHERE = ("row_key", "file_hash", "sheet", "row")
"""Where a row stood, and its key, differ between two files only in these."""


def _book(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    book = xlwt.Workbook(encoding="utf-8")
    moment = xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm:ss")
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for number, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                args = (moment,) if isinstance(cell, datetime) else ()
                sheet.write(number, column, cell, *args)
    book.save(str(path))
    return path


def _cells(**changes: Any) -> list[Any]:
    return [{**row(), **changes}.get(name, "") for name in REPLY]


def test_two_sheets_of_an_old_workbook_read_as_the_same_text(tmp_path: Path) -> None:
    first, second = row(), row(交易卡号=CARD2, 交易流水号="S0002", 收付标志="进")
    book = _book(
        tmp_path / "a.xls",
        {"一": [REPLY, [first.get(n, "") for n in REPLY]], "二": [REPLY, [second.get(n, "") for n in REPLY]]},
    )
    text = tmp_path / "a.csv"
    text.write_bytes(csv_bytes(REPLY, [first, second]))
    old, plain = read_one(book), read_one(text)
    assert (old.container, old.taken, old.rejected) == ("xls", 2, 0)
    assert [(each["sheet"], each["row"]) for each in old.transactions] == [("一", 2), ("二", 2)]
    for mine, theirs in zip(old.transactions, plain.transactions, strict=True):
        assert {k: v for k, v in mine.items() if k not in WHERE} == {
            k: v for k, v in theirs.items() if k not in WHERE
        }


def test_numbers_and_dates_kept_as_numbers_read_as_in_a_new_workbook(tmp_path: Path) -> None:
    cells = _cells(交易时间=datetime(2025, 3, 1, 12, 34, 56), 交易金额=1234.5, 交易余额=8765.43)
    old = read_one(_book(tmp_path / "a.xls", {"一": [REPLY, cells]}))
    new = read_one(write_book(tmp_path / "a.xlsx", {"一": [REPLY, cells]}))
    assert (old.taken, new.taken) == (1, 1)
    (mine,), (theirs,) = old.transactions, new.transactions
    assert (mine["amount_fen"], mine["balance_fen"]) == (123450, 876543)
    assert {k: v for k, v in mine.items() if k not in WHERE} == {
        k: v for k, v in theirs.items() if k not in WHERE
    }
