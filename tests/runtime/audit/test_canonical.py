"""Canonical JSON: the examples of RFC 8785 and its rules over random values."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rongdun.runtime.audit import NotCanonical, canonical_json

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
    max_leaves=30,
)


def test_keys_are_sorted_as_in_rfc_8785_section_3_2_3() -> None:
    value = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    order = list(json.loads(canonical_json(value)).values())
    assert order == [
        "Carriage Return",
        "One",
        "Control",
        "Latin Small Letter O With Diaeresis",
        "Euro Sign",
        "Emoji: Grinning Face",
        "Hebrew Letter Dalet With Dagesh",
    ]


def test_strings_and_literals_are_written_as_in_rfc_8785_section_3_2_2() -> None:
    value = {"string": '\u20ac$\u000f\nA\'B"\\\\"/', "literals": [None, True, False]}
    expected = '{"literals":[null,true,false],"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    assert canonical_json(value) == expected.encode("utf-8")


def test_control_characters_have_the_two_forms_of_ecma_262() -> None:
    written = canonical_json("".join(map(chr, range(0x20))) + "\x7f\u2028")
    expected = (
        '"\\u0000\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006\\u0007\\b\\t\\n\\u000b\\f\\r\\u000e\\u000f'
        "\\u0010\\u0011\\u0012\\u0013\\u0014\\u0015\\u0016\\u0017\\u0018\\u0019\\u001a\\u001b\\u001c\\u001d"
        '\\u001e\\u001f\x7f\u2028"'
    )
    assert written == expected.encode("utf-8")


@given(VALUES)
@example({"\U0001f600": 1, "\ufb33": {"\U0001f600": 2, "\ue000": 3}})
def test_it_reads_back_and_is_a_fixed_point(value: object) -> None:
    written = canonical_json(value)
    assert json.loads(written) == value
    assert canonical_json(json.loads(written)) == written


@given(VALUES)
@example([{"\U0001f600": 1, "\ufb33": 2, "中文": 3}])
def test_every_object_is_in_utf_16_order(value: object) -> None:
    def check(pairs: list[tuple[str, object]]) -> dict[str, object]:
        keys = [key.encode("utf-16-be") for key, _ in pairs]
        assert keys == sorted(keys)
        return dict(pairs)

    json.loads(canonical_json(value), object_pairs_hook=check)


@given(st.dictionaries(TEXT, VALUES, min_size=2))
def test_the_order_in_which_keys_were_put_in_does_not_matter(value: dict[str, object]) -> None:
    backwards = dict(reversed(value.items()))
    assert canonical_json(backwards) == canonical_json(value)


@pytest.mark.parametrize(
    "value", [1.5, float("nan"), 2**53, -(2**53), "\ud800", {1: 2}, b"x", {"a": [object()]}]
)
def test_what_has_no_exact_form_is_refused(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical_json(value)
