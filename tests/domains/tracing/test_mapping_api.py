"""An unknown layout: guessed, tried, kept by the unit, and asked for the next time."""

import io
import zipfile
from pathlib import Path
from typing import Any

import polars as pl

from tests.analytics.statements.making import CARD, REPLY, csv_bytes, row, write_book
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


KNOWN_SHEET = [REPLY, *([row(交易流水号=f"K{n}").get(name, "") for name in REPLY] for n in range(3))]
BAD_ROW = [{**row(交易流水号="K9"), "交易时间": "前天下午"}.get(name, "") for name in REPLY]
UNKNOWN_SHEET = [line.split(",") for line in UNKNOWN.decode("gb18030").splitlines()]
"""Two rows under headings of no layout."""


def _book(tmp_path: Path, **sheets: Any) -> bytes:
    return write_book(tmp_path / "book.xlsx", sheets).read_bytes()


def _mapped(desk: Desk, content: bytes) -> Any:
    """Import a workbook, map its one unknown sheet, read again; return the import."""
    found = desk.imported({"回函/演示银行交易明细信息.xlsx": content})
    (file,) = (file for file in found["files"] if file["needs"] == "mapping")
    assert desk.post(_address(found, file, "mapping/check"), {**MAPPING, "sheet": "流水"})["taken"] == 2
    desk.post(_address(found, file), {**MAPPING, "sheet": "流水"})
    desk.work()
    return desk.get(f"/api/imports/{found['id']}")


def test_a_sheet_nobody_knows_stands_beside_its_workbook(desk: Desk, tmp_path: Path) -> None:
    found = desk.imported({"甲.xlsx": _book(tmp_path, 明细=KNOWN_SHEET, 流水=UNKNOWN_SHEET)})
    assert (found["state"], found["taken"], found["files_refused"]) == ("IMPORTED_WITH_REJECTS", 3, 1)
    book, sheet = found["files"]
    assert (book["path"], book["state"], book["needs"], book["rows"]) == ("甲.xlsx", "READ", None, 3)
    assert (sheet["path"], sheet["state"], sheet["needs"]) == ("甲.xlsx/流水", "REFUSED", "mapping")
    guess = _guess(desk, found, sheet)
    assert [one["name"] for one in guess["sheets"]] == ["流水"]


def test_mapping_one_sheet_reads_it_alone_and_counts_nothing_twice(desk: Desk, tmp_path: Path) -> None:
    content = _book(tmp_path, 明细=[*KNOWN_SHEET, BAD_ROW], 流水=UNKNOWN_SHEET)
    read = _mapped(desk, content)
    counts = {name: read[name] for name in ("rows", "taken", "duplicates", "rejected", "blank")}
    assert counts == {"rows": 6, "taken": 5, "duplicates": 0, "rejected": 1, "blank": 0}
    assert (read["state"], read["files_refused"]) == ("IMPORTED_WITH_REJECTS", 0)
    assert [(file["path"], file["rows"], file["taken"]) for file in read["files"]] == [
        ("回函/演示银行交易明细信息.xlsx", 4, 3),
        ("回函/演示银行交易明细信息.xlsx/流水", 2, 2),
    ]
    (account,) = desk.accounts()
    assert (account["rows"], account["institution"]) == (5, "演示银行")
    sources = {(one["source"]["path"], one["source"]["sheet"]) for one in desk.statement(account)["items"]}
    assert sources == {("回函/演示银行交易明细信息.xlsx", "明细"), ("回函/演示银行交易明细信息.xlsx", "流水")}
    assert desk.ledger.rejects().filter(pl.col("row").is_not_null()).height == 1
    desk.step(read, "undo", reason="演示")
    desk.work()
    assert desk.accounts() == []
    assert desk.ledger.status().observations == 0


def test_a_kept_mapping_reads_the_sheet_of_the_next_workbook_at_once(desk: Desk, tmp_path: Path) -> None:
    content = _book(tmp_path, 明细=KNOWN_SHEET, 流水=UNKNOWN_SHEET)
    _mapped(desk, content)
    again = desk.imported({"第二次.xlsx": content})
    assert (again["state"], again["taken"], again["duplicates"]) == ("IMPORTED", 0, 5)


def test_a_workbook_in_an_archive_has_its_sheet_mapped_too(desk: Desk, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("甲.xlsx", _book(tmp_path, 明细=KNOWN_SHEET, 流水=UNKNOWN_SHEET))
        archive.writestr("乙.csv", statement(0))
    found = desk.imported({"回函.zip": packed.getvalue()})
    (file,) = (file for file in found["files"] if file["needs"] == "mapping")
    assert file["path"] == "回函.zip/甲.xlsx/流水"
    desk.post(_address(found, file), {**MAPPING, "sheet": "流水"})
    desk.work()
    read = desk.get(f"/api/imports/{found['id']}")
    assert (read["state"], read["taken"], read["duplicates"]) == ("IMPORTED", 6, 0)
