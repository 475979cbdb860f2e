"""Amounts are read exactly or refused; what is written is read back."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rongdun.kernel.money import (
    LARGEST_FEN,
    WrongAmount,
    fen_from_number,
    format_short,
    format_yuan,
    parse_fen,
)


def wide(text: str) -> str:
    """Return ``text`` in the full-width characters an input method types."""
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        # 1 yuan is 100 fen, 1 万 is 10,000 yuan, 1 亿 is 100,000,000 yuan.
        ("1.2万", 1_200_000),
        ("3亿", 30_000_000_000),
        ("2.4亿元", 24_000_000_000),
        ("5747万", 5_747_000_000),
        ("5w", 5_000_000),
        ("3千", 300_000),
        ("1.5百万", 150_000_000),
        ("12,345.60", 1_234_560),
        ("12,345,678.9", 1_234_567_890),
        ("1,234.5万元", 1_234_500_000),
        ("¥1,000", 100_000),
        ("¥1,000.00元", 100_000),
        ("人民币 173430 元整", 17_343_000),
        ("CNY 88.8", 8_880),
        ("88.8 RMB", 8_880),
        (wide("12345.60"), 1_234_560),
        (wide("1.2") + "万", 1_200_000),
        ("\uffe51,000", 100_000),
        ("50分", 50),
        (".5", 50),
        ("0", 0),
        ("100块", 10_000),
        ("1.005万", 1_005_000),
        ("1.23456万", 1_234_560),
    ],
)
def test_amounts_are_read_as_officers_and_banks_write_them(text: str, fen: int) -> None:
    assert parse_fen(text) == fen


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "无法识别"),
        ("元", "无法识别"),
        ("百万", "无法识别"),
        ("约3万", "无法识别"),
        ("3万5", "无法识别"),
        ("1.2.3", "无法识别"),
        ("12 345", "无法识别"),
        ("1e5", "无法识别"),
        ("12.345,60", "无法识别"),
        ("1万至2万", "无法识别"),
        ("1,23", "千分位"),
        ("1,2345", "千分位"),
        ("0.001", "分以下"),
        ("12.345", "分以下"),
        ("1.2345678万", "分以下"),
        ("0.5分", "分以下"),
        ("5万分", "单位不明确"),
        ("-100", "正负号"),
        ("9223372036854775807", "过大"),
    ],
)
def test_what_is_not_certain_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(WrongAmount) as refused:
        parse_fen(text)
    assert reason in refused.value.message.zh
    assert "1.2万" in refused.value.action.zh


def test_statements_may_carry_a_sign() -> None:
    assert parse_fen("-1,200.50", signed=True) == -120_050
    assert parse_fen("¥-1200.5", signed=True) == -120_050
    assert parse_fen("+3万", signed=True) == 3_000_000


@pytest.mark.parametrize(
    ("number", "fen"),
    [
        (0.1 + 0.2, 30),
        (1234.56, 123_456),
        (100, 10_000),
        (Decimal("99.99"), 9_999),
        (-0.01, -1),
        (1e10, 10**12),
    ],
)
def test_numbers_of_a_spreadsheet_are_read_to_the_fen(number: float | Decimal, fen: int) -> None:
    assert fen_from_number(number) == fen


@pytest.mark.parametrize("number", [0.001, float("nan"), float("inf"), Decimal("0.005"), Decimal("NaN")])
def test_numbers_that_name_no_whole_fen_are_refused(number: float | Decimal) -> None:
    with pytest.raises(WrongAmount):
        fen_from_number(number)


@pytest.mark.parametrize(
    ("fen", "shown"),
    [
        (0, "0元"),
        (5, "0.05元"),
        (95_000, "950元"),
        (999_999, "9,999.99元"),
        (1_000_000, "1万元"),
        (1_234_500, "1.23万元"),
        (1_235_000, "1.24万元"),
        (5_747_000_000, "5,747万元"),
        (9_999_999_999, "1亿元"),
        (24_000_000_000, "2.4亿元"),
        (-1_200_000, "-1.2万元"),
    ],
)
def test_boards_show_wan_and_yi(fen: int, shown: str) -> None:
    assert format_short(fen) == shown


def test_exact_amounts_are_grouped() -> None:
    assert format_yuan(123_456_789) == "1,234,567.89"
    assert format_yuan(-5) == "-0.05"


@given(st.integers(-LARGEST_FEN, LARGEST_FEN))
def test_what_is_written_exactly_is_read_back(fen: int) -> None:
    assert parse_fen(format_yuan(fen), signed=True) == fen


@given(st.integers(0, 10**14))
def test_what_a_board_shows_is_within_half_of_its_last_digit(fen: int) -> None:
    shown = parse_fen(format_short(fen))
    unit = 10**10 if "亿" in format_short(fen) else 10**6 if "万" in format_short(fen) else 100
    assert abs(shown - fen) * 200 <= unit


@given(st.floats(-1e12, 1e12).map(lambda yuan: round(yuan, 2)))
def test_two_decimals_survive_a_spreadsheet(yuan: float) -> None:
    assert fen_from_number(yuan) == round(Decimal(repr(yuan)) * 100)


@given(st.text(max_size=30))
def test_any_text_is_an_amount_or_a_clear_refusal(text: str) -> None:
    try:
        assert 0 <= parse_fen(text) <= LARGEST_FEN
    except WrongAmount as refused:
        assert refused.message.en


def test_digits_of_other_scripts_are_not_read() -> None:
    with pytest.raises(WrongAmount):
        parse_fen("\u0661\u0662\u0663")
