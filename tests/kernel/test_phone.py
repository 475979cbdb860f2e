"""Numbers are told apart by the numbering plan, and a subscriber's number is never shown whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rongdun.kernel.phone import Phone, PhoneKind, WrongPhone, mask_phone, parse_phone


def wide(text: str) -> str:
    """Return ``text`` in the full-width characters an input method types."""
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


@pytest.mark.parametrize(
    "pasted",
    [
        "19900001234",
        "199 0000 1234",
        "199-0000-1234",
        "+86 199 0000 1234",
        "+8619900001234",
        "008619900001234",
        "8619900001234",
        "019900001234",
        wide("19900001234"),
        "(+86)19900001234",
    ],
)
def test_one_mobile_has_one_number(pasted: str) -> None:
    assert parse_phone(pasted) == Phone("19900001234", PhoneKind.MOBILE)


@pytest.mark.parametrize(
    ("pasted", "number", "kind"),
    [
        # 电信网编号计划 (2017) and 工信部's allocations: 170/171/162/165/167 resale; 146/148/149/172 machines.
        ("17012345678", "17012345678", PhoneKind.MVNO),
        ("16712345678", "16712345678", PhoneKind.MVNO),
        ("14612345678", "14612345678", PhoneKind.IOT),
        ("17212345678", "17212345678", PhoneKind.IOT),
        ("1064812345678", "1064812345678", PhoneKind.IOT),
        ("1440123456789", "1440123456789", PhoneKind.IOT),
        ("0591-87654321", "059187654321", PhoneKind.LANDLINE),
        ("(0591)87654321", "059187654321", PhoneKind.LANDLINE),
        ("+86 591 8765 4321", "059187654321", PhoneKind.LANDLINE),
        ("010 6552 9999", "01065529999", PhoneKind.LANDLINE),
        ("+86 10 6552 9999", "01065529999", PhoneKind.LANDLINE),
        ("021-23456789", "02123456789", PhoneKind.LANDLINE),
        ("0598-8223456", "05988223456", PhoneKind.LANDLINE),
        ("400-123-4567", "4001234567", PhoneKind.SERVICE_400),
        ("800 810 1234", "8008101234", PhoneKind.SERVICE_400),
        ("95588", "95588", PhoneKind.SERVICE_95),
        ("96110", "96110", PhoneKind.SERVICE_95),
        ("95013812", "95013812", PhoneKind.SERVICE_95),
        ("106981234567", "106981234567", PhoneKind.SMS_PORT),
        ("110", "110", PhoneKind.SHORT),
        ("12381", "12381", PhoneKind.SHORT),
        ("10086", "10086", PhoneKind.SHORT),
        ("+852 2345 6789", "+85223456789", PhoneKind.INTERNATIONAL),
        ("00852-23456789", "+85223456789", PhoneKind.INTERNATIONAL),
        ("+1 (202) 555-0143", "+12025550143", PhoneKind.INTERNATIONAL),
    ],
)
def test_kinds_are_told_apart(pasted: str, number: str, kind: PhoneKind) -> None:
    assert parse_phone(pasted) == Phone(number, kind)


@pytest.mark.parametrize(
    "pasted",
    [
        "",
        "87654321",
        "1990000123",
        "199000012345",
        "12345678901",
        "电话不详",
        "0591",
        "199****1234",
        "+0123456",
    ],
)
def test_what_is_no_number_is_refused_with_what_to_write(pasted: str) -> None:
    with pytest.raises(WrongPhone) as refused:
        parse_phone(pasted)
    assert "区号" in refused.value.action.zh


def test_the_policy_table_may_name_other_prefixes() -> None:
    assert parse_phone("17312345678", mvno={"173"}).kind is PhoneKind.MVNO
    assert parse_phone("17012345678", mvno=(), iot={"170"}).kind is PhoneKind.IOT


@pytest.mark.parametrize(
    ("pasted", "masked"),
    [
        ("13812345678", "138****5678"),
        ("059187654321", "0591****4321"),
        ("01065529999", "0106****999"),
        ("+85223456789", "+852****6789"),
        ("1064812345678", "106******5678"),
        ("95588", "95588"),
        ("96110", "96110"),
        ("4001234567", "4001234567"),
    ],
)
def test_subscribers_are_masked_and_services_are_not(pasted: str, masked: str) -> None:
    assert mask_phone(parse_phone(pasted)) == masked


PERSONAL = st.from_regex(
    r"1[3-9][0-9]{9}|0591[2-9][0-9]{7}|010[2-9][0-9]{6,7}|\+[2-7][0-9]{6,14}", fullmatch=True
)


@given(PERSONAL)
def test_at_least_four_digits_of_a_subscriber_stay_hidden(text: str) -> None:
    phone = parse_phone(text)
    masked = mask_phone(phone)
    assert len(masked) == len(phone.number)
    assert masked.count("*") >= 4
    assert all(shown in ("*", real) for shown, real in zip(masked, phone.number, strict=True))


@given(st.text(max_size=25))
def test_any_text_is_a_number_or_a_refusal_and_reading_twice_changes_nothing(text: str) -> None:
    try:
        phone = parse_phone(text)
    except WrongPhone:
        return
    assert parse_phone(phone.number) == phone
