"""An unknown layout: columns guessed with reasons, a mapping saved as data, and the file then read by it."""

# ruff: noqa: E501  (tables of cells read better unbroken; a Chinese character counts two)

import json
from pathlib import Path

import pytest

from rongdun.analytics.statements.guess import fits, guess_mapping, mapped_layout
from rongdun.analytics.statements.layout import Layout, WrongLayout, builtin_layouts
from rongdun.kernel.errors import Text
from tests.analytics.statements.making import CARD, PEER, csv_bytes, read_bytes, shanghai

HEADINGS = ["记账日", "本方", "去向卡", "数目(万元)", "剩余", "方向", "对方叫什么", "说明摘要"]
ROWS = [
    ["2025-03-01 12:34:56", CARD, PEER, "1.25", "10.00", "出", "演示乙", "货款"],
    ["2025-03-02 12:34:56", CARD, "6299991000000000044", "0.50", "20.00", "进", "演示丙", "退款"],
]
COLUMNS = {
    "time": "记账日", "account": "本方", "cp_account": "去向卡", "amount": "数目", "direction": "方向", "cp_name": "对方叫什么",
}  # fmt: skip


def test_columns_are_guessed_by_content_with_reasons() -> None:
    found = {guess.role: guess for guess in guess_mapping([HEADINGS, *ROWS])}
    assert {role: guess.column for role, guess in found.items()} == {
        "time": 0, "account": 1, "cp_account": 2, "amount": 3, "direction": 5, "cp_name": 6, "purpose": 7,
    }  # fmt: skip
    assert found["time"].reason == Text("100% 的单元格是日期或时间", "100% of the cells are dates or times")
    assert all(0 < guess.score <= 1 for guess in found.values())


def test_nothing_is_guessed_from_nothing() -> None:
    assert guess_mapping([]) == []
    assert guess_mapping([["甲", "乙"]]) == []
    assert guess_mapping([["甲"], ["演示文字很长很长很长的一段话,不像任何东西"]]) == []


def test_a_mapping_is_saved_as_data_and_reads_the_file(tmp_path: Path) -> None:
    content = csv_bytes(HEADINGS, ROWS)
    assert read_bytes(tmp_path, content).refused == "unknown_layout"
    made = mapped_layout("unit_demo", Text("演示单位版式", "Demo layout"), COLUMNS)
    kept = Layout.from_data(json.loads(json.dumps(made.to_data(), ensure_ascii=False)))
    assert kept == made and fits(kept, HEADINGS)
    read = read_bytes(tmp_path, content, layouts=[kept])
    assert [
        (got["account"], got["cp_account"], got["amount_fen"], got["direction"]) for got in read.transactions
    ] == [
        (CARD, PEER, 1_250_000, -1),
        (CARD, "6299991000000000044", 500_000, 1),
    ]
    assert read.transactions[0]["time"] == shanghai(2025, 3, 1, 12, 34, 56)
    assert read.layout == "unit_demo"


@pytest.mark.parametrize("without", ["time", "account", "amount", "direction"])
def test_a_mapping_without_the_necessary_is_refused(without: str) -> None:
    columns = {role: heading for role, heading in COLUMNS.items() if role != without}
    with pytest.raises(WrongLayout):
        mapped_layout("unit_demo", Text("演示", "Demo"), columns)
    with pytest.raises(WrongLayout):
        mapped_layout("unit_demo", Text("演示", "Demo"), {**COLUMNS, "nonsense": "甲"})


def test_a_sign_may_stand_for_the_direction(tmp_path: Path) -> None:
    columns = {"time": "时", "account": "卡", "amount": "数"}
    made = mapped_layout("unit_sign", Text("演示", "Demo"), columns, plus="in")
    content = csv_bytes(["时", "卡", "数"], [["20250301", CARD, "5.00"], ["20250301", CARD, "-5.00"]])
    read = read_bytes(tmp_path, content, layouts=[made])
    assert [got["direction"] for got in read.transactions] == [1, -1]


def test_a_unit_says_what_the_words_of_its_file_mean(tmp_path: Path) -> None:
    content = csv_bytes(HEADINGS, [[*ROWS[0][:5], "0", *ROWS[0][6:]], [*ROWS[1][:5], "1", *ROWS[1][6:]]])
    plain = mapped_layout("unit_a", Text("演示", "Demo"), COLUMNS)
    told = mapped_layout("unit_b", Text("演示", "Demo"), COLUMNS, directions={"0": "in", "1": "out"})
    assert read_bytes(tmp_path, content, layouts=[plain]).reasons == ["unknown_direction"] * 2
    assert [got["direction"] for got in read_bytes(tmp_path, content, layouts=[told]).transactions] == [1, -1]
    with pytest.raises(WrongLayout):
        mapped_layout("unit_c", Text("演示", "Demo"), COLUMNS, directions={"0": "maybe"})


def test_every_built_in_layout_is_data_too() -> None:
    assert [Layout.from_data(layout.to_data()) for layout in builtin_layouts()] == list(builtin_layouts())
    assert len({layout.id for layout in builtin_layouts()}) == len(builtin_layouts()) == 19
