"""Every dirt that banks' files really carry: good rows are kept, bad rows are listed with where and why."""

# ruff: noqa: E501  (tables of cells read better unbroken; a Chinese character counts two)

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from rongdun.analytics.statements import xlsx_file
from tests.analytics.statements.making import (
    CARD,
    CARD2,
    PEER,
    PLAIN,
    REPLY,
    Read,
    csv_bytes,
    read_bytes,
    read_one,
    read_reply,
    row,
    shanghai,
    write_book,
)

WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})


def only(tmp_path: Path, **changes: str) -> dict[str, Any]:
    """The one transaction of a file with one changed row."""
    read = read_reply(tmp_path, row(**changes))
    assert read.reasons == []
    (got,) = read.transactions
    return got


def refused(tmp_path: Path, **changes: str) -> tuple[str, str, int]:
    """(reason, column, row) of the one refused row of a file whose first row is good."""
    read = read_reply(tmp_path, row(), row(**changes))
    assert (read.taken, read.rejected) == (1, 1)
    (reject,) = read.rejects
    return reject["reason"], reject["column"], reject["row"]


# Encodings and delimiters


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("gb18030", "gb18030"), ("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"), ("utf-16-be", "utf-16-be"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("delimiter", [",", "\t", "|", ";"])
def test_encoding_and_delimiter_are_found(tmp_path: Path, encoding: str, name: str, delimiter: str) -> None:
    rare = "演示𠮷㐀龦"  # beyond GBK: four bytes in GB18030, one of them outside the first plane
    content = csv_bytes(
        REPLY, [row(交易户名=rare), row(交易户名=rare)], encoding=encoding, delimiter=delimiter
    )
    read = read_bytes(tmp_path, content)
    assert (read.encoding, [got["owner_name"] for got in read.transactions]) == (name, [rare, rare])


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_ends(tmp_path: Path, newline: str) -> None:
    read = read_bytes(tmp_path, csv_bytes(REPLY, [row(), row(交易流水号="S2")], newline=newline))
    assert [got["row"] for got in read.transactions] == [2, 3]


def test_bytes_of_another_encoding_cost_only_their_row(tmp_path: Path) -> None:
    good = csv_bytes(REPLY, [row(), row(交易流水号="S2")], encoding="utf-8")
    bad = ",".join(row(交易户名="演示丙").get(name, "") for name in REPLY).encode("gb18030") + b"\r\n"
    read = read_bytes(tmp_path, good + bad + good.split(b"\r\n")[1] + b"\r\n")
    assert (read.taken, read.reasons, read.rejects[0]["row"]) == (3, ["undecodable"], 4)
    assert CARD in read.rejects[0]["raw"]


# Headings


@pytest.mark.parametrize(
    "dirty",
    [
        lambda name: f"*{name}", lambda name: f"{name}\t", lambda name: f"\u3000{name} ", lambda name: f"\ufeff{name}",
        lambda name: name.translate(WIDE), lambda name: f"{name}：", lambda name: name.replace("交易", "交 易"),
    ],
)  # fmt: skip
def test_headings_may_be_dirty(tmp_path: Path, dirty: Any) -> None:
    lines = csv_bytes(REPLY, [row()], encoding="utf-8").decode().split("\r\n")
    lines[0] = ",".join(dirty(name) for name in REPLY)
    read = read_bytes(tmp_path, "\r\n".join(lines).encode())
    assert (read.taken, read.notes) == (1, {})


def test_a_stray_quote_before_the_first_heading(tmp_path: Path) -> None:
    content = b'"' + csv_bytes(REPLY, [row(), row(交易流水号="S2")])
    read = read_bytes(tmp_path, content)
    assert [(got["account"], got["row"]) for got in read.transactions] == [(CARD, 2), (CARD, 3)]


def test_titles_above_the_headings_and_trailing_commas(tmp_path: Path) -> None:
    body = csv_bytes([*REPLY, "", ""], [row()], encoding="utf-8").decode()
    read = read_bytes(tmp_path, ("演示银行查询结果\n\n查询时间:2025-03-01 08:00:00\n" + body).encode())
    assert (read.taken, read.rejected, read.transactions[0]["row"]) == (1, 0, 5)


def test_data_above_the_headings_is_not_lost_silently(tmp_path: Path) -> None:
    body = csv_bytes(REPLY, [row()]).split(b"\r\n")
    read = read_bytes(tmp_path, b"\r\n".join([body[1], body[0], body[1], b""]))
    assert (read.taken, read.reasons, read.rejects[0]["row"]) == (1, ["before_heading"], 1)


def test_a_renamed_column_is_reported(tmp_path: Path) -> None:
    headings = ["对手方的名字" if name == "对手户名" else name for name in REPLY]
    read = read_reply(tmp_path, row(), headings=headings)
    assert read.notes == {("对手方的名字", "unknown_column"): 1}
    assert read.transactions[0]["cp_name"] is None


def test_a_renamed_amount_is_not_guessed(tmp_path: Path) -> None:
    headings = ["数目" if name == "交易金额" else name for name in REPLY]
    assert read_reply(tmp_path, row(), headings=headings).refused == "unknown_layout"


def test_two_layouts_in_one_file(tmp_path: Path) -> None:
    other = (
        "序号,查询账号,对方账号姓名,对方账号卡号,金额,余额,借贷标志,交易类型,交易结果,时间\r\n"
        f"1,{CARD2},演示丙,{PEER},7.00,1.00,贷,转账,成功,20250302000000\r\n"
    )
    content = csv_bytes(REPLY, [row()]) + other.encode("gb18030") + csv_bytes(REPLY, [row(交易流水号="S2")])
    read = read_bytes(tmp_path, content)
    assert read.layout == "control_transactions+case_bank"
    assert [(got["account"], got["row"], got["layout"]) for got in read.transactions] == [
        (CARD, 2, "control_transactions"), (CARD2, 4, "case_bank"), (CARD, 6, "control_transactions"),
    ]  # fmt: skip
    assert (read.blank, read.rejected) == (2, 0)


@pytest.mark.parametrize(
    ("heading", "cell", "fen"),
    [("交易金额(万元)", "1.5", 1_500_000), ("交易金额（分）", "150", 150), ("交易金额(元)", "1.5", 150), ("交易金额（亿元）", "0.00000001", 100)],
)  # fmt: skip
def test_a_unit_counts_where_the_heading_states_it(tmp_path: Path, heading: str, cell: str, fen: int) -> None:
    headings = [heading if name == "交易金额" else name for name in REPLY]
    read = read_reply(tmp_path, {**PLAIN, heading: cell}, headings=headings)
    assert [got["amount_fen"] for got in read.transactions] == [fen]


# Cells


@pytest.mark.parametrize(
    ("cell", "fen"),
    [
        ("1,234.50", 123450), ("¥1,234.5", 123450), ("￥1234.5", 123450), ("1234.500", 123450), ("+1234.5", 123450),
        ("-1234.50", 123450), ("１２３４．５０", 123450), ("\t1234.5 ", 123450), ("\u30001234.5\u3000", 123450),
        (".5", 50), ("0", 0), ("1234.50元", 123450), ("90071992547409.91", 9007199254740991),
    ],
)  # fmt: skip
def test_amounts(tmp_path: Path, cell: str, fen: int) -> None:
    got = only(tmp_path, 交易金额=cell)
    assert (got["amount_fen"], got["direction"]) == (fen, -1)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("1.2万", "unit_in_cell"), ("12.345", "finer_than_fen"), ("12,34", "bad_amount"), ("", "amount_missing"),
        ("-", "amount_missing"), ("null", "amount_missing"), ("abc", "bad_amount"), ("=1+1", "bad_amount"),
        ("1E+05", "bad_amount"), ("99999999999999999999", "amount_too_large"), ("1.2.3", "bad_amount"),
    ],
)  # fmt: skip
def test_amounts_that_are_not_sure(tmp_path: Path, cell: str, reason: str) -> None:
    assert refused(tmp_path, 交易金额=cell) == (reason, "交易金额", 3)


@pytest.mark.parametrize(
    ("word", "cell", "direction"),
    [
        *[(word, "5.00", 1) for word in ("进", "入", "收", "贷", "C", "c", "Ｃ", "收入")],
        *[(word, "5.00", -1) for word in ("出", "付", "借", "D", "O", "支出")],
        ("出", "-5.00", -1), ("", "-5.00", -1), ("", "+5.00", 1), ("-", "-5.00", -1),
    ],
)  # fmt: skip
def test_directions(tmp_path: Path, word: str, cell: str, direction: int) -> None:
    got = only(tmp_path, 收付标志=word, 交易金额=cell)
    assert (got["direction"], got["amount_fen"]) == (direction, 500)


@pytest.mark.parametrize(
    ("word", "cell", "reason"),
    [("", "5.00", "direction_missing"), ("不明", "5.00", "unknown_direction"), ("进", "-5.00", "sign_against_direction")],
)  # fmt: skip
def test_directions_that_are_not_sure(tmp_path: Path, word: str, cell: str, reason: str) -> None:
    assert refused(tmp_path, 收付标志=word, 交易金额=cell)[0] == reason


def test_a_reversal_in_red_takes_money_back(tmp_path: Path) -> None:
    got = only(tmp_path, 收付标志="进", 交易金额="-5.00", 摘要说明="冲正")
    assert (got["direction"], got["class"]) == (-1, "reversal")


@pytest.mark.parametrize(
    ("cell", "moment", "precision"),
    [
        ("20250301123456", shanghai(2025, 3, 1, 12, 34, 56), 2),
        ("2025-03-01 12:34:56", shanghai(2025, 3, 1, 12, 34, 56), 2),
        ("2025/3/1 9:05", shanghai(2025, 3, 1, 9, 5), 1),
        ("2025-03-01T12:34:56.789", shanghai(2025, 3, 1, 12, 34, 56, 789000), 3),
        ("20250301123456789", shanghai(2025, 3, 1, 12, 34, 56, 789000), 3),
        ("2025-03-01-12.34.56.123456", shanghai(2025, 3, 1, 12, 34, 56, 123456), 3),
        ("2025年3月1日 12时34分56秒", shanghai(2025, 3, 1, 12, 34, 56), 2),
        ("２０２５０３０１１２３４５６", shanghai(2025, 3, 1, 12, 34, 56), 2),
        ("20250301", shanghai(2025, 3, 1), 0),
        ("2025.03.01", shanghai(2025, 3, 1), 0),
        ("45717.5", shanghai(2025, 3, 1, 12), 2),
        ("1740800096", datetime(2025, 3, 1, 3, 34, 56, tzinfo=UTC), 2),
        ("2025-03-01T12:34:56+08:00", shanghai(2025, 3, 1, 12, 34, 56), 2),
        ("1988-07-01 12:00:00", datetime(1988, 7, 1, 3, tzinfo=UTC), 2),  # Shanghai kept summer time then
    ],
)
def test_times(tmp_path: Path, cell: str, moment: datetime, precision: int) -> None:
    got = only(tmp_path, 交易时间=cell)
    assert (got["time"], got["time_precision"]) == (moment, precision)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("", "time_missing"), ("20250230120000", "bad_time"), ("20251301000000", "bad_time"), ("00000000000000", "bad_time"),
        ("20250301246000", "bad_time"), ("03/01/2025", "bad_time"), ("昨天", "bad_time"), ("2025030112", "bad_time"),
    ],
)  # fmt: skip
def test_times_that_are_not_sure(tmp_path: Path, cell: str, reason: str) -> None:
    assert refused(tmp_path, 交易时间=cell) == (reason, "交易时间", 3)


@pytest.mark.parametrize(
    ("cell", "number", "mark", "flag"),
    [
        (f"\t{CARD}", CARD, None, 0), ("6299 9900 0000 0000 011", CARD, None, 0), (f"'{CARD}", CARD, None, 0),
        (f'="{CARD}"', CARD, None, 0), (CARD.translate(WIDE), CARD, None, 0), (f"{CARD}_1", CARD, "1", 0),
        ("629999******0011", "629999******0011", None, 1), ("6.299990000000000011E+18", CARD, None, 2),
        ("abc12345", "ABC12345", None, 0), (f"`{CARD}\u3000", CARD, None, 0),
    ],
)  # fmt: skip
def test_account_numbers(tmp_path: Path, cell: str, number: str, mark: str | None, flag: int) -> None:
    got = only(tmp_path, 交易卡号=cell)
    assert (got["account"], got["account_mark"], got["account_flag"]) == (number, mark, flag)
    got = only(tmp_path, 交易对手账卡号=cell)
    assert (got["cp_account"], got["cp_account_mark"], got["cp_account_flag"]) == (number, mark, flag)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [("6.29999E+18", "lost_digits"), ("123", "bad_account"), ("=cmd|' /C calc'!A0", "bad_account")],
)
def test_account_numbers_that_are_not_sure(tmp_path: Path, cell: str, reason: str) -> None:
    assert refused(tmp_path, 交易卡号=cell) == (reason, "交易卡号", 3)
    got = only(tmp_path, 交易对手账卡号=cell)  # a counterparty's costs the number, not the row
    assert (got["cp_account"], got["cp_account_raw"], got["cp_account_flag"]) == (None, cell, 3)


def test_the_other_number_of_the_account_steps_in(tmp_path: Path) -> None:
    got = only(tmp_path, 交易卡号="")
    assert (got["account"], got["account_alias"]) == ("90000000011", None)
    assert refused(tmp_path, 交易卡号="", 交易账号="") == ("account_missing", "交易卡号", 3)


@pytest.mark.parametrize("cell", ["00-1a-2b-3c-4d-5e", "001A2B3C4D5E", "00:1A:2B:3C:4D:5E", "001a.2b3c.4d5e"])
def test_mac_addresses_have_one_notation(tmp_path: Path, cell: str) -> None:
    assert only(tmp_path, MAC地址=cell)["mac"] == "00:1A:2B:3C:4D:5E"


def test_what_is_kept_with_a_doubt_is_counted(tmp_path: Path) -> None:
    read = read_reply(tmp_path, row(MAC地址="unknown", 交易余额="?", 现金标志="怪", 交易是否成功=""))
    assert read.taken == 1
    assert read.notes == {
        ("MAC地址", "bad_mac"): 1, ("交易余额", "bad_balance"): 1, ("现金标志", "unknown_cash"): 1,
        ("交易是否成功", "success_assumed"): 1,
    }  # fmt: skip


@pytest.mark.parametrize("empty", ["", "-", "--", "—", "－", "null", "NULL", "\\N", " ", "\u3000", "\t"])
def test_words_for_nothing(tmp_path: Path, empty: str) -> None:
    got = only(tmp_path, 对手户名=empty, 交易对手账卡号=empty, IP地址=empty, 交易余额=empty)
    assert (got["cp_name"], got["cp_account"], got["ip"], got["balance_fen"]) == (None, None, None, None)


def test_text_is_kept_as_text(tmp_path: Path) -> None:
    got = only(tmp_path, 备注='=HYPERLINK("http://x")', 对手户名='演示"乙", 丙', 摘要说明="转账\t给\n丁")
    assert got["remark"] == '=HYPERLINK("http://x")'
    assert (got["cp_name"], got["purpose"]) == ('演示"乙", 丙', "转账\t给\n丁")


def test_line_numbers_hold_behind_a_cell_of_several_lines(tmp_path: Path) -> None:
    read = read_reply(tmp_path, row(摘要说明="一\n二"), row(交易流水号="S2"))
    assert [got["row"] for got in read.transactions] == [2, 4]


@pytest.mark.parametrize(
    ("changes", "kind", "cash"),
    [
        ({"摘要说明": "手续费", "交易对手账卡号": "", "对手户名": "", "交易类型": ""}, "fee", False),
        ({"摘要说明": "结息", "交易对手账卡号": "", "对手户名": "", "交易类型": ""}, "interest", False),
        ({"摘要说明": "还利息"}, "transfer", False),  # free text beside a counterparty is what people write
        ({"交易类型": "手续费"}, "fee", False),
        ({"摘要说明": "ATM取款", "交易类型": "", "交易对手账卡号": ""}, "cash", True),
        ({"现金标志": "01", "交易类型": "", "摘要说明": ""}, "cash", True),
        ({"摘要说明": "消费", "交易类型": ""}, "consumption", False),
        ({"摘要说明": "消费退款", "交易类型": ""}, "refund", False),
        ({"摘要说明": "冲正", "交易类型": ""}, "reversal", False),
        ({"摘要说明": "", "交易类型": "", "交易对手账卡号": "", "对手户名": ""}, "other", False),
    ],
)
def test_fees_interest_and_cash_are_classed_not_refused(
    tmp_path: Path, changes: dict[str, str], kind: str, cash: bool
) -> None:
    got = only(tmp_path, **changes)
    assert (got["class"], got["cash"]) == (kind, cash)


@pytest.mark.parametrize(("word", "success"), [("1", True), ("成功", True), ("0", False), ("失败", False)])
def test_failed_transactions_are_kept_and_marked(tmp_path: Path, word: str, success: bool) -> None:
    assert only(tmp_path, 交易是否成功=word)["success"] is success


def test_an_unknown_result_is_not_taken_for_success(tmp_path: Path) -> None:
    assert refused(tmp_path, 交易是否成功="待定")[0] == "unknown_success"
    assert refused(tmp_path, 交易币种="贝壳")[0] == "unknown_currency"


def test_currencies(tmp_path: Path) -> None:
    read = read_reply(tmp_path, row(), row(交易币种="美元"), row(交易币种=""), row(交易币种="HKD"))
    assert [got["currency"] for got in read.transactions] == ["CNY", "USD", "CNY", "HKD"]


def test_an_answer_without_result_is_no_transaction(tmp_path: Path) -> None:
    read = read_reply(tmp_path, {"交易卡号": CARD, "查询反馈结果原因": "查无此账户"}, row())
    assert (read.taken, read.reasons) == (1, ["no_result"])


# Rows


def test_short_long_and_blank_rows(tmp_path: Path) -> None:
    lines = csv_bytes(REPLY, [row()]).split(b"\r\n")
    cut = lines[1][:60]
    content = b"\r\n".join(
        [lines[0], lines[1], b"", b"," * 31, lines[1] + b",x", lines[1] + b",,", b"   ", cut]
    )
    read = read_bytes(tmp_path, content)
    assert (read.taken, read.blank, read.rejected) == (2, 3, 2)
    assert [(reject["row"], reject["reason"]) for reject in read.rejects] == [
        (5, "too_many_columns"),
        (8, "too_few_columns"),
    ]
    assert read.rejects[1]["raw"] == cut.decode("gb18030")


def test_a_stray_quote_costs_no_other_row(tmp_path: Path) -> None:
    rows = csv_bytes(REPLY, [row(交易流水号=f"S{n}") for n in range(5)]).split(b"\r\n")
    rows[2] = b'"' + rows[2]
    rows[4] = rows[4].replace("演示乙".encode("gb18030"), '"演示乙'.encode("gb18030"))
    read = read_bytes(tmp_path, b"\r\n".join(rows))
    assert [(got["serial"], got["cp_name"]) for got in read.transactions] == [
        (f"S{n}", "演示乙") for n in range(5)
    ]


def test_every_cell_quoted(tmp_path: Path) -> None:
    quoted = csv_bytes(REPLY, [row(), row(交易流水号="S2")]).replace(b",", b'","').replace(b"\r\n", b'"\r\n"')
    read = read_bytes(tmp_path, b'"' + quoted[:-1])
    assert [(got["account"], got["serial"]) for got in read.transactions] == [(CARD, "S0001"), (CARD, "S2")]


@pytest.mark.parametrize("content", [b"", b"\r\n\r\n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_empty_files(tmp_path: Path, content: bytes) -> None:
    read = read_bytes(tmp_path, content)
    assert (read.refused, read.reasons) == ("empty", ["empty"])


def test_headings_without_rows(tmp_path: Path) -> None:
    read = read_reply(tmp_path)
    assert (read.layout, read.taken, read.refused) == (None, 0, None) or read.layout == "control_transactions"


def test_equal_rows_that_nothing_tells_apart_stay_two(tmp_path: Path) -> None:
    twice = row(交易流水号="", 交易余额="")
    read = read_reply(tmp_path, twice, twice, row(), row())
    assert [got["occurrence"] for got in read.transactions] == [1, 2, 1, 1]
    assert len({got["row_key"] for got in read.transactions}) == 2


# Sheets


def book(tmp_path: Path, *rows: list[Any]) -> Read:
    return read_one(write_book(tmp_path / "a.xlsx", {"明细": [list(REPLY), *rows]}))


def test_sheets_have_numbers_and_dates(tmp_path: Path) -> None:
    cells: list[Any] = [PLAIN.get(name, "") for name in REPLY]
    cells[REPLY.index("交易时间")] = datetime(2025, 3, 1, 12, 34, 56)
    cells[REPLY.index("交易金额")] = 0.1 + 0.2
    cells[REPLY.index("交易余额")] = 1234567.89
    cells[REPLY.index("交易账号")] = 90000000011
    (got,) = book(tmp_path, cells).transactions
    assert (got["time"], got["amount_fen"], got["balance_fen"]) == (
        shanghai(2025, 3, 1, 12, 34, 56),
        30,
        123456789,
    )
    assert (got["account"], got["account_alias"], got["sheet"], got["row"]) == (
        CARD,
        "90000000011",
        "明细",
        2,
    )


def test_a_card_that_a_sheet_made_a_number_is_refused(tmp_path: Path) -> None:
    cells: list[Any] = [PLAIN.get(name, "") for name in REPLY]
    cells[0] = int(CARD)
    read = book(tmp_path, cells)
    assert (read.reasons, read.rejects[0]["column"]) == (["lost_digits"], "交易卡号")


def test_several_sheets_each_with_its_layout(tmp_path: Path) -> None:
    people = [
        ["", ""],
        ["客户名称", "证照类型", "证照号码"],
        ["演示甲", "身份证", "350100199001010011"],
        ["", "", ""],
    ]
    sheets = {
        "演示银行交易明细信息": [["查询结果"], list(REPLY), [PLAIN.get(name, "") for name in REPLY]],
        "人员": people,
        "说明": [["本表由系统生成"]],
    }
    read = read_one(write_book(tmp_path / "b.xlsx", sheets))
    assert read.layout == "control_transactions+control_people"
    assert [(got["institution"], got["row"], got["sheet"]) for got in read.transactions] == [
        ("演示银行", 3, "演示银行交易明细信息")
    ]
    assert [(got["name"], got["row"]) for got in read.tables["people"]] == [("演示甲", 3)]
    assert (read.reasons, read.rejects[0]["sheet"], read.refused) == (["unknown_layout"], "说明", None)


@pytest.mark.parametrize("piece", [1000, xlsx_file._PIECE])
def test_a_sheet_with_far_columns_long_cells_and_gaps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    """The stream's room for columns and text grows on the way; row numbers are the sheet's own."""
    monkeypatch.setattr(xlsx_file, "_PIECE", piece)
    long = "演示" * 15_000
    headings = [*REPLY, *[f"空{number}" for number in range(5)]]
    cells: list[Any] = [PLAIN.get(name, "") for name in REPLY]
    far = cells + [""] * 200 + ["远"]
    noted = [long if name == "备注" else PLAIN.get(name, "") for name in REPLY]
    rows = [headings, cells, [], [], *[noted] * 3, far, cells]
    read = read_one(write_book(tmp_path / "a.xlsx", {"表": rows}))
    assert [got["row"] for got in read.transactions] == [2, 5, 6, 7, 9]
    assert [len(got["remark"] or "") for got in read.transactions] == [0, 30_000, 30_000, 30_000, 0]
    assert [(reject["row"], reject["reason"]) for reject in read.rejects] == [(8, "too_many_columns")]


def test_entities_in_a_sheet(tmp_path: Path) -> None:
    text = "<演示> & \"乙\" 'x' 𠮷"
    cells: list[Any] = [text if name == "对手户名" else PLAIN.get(name, "") for name in REPLY]
    assert book(tmp_path, cells).transactions[0]["cp_name"] == text
