"""The same account is the same key however it was pasted, and a lost digit is never invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rongdun.kernel.account import (
    AccountKey,
    AccountNumber,
    WrongAccount,
    account_from_number,
    luhn_holds,
    mask_account,
    parse_account,
)

CARD = "6222021234567890128"


def wide(text: str) -> str:
    """Return ``text`` in the full-width characters an input method types."""
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


@pytest.mark.parametrize(
    "pasted",
    [
        CARD,
        "6222 0212 3456 7890 128",
        "6222-0212-3456-7890-128",
        wide(CARD),
        " 6222021234567890128\u200b",
        "'6222021234567890128",
        "\ufeff6222\u00a00212\u30003456 7890128",
        "6.222021234567890128E+18",
        "6.222021234567890128e18",
    ],
)
def test_one_card_has_one_number(pasted: str) -> None:
    assert parse_account(pasted) == AccountNumber(CARD)


def test_the_sub_account_mark_is_kept_apart_and_written_back_as_messages_want_it() -> None:
    # 100101: AccountNumber is “主账号” or “主账号_识别号”.
    parsed = parse_account("6222 0212 3456 7890 128_00 01")
    assert parsed == AccountNumber(CARD, "0001")
    assert parsed.message_form == CARD + "_0001"
    assert AccountNumber(CARD).message_form == CARD


def test_an_account_is_the_institution_and_the_number() -> None:
    assert AccountKey("102", parse_account("6222 0212 3456 7890 128")) == AccountKey(
        "102", AccountNumber(CARD)
    )
    assert AccountKey("102", AccountNumber(CARD)) != AccountKey("103", AccountNumber(CARD))


@pytest.mark.parametrize("pasted", ["6.22202E+18", "6.222021234567E+18", "6.22202123456789E+18", "1E+10"])
def test_digits_lost_to_scientific_notation_are_not_invented(pasted: str) -> None:
    with pytest.raises(WrongAccount) as refused:
        parse_account(pasted)
    assert "科学计数法" in refused.value.message.zh


@pytest.mark.parametrize("pasted", ["6222****0128", "6222XXXX0128", "6222" + wide("****") + "0128"])
def test_a_masked_number_is_refused_as_masked(pasted: str) -> None:
    with pytest.raises(WrongAccount) as refused:
        parse_account(pasted)
    assert "打码" in refused.value.message.zh


@pytest.mark.parametrize("pasted", ["", "1234", "abcdef", "6222 张三 0128", "9" * 35, "12345_甲"])
def test_what_cannot_be_an_account_is_refused(pasted: str) -> None:
    with pytest.raises(WrongAccount):
        parse_account(pasted)


def test_a_refusal_never_repeats_the_number() -> None:
    with pytest.raises(WrongAccount) as refused:
        parse_account("6222****0128")
    assert "0128" not in str(refused.value)


def test_cells_that_hold_numbers() -> None:
    assert account_from_number(6222021234567890128) == AccountNumber(CARD)
    assert account_from_number(350100123456789.0) == AccountNumber("350100123456789")
    for lost in (6222021234567890128.0, 12345.5, float("nan"), float("inf")):
        with pytest.raises(WrongAccount):
            account_from_number(lost)


@pytest.mark.parametrize(
    ("number", "holds"),
    [
        # ISO/IEC 7812-1, annex B. By hand, from the right: 8,2,1,0,9,8,7,6,5,4,3,2,1,2,0,2,2,2,6; every second
        # doubled and its digits added: 8+4+1+0+9+7+7+3+5+8+3+4+1+4+0+4+2+4+6 = 80.
        ("4111111111111111", True),
        ("4111111111111112", False),
        (CARD, True),
        ("350100", None),
        ("ABCDEFGHIJKLMN", None),
    ],
)
def test_the_check_digit_is_a_hint(number: str, holds: bool | None) -> None:
    assert luhn_holds(number) is holds


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("6222021234560123", "6222 **** **** 0123"),
        (CARD, "6222 **** **** *** 0128"),
        ("123456789", "1234 * 6789"),
        ("12345678", "******78"),
        ("1234", "****"),
        ("", ""),
    ],
)
def test_the_middle_of_a_number_is_hidden(number: str, masked: str) -> None:
    assert mask_account(number) == masked


@given(st.text("0123456789", min_size=5, max_size=34), st.lists(st.integers(0, 34), max_size=8))
def test_spaces_anywhere_do_not_make_another_account(number: str, places: list[int]) -> None:
    spaced = number
    for place in places:
        spaced = spaced[:place] + " " + spaced[place:]
    assert parse_account(spaced).number == number


@given(st.integers(10**12, 10**18 - 1), st.integers(0, 9), st.integers(0, 17))
def test_one_wrong_digit_is_always_noticed(number: int, digit: int, place: int) -> None:
    body = str(number)
    complete = next(body + check for check in "0123456789" if luhn_holds(body + check))
    place %= len(complete)
    typo = complete[:place] + str(digit) + complete[place + 1 :]
    assert luhn_holds(typo) is (typo == complete)


@given(st.text(max_size=40))
def test_any_text_is_an_account_or_a_clear_refusal(text: str) -> None:
    try:
        parsed = parse_account(text)
    except WrongAccount as refused:
        assert refused.message.zh
    else:
        assert parse_account(parsed.message_form) == parsed
