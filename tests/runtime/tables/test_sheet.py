"""Excel exports, read back from the XML that Excel reads (ECMA-376), not through the code that wrote them."""

import io
import re
import zipfile
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

import pytest

from rongdun.kernel.errors import Text
from rongdun.kernel.scope import Actor, Scope
from rongdun.runtime.tables import Column, TableSpec
from rongdun.runtime.tables.sheet import Watermark, export_xlsx

NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
AT = datetime(2026, 2, 28, 16, 30, 5, tzinfo=UTC)
ACTOR = Actor(
    user_id=UUID(int=1),
    login="chen1",
    name="演示·陈一",
    unit_id=UUID(int=2),
    unit_path="cn.fj.fz.",
    roles=frozenset(),
    permissions=frozenset(),
    scope=Scope.nothing(),
    unit_name="福州市反诈骗中心",
)
ATTACKS = [
    "=1+1",
    "+86 199",
    "-2",
    "@SUM(A1)",
    "=cmd|'/c calc'!A0",
    "\t=1+1",
    "{=1+1}",
    "https://example.invalid/",
    "0123",
    "1e5",
]


@dataclass
class Row:
    value: Any


def _open(content: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(content))


def _cells(content: bytes) -> list[list[str]]:
    """Return the sheet's rows as texts of the cells that hold something."""
    book = _open(content)
    shared = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
    texts = ["".join(node.itertext()) for node in shared.findall("m:si", NS)]
    sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    return [[_text(cell, texts) for cell in row] for row in sheet.iterfind(".//m:row", NS)]


def _text(cell: ElementTree.Element, texts: list[str]) -> str:
    value = cell.findtext("m:v", "", NS)
    return texts[int(value)] if cell.get("t") == "s" else value


def _export(values: list[Any], *, demo: bool = False, language: Any = "zh", **column: Any) -> bytes:
    spec = TableSpec({"value": Column(None, Text("内容", "Content"), **column)}, key=None)  # type: ignore[arg-type]
    mark = Watermark(actor=ACTOR, now=AT, demo=demo)
    rows = [Row(value) for value in values]
    return export_xlsx(spec, rows, title=Text("用户", "Users"), watermark=mark, language=language)


def _body(content: bytes) -> list[str]:
    return [row[0] for row in _cells(content)[3:]]


def test_text_is_never_a_formula_a_link_or_a_number() -> None:
    content = _export(ATTACKS)
    sheet = _open(content).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert _body(content) == ATTACKS
    assert all(re.search(rf'<c r="A{line}"[^>]* t="s"', sheet) for line in range(5, 5 + len(ATTACKS)))


def test_the_sheet_says_who_took_it_out_when_and_for_whom() -> None:
    first, second = _cells(_export([], demo=True))[:2]
    assert first == ["用户"]
    assert second == ["演示·陈一(chen1) · 福州市反诈骗中心 · 2026-03-01 00:30:05 · 演示数据"]
    printed = _open(_export([], demo=True)).read("xl/worksheets/sheet1.xml").decode()
    assert printed.count("演示·陈一(chen1)") == 2, "once in the printed header, once in the footer"
    assert "演示数据" not in str(_cells(_export([], demo=False)))


@pytest.mark.parametrize(
    ("value", "column", "expected"),
    [
        (123, {}, "123"),
        (6222_0000_0000_0123, {}, "6222000000000123"),
        (12_345_67, {"kind": "money"}, "12345.67"),
        (True, {}, "是"),
        (Text("市局", "City"), {}, "市局"),
        (["值班长", "审计员"], {}, "值班长、审计员"),
        ("open", {"choices": {"open": Text("在办", "Open")}}, "在办"),
        (UUID(int=7), {}, "00000000-0000-0000-0000-000000000007"),
    ],
)
def test_cells_hold_what_an_officer_would_read(value: Any, column: dict[str, Any], expected: str) -> None:
    assert _body(_export([value], **column)) == [expected]


def test_control_characters_leave_a_file_that_opens() -> None:
    [found] = _body(_export(["含\x00控制\x1b符"]))
    assert found.startswith("含") and found.endswith("符")


def test_an_empty_value_leaves_an_empty_cell() -> None:
    assert _body(_export([None])) == []


def test_a_card_number_keeps_every_digit() -> None:
    sheet = _open(_export([6222_0000_0000_0123])).read("xl/worksheets/sheet1.xml").decode()
    assert re.search(r'<c r="A5"[^>]* t="s"', sheet)


def test_times_are_civil_time_of_the_centre() -> None:
    """Excel counts days from 1899-12-30: 2026-03-01 is day 46082."""
    [moment, day] = _body(_export([AT, date(2026, 3, 1)]))
    assert float(moment) == pytest.approx(46082 + (30 * 60 + 5) / 86_400, abs=1e-6)
    assert float(day) == 46082


def test_english_exports_are_english_throughout() -> None:
    content = _export([True], language="en", demo=True)
    rows = _cells(content)
    assert rows[0] == ["Users"]
    assert rows[1][0].endswith("Demonstration data")
    assert rows[-2:] == [["Content"], ["yes"]]
