"""Makes visibly synthetic statement files (演示…, cards with a test BIN) and reads them back. Shared by these tests."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter

from rongdun.analytics.statements.reader import read_path
from rongdun.analytics.statements.reasons import REASONS
from rongdun.analytics.statements.schema import SCHEMAS

SHANGHAI = ZoneInfo("Asia/Shanghai")
CARD = "6299990000000000011"
CARD2 = "6299990000000000029"
PEER = "6299991000000000036"

REPLY = [
    "交易卡号",
    "交易账号",
    "查询反馈结果原因",
    "交易户名",
    "交易证件号码",
    "交易时间",
    "交易金额",
    "交易余额",
    "收付标志",
    "交易对手账卡号",
    "现金标志",
    "对手户名",
    "对手身份证号",
    "对手开户银行",
    "摘要说明",
    "交易币种",
    "交易网点名称",
    "交易发生地",
    "交易是否成功",
    "传票号",
    "IP地址",
    "MAC地址",
    "对手交易余额",
    "交易流水号",
    "日志号",
    "凭证种类",
    "凭证号",
    "交易柜员号",
    "备注",
    "商户名称",
    "商户代码",
    "交易类型",
]
"""The 32 headings of file-formats 10.4."""

PLAIN = {
    "交易卡号": CARD,
    "交易账号": "90000000011",
    "交易户名": "演示甲",
    "交易时间": "20250301123456",
    "交易金额": "1234.50",
    "交易余额": "8765.43",
    "收付标志": "出",
    "交易对手账卡号": PEER,
    "现金标志": "转账",
    "对手户名": "演示乙",
    "对手开户银行": "演示银行",
    "摘要说明": "转账",
    "交易币种": "CNY",
    "交易是否成功": "1",
    "交易流水号": "S0001",
    "交易类型": "网银转账",
}
"""One good row of them."""


def row(**changes: str) -> dict[str, str]:
    """A good row of the reply layout with some cells changed."""
    return {**PLAIN, **changes}


def csv_bytes(
    headings: Sequence[str],
    rows: Sequence[Mapping[str, str] | Sequence[str]],
    *,
    encoding: str = "gb18030",
    delimiter: str = ",",
    newline: str = "\r\n",
) -> bytes:
    """Rows (by heading, or in order) as a delimited file."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=newline)
    writer.writerow(headings)
    for cells in rows:
        writer.writerow([cells.get(name, "") for name in headings] if isinstance(cells, Mapping) else cells)
    return out.getvalue().encode(encoding)


def write_book(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> Path:
    """An XLSX workbook; numbers are written as numbers, datetimes as Excel's day numbers."""
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd hh:mm:ss"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    sheet.write_string(number, column, cell) if isinstance(cell, str) else sheet.write(
                        number, column, cell
                    )
    return path


@dataclass
class Read:
    """What became of one member file."""

    path: str
    container: str
    layout: str | None
    encoding: str | None
    refused: str | None
    taken: int
    rejected: int
    blank: int
    notes: dict[tuple[str, str], int]
    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def transactions(self) -> list[dict[str, Any]]:
        return self.tables.get("transactions", [])

    @property
    def rejects(self) -> list[dict[str, Any]]:
        return self.tables.get("rejects", [])

    @property
    def reasons(self) -> list[str]:
        return [reject["reason"] for reject in self.rejects]


def read_all(path: Path, **options: Any) -> list[Read]:
    """Read a path; whatever it is, rows add up, schemas hold and every reason has its words."""
    found = []
    for reading in read_path(path, **options):
        tables: dict[str, list[dict[str, Any]]] = {}
        for table, batch in reading:
            assert batch.schema.equals(SCHEMAS[table])
            batch.validate(full=True)
            tables.setdefault(table, []).extend(batch.to_pylist())
        counts = reading.counts
        rejects = [reject for reject in tables.get("rejects", []) if reject["row"] is not None]
        assert len(rejects) == counts.rejected
        assert sum(len(rows) for name, rows in tables.items() if name != "rejects") == counts.taken
        assert all(reject["reason"] in REASONS for reject in tables.get("rejects", []))
        assert all(reason in REASONS for _, reason in reading.notes)
        found.append(
            Read(
                reading.path, reading.container, reading.layout, reading.encoding, reading.refused,
                counts.taken, counts.rejected, counts.blank, dict(reading.notes), tables,
            )
        )  # fmt: skip
    return found


def read_one(path: Path, **options: Any) -> Read:
    """Read a path that holds one file."""
    (found,) = read_all(path, **options)
    return found


def read_bytes(tmp_path: Path, content: bytes, name: str = "a.csv", **options: Any) -> Read:
    """Write a file and read it."""
    path = tmp_path / name
    path.write_bytes(content)
    return read_one(path, **options)


def read_reply(
    tmp_path: Path, *rows: Mapping[str, str], headings: Sequence[str] = REPLY, **options: Any
) -> Read:
    """Write rows of the reply layout and read them."""
    return read_bytes(tmp_path, csv_bytes(headings, rows, **options))


def shanghai(
    year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0, micro: int = 0
) -> datetime:
    """A moment of Shanghai's civil time, to compare with one in UTC."""
    return datetime(year, month, day, hour, minute, second, micro, tzinfo=SHANGHAI)
