"""Identity numbers are checked against the standards' own examples."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rongdun.kernel.id_number import (
    Resident,
    Sex,
    WrongIdNumber,
    credit_check,
    mask_id_number,
    parse_credit_code,
    parse_resident,
    resident_check,
)


@pytest.mark.parametrize(
    ("number", "born", "sex", "region"),
    [
        # The two examples printed in GB 11643-1999 itself.
        ("11010519491231002X", date(1949, 12, 31), Sex.FEMALE, "110105"),
        ("440524188001010014", date(1880, 1, 1), Sex.MALE, "440524"),
    ],
)
def test_the_standards_examples_are_read(number: str, born: date, sex: Sex, region: str) -> None:
    assert parse_resident(number) == Resident(number, born, sex, region)


def test_a_fifteen_digit_number_becomes_the_eighteen_digit_one() -> None:
    # GB 11643: 15 places leave out the century and the check character of 11010519491231002X.
    assert parse_resident("110105491231002").number == "11010519491231002X"


@pytest.mark.parametrize(
    "pasted",
    [
        "11010519491231002x",
        "1101 0519 4912 3100 2X",
        "".join(chr(ord(c) + 0xFEE0) for c in "11010519491231002X"),
    ],
)
def test_writing_does_not_matter(pasted: str) -> None:
    assert parse_resident(pasted).number == "11010519491231002X"


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("110105194912310021", "校验位"),
        ("11010519491231", "18位"),
        ("1101051949123100X2", "18位"),
        ("A1010519491231002X", "18位"),
        ("99" + "010519491231002X", "18位"),
    ],
)
def test_a_wrong_number_is_refused_with_the_reason(number: str, reason: str) -> None:
    with pytest.raises(WrongIdNumber) as refused:
        parse_resident(number)
    assert reason in refused.value.message.zh


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("16010119900307001", "地区码"),
        ("35010219900230001", "出生日期不存在"),
        ("35010219901301001", "出生日期不存在"),
    ],
)
def test_a_right_check_character_does_not_make_a_number_possible(body: str, reason: str) -> None:
    with pytest.raises(WrongIdNumber) as refused:
        parse_resident(body + resident_check(body))
    assert reason in refused.value.message.zh


def test_nobody_is_born_after_today() -> None:
    number = "35010220300101001" + resident_check("35010220300101001")
    assert parse_resident(number).birth_date == date(2030, 1, 1)
    with pytest.raises(WrongIdNumber):
        parse_resident(number, on=date(2029, 12, 31))


def test_the_example_of_the_credit_code_standard() -> None:
    # GB 32100-2015, annex: 91350100M000100Y43.
    assert parse_credit_code("91350100m000100y43") == "91350100M000100Y43"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("91350100M000100Y44", "校验位"),
        ("91350100M000100Y4", "18位"),
        ("9135010OM000100Y43", "18位"),
        ("", "18位"),
    ],
)
def test_a_wrong_credit_code_is_refused(code: str, reason: str) -> None:
    with pytest.raises(WrongIdNumber) as refused:
        parse_credit_code(code)
    assert reason in refused.value.message.zh


def test_masks() -> None:
    assert mask_id_number("11010519491231002X") == "110***********002X"
    assert mask_id_number("110105491231002") == "110********1002"
    assert mask_id_number("12345678") == "********"


BODIES = st.builds(
    lambda region, born, order: f"{region:06d}{born:%Y%m%d}{order:03d}",
    st.sampled_from([350102, 350112, 350181, 110105, 440524]),
    st.dates(date(1900, 1, 1), date(2025, 12, 31)),
    st.integers(1, 999),
)


@given(BODIES, st.integers(0, 16), st.integers(0, 9))
def test_one_wrong_digit_is_always_noticed(body: str, place: int, digit: int) -> None:
    check = resident_check(body)
    typo = body[:place] + str(digit) + body[place + 1 :]
    assert (resident_check(typo) == check) is (typo == body)


@given(BODIES, st.integers(0, 15))
def test_two_digits_changed_about_are_always_noticed(body: str, place: int) -> None:
    swapped = body[:place] + body[place + 1] + body[place] + body[place + 2 :]
    assert (resident_check(swapped) == resident_check(body)) is (swapped == body)


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=17, max_size=17), st.integers(0, 16))
def test_one_wrong_character_of_a_credit_code_is_always_noticed(body: str, place: int) -> None:
    typo = body[:place] + ("7" if body[place] != "7" else "8") + body[place + 1 :]
    assert credit_check(typo) != credit_check(body)


@given(BODIES)
def test_what_is_read_is_what_was_written(body: str) -> None:
    resident = parse_resident(body + resident_check(body))
    assert f"{resident.region}{resident.birth_date:%Y%m%d}" == body[:14]
    assert (resident.sex is Sex.MALE) is (int(body[16]) % 2 == 1)


@given(st.text(max_size=20))
def test_any_text_is_a_number_or_a_refusal(text: str) -> None:
    try:
        number = parse_resident(text).number
    except WrongIdNumber as refused:
        assert refused.message.en
    else:
        assert parse_resident(number).number == number
