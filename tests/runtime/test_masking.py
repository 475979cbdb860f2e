"""Nothing that names a person or opens a door gets through, by key or by shape, wherever it hides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rongdun.runtime.masking import HIDDEN, is_sensitive, mask_mapping, mask_text, mask_value


@pytest.mark.parametrize(
    "text",
    [
        "13912345678",
        "139 1234 5678",
        "139-1234-5678",
        "+8613912345678",
        "+86 139 1234 5678",
        "电话13912345678已拨",
        "tel-13912345678",
        "0591-87654321",
        "350102199001011234",
        "35010219900101123X",
        "身份证350102199001011234号",
        "350102900101123",
        "6222021234567890123",
        "6222 0212 3456 7890 123",
        "6222-0212-3456-7890",
        "someone@example.com",
    ],
)
def test_a_number_that_names_somebody_is_replaced_wherever_it_stands(text: str) -> None:
    masked = mask_text(f"before {text} after")
    assert not any(run.isdigit() and len(run) > 3 for run in masked.replace("-", " ").split())
    assert "@" not in masked
    assert masked.startswith("before ")
    assert masked.endswith(" after")


@pytest.mark.parametrize(
    "text",
    [
        "0193e2b0-1234-7abc-8def-139123456789",
        "2026-07-01T10:00:00.123456Z",
        "20260701",
        "12,345,678,901",
        "3.10.0",
        "stop.validity",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "JJ-20260701-0930",
    ],
)
def test_identifiers_times_and_digests_are_left_readable(text: str) -> None:
    assert mask_text(text) == text


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(["", " ", "：", "号", "(", "\n"]))
def test_no_mobile_number_survives_in_any_surroundings(number: str, around: str) -> None:
    assert number not in mask_text(f"联系{around}{number}{around}处理")


@pytest.mark.parametrize(
    "key",
    [
        "name",
        "victim_name",
        "holder",
        "phone",
        "Phone",
        "id_number",
        "ID-Number",
        "card_no",
        "account",
        "address",
        "narrative",
        "password",
        "totp",
        "csrf",
        "authorization",
        "q",
        "payload",
        "before",
        "subject_label",
    ],
)
def test_a_sensitive_key_hides_whatever_it_holds(key: str) -> None:
    assert is_sensitive(key)
    assert mask_mapping({key: "陈一"}) == {key: HIDDEN}


@pytest.mark.parametrize("key", ["event", "logger", "task_name", "worker", "route", "status", "deadline_id"])
def test_what_operators_need_stays_readable(key: str) -> None:
    assert mask_mapping({key: "x"}) == {key: "x"}


def test_masking_reaches_into_whatever_is_nested() -> None:
    value = {"rows": [{"victim_name": "陈一", "n": 1}, ("13912345678", 13912345678, b"secret", None, 1.5)]}
    assert mask_value(value) == {
        "rows": [{"victim_name": HIDDEN, "n": 1}, ["<phone>", "<phone>", "<6 bytes>", None, 1.5]]
    }


def test_an_endless_structure_ends() -> None:
    loop: dict[str, object] = {}
    loop["again"] = loop
    assert HIDDEN in str(mask_value(loop))


def test_what_the_database_says_about_a_row_is_hidden() -> None:
    message = (
        "duplicate key value violates unique constraint\n"
        "DETAIL:  Key (name)=(陈一) already exists.\n"
        "[SQL: insert into people]\n[parameters: {'name': '陈一', 'note': 'a]b'}]"
    )
    assert "陈一" not in mask_text(message)
    assert "unique constraint" in mask_text(message)
