"""Official forms as Word documents, in the proportions of GB/T 9704, for who must fill in further."""

import io
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Any, Final
from unicodedata import east_asian_width

from docx import Document
from docx.document import Document as WordFile
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as WordParagraph

from rongdun.kernel.errors import Text
from rongdun.runtime.i18n import say
from rongdun.runtime.letters import Frame
from rongdun.runtime.letters.forms import Block, Fields, Grid, Heading, Paragraph, Seal, Signatures

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_SERIF, _SANS = "宋体", "黑体"

_LEFT_MM, _RIGHT_MM, _TEXT_MM = 28, 26, 156
_FIELDS_MM: Final = (31, 47, 31, 47)
_CELL_PT: Final = 2
"""Above and below what stands in a cell."""

_NARROWEST, _WIDEST = 8, 24
"""Half-width signs a column of a table counts for at least and at most: more of them break."""


def form_docx(blocks: Sequence[Block], *, frame: Frame, at: datetime) -> bytes:
    """Return the form as a Word document, made at ``at``; the same input gives the same text."""
    document = Document()
    _page(document, frame)
    _properties(document, frame, at)
    _line(document, frame.unit, size=15, font=_SANS, align=WD_ALIGN_PARAGRAPH.CENTER)
    _line(document, frame.title, size=20, font=_SANS, align=WD_ALIGN_PARAGRAPH.CENTER)
    _line(document, f"{frame.number}    {frame.date}", size=10.5, align=WD_ALIGN_PARAGRAPH.RIGHT)
    for one, after in zip_longest(blocks, blocks[1:]):
        _block(document, one, frame, keep=isinstance(after, Signatures | Seal | Grid | Fields))
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _block(document: WordFile, one: Block, frame: Frame, *, keep: bool) -> None:
    """Write a block; ``keep`` it on the page of the next, so that a seal begins none and a table has its words."""
    match one:
        case Heading():
            _line(document, one.text, size=13, font=_SANS, keep=True)
        case Paragraph():
            indented = frame.language == "zh" and not one.flush
            _line(document, one.text, indent=24 if indented else 0, keep=keep)
        case Fields():
            _fields(document, one.rows, keep=keep)
        case Grid():
            _grid(document, one, keep=keep)
        case Signatures():
            _line(
                document, "    ".join(f"{label} ______________" for label in one.labels), size=12, keep=keep
            )
        case Seal():
            seal = say(Text("（印 章）", "(seal)"), frame.language)
            for text in (seal, one.name or frame.unit):
                _line(document, text, align=WD_ALIGN_PARAGRAPH.RIGHT, keep=True)
            _line(document, frame.date, align=WD_ALIGN_PARAGRAPH.RIGHT)


def _page(document: WordFile, frame: Frame) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(_LEFT_MM), Mm(_RIGHT_MM)
    _write(section.header.paragraphs[0], " · ".join(frame.watermark), size=9)
    _write(section.footer.paragraphs[0], frame.printed, size=9)
    document.styles["Normal"].paragraph_format.space_after = Pt(6)


def _properties(document: WordFile, frame: Frame, at: datetime) -> None:
    about = document.core_properties
    about.title, about.author, about.comments = _clean(frame.title), _clean(frame.unit), ""
    about.created = about.modified = at.astimezone(UTC).replace(tzinfo=None)
    about.last_modified_by = _clean(frame.unit)


def _line(
    document: WordFile,
    text: str,
    *,
    size: float = 12,
    font: str = _SERIF,
    indent: float = 0,
    align: WD_ALIGN_PARAGRAPH | None = None,
    keep: bool = False,
) -> None:
    paragraph: Any = document.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.first_line_indent = Pt(indent)
    paragraph.paragraph_format.keep_with_next = keep or None
    _write(paragraph, text, size=size, font=font)


def _write(paragraph: WordParagraph, text: str, *, size: float, font: str = _SERIF) -> None:
    run = paragraph.add_run(_clean(text))
    run.font.size, run.font.name = Pt(size), font
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _fields(document: WordFile, rows: Sequence[tuple[str, str]], *, keep: bool) -> None:
    table = _table(document, _FIELDS_MM)
    for place in range(0, len(rows), 2):
        cells = [cell for label, value in rows[place : place + 2] for cell in (label, value)]
        _row(table, _FIELDS_MM, [*cells, "", ""][:4], keep=keep and place + 2 >= len(rows))
    _below(document, keep=keep)


def _grid(document: WordFile, one: Grid, *, keep: bool) -> None:
    widths = _widths([one.head, *one.rows])
    table = _table(document, widths)
    _row(table, widths, one.head, font=_SANS, right=one.right, heading=True, keep=True)
    for place, row in enumerate(one.rows, 1):
        _row(table, widths, row, right=one.right, keep=keep and place == len(one.rows))
    _below(document, keep=keep)


def _table(document: WordFile, widths_mm: Sequence[float]) -> Any:
    table = document.add_table(rows=0, cols=len(widths_mm), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths_mm, strict=True):
        column.width = Mm(width)
    return table


def _row(
    table: Any,
    widths_mm: Sequence[float],
    cells: Sequence[str],
    *,
    font: str = _SERIF,
    right: Sequence[int] = (),
    heading: bool = False,
    keep: bool = False,
) -> None:
    """Add a row that stays on one page, ``keep``: that of what comes below; a ``heading`` stands on every page."""
    row = table.add_row()
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    if heading:
        row._tr.trPr.append(OxmlElement("w:tblHeader"))
    for place, (cell, width, text) in enumerate(zip(row.cells, widths_mm, cells, strict=True)):
        cell.width = Mm(width)
        paragraph: Any = cell.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if place in right else None
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(_CELL_PT)
        paragraph.paragraph_format.keep_with_next = keep or None
        _write(paragraph, text, size=10.5, font=font)


def _below(document: WordFile, *, keep: bool) -> None:
    """Leave a narrow line: two tables without one between them would be one table in Word."""
    paragraph: Any = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.line_spacing = Pt(6)
    paragraph.paragraph_format.keep_with_next = keep or None


def _widths(rows: Sequence[Sequence[str]]) -> list[float]:
    """Return the columns' widths in mm: by their longest cells, so that an account number stands in one line."""
    longest = [max(_signs(cell) for cell in column) + 2 for column in zip(*rows, strict=True)]
    shares = [min(max(signs, _NARROWEST), _WIDEST) for signs in longest]
    return [_TEXT_MM * share / sum(shares) for share in shares]


def _signs(text: str) -> int:
    """Return how wide a text is, in half-width signs."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _clean(text: str) -> str:
    return _CONTROL.sub("", text)
