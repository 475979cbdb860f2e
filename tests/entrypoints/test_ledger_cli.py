"""``rongdun ledger`` from the outside: what it prints, what it leaves, its exit codes. No database, no server."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from rongdun.entrypoints.cli import app
from rongdun.kernel.clock import SystemClock

HEADINGS = (
    "交易卡号,交易账号,查询反馈结果原因,交易户名,交易证件号码,交易时间,交易金额,交易余额,收付标志,交易对手账卡号,现金标志,"
    "对手户名,对手身份证号,对手开户银行,摘要说明,交易币种,交易网点名称,交易发生地,交易是否成功,传票号,IP地址,MAC地址,"
    "对手交易余额,交易流水号,日志号,凭证种类,凭证号,交易柜员号,备注,商户名称,商户代码,交易类型"
)
PAYER, PAYEE = "6222000000000000011", "6222000000000000029"
FILE_KEYS = {
    "path",
    "container",
    "layout",
    "encoding",
    "rows",
    "taken",
    "duplicates",
    "rejected",
    "blank",
    "rejects",
}

Run = Callable[..., tuple[int, str]]


def line(own: str, peer: str, time: str, amount: str, balance: str, way: str, serial: str) -> str:
    return (
        f"{own},,成功,测试户,,{time},{amount},{balance},{way},{peer},其它,测试对手,,测试银行,转账,人民币,测试网点,福州,1,,"
        f"10.0.0.1,,,{serial},1,,,,,,,转账"
    )


PAID = line(PAYER, PAYEE, "2024-05-06 12:00:00", "100.00", "900.00", "出", "SN0000001")
RECEIVED = line(PAYEE, PAYER, "2024-05-06 12:00:20", "100.00", "100.00", "进", "SN0000001")
UNREADABLE = line(PAYER, PAYEE, "2024-05-06 12:05:00", "一百元", "800.00", "出", "SN0000002")
LATER = line(PAYER, PAYEE, "2024-05-06 13:00:00", "50.00", "700.00", "出", "SN0000003")


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def call(*arguments: object, ledger: bool = True) -> tuple[int, str]:
        where = ["--ledger", str(tmp_path / "ledger")] if ledger else []
        result = CliRunner().invoke(app, ["ledger", *map(str, arguments), *where])
        return result.exit_code, result.stdout

    return call


@pytest.fixture
def reply(tmp_path: Path) -> Callable[..., Path]:
    def write(name: str, *lines: str) -> Path:
        path = tmp_path / f"{name}交易明细信息.csv"
        path.write_text("\r\n".join([HEADINGS, *lines, ""]), encoding="gb18030")
        return path

    return write


def told(answer: tuple[int, str], code: int = 0) -> dict[str, Any]:
    assert answer[0] == code, answer[1]
    found = json.loads(answer[1])
    assert isinstance(found, dict)
    return found


def test_import_prints_the_agreed_json(run: Run, reply: Callable[..., Path]) -> None:
    report = told(run("import", reply("甲银行", PAID, RECEIVED, UNREADABLE, PAID), "--json"))
    assert {"version", "files", "accounts", "transfers", "observations", "paired", "seconds"} <= set(report)
    (file,) = report["files"]
    assert set(file) >= FILE_KEYS
    counts = [file[name] for name in ("rows", "taken", "duplicates", "rejected", "blank")]
    assert counts == [4, 2, 1, 1, 0]
    assert (file["container"], file["encoding"]) == ("csv", "gb18030")
    assert [(one["row"], one["column"], one["reason"]) for one in file["rejects"]] == [
        (4, "交易金额", "bad_amount")
    ]
    totals = [report[name] for name in ("version", "accounts", "observations", "transfers", "paired")]
    assert totals == [1, 2, 2, 1, 1]


def test_a_hopeless_file_is_refused_with_code_3_and_the_rest_imported(
    run: Run, reply: Callable[..., Path], tmp_path: Path
) -> None:
    hopeless = tmp_path / "无望.csv"
    hopeless.write_text("hello,world\n1,2\n", encoding="utf-8")
    report = told(run("import", hopeless, reply("甲银行", PAID), "--json"), 3)
    assert report["observations"] == 1
    assert [file["refused"] is None for file in report["files"]] == [False, True]


def test_wrong_calls_are_2(run: Run, reply: Callable[..., Path], tmp_path: Path) -> None:
    assert run("import", tmp_path / "没有.csv")[0] == 2
    assert run("import", reply("甲银行", PAID), ledger=False)[0] == 2
    assert run("status")[0] == 2
    run("import", reply("甲银行", PAID))
    assert run("undo", 9)[0] == 2
    assert run("status", "--version", 9)[0] == 2


def test_status_undo_compact_and_export(run: Run, reply: Callable[..., Path], tmp_path: Path) -> None:
    run("import", reply("甲银行", PAID, RECEIVED))
    run("import", reply("乙银行", RECEIVED, LATER))
    assert told(run("status", "--json"))["observations"] == 3
    undone = told(run("undo", 1, "--json"))
    assert (undone["version"], undone["observations"], undone["paired"]) == (3, 2, 0)
    assert told(run("compact", "--json"))["observations"] == 2
    out = tmp_path / "out.parquet"
    assert told(run("export", out, "--json"))["rows"] == 2
    assert pl.read_parquet(out)["account"].to_list() == [PAYER, PAYEE]
    assert told(run("export", tmp_path / "old.arrow", "--version", 2, "--json"))["rows"] == 3
    assert pl.read_ipc(tmp_path / "old.arrow").height == 3


def test_vacuum_removes_what_a_compaction_replaced_and_says_which_versions_are_gone(
    run: Run, reply: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("import", reply("甲银行", PAID, RECEIVED))
    run("import", reply("乙银行", RECEIVED, LATER))
    run("compact")
    assert told(run("vacuum", "--json"))["files"] == 0, "nothing is thirty days old yet"
    assert run("vacuum", "--keep-days", 0)[0] == 2
    later = SystemClock().now() + timedelta(days=8)
    monkeypatch.setattr(SystemClock, "now", lambda self: later)
    monkeypatch.setenv("RONGDUN_LEDGER_KEEP_DAYS", "9")
    assert told(run("vacuum", "--json"))["dropped"] == []
    report = told(run("vacuum", "--keep-days", 7, "--json"))
    assert (report["dropped_now"], report["kept"], report["files"] > 0) == ([1, 2], [3], True)
    assert told(run("status", "--json"))["dropped"] == [1, 2]
    assert "1–2" in run("status")[1]
    assert run("export", tmp_path / "old.arrow", "--version", 1)[0] == 2
    assert told(run("undo", 1, "--json"))["observations"] == 2


def test_rejected_rows_come_as_a_workbook_and_go_in_again_corrected(
    run: Run, reply: Callable[..., Path], tmp_path: Path
) -> None:
    import xlsxwriter

    book = tmp_path / "拒收.xlsx"
    run("import", reply("甲银行", PAID, UNREADABLE), "--rejects", book)
    headings, row = CalamineWorkbook.from_path(str(book)).get_sheet_by_index(0).to_python()
    assert headings[5:] == HEADINGS.split(",")
    assert row[:2] == ["金额无法识别", "交易金额"]
    assert row[5] == PAYER
    corrected = tmp_path / "改正.xlsx"
    with xlsxwriter.Workbook(corrected) as fresh:
        sheet = fresh.add_worksheet()
        sheet.write_row(0, 0, headings)
        sheet.write_row(1, 0, ["100.00" if cell == "一百元" else cell for cell in row])
    report = told(run("import", corrected, "--json"))
    assert [report["files"][0][name] for name in ("taken", "rejected")] == [1, 0]
    assert report["observations"] == 2


def test_files_refused_whole_are_listed_with_the_reason_and_what_to_do(
    run: Run, reply: Callable[..., Path], tmp_path: Path
) -> None:
    """The list is passed over when the workbook comes back corrected."""
    folder = tmp_path / "来件"
    folder.mkdir()
    (folder / "乱.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    (folder / "空.csv").write_bytes(b"")
    (folder / "坏.xlsx").write_bytes(b"PK\x03\x04" + bytes(40))
    book = tmp_path / "拒收.xlsx"
    assert run("import", reply("甲银行", PAID, UNREADABLE), folder, "--rejects", book)[0] == 3
    sheets = CalamineWorkbook.from_path(str(book))
    headings, *rows = sheets.get_sheet_by_name("未读入的文件").to_python()
    assert headings == ["未读入的文件", "工作表", "原因", "怎么办"]
    told_of = {str(row[0]): [str(cell) for cell in row] for row in rows}
    assert {"来件/乱.csv", "来件/空.csv"} < set(told_of)
    assert "没有认识的表头" in told_of["来件/乱.csv"][2]
    assert "对应列" in told_of["来件/乱.csv"][3]
    assert all(reason and remedy for _, _, reason, remedy in rows)
    back = told(run("import", book, "--json"))["files"][0]
    assert (back["rejected"], back["rows"]) == (1, 1)
    assert [one["reason"] for one in back["rejects"]] == ["bad_amount"]


def test_check_tells_where_money_is_missing(run: Run, reply: Callable[..., Path]) -> None:
    """900.00 after the first payment; the next row pays 50.00 and shows 700.00: 150.00 went unseen."""
    run("import", reply("甲银行", PAID, LATER))
    (found,) = told(run("check", "--json"))["breaks"]
    assert (found["kind"], found["account"], found["missing_fen"]) == ("gap", PAYER, -150_00)
    assert "缺行" in run("check")[1]


def test_people_read_chinese_first(run: Run, reply: Callable[..., Path]) -> None:
    code, words = run("import", reply("甲银行", PAID, UNREADABLE))
    assert code == 0
    assert "导入版本 1" in words
    assert "金额无法识别 The amount cannot be read" in words
    assert "台账版本 1" in run("status")[1]


def test_pair_writes_three_columns(run: Run, tmp_path: Path) -> None:
    schema = ["no", "yuan", "day", "memo"]
    days = pl.Series("day", [0, 3]).cast(pl.Date)
    left = pl.DataFrame(
        [(1, 100.0, "测试甲 货款"), (2, 77.5, "测试乙 工资")], ["no", "yuan", "memo"], orient="row"
    )
    right = left.with_columns(no=pl.col("no") + 10)
    for name, book in (("left", left), ("right", right)):
        book.with_columns(days).select(schema).write_parquet(tmp_path / f"{name}.parquet")
    out = tmp_path / "pairs.parquet"
    books = ["--left", tmp_path / "left.parquet", "--right", tmp_path / "right.parquet"]
    columns = ["--id", "no", "--amount", "yuan", "--time", "day", "--text", "memo", "--out", out]
    assert run("pair", *books, *columns, ledger=False)[0] == 0
    pairs = pl.read_parquet(out)
    assert pairs.columns == ["left_id", "right_id", "score"]
    assert sorted(pairs.select("left_id", "right_id").rows()) == [(1, 11), (2, 12)]
    assert run("pair", *books, *columns[:1], "没有", *columns[2:], ledger=False)[0] == 2
