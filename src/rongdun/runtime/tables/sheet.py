"""A table as an Excel sheet that says on every page who took it out, when, and for which unit."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.errors import Text
from rongdun.kernel.scope import Actor
from rongdun.runtime.i18n import Language, say
from rongdun.runtime.tables.spec import Column, TableSpec

DEMO = Text("演示数据", "Demonstration data")

_HEADER_ROW = 3
_EXCEL_DIGITS = 15
_MAX_CELL = 32_767
_MAX_WIDTH = 60
_YES = Text("是", "yes")
_NO = Text("否", "no")
_FORMATS = {
    "title": {"bold": True, "font_size": 16},
    "mark": {"font_color": "#6B6B6B"},
    "header": {"bold": True, "bg_color": "#E9EDF2", "font_color": "#1F3A5F", "bottom": 1, "text_wrap": True},
    "text": {"num_format": "@", "valign": "top"},
    "number": {"num_format": "0", "valign": "top"},
    "money": {"num_format": "#,##0.00", "valign": "top"},
    "time": {"num_format": "yyyy-mm-dd hh:mm:ss", "valign": "top", "align": "left"},
    "date": {"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Watermark:
    """Who takes a document out, when, and whether it shows the demonstration."""

    actor: Actor
    now: datetime
    demo: bool

    def line(self, language: Language) -> str:
        """Return the watermark as one line."""
        at = self.now.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
        who = f"{self.actor.name}({self.actor.login})"
        parts = [who, self.actor.unit_name, at, *([say(DEMO, language)] if self.demo else [])]
        return " · ".join(part for part in parts if part)


def export_xlsx(
    spec: TableSpec,
    rows: Sequence[Any],
    *,
    title: Text,
    watermark: Watermark,
    language: Language = "zh",
) -> bytes:
    """Return ``rows`` as an Excel workbook with the exported columns of ``spec``.

    Text is written as text, never as a formula or a link, whatever it begins with; whole numbers of more
    than 15 digits are text too, because Excel would round them; times are civil time of the centre.
    """
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"title": say(title, language), "created": watermark.now.replace(tzinfo=None)})
        styles = {name: book.add_format(options) for name, options in _FORMATS.items()}
        sheet = book.add_worksheet(say(Text("数据", "Data"), language))
        _head(sheet, styles, say(title, language), watermark.line(language))
        _Body(book, sheet, styles, language).write(spec.exported(), rows)
    return buffer.getvalue()


def _head(sheet: Worksheet, styles: Mapping[str, Format], title: str, mark: str) -> None:
    sheet.write_string(0, 0, title, styles["title"])
    sheet.write_string(1, 0, mark, styles["mark"])
    printed = mark.replace("&", "&&")[:200]
    sheet.set_header(f"&L{printed}")
    sheet.set_footer(f"&L{printed}&R&P / &N")
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEADER_ROW)
    sheet.freeze_panes(_HEADER_ROW + 1, 0)


@dataclass(slots=True)
class _Body:
    book: Workbook
    sheet: Worksheet
    styles: Mapping[str, Format]
    language: Language

    def write(self, columns: Mapping[str, Column], rows: Sequence[Any]) -> None:
        for position, (name, column) in enumerate(columns.items()):
            heading = say(column.title, self.language)
            self.sheet.write_string(_HEADER_ROW, position, heading, self.styles["header"])
            widest = _display_width(heading)
            for line, row in enumerate(rows, start=_HEADER_ROW + 1):
                value = self._in_words(column, _value(name, column, row))
                self._cell(line, position, value, money=column.meaning == "money")
                widest = max(widest, _display_width(str(value)))
            self.sheet.set_column(position, position, column.width or min(widest + 2, _MAX_WIDTH))
        if columns:
            self.sheet.autofilter(_HEADER_ROW, 0, _HEADER_ROW + len(rows), len(columns) - 1)

    def _in_words(self, column: Column, value: Any) -> Any:
        if isinstance(value, Text):
            return say(value, self.language)
        if isinstance(value, bool):
            return say(_YES if value else _NO, self.language)
        if isinstance(value, list | tuple | set | frozenset):
            return "、".join(str(self._in_words(column, item)) for item in value)
        if column.choices and value in column.choices:
            return say(column.choices[value], self.language)
        return value

    def _cell(self, line: int, position: int, value: Any, *, money: bool) -> None:
        if value is None:
            return
        if isinstance(value, datetime) and value.year >= 1900:
            civil = value.astimezone(SHANGHAI).replace(tzinfo=None)
            self.sheet.write_datetime(line, position, civil, self.styles["time"])
        elif isinstance(value, date) and not isinstance(value, datetime) and value.year >= 1900:
            self.sheet.write_datetime(line, position, value, self.styles["date"])
        elif isinstance(value, int) and abs(value) < 10**_EXCEL_DIGITS:
            number, style = (value / 100, "money") if money else (value, "number")
            self.sheet.write_number(line, position, number, self.styles[style])
        else:
            self.sheet.write_string(line, position, str(value)[:_MAX_CELL], self.styles["text"])


def _value(name: str, column: Column, row: Any) -> Any:
    take: Callable[[Any], Any] | None = column.cell
    return take(row) if take else getattr(row, name)


def _display_width(text: str) -> int:
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)
