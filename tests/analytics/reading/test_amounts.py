"""Amounts as callers say them, the answers worked out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rongdun.analytics.reading import find_amounts, read_amount
from rongdun.analytics.reading.numerals import chinese_number
from rongdun.kernel.money import WrongAmount

YUAN = {
    "三万五": 35_000,
    "3万5": 35_000,
    "3万5千": 35_000,
    "1.2万": 12_000,
    "一万半": 15_000,
    "两千三百元": 2_300,
    "两千三": 2_300,
    "五万块钱": 50_000,
    "一万零五百": 10_500,
    "一千零五": 1_005,
    "十五万": 150_000,
    "二十万零三千元整": 203_000,
    "一百二十万": 1_200_000,
    "49,800元": 49_800,
    "48000": 48_000,
    "9千8": 9_800,
    "1亿": 100_000_000,
}


@pytest.mark.parametrize(("said", "yuan"), YUAN.items())
def test_what_people_say_is_the_sum_they_mean(said: str, yuan: int) -> None:
    assert read_amount(said) == yuan * 100


@pytest.mark.parametrize("said", ["", "很多", "约三万", "3万5万", "百", "三五万块左右", "12.345"])
def test_what_is_not_certain_is_refused(said: str) -> None:
    with pytest.raises(WrongAmount):
        read_amount(said)


@given(st.integers(1, 99_999_999))
def test_a_numeral_written_by_the_rules_is_read_back(value: int) -> None:
    assert chinese_number(_spoken(value)) == value


def test_amounts_are_found_where_a_text_mentions_them() -> None:
    text = "今天转了49800元到6222021234567890128,后来又转三万五和1.2万,一共三笔"
    assert [fen for _, _, fen in find_amounts(text)] == [4_980_000, 3_500_000, 1_200_000]


def _spoken(value: int) -> str:
    """Write a number in Chinese, by the rules of school: another way round than the reader's."""
    digits = "零一二三四五六七八九"
    if value >= 10_000:
        rest = value % 10_000
        tail = "" if rest == 0 else ("零" if rest < 1_000 else "") + _spoken(rest)
        return _spoken(value // 10_000) + "万" + tail
    written, zero = "", False
    for unit, name in ((1_000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, unit)
        if digit:
            written += ("零" if zero and written else "") + digits[digit] + name
            zero = False
        else:
            zero = bool(written)
    return written
