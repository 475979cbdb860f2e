"""The account page: running balances, gaps in their place, masked, and only what the own imports tell."""

import io
from typing import Any

from python_calamine import CalamineWorkbook

from tests.analytics.statements.making import CARD, REPLY, csv_bytes, row
from tests.domains.tracing.conftest import GULOU, TAIJIANG, Desk, officer, statement

ACCOUNT_LIST = csv_bytes(
    [
        "账户开户名称",
        "开户人证件号码",
        "交易卡号",
        "交易账号",
        "账号开户时间",
        "账户余额",
        "可用余额",
        "币种",
        "账户状态",
    ],
    [["演示甲", "110101199003070011", CARD, "90000000011", "20200102", "12.30", "12.30", "CNY", "正常"]],
)


def _only(desk: Desk) -> Any:
    (account,) = desk.accounts()
    return account


def _reveal(kind: str, id: str, field: str) -> Any:
    return {"subject": {"kind": kind, "id": id}, "field": field, "purpose": "stop_payment", "note": ""}


def test_an_account_is_listed_masked_with_what_moved(desk: Desk) -> None:
    desk.imported({"演示银行交易明细信息.csv": statement(0, 1, 2), "演示银行账户信息.csv": ACCOUNT_LIST})
    account = _only(desk)
    assert (account["account"], account["owner_name"], account["institution"]) == (
        "6299 **** **** *** 0011",
        "演**",
        "演示银行",
    )
    assert CARD not in str(account)
    assert (account["rows"], account["in_fen"], account["out_fen"]) == (3, 0, 30_000)
    assert (account["status"], account["balance_fen"], account["owner_id"]) == (
        "正常",
        1230,
        "110***********0011",
    )


def test_a_statement_runs_in_time_with_its_balances(desk: Desk) -> None:
    desk.imported({"a.csv": statement(0, 1, 2)})
    rows = desk.statement(_only(desk))["items"]
    assert [(one["direction"], one["amount_fen"], one["running_fen"], one["stated"]) for one in rows] == [
        (-1, 10_000, 90_000, True),
        (-1, 10_000, 80_000, True),
        (-1, 10_000, 70_000, True),
    ]
    assert [one["gap"] for one in rows] == [None] * 3
    assert rows[0]["time"] == "2025-03-01T04:00:00Z"
    assert rows[0]["cp_name"] == "演**"
    assert "6299991000000000036" not in str(rows)
    assert (rows[2]["source"]["path"], rows[2]["source"]["row"]) == ("a.csv", 4)
    newest = desk.statement(_only(desk), sort="-time", size=1)
    assert (newest["total"], newest["items"][0]["running_fen"]) == (3, 70_000)


def test_a_missing_page_is_marked_where_the_money_went(desk: Desk) -> None:
    # By hand: 1000.00 − 100 − 100 = 800.00; the next row says 550.00 after 100 more, so 150.00 left unseen.
    later = csv_bytes(
        REPLY,
        [row(交易时间="20250301130000", 交易金额="100.00", 交易余额="550.00", 交易流水号="S9")],
    )
    desk.imported({"一.csv": statement(0, 1), "三.csv": later})
    account = _only(desk)
    gaps = [one["gap"] for one in desk.statement(account)["items"]]
    assert gaps[:2] == [None, None]
    assert (gaps[2]["kind"], gaps[2]["expected_fen"], gaps[2]["found_fen"], gaps[2]["missing_fen"]) == (
        "missing_page", 70_000, 55_000, -15_000,
    )  # fmt: skip
    check = desk.get(f"/api/ledger/accounts/{account['id']}")["check"]
    assert (check["stated"], [gap["kind"] for gap in check["gaps"]]) == (3, ["missing_page"])


def test_a_balance_that_is_not_stated_is_computed_and_said_to_be(desk: Desk) -> None:
    rows = [
        row(交易时间="20250301120000", 交易金额="1.00", 交易余额="9.00", 交易流水号="1"),
        row(交易时间="20250301120100", 交易金额="2.00", 交易余额="", 交易流水号="2"),
        row(交易时间="20250301120200", 交易金额="4.00", 交易余额="", 交易流水号="3", 交易是否成功="0"),
        row(交易时间="20250301120300", 交易金额="3.00", 交易余额="10.00", 交易流水号="4", 收付标志="进"),
    ]
    desk.imported({"a.csv": csv_bytes(REPLY, rows)})
    told = desk.statement(_only(desk))["items"]
    assert [(one["running_fen"], one["stated"], one["success"]) for one in told] == [
        (900, True, True), (700, False, True), (700, False, False), (1000, True, True),
    ]  # fmt: skip


def test_rows_of_another_units_import_are_not_there(desk: Desk) -> None:
    desk.imported({"a.csv": statement(0, 1, 2)})
    theirs = _only(desk)
    desk.actor = officer(TAIJIANG)
    assert desk.accounts() == []
    for path in ("", "/statement", "/statement/export.xlsx"):
        assert desk.get(f"/api/ledger/accounts/{theirs['id']}{path}", 404)["code"] == "no_such_account"


def test_a_row_both_units_were_sent_is_seen_by_both_once(desk: Desk) -> None:
    desk.imported({"a.csv": statement(0, 1, 2)})
    desk.actor = officer(TAIJIANG)
    mine = desk.imported({"b.csv": statement(1, 2, start=90_000)})
    assert (mine["taken"], mine["duplicates"]) == (0, 2)
    told = desk.statement(_only(desk))["items"]
    assert [(one["running_fen"], one["source"]["path"]) for one in told] == [
        (80_000, "b.csv"),
        (70_000, "b.csv"),
    ]
    desk.actor = officer("cn.fj.fz.")
    assert _only(desk)["rows"] == 3
    desk.actor = officer(GULOU)
    assert [one["source"]["path"] for one in desk.statement(_only(desk))["items"]] == ["a.csv"] * 3


def test_a_statement_is_filtered_by_time_money_and_words(desk: Desk) -> None:
    desk.imported(
        {"a.csv": statement(0, 1), "b.csv": statement(200, amount=5_000, start=50_000, 对手户名="演示丙店")}
    )
    account = _only(desk)

    def found(**asked: Any) -> list[int]:
        return [one["amount_fen"] for one in desk.statement(account, **asked)["items"]]

    assert found(filter="amount_fen:ge:10000") == [10_000, 10_000]
    assert found(filter="time:gt:2025-03-01T13:00:00") == [5_000]
    assert found(q="丙店") == [5_000]
    assert found(filter="direction:eq:1") == []
    assert found(filter="cp_name:like:丙店") == [5_000]
    refused = desk.statement(account, status=422, filter="iq:eq:1")
    assert "amount_fen" in refused["fields"][0]["message"]["zh"]


def test_accounts_are_found_by_part_of_number_or_name_and_by_the_one_search(desk: Desk) -> None:
    desk.imported({"a.csv": statement(0)})
    assert [len(desk.accounts(q=word)) for word in ("0011", "演示甲", "9999999")] == [1, 1, 0]
    groups = desk.get("/api/search", q="000000011")["groups"]
    assert [(group["kind"], group["items"][0]["route"]) for group in groups] == [
        ("account", f"/tracing/accounts/{_only(desk)['id']}")
    ]
    assert CARD not in str(groups)
    assert desk.get("/api/search", q="00")["groups"] == []


def test_sheets_are_masked_too_and_on_record(desk: Desk) -> None:
    desk.imported({"a.csv": statement(0, 1)})
    for path in (
        "/api/ledger/accounts/export.xlsx",
        f"/api/ledger/accounts/{_only(desk)['id']}/statement/export.xlsx",
    ):
        rows = CalamineWorkbook.from_filelike(io.BytesIO(desk.get(path))).get_sheet_by_index(0).to_python()
        assert CARD not in str(rows)
        assert "演**" in str(rows)
    assert [entry.action for entry in desk.recorded].count("table.export") == 2


def test_a_number_is_shown_in_clear_for_a_purpose_and_on_record(desk: Desk) -> None:
    desk.imported({"a.csv": statement(0)})
    account = _only(desk)
    asked = _reveal("ledger_account", account["id"], "account")
    assert desk.post("/api/reveal", asked)["value"] == CARD
    line = desk.statement(account)["items"][0]
    row_asked = _reveal("ledger_row", f"{account['id']}.{line['id']}", "cp_name")
    assert desk.post("/api/reveal", row_asked)["value"] == "演示乙"
    assert [entry.purpose for entry in desk.recorded if entry.action == "reveal"] == ["stop_payment"] * 2
    desk.actor = officer(TAIJIANG)
    desk.post("/api/reveal", asked, 404)
    desk.post("/api/reveal", row_asked, 404)


def test_looking_at_an_account_is_on_record(desk: Desk) -> None:
    desk.imported({"a.csv": statement(0)})
    account = _only(desk)
    desk.get(f"/api/ledger/accounts/{account['id']}")
    looked = [entry for entry in desk.recorded if entry.action == "ledger_account.read"]
    assert [entry.subject.id for entry in looked] == [account["id"]]


def test_a_file_that_names_no_bank_tells_of_the_account_a_bank_has_under_that_number(desk: Desk) -> None:
    desk.imported({"演示银行交易明细信息.csv": statement(0, 1), "无名.csv": statement(2, 3, start=80_000)})
    account = _only(desk)
    assert (account["institution"], account["rows"]) == ("演示银行", 4)
    rows = desk.statement(account)["items"]
    assert [(one["running_fen"], one["gap"]) for one in rows] == [
        (90_000, None), (80_000, None), (70_000, None), (60_000, None),
    ]  # fmt: skip
    desk.imported({"示范银行交易明细信息.csv": statement(9)})
    found = {one["institution"]: one["rows"] for one in desk.accounts()}
    assert found == {"演示银行": 2, "示范银行": 1, "": 2}
