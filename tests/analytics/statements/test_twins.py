"""The compiled loops say what the exact rules, and other implementations, say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rongdun.analytics.statements.cells import Column, cells_of_rows
from rongdun.analytics.statements.columns import accounts, amounts, moments
from rongdun.analytics.statements.encodings import to_utf8
from rongdun.analytics.statements.exact import Refused, exact_account, exact_amount, exact_moment
from rongdun.analytics.statements.kernels.decode import BAD
from rongdun.analytics.statements.kernels.numbers import ASK, read_amounts, read_moments, write_accounts
from rongdun.kernel.account import WrongAccount, parse_account
from rongdun.kernel.money import WrongAmount, parse_fen

MESSY = st.text(alphabet="0123456789.,-+¥ 元Ee_*Xx:/T年月日９１　'\t", min_size=1, max_size=24)


def column(text: str) -> tuple[np.ndarray, Column]:
    cells = cells_of_rows([[text]], [1])
    return cells.data, cells.column(0)


def marks(count: int) -> np.ndarray:
    return np.empty(count, np.int8)


@given(
    MESSY
    | st.decimals(0, 10**9, places=2).map(str)
    | st.from_regex(r"-?¥?\d{1,3}(,\d{3}){0,3}\.\d{0,4}", fullmatch=True)
)
def test_amounts(text: str) -> None:
    data, cells = column(text)
    told = amounts(data, cells, 2)
    try:
        expected: object = exact_amount(text, 2)
    except Refused as refusal:
        expected = refusal.reason
    assert (told.refused.get(0) or (int(told.fen[0]), int(told.signs[0]))) == expected


@given(st.from_regex(r"[-]?¥?(\d{1,9}|\d{1,3}(,\d{3}){1,3})(\.\d{1,4})?元?", fullmatch=True))
def test_exact_amounts_agree_with_the_kernel(text: str) -> None:
    try:
        expected = parse_fen(text, signed=True)
    except WrongAmount:
        with pytest.raises(Refused):
            exact_amount(text, 2)
        return
    fen, sign = exact_amount(text, 2)
    assert fen * (sign or 1) == expected


@given(
    MESSY
    | st.datetimes().map(lambda told: told.strftime("%Y%m%d%H%M%S"))
    | st.datetimes().map(lambda told: told.isoformat(" "))
    | st.datetimes().map(lambda told: told.strftime("%Y/%m/%d %H:%M"))
)
def test_moments(text: str) -> None:
    data, cells = column(text)
    told = moments(data, cells)
    try:
        expected: object = tuple(exact_moment(text))
    except Refused as refusal:
        expected = refusal.reason
    assert (told.refused.get(0) or (int(told.micros[0]), int(told.precisions[0]))) == expected


@given(MESSY | st.from_regex(r"'?\d{5,34}(_\d{1,3})?", fullmatch=True))
def test_accounts(text: str) -> None:
    data, cells = column(text)
    told = accounts(data, cells, wallet=False)
    try:
        expected: object = tuple(exact_account(text))
    except Refused as refusal:
        expected = refusal.reason
    got = told.numbers[0].as_py(), told.marks[0].as_py() or "", int(told.flags[0])
    assert (told.refused.get(0) or got) == expected


@given(MESSY | st.from_regex(r"'?[0-9 ]{5,34}(_\d{1,3})?", fullmatch=True))
def test_exact_accounts_agree_with_the_kernel(text: str) -> None:
    try:
        expected = parse_account(text)
    except WrongAccount:
        return
    assert exact_account(text)[:2] == tuple(expected)


def test_clean_cells_never_leave_the_compiled_loops() -> None:
    data, cells = column("12345.60")
    assert read_amounts(data, cells.starts, cells.ends, 2, np.empty(1, np.int64), marks(1), marks(1)) == 0
    data, cells = column("20250301123456")
    assert read_moments(data, cells.starts, cells.ends, np.empty(1, np.int64), marks(1), marks(1)) == 0
    data, cells = column("6299990000000000011")
    states = marks(1)
    write_accounts(data, cells.starts, cells.ends, np.empty(40, np.uint8), np.empty(2, np.int32), states)
    assert states[0] != ASK


def decoded(content: bytes, name: str) -> str:
    data, bad = to_utf8(np.frombuffer(bytearray(content), np.uint8), name)
    assert bad == int((data == BAD).sum())
    return bytes(data[data != BAD]).decode()


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_gb18030_decodes_as_python_does(text: str) -> None:
    assert decoded(text.encode("gb18030"), "gb18030") == text
    assert decoded(text.encode(), "utf-8") == text


@settings(max_examples=300)
@given(st.binary(max_size=60))
def test_any_bytes_become_valid_text(content: bytes) -> None:
    decoded(content, "gb18030")
    assert decoded(content, "utf-8") == content.decode("utf-8", "ignore")


def test_every_two_byte_pair() -> None:
    pairs = [
        bytes((lead, trail)) for lead in range(0x81, 0xFF) for trail in range(0x40, 0xFF) if trail != 0x7F
    ]
    for pair in pairs:
        assert decoded(pair, "gb18030") == pair.decode("gb18030")
