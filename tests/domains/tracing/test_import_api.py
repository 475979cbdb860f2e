"""Files handed in become a ledger: counted, refused with reasons, taken back whole."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from python_calamine import CalamineWorkbook

from rongdun.domains import tracing
from rongdun.kernel.clock import SystemClock
from rongdun.runtime.jobs import Work
from tests.analytics.statements.making import PLAIN, REPLY, csv_bytes, row, write_book
from tests.domains.tracing.conftest import DIRTY, GULOU, TAIJIANG, UNKNOWN, Desk, officer, statement

GOOD = statement(0, 1, 2)


def _files(found: Any) -> dict[str, Any]:
    return {file["path"]: file for file in found["files"]}


def _sums(found: Any) -> tuple[int, ...]:
    return tuple(found[name] for name in ("rows", "taken", "duplicates", "rejected", "blank"))


def test_a_folder_is_read_in_the_background_and_its_counts_reconcile(desk: Desk) -> None:
    sent = desk.send({"回函/演示银行交易明细信息.csv": GOOD, "回函/脏.csv": DIRTY}, note="演示案件")
    assert (sent["state"], sent["files_total"], sent["rows"]) == ("RECEIVED", 2, 0)
    desk.work()
    found = desk.get(f"/api/imports/{sent['id']}")
    assert (found["state"], _sums(found)) == ("IMPORTED_WITH_REJECTS", (7, 5, 0, 2, 0))
    good, dirty = _files(found)["回函/演示银行交易明细信息.csv"], _files(found)["回函/脏.csv"]
    assert (good["state"], good["taken"], good["layout_name"]["zh"]) == ("READ", 3, "资金查控 交易明细信息")
    assert (dirty["taken"], dirty["rejected"], dirty["encoding"]) == (2, 2, "gb18030")
    assert {(one["column"], one["reason"], tuple(one["rows"])) for one in found["reasons"]} == {
        ("交易时间", "bad_time", ("3",)),
        ("交易金额", "bad_amount", ("4",)),
    }


def test_a_clean_import_has_nothing_left_to_do(desk: Desk) -> None:
    found = desk.imported({"a.csv": GOOD})
    assert (found["state"], _sums(found), found["error"]) == ("IMPORTED", (3, 3, 0, 0, 0), None)
    assert found["ended_at"] == "2026-03-02T04:00:00Z"


def test_rows_seen_before_count_once(desk: Desk) -> None:
    desk.imported({"a.csv": GOOD})
    again = desk.imported({"b.csv": statement(0, 1, 2, 3)})
    assert _sums(again) == (4, 1, 3, 0, 0)
    assert desk.accounts()[0]["rows"] == 4


def test_refused_rows_come_back_as_a_workbook_that_can_be_corrected_and_imported(
    desk: Desk, tmp_path: Path
) -> None:
    found = desk.imported({"脏.csv": DIRTY})
    content = desk.get(f"/api/imports/{found['id']}/rejects.xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[0][:5] == ["拒收原因", "出错列", "原文件", "原工作表", "原行号"]
    assert [line[4] for line in rows[1:]] == ["3", "4"]
    assert "前天下午" in rows[1]
    assert [entry.action for entry in desk.recorded if "rejects" in entry.action] == [
        "ledger_import.rejects_taken"
    ]


def test_files_of_which_nothing_was_read_stand_in_the_workbook_until_they_are_mended(
    desk: Desk, tmp_path: Path
) -> None:
    sheets = {"明细": [REPLY, [PLAIN.get(name, "") for name in REPLY]], "另表": [["甲", "乙"], ["1", "2"]]}
    book = write_book(tmp_path / "book.xlsx", sheets).read_bytes()
    found = desk.imported({"回函.xlsx": book, "空.csv": b"\n\n", "乱.csv": UNKNOWN})
    assert found["files_refused"] == 3
    content = desk.get(f"/api/imports/{found['id']}/rejects.xlsx")
    (name,) = CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(name).to_python()
    assert name == "未读入的文件"
    assert [row[:2] for row in rows[1:]] == [["回函.xlsx", "另表"], ["空.csv", ""], ["乱.csv", ""]]
    assert "对应列" in str(rows[1][3])
    assert "文件为空" in str(rows[2][2])


def test_an_undone_import_is_gone_whole_and_says_who_and_why(desk: Desk) -> None:
    kept = desk.imported({"a.csv": GOOD})
    second = desk.imported({"b.csv": statement(0, 1, 2, 3)})
    desk.step(kept, "undo", 422, reason="  ")
    undoing = desk.step(kept, "undo", reason="导错了文件")
    assert undoing["state"] == "UNDOING"
    assert desk.accounts()[0]["rows"] == 4, "the other import told the same rows"
    desk.work()
    undone = desk.get(f"/api/imports/{kept['id']}")
    assert (undone["state"], undone["undo_reason"], undone["undone_by_name"]) == (
        "UNDONE",
        "导错了文件",
        "演示·陈一",
    )
    assert desk.ledger.status().observations == 4
    desk.step(second, "undo", reason="全部撤销")
    assert desk.accounts() == []
    desk.work()
    assert desk.ledger.status().observations == 0


def test_an_import_is_seen_by_its_unit_and_those_above_only(desk: Desk) -> None:
    mine = desk.imported({"a.csv": GOOD})
    desk.actor = officer(TAIJIANG)
    assert desk.get("/api/imports")["items"] == []
    for path in ("", "/rejects.xlsx"):
        desk.get(f"/api/imports/{mine['id']}{path}", 404)
    desk.step(mine, "undo", 404, reason="不是我的")
    desk.actor = officer("cn.fj.fz.")
    assert [found["id"] for found in desk.get("/api/imports")["items"]] == [mine["id"]]


def test_only_the_importing_unit_takes_back(desk: Desk) -> None:
    mine = desk.imported({"a.csv": GOOD})
    desk.actor = officer("cn.fj.fz.", name="演示·上级")
    shown = desk.get(f"/api/imports/{mine['id']}")
    undo = next(action for action in shown["actions"] if action["action"] == "undo")
    assert undo["allowed"] is False
    refused = desk.step(mine, "undo", 409, reason="代为撤销")
    assert refused["rule"]["key"] == "ledger_import.own_unit"
    desk.actor = officer(GULOU, name="演示·同事")
    assert desk.step(mine, "undo", reason="同单位代办")["state"] == "UNDOING"


def test_who_may_only_read_neither_imports_nor_undoes(desk: Desk) -> None:
    mine = desk.imported({"a.csv": GOOD})
    desk.actor = officer(GULOU, "ledger.read")
    desk.step(mine, "undo", 403, reason="无权")
    desk.get(f"/api/imports/{mine['id']}/rejects.xlsx", 403)
    desk.post("/api/imports", {"files": []}, 403)
    assert desk.get(f"/api/imports/{mine['id']}")["rows"] == 3


def test_only_what_was_uploaded_to_the_own_unit_can_be_imported(desk: Desk) -> None:
    desk.actor = officer(TAIJIANG)
    theirs = desk.upload(GOOD)
    desk.actor = officer()
    refused = desk.post("/api/imports", {"files": [{"sha256": theirs, "path": "a.csv"}]}, 422)
    assert (refused["code"], refused["fields"][0]["path"]) == ("not_uploaded", "files.0.sha256")
    assert desk.post("/api/imports", {"files": []}, 422)["code"] == "no_files"


def test_cancelled_before_it_is_read_nothing_of_it_counts(desk: Desk) -> None:
    sent = desk.send({"a.csv": GOOD})
    cancelled = desk.step(sent, "cancel")
    assert (cancelled["state"], cancelled["actions"]) == ("CANCELLED", [])
    desk.work()
    assert desk.get(f"/api/imports/{sent['id']}")["state"] == "CANCELLED"
    assert desk.accounts() == []


def test_a_step_on_a_version_seen_too_long_ago_is_refused(desk: Desk) -> None:
    sent = desk.send({"a.csv": GOOD})
    desk.work()
    assert desk.step(sent, "cancel", 409)["code"] == "stale_version"


def test_hopeless_files_are_told_apart_and_the_good_ones_are_imported(desk: Desk) -> None:
    found = desk.imported({"好.csv": GOOD, "散文.txt": "这是一段说明,没有表格".encode(), "乱.csv": UNKNOWN})
    files = _files(found)
    assert found["state"] == "IMPORTED_WITH_REJECTS"
    assert (found["taken"], found["files_refused"]) == (3, 2)
    assert {name: (file["state"], file["reason"], file["needs"]) for name, file in files.items()} == {
        "好.csv": ("READ", None, None),
        "散文.txt": ("REFUSED", "unknown_layout", "mapping"),
        "乱.csv": ("REFUSED", "unknown_layout", "mapping"),
    }


def _zip(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"{name}.csv", content)
    return out.getvalue()


def _locked_zip(password: str) -> bytes:
    import pyzipper

    out = io.BytesIO()
    with pyzipper.AESZipFile(out, "w", encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(password.encode())
        archive.writestr("甲.csv", GOOD)
        archive.writestr("乙.csv", statement(30, 31))
    return out.getvalue()


def test_members_of_an_archive_are_files_of_their_own(desk: Desk) -> None:
    found = desk.imported({"回函.zip": _zip(甲=GOOD, 乙=DIRTY)})
    files = _files(found)
    assert files["回函.zip"]["state"] == "EXPANDED"
    assert (files["回函.zip/甲.csv"]["taken"], files["回函.zip/乙.csv"]["rejected"]) == (3, 2)
    assert (found["files_total"], _sums(found)) == (2, (7, 5, 0, 2, 0))


def test_a_locked_archive_is_read_once_its_password_is_given_and_the_password_is_forgotten(
    desk: Desk,
) -> None:
    found = desk.imported({"锁.zip": _locked_zip("演示口令")})
    inner = _files(found)["锁.zip/甲.csv"]
    assert (inner["reason"], inner["needs"], found["taken"]) == ("password_needed", "password", 0)
    address = f"/api/imports/{found['id']}/files/{inner['id']}/password"
    desk.post(address, {"password": "不对"})
    desk.work()
    found = desk.get(f"/api/imports/{found['id']}")
    assert _files(found)["锁.zip/甲.csv"]["reason"] == "wrong_password"
    assert desk.post(address, {"password": "演示口令"})["state"] == "REREADING"
    assert b"\xe6\xbc\x94" not in _passwords(desk)
    desk.work()
    found = desk.get(f"/api/imports/{found['id']}")
    assert (found["state"], found["taken"], _passwords(desk)) == ("IMPORTED", 5, b"")
    assert desk.post(address, {"password": "演示口令"}, 409)["code"] == "not_waiting_for_help"


def test_an_import_read_in_two_rounds_is_undone_whole(desk: Desk) -> None:
    found = desk.imported({"a.csv": GOOD, "锁.zip": _locked_zip("口令")})
    inner = _files(found)["锁.zip/乙.csv"]
    desk.post(f"/api/imports/{found['id']}/files/{inner['id']}/password", {"password": "口令"})
    desk.work()
    found = desk.get(f"/api/imports/{found['id']}")
    assert (found["taken"], found["duplicates"]) == (5, 3)
    desk.step(found, "undo", reason="重来")
    desk.work()
    assert desk.ledger.status().observations == 0
    assert desk.get(f"/api/imports/{found['id']}")["state"] == "UNDONE"


def _passwords(desk: Desk) -> bytes:
    from sqlalchemy import text

    with desk.centre.transact() as uow:
        found = uow.session.execute(text("select passwords from ledger_import_files")).scalars()
        return b"".join(value for value in found if value is not None)


@pytest.mark.parametrize(
    ("dropped", "kept"),
    [
        ("../../etc/演示.csv", "etc/演示.csv"),
        ("/绝对/演示.csv", "绝对/演示.csv"),
        ("C:\\回函\\演示.csv", "C:/回函/演示.csv"),
        ("a\x00b\n.csv", "ab.csv"),
        ("长" * 300 + ".csv", "长" * 65 + ".csv"),
    ],
)
def test_paths_that_were_dropped_never_lead_out_of_our_folder(desk: Desk, dropped: str, kept: str) -> None:
    sent = desk.post("/api/imports", {"files": [{"sha256": desk.upload(GOOD), "path": dropped}]}, 201)
    desk.work()
    (file,) = desk.get(f"/api/imports/{sent['id']}")["files"]
    assert (file["path"], file["state"], file["taken"]) == (kept, "READ", 3)


def test_account_numbers_in_file_names_are_masked(desk: Desk) -> None:
    found = desk.imported({"演示甲6299990000000000011.csv": GOOD})
    assert [file["path"] for file in found["files"]] == ["演示甲6299***********0011.csv"]


def test_two_files_of_one_name_are_both_read(desk: Desk) -> None:
    files = [{"sha256": desk.upload(content), "path": "同名.csv"} for content in (GOOD, statement(9))]
    sent = desk.post("/api/imports", {"files": files}, 201)
    desk.work()
    found = desk.get(f"/api/imports/{sent['id']}")
    assert [(file["path"], file["taken"]) for file in found["files"]] == [("同名.csv", 3), ("同名(2).csv", 1)]


def test_everything_that_is_done_to_an_import_is_on_record(desk: Desk) -> None:
    found = desk.imported({"a.csv": GOOD})
    desk.step(found, "undo", reason="演示")
    desk.work()
    done = [entry.action for entry in desk.recorded if entry.subject.id == found["id"]]
    assert done == [
        "ledger_import.create", "ledger_import.start", "ledger_import.finish", "ledger_import.undo",
        "ledger_import.undone",
    ]  # fmt: skip


def test_the_list_is_filtered_and_taken_out_as_a_sheet(desk: Desk) -> None:
    desk.imported({"a.csv": GOOD}, note="第一次")
    desk.imported({"b.csv": DIRTY}, note="第二次")
    found = desk.get("/api/imports", filter="state:eq:IMPORTED_WITH_REJECTS")["items"]
    assert [one["note"] for one in found] == ["第二次"]
    book = CalamineWorkbook.from_filelike(io.BytesIO(desk.get("/api/imports/export.xlsx")))
    assert "第一次" in str(book.get_sheet_by_index(0).to_python())


def test_an_import_that_does_not_exist_is_not_found(desk: Desk) -> None:
    desk.get(f"/api/imports/{uuid4()}", 404)
    assert csv_bytes(REPLY, [row()])


def test_at_night_the_worker_clears_away_what_only_old_versions_need(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.imported({"a.csv": GOOD})
    second = desk.imported({"b.csv": statement(0, 1, 2, 3)})
    services = desk.centre.services
    vacuum = next(job for job in tracing.JOBS if job.name == "tracing.vacuum_ledger")
    later = SystemClock().now() + timedelta(days=services.settings.ledger_keep_days + 1)
    monkeypatch.setattr(SystemClock, "now", lambda self: later)
    vacuum.run(Work(desk.centre.transact, services))
    assert desk.ledger.status().dropped == [1]
    assert desk.accounts()[0]["rows"] == 4
    desk.step(second, "undo", reason="演示")
    desk.work()
    assert desk.accounts()[0]["rows"] == 3
