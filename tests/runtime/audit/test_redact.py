"""Nothing personal and no secret is remembered, whatever key it comes under."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rongdun.runtime.audit import canonical_json, mask, mask_text, redact

PHONE = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
ID_NUMBER = st.from_regex(r"350100190001[0-9]{5}[0-9X]", fullmatch=True)
CARD = st.from_regex(r"62[0-9]{14,17}", fullmatch=True)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Nd", "L")))


def test_a_mask_keeps_what_lets_two_people_agree_on_which_number_is_meant() -> None:
    assert mask("19900001234") == "199****1234"
    assert mask("350100190001011234") == "350***********1234"
    assert mask("12345678") == "********"


@given(number=PHONE | ID_NUMBER | CARD, before=WORDS, after=WORDS)
def test_numbers_of_people_are_found_in_any_text(number: str, before: str, after: str) -> None:
    assert number not in mask_text(f"{before}{number}{after}")
    assert number not in mask_text(f"电话{number}已停机")


@pytest.mark.parametrize(
    "text",
    ["199 0000 1234", "199-0000-1234", "+86 19900001234", "+8619900001234", "6222 0000 0000 0000 123"],
)
def test_numbers_written_in_groups_are_found(text: str) -> None:
    masked = mask_text(f"账户 {text} 有误")
    assert text not in masked
    assert "****" in masked


@pytest.mark.parametrize(
    "text",
    [
        "0198f0a1-7c2e-7000-8000-199000012345",
        "2025-03-01T04:05:06.000007Z",
        "cn.fj.fz.gulou.dongjie.",
        "A3501026400002020010001",
        "128.199.100.200",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ],
)
def test_identifiers_moments_and_hashes_are_left_alone(text: str) -> None:
    assert mask_text(text) == text


@pytest.mark.parametrize(
    "key",
    [
        "password",
        "new_password",
        "totp_secret",
        "recovery_codes",
        "csrf",
        "home_address",
        "email",
        "narrative",
    ],
)
def test_what_may_not_be_kept_even_masked_is_struck_out(key: str) -> None:
    assert redact({key: "福州市鼓楼区演示路1号"}) == {key: "***"}


@pytest.mark.parametrize("key", ["phone", "victim_phone", "mobile", "id_number", "card_no", "account_no"])
def test_a_telling_key_masks_even_what_looks_harmless(key: str) -> None:
    assert redact({key: "0591-1234"}) == {key: "*********"}
    assert redact({key: 19900001234}) == {key: "199****1234"}


def test_an_address_on_the_network_is_no_address_of_a_person() -> None:
    assert redact({"ip_address": "127.0.0.1"}) == {"ip_address": "127.0.0.1"}


def test_nesting_hides_nothing() -> None:
    found = redact({"people": [{"phone": "19900001234", "tags": {"打 19900001234"}}]})
    assert found == {"people": [{"phone": "199****1234", "tags": ["打 199****1234"]}]}


def test_flags_under_a_telling_key_stay_readable() -> None:
    assert redact({"password_changed": True, "phone": None}) == {"password_changed": True, "phone": None}


class _State(Enum):
    OPEN = "open"


def test_every_value_becomes_exact_json() -> None:
    found = redact(
        {
            "id": UUID(int=7),
            "at": datetime(2025, 3, 1, 4, 5, 6, 7, tzinfo=UTC),
            "on": date(2025, 3, 1),
            "ratio": 0.1,
            "rate": Decimal("1.50"),
            "amount": 2**70,
            "card": 6222000000001234,
            "fen": 13812345678,
            "state": _State.OPEN,
            "blob": b"abc",
            "text": "a\x00b\ud800c",
        }
    )
    assert found == {
        "id": "00000000-0000-0000-0000-000000000007",
        "at": "2025-03-01T04:05:06.000007Z",
        "on": "2025-03-01",
        "ratio": "0.1",
        "rate": "1.50",
        "amount": "1180591620717411303424",
        "card": "622*********1234",
        "fen": 13812345678,
        "state": "open",
        "blob": "(3 bytes)",
        "text": "a\ufffdb\ufffdc",
    }
    assert json.loads(canonical_json(found)) == found


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.floats() | st.binary() | st.none()))
def test_what_is_redacted_always_has_a_canonical_form(values: dict[str, object]) -> None:
    assert json.loads(canonical_json(redact(values))) == redact(values)
