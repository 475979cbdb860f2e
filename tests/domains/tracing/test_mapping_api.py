"""An unknown layout: guessed, tried, kept by the unit, and asked for the next time."""

from typing import Any

from tests.analytics.statements.making import CARD, csv_bytes
from tests.domains.tracing.conftest import GULOU, TAIJIANG, UNKNOWN, Desk, officer, statement

MAPPING = {
    "title": "演示农商行流水",
    "columns": {
        "0": "time", "1": "account", "2": "amount", "3": "balance", "4": "direction", "5": "cp_name",
        "6": "cp_account",
    },
}  # fmt: skip


def _unread(desk: Desk, content: bytes = UNKNOWN) -> tuple[Any, Any]:
    found = desk.imported({"乱.csv": content})
    return found, found["files"][0]


def _address(found: Any, file: Any, last: str = "mapping") -> str:
    return f"/api/imports/{found['id']}/files/{file['id']}/{last}"


def _guess(desk: Desk, found: Any, file: Any) -> Any:
    return desk.get("/api/layouts/guess", import_id=found["id"], file_id=file["id"])


def test_columns_are_guessed_from_headings_and_content_with_the_reason(desk: Desk) -> None:
    found, file = _unread(desk)
    guess = _guess(desk, found, file)
    (sheet,) = guess["sheets"]
    roles = {column["heading"]: column["role"] for column in sheet["columns"]}
    assert sheet["heading_row"] == 0
    assert roles == {
        "记账日": "time", "卡片号码": "account", "发生金额": "amount", "结余": "balance", "收/支别": "direction",
        "对家": "cp_name", "对家账户": "cp_account",
    }  # fmt: skip
    assert all(column["reason"]["zh"] for column in sheet["columns"])
    assert CARD not in str(guess)
    assert {"time", "amount", "cp_account"} <= {role["role"] for role in guess["roles"]}


def test_a_mapping_is_tried_before_it_is_kept(desk: Desk) -> None:
    found, file = _unread(desk)
    trial = desk.post(_address(found, file, "mapping/check"), MAPPING)
    assert (trial["rows"], trial["taken"], trial["rejected"]) == (2, 2, 0)
    assert [(one["direction"], one["amount_fen"], one["balance_fen"]) for one in trial["sample"]] == [
        (-1, 10_000, 90_000),
        (1, 5_000, 95_000),
    ]
    assert CARD not in str(trial)
    assert all(layout["unit_path"] is None for layout in desk.get("/api/layouts"))


def test_what_a_mapping_lacks_is_said_field_by_field(desk: Desk) -> None:
    found, file = _unread(desk)
    refused = desk.post(_address(found, file), {**MAPPING, "columns": {"2": "amount"}}, 422)
    assert refused["code"] == "mapping_incomplete"
    assert [field["path"] for field in refused["fields"]] == [
        "columns.time",
        "columns.account",
        "columns.direction",
    ]


def test_a_mapping_that_reads_nothing_is_not_kept(desk: Desk) -> None:
    found, file = _unread(desk)
    wrong = {**MAPPING, "columns": {**MAPPING["columns"], "0": "cp_name", "5": "time"}}  # type: ignore[dict-item]
    refused = desk.post(_address(found, file), wrong, 422)
    assert refused["code"] == "mapping_gives_nothing"
    assert desk.get(f"/api/imports/{found['id']}")["state"] == "IMPORTED_WITH_REJECTS"


def test_a_kept_mapping_reads_the_file_and_every_later_one_of_its_kind(desk: Desk) -> None:
    found, file = _unread(desk)
    assert desk.post(_address(found, file), MAPPING)["state"] == "REREADING"
    desk.work()
    read = desk.get(f"/api/imports/{found['id']}")
    assert (read["state"], read["taken"], read["files_refused"]) == ("IMPORTED", 2, 0)
    assert read["files"][0]["layout_name"]["zh"] == "演示农商行流水"
    assert desk.accounts()[0]["rows"] == 2
    again = desk.imported({"另一个.csv": UNKNOWN})
    assert (again["state"], again["duplicates"]) == ("IMPORTED", 2)
    own = [layout for layout in desk.get("/api/layouts") if layout["unit_path"]]
    assert [(layout["title"]["zh"], layout["active"]) for layout in own] == [("演示农商行流水", True)]


def test_a_layout_serves_its_unit_and_those_below_only(desk: Desk) -> None:
    desk.actor = officer("cn.fj.fz.")
    found, file = _unread(desk)
    desk.post(_address(found, file), MAPPING)
    desk.work()
    desk.actor = officer(GULOU)
    assert desk.imported({"下级.csv": UNKNOWN})["files_refused"] == 0
    desk.actor = officer("cn.fj.xm.")
    assert desk.imported({"外市.csv": UNKNOWN})["files_refused"] == 1
    desk.actor = officer(TAIJIANG)
    assert [layout for layout in desk.get("/api/layouts") if layout["unit_path"]] == []


def test_a_retired_layout_is_not_asked_again(desk: Desk) -> None:
    found, file = _unread(desk)
    desk.post(_address(found, file), MAPPING)
    desk.work()
    (own,) = [layout for layout in desk.get("/api/layouts") if layout["unit_path"]]
    retired = desk.post(f"/api/layouts/{own['id']}/retire", {"version": own["version"]})
    assert retired["active"] is False
    assert desk.imported({"b.csv": UNKNOWN})["files_refused"] == 1


def test_headings_below_a_title_and_an_account_from_outside(desk: Desk) -> None:
    content = "卡号:6299990000000000011,户名:演示甲,,\n".encode() + csv_bytes(
        ["记账日", "发生金额", "结余", "别"],
        [["2025-03-01 12:00:00", "-100.00", "900.00", "x"], ["2025-03-01 12:05:00", "50.00", "950.00", "y"]],
        encoding="utf-8",
    )
    found, file = _unread(desk, content)
    guess = _guess(desk, found, file)
    assert guess["sheets"][0]["heading_row"] == 1
    mapping = {
        "title": "演示信用社",
        "heading_row": 1,
        "columns": {"0": "time", "1": "amount", "2": "balance"},
        "plus": "in",
        "account_outside": True,
    }
    desk.post(_address(found, file), mapping)
    desk.work()
    rows = desk.statement(desk.accounts()[0])["items"]
    assert [(one["direction"], one["amount_fen"]) for one in rows] == [(-1, 10_000), (1, 5_000)]


def test_cancelling_a_further_round_keeps_what_was_read_before(desk: Desk) -> None:
    found = desk.imported({"好.csv": statement(0, 1), "乱.csv": UNKNOWN})
    file = next(file for file in found["files"] if file["needs"] == "mapping")
    waiting = desk.post(_address(found, file), MAPPING)
    cancelled = desk.step(waiting, "cancel")
    assert (cancelled["state"], cancelled["taken"]) == ("IMPORTED_WITH_REJECTS", 2)
    desk.work()
    shown = desk.get(f"/api/imports/{found['id']}")
    assert {file["path"]: file["state"] for file in shown["files"]} == {"好.csv": "READ", "乱.csv": "REFUSED"}
    assert desk.accounts()[0]["rows"] == 2
