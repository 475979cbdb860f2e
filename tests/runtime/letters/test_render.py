"""Letters are real PDFs: their text is read back through the fonts that lie in the file."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from rongdun.runtime import letters
from rongdun.runtime.letters import FontsMissing, Frame, render, say_date, say_time
from tests.runtime.letters.pdftext import embedded_fonts, pages_of, text_of

AT = datetime(2026, 2, 28, 16, 30, tzinfo=UTC)
PARAGRAPH = '#import "/base.typ": *\n#show: letter\n#data.text\n#seal()'
ATTACKS = [
    '#read("/etc/passwd")',
    '#eval("1+1")',
    "#panic()",
    '#import "@preview/x:1.0.0"',
    "*粗体* _斜体_ $x^2$ <标签> @引用 \\u{41} ] } // 注释 /* */",
    '"引号" \\ 反斜线 \' `代码`',
]


def frame(**changes: Any) -> Frame:
    """Return a frame of the demonstration."""
    values = {
        "title": "测试文书",
        "unit": "福州市反诈骗中心",
        "number": "榕反诈〔2026〕1号",
        "date": "2026年3月1日",
        "printed": "打印 演示·陈一(chen1)",
        "watermark": ("演示数据",),
        "language": "zh",
    }
    return Frame(**{**values, **changes})


@pytest.fixture
def paragraph(tmp_path: Path) -> Path:
    path = tmp_path / "paragraph.typ"
    path.write_text(PARAGRAPH, "utf-8")
    return path


def test_a_letter_shows_its_frame_and_text_in_fonts_it_carries(paragraph: Path) -> None:
    pdf = render(paragraph, {"text": "请于收到之日起四十八小时内回复。"}, frame=frame(), at=AT)
    text = text_of(pdf)
    for expected in ("测试文书", "福州市反诈骗中心", "榕反诈〔2026〕1号", "2026年3月1日", "四十八小时内回复"):
        assert expected in text
    for expected in ("打印 演示·陈一(chen1)", "第 1 页 / 共 1 页", "演示数据", "（印 章）"):
        assert expected in text
    assert embedded_fonts(pdf) >= {"NotoSansSC-Bold", "NotoSerifSC-Regular"}
    assert pages_of(pdf) == 1


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_somebody_typed_is_shown_and_never_run(paragraph: Path, attack: str) -> None:
    text = text_of(render(paragraph, {"text": attack}, frame=frame(), at=AT))
    assert "".join(attack.split()) in "".join(text.split())
    assert "root:" not in text


@settings(max_examples=40, deadline=None)
@given(typed=st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=60))
def test_nothing_that_can_be_typed_breaks_a_letter(
    tmp_path_factory: pytest.TempPathFactory, typed: str
) -> None:
    path = tmp_path_factory.mktemp("letter") / "paragraph.typ"
    path.write_text(PARAGRAPH, "utf-8")
    assert pages_of(render(path, {"text": typed}, frame=frame(title=typed, unit=typed), at=AT)) >= 1


def test_a_template_reaches_no_file_of_the_machine(tmp_path: Path) -> None:
    for reference in ("/etc/hostname", "../../../../../../../../etc/hostname"):
        path = tmp_path / "template.typ"
        path.write_text(f'#read("{reference}")', "utf-8")
        with pytest.raises(typst.TypstError):
            render(path, {}, frame=frame(), at=AT)


def test_long_letters_number_their_pages(paragraph: Path) -> None:
    pdf = render(paragraph, {"text": "转账" * 2_000}, frame=frame(), at=AT)
    pages = pages_of(pdf)
    assert pages > 2
    text = text_of(pdf)
    assert all(f"第 {page} 页 / 共 {pages} 页" in text for page in range(1, pages + 1))


def test_english_letters_are_english_throughout(paragraph: Path) -> None:
    english = frame(title="Test", unit="Centre", number="1", date="1 March 2026", printed="", language="en")
    text = text_of(render(paragraph, {"text": "hello"}, frame=english, at=AT))
    assert "Page 1 of 1" in text
    assert "(seal)" in text
    assert "第" not in text


def test_the_same_letter_is_the_same_file(paragraph: Path) -> None:
    first, second = (render(paragraph, {"text": "同一份"}, frame=frame(), at=AT) for _ in range(2))
    assert first == second


def test_dates_are_civil_dates_of_the_centre() -> None:
    assert say_date(AT, "zh") == "2026年3月1日"
    assert say_date(AT, "en") == "1 March 2026"
    assert say_time(AT) == "2026-03-01 00:30"


def test_missing_fonts_are_named_instead_of_printing_boxes(
    paragraph: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters, "_FONTS", tmp_path)
    letters._fonts.cache_clear()
    with pytest.raises(FontsMissing) as refusal:
        render(paragraph, {"text": ""}, frame=frame(), at=AT)
    assert "字体" in refusal.value.message.zh
    monkeypatch.undo()
    letters._fonts.cache_clear()


def test_a_letter_is_archivable_and_a_character_no_font_has_costs_only_that(paragraph: Path) -> None:
    archivable = render(paragraph, {"text": "正文"}, frame=frame(), at=AT)
    assert b"<pdfaid:part>2</pdfaid:part>" in archivable
    plain = render(paragraph, {"text": "笑脸😀之后"}, frame=frame(), at=AT)
    assert b"<pdfaid:part>" not in plain
    assert "之后" in text_of(plain)
