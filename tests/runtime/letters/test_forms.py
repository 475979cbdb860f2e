"""Official forms: the same words as PDF and as Word."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from rongdun.runtime.letters import Frame
from rongdun.runtime.letters.forms import (
    Block,
    Fields,
    Grid,
    Heading,
    Paragraph,
    Seal,
    Signatures,
    form_pdf,
)
from rongdun.runtime.letters.word import form_docx
from tests.runtime.letters.pdftext import text_of, texts_of

AT = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
FRAME = Frame(
    title="返还决定书",
    unit="演示市公安局",
    number="榕公刑返字[2026]1号",
    date="2026年3月2日",
    printed="打印 演示",
    watermark=("演示",),
    language="zh",
)
ACCOUNT = "6299990000000000017"
APPLICATION = "01a2198a-cdee-7497-9b6c-4415e23f69b7"
"""It breaks in its cell before digits too, and can still be copied whole."""

FORM: list[Block] = [
    Paragraph("演示第一银行:", flush=True),
    Paragraph("请协助返还下列款项。#eval(1)"),
    Heading("明细"),
    Fields([("户名", "演示·王一"), ("账号", ACCOUNT), ("编号", APPLICATION), ("金额", "")]),
    Grid(["被害人", "收款账号", "返还金额"], [["演示·王一", ACCOUNT, "30,000.00"]], right=[2]),
    Signatures(["民警一", "民警二"]),
    Seal(),
]
WORDS = (
    "返还决定书",
    "榕公刑返字[2026]1号",
    "请协助返还下列款项。#eval(1)",
    "明细",
    ACCOUNT,
    APPLICATION,
    "30,000.00",
)


def test_a_form_says_the_same_as_pdf_and_as_word() -> None:
    pdf = text_of(form_pdf(FORM, frame=FRAME, at=AT)).replace(" ", "").replace("\n", "")
    word = _words(form_docx(FORM, frame=FRAME, at=AT))
    assert [text for text in WORDS if text.replace(" ", "") not in pdf] == []
    assert [text for text in WORDS if text not in word] == []


def test_word_opens_in_a_chinese_face_and_names_no_tool() -> None:
    document = Document(io.BytesIO(form_docx(FORM, frame=FRAME, at=AT)))
    assert (document.core_properties.author, document.core_properties.comments) == ("演示市公安局", "")
    faces = {run.font.name for paragraph in document.paragraphs for run in paragraph.runs}
    assert faces == {"宋体", "黑体"}


def test_tables_of_word_stand_apart_and_hold_an_account_number_in_one_line() -> None:
    """A digit of 宋体 is half as wide as its size; a cell has 1.9 mm to each side."""
    document = Document(io.BytesIO(form_docx(FORM, frame=FRAME, at=AT)))
    kinds = [one.tag.rsplit("}", 1)[-1] for one in document.element.body]
    assert ("tbl", "tbl") not in list(pairwise(kinds))
    needed = Pt(19 * 10.5 / 2) + Mm(2 * 1.9)
    for table in document.tables:
        row = next(one for one in table.rows if any(cell.text == ACCOUNT for cell in one.cells))
        (cell,) = (one for one in row.cells if one.text == ACCOUNT)
        assert cell.width is not None and cell.width >= needed
        assert Mm(154) < sum(one.width or 0 for one in row.cells) < Mm(158)


def test_headings_of_word_stay_with_what_follows_and_a_table_s_head_is_repeated() -> None:
    document = Document(io.BytesIO(form_docx(FORM, frame=FRAME, at=AT)))
    (heading,) = (one for one in document.paragraphs if one.text == "明细")
    assert heading.paragraph_format.keep_with_next
    heads = [row.cells[0].text for table in document.tables for row in table.rows if _is_repeated(row)]
    assert heads == ["被害人"]


def _is_repeated(row: Any) -> bool:
    return row._tr.trPr is not None and row._tr.trPr.find(qn("w:tblHeader")) is not None


def test_an_english_paragraph_is_not_indented() -> None:
    words: list[Block] = [Paragraph("Please freeze the account.")]
    for frame, indent in ((FRAME, Pt(24)), (replace(FRAME, language="en"), Pt(0))):
        made = Document(io.BytesIO(form_docx(words, frame=frame, at=AT)))
        assert made.paragraphs[-1].paragraph_format.first_line_indent == indent


def test_control_characters_do_not_break_a_form() -> None:
    nasty: list[Block] = [Paragraph("甲\x00乙\x0b丙\ufffe")]
    assert "甲乙丙" in _words(form_docx(nasty, frame=FRAME, at=AT))
    assert "甲乙丙" in text_of(form_pdf(nasty, frame=FRAME, at=AT))


def _words(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


@pytest.mark.parametrize("lines", range(20, 29))
def test_what_is_sealed_below_fields_stays_with_their_last_row(lines: int) -> None:
    words = [Paragraph(f"演示第{place}段") for place in range(1, lines + 1)]
    fields = Fields([("办案民警", "演示甲"), ("办案民警", "演示乙")])
    blocks: list[Block] = [*words, fields, Signatures(["银行经办："]), Seal("演示单位")]
    (sealed,) = (page for page in texts_of(form_pdf(blocks, frame=FRAME, at=AT)) if "演示单位" in page)
    assert all(part in sealed for part in ("演示乙", "银行经办"))
    word = Document(io.BytesIO(form_docx(blocks, frame=FRAME, at=AT)))
    (row,) = word.tables[0].rows
    (below,) = (one for one in word.paragraphs if not one.text)
    assert all(cell.paragraphs[0].paragraph_format.keep_with_next for cell in row.cells)
    assert below.paragraph_format.keep_with_next


@pytest.mark.parametrize("lines", range(18, 34, 3))
def test_what_is_signed_or_sealed_stays_with_the_words_above_it(lines: int) -> None:
    words = [Paragraph(f"演示第{place}段") for place in range(1, lines + 1)]
    blocks: list[Block] = [*words, Signatures(["承办民警："]), Signatures(["批准意见："]), Seal("演示单位")]
    (sealed,) = (page for page in texts_of(form_pdf(blocks, frame=FRAME, at=AT)) if "演示单位" in page)
    assert all(part in sealed for part in (f"演示第{lines}段", "承办民警", "批准意见"))
    word = Document(io.BytesIO(form_docx(blocks, frame=FRAME, at=AT))).paragraphs
    kept = [one.text for one in word if one.paragraph_format.keep_with_next]
    assert [one[:4] for one in kept] == [
        f"演示第{lines}段"[:4],
        "承办民警",
        "批准意见",
        "（印 章",
        "演示单位",
    ]
