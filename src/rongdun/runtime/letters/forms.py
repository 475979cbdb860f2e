"""Official forms described once and handed over twice: as PDF to sign and keep, as Word to fill in further.

A form is a sequence of blocks. Text is only ever shown, never evaluated; ``frame`` is that of every letter.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as WordFile
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as WordParagraph

from rongdun.kernel.errors import Text
from rongdun.runtime.i18n import say
from rongdun.runtime.letters import Frame, render

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_TEMPLATE = Path(__file__).parent / "form.typ"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_SERIF, _SANS = "宋体", "黑体"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside the form."""

    text: str
    block: str = "heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; ``flush``: without the indent of a paragraph (an addressee, a line of law)."""

    text: str
    flush: bool = False
    block: str = "paragraph"


@dataclass(frozen=True, slots=True)
class Fields:
    """Labels and what stands in them, two to a line; an empty value is a field to fill in by hand."""

    rows: Sequence[tuple[str, str]]
    block: str = "fields"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with a heading row; ``right`` are the columns of figures."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: Sequence[int] = ()
    block: str = "grid"


@dataclass(frozen=True, slots=True)
class Signatures:
    """Lines to sign on."""

    labels: Sequence[str]
    block: str = "signatures"


@dataclass(frozen=True, slots=True)
class Seal:
    """Where the seal goes; ``name`` is whose (empty: the unit of the frame)."""

    name: str = ""
    block: str = "seal"


Block = Heading | Paragraph | Fields | Grid | Signatures | Seal


def form_pdf(blocks: Sequence[Block], *, frame: Frame, at: datetime) -> bytes:
    """Return the form as PDF; ``at`` is its time of making. Raises ``FontsMissing``."""
    return render(_TEMPLATE, {"blocks": [asdict(one) for one in blocks]}, frame=frame, at=at)


def form_docx(blocks: Sequence[Block], *, frame: Frame, at: datetime) -> bytes:
    """Return the form as a Word document in the proportions of GB/T 9704; the same input gives the same text."""
    document = Document()
    _page(document, frame)
    _properties(document, frame, at)
    _line(document, frame.unit, size=15, font=_SANS, align=WD_ALIGN_PARAGRAPH.CENTER)
    _line(document, frame.title, size=20, font=_SANS, align=WD_ALIGN_PARAGRAPH.CENTER)
    _line(document, f"{frame.number}    {frame.date}", size=10.5, align=WD_ALIGN_PARAGRAPH.RIGHT)
    for one, after in zip_longest(blocks, blocks[1:]):
        _block(document, one, frame, keep=isinstance(after, Signatures | Seal))
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _block(document: WordFile, one: Block, frame: Frame, *, keep: bool) -> None:
    """Write a block; ``keep`` it on the page of the next, so that what is signed or sealed begins none."""
    match one:
        case Heading():
            _line(document, one.text, size=13, font=_SANS)
        case Paragraph():
            _line(document, one.text, indent=0 if one.flush else 24, keep=keep)
        case Fields():
            _fields(document, one.rows)
        case Grid():
            _grid(document, one)
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
    section.left_margin, section.right_margin = Mm(28), Mm(26)
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


def _fields(document: WordFile, rows: Sequence[tuple[str, str]]) -> None:
    table = document.add_table(rows=0, cols=4, style="Table Grid")
    for place in range(0, len(rows), 2):
        cells = [cell for label, value in rows[place : place + 2] for cell in (label, value)]
        _row(table, [*cells, "", ""][:4])


def _grid(document: WordFile, one: Grid) -> None:
    table = document.add_table(rows=0, cols=len(one.head), style="Table Grid")
    _row(table, one.head, font=_SANS)
    for row in one.rows:
        _row(table, row, right=one.right)


def _row(table: Any, cells: Sequence[str], *, font: str = _SERIF, right: Sequence[int] = ()) -> None:
    for place, (cell, text) in enumerate(zip(table.add_row().cells, cells, strict=True)):
        paragraph: Any = cell.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if place in right else None
        _write(paragraph, text, size=10.5, font=font)


def _clean(text: str) -> str:
    return _CONTROL.sub("", text)
