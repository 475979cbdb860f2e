"""``rongdun trace`` from the outside: statement files in, whose money is where out. No database, no server."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from rongdun.entrypoints.cli import app
from tests.entrypoints.tracing_city import BANK, FAR, MULE, MULES, SECOND, SEEDS, imported, line

KEYS = {
    "rule",
    "as_of",
    "seeds_fen",
    "left_fen",
    "ended_fen",
    "frontier_fen",
    "limit_fen",
    "accounts",
    "transfers",
}
ACCOUNT_KEYS = {
    "victim", "institution", "account", "tier", "in_fen", "out_fen", "left_fen", "end", "opening", "first_in",
    "last_out",
}  # fmt: skip

SUMS = {
    "fifo": (4_500_00, 3_000_00, 4_500_00),
    "lifo": (4_000_00, 3_000_00, 5_000_00),
    "pro_rata": (4_322_34, 2_901_10, 4_776_56),
    "window": (5_000_00, 3_000_00, 4_000_00),
    "poison": (7_000_00, 6_000_00, 6_000_00),
}
"""Left, ended, frontier of 12,000 yuan by hand. First in first out: 500 of the 6,000 are the mule's own and go on
first; then 3,000 in cash and 1,000 from 甲. Last in first out: all 6,000 甲's, the cash 2,000 of 乙 and 1,000 of 甲.
Pro rata: of 6,000 five parts in 10,500 are the mule's … to the fen, the largest remainder up. Window of an hour: the
1,000 of two o'clock carry nothing. Poison: whatever left is 甲's, and 乙's too once 乙's money had come."""

LEFT = {
    "fifo": {("演示甲", MULE): 500_00, ("演示乙", MULE): 2_000_00, ("演示甲", SECOND): 2_000_00},
    "lifo": {("演示甲", MULE): 2_000_00, ("演示甲", SECOND): 2_000_00},
    "pro_rata": {("演示甲", MULE): 1_648_35, ("演示乙", MULE): 769_23, ("演示甲", SECOND): 1_904_76},
    "window": {("演示甲", MULE): 1_000_00, ("演示乙", MULE): 2_000_00, ("演示甲", SECOND): 2_000_00},
}

Trace = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return imported(tmp_path_factory.mktemp("city"))


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    return written(tmp_path, SEEDS)


@pytest.fixture
def trace(ledger: Path, seeds: Path, tmp_path: Path) -> Trace:
    def call(rule: str = "fifo", *more: object) -> dict[str, Any]:
        out = tmp_path / "trace.json"
        arguments = ["--ledger", ledger, "--seeds", seeds, "--rule", rule, "--out", out, *more]
        code, words = run(*arguments)
        assert code == 0, words
        found = json.loads(out.read_text(encoding="utf-8"))
        assert isinstance(found, dict)
        return found

    return call


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["trace", *map(str, arguments)])
    return result.exit_code, result.output


def written(folder: Path, text: str, encoding: str = "utf-8-sig") -> Path:
    path = folder / "seeds.csv"
    path.write_text(text, encoding=encoding)
    return path


def left(found: dict[str, Any]) -> dict[tuple[str, str], int]:
    rows = [one for one in found["accounts"] if one["end"] == "retained"]
    return {(one["victim"], one["account"]): one["left_fen"] for one in rows}


@pytest.mark.parametrize("engine", ["index", "duckdb", "spark"])
def test_every_rule_by_every_engine_says_what_is_worked_out_by_hand(trace: Trace, engine: str) -> None:
    if engine == "spark":
        pytest.importorskip("pysail")
    for rule, (lies, ended, frontier) in SUMS.items():
        found = trace(rule, "--engine", engine)
        assert set(found) >= KEYS
        assert all(set(one) >= ACCOUNT_KEYS for one in found["accounts"])
        assert found["rule"] == rule
        sums = [found[name] for name in ("seeds_fen", "left_fen", "ended_fen", "frontier_fen", "limit_fen")]
        assert sums == [12_000_00, lies, ended, frontier, 0]
        if rule in LEFT:
            assert left(found) == LEFT[rule]


def test_transfers_say_whose_money_they_carried(trace: Trace) -> None:
    found = trace("fifo")
    (onward,) = (one for one in found["transfers"] if one["to"] and one["to"]["account"] == SECOND)
    assert onward["from"] == {"institution": BANK, "account": MULE}
    assert (onward["time"], onward["amount_fen"]) == ("2025-03-01T12:05:00+08:00", 6_000_00)
    assert [(one["victim"], one["fen"]) for one in onward["shares"]] == [("演示甲", 5_500_00)]
    (cash,) = (one for one in found["transfers"] if one["end"] == "cash")
    assert cash["to"] is None
    known = {one["account"]: one["opening"] for one in found["accounts"]}
    assert (known[MULE], known[FAR]) == ("known", "assumed")


def test_spans_hubs_depth_and_moments_are_those_of_the_options(trace: Trace) -> None:
    assert trace("window", "--delta-of", f"{BANK}:{MULE}=3h")["frontier_fen"] == 5_000_00
    assert trace("window", "--delta", "10m")["ended_fen"] == 2_000_00, "of the cash only what came at 12:10"
    stopped = trace("fifo", "--hub", f"{SECOND}=stop")
    assert stopped["ended_fen"] == 3_000_00 + 5_500_00
    assert [one["end"] for one in stopped["accounts"] if one["account"] == SECOND] == ["hub"]
    assert trace("fifo", "--depth", 1)["limit_fen"] == 5_500_00 + 1_000_00
    assert trace("fifo", "--window", "60m")["limit_fen"] == 1_000_00
    early = trace("fifo", "--as-of", "2025-03-01 12:06")
    assert (early["seeds_fen"], early["left_fen"]) == (10_000_00, 10_000_00)
    whole_day = trace("fifo", "--as-of", "2025-03-01")
    assert whole_day["as_of"] == "2025-03-01T23:59:59.999999+08:00"
    assert left(whole_day) == LEFT["fifo"]


def test_engines_take_the_same_options(trace: Trace) -> None:
    options = ["--delta-of", f":{MULE}=3h", "--hub", f"{SECOND}=stop", "--depth", 2, "--tolerance", "2h"]
    assert trace("window", *options, "--engine", "duckdb") == trace("window", *options)


def test_seeds_come_in_any_encoding_and_notation(ledger: Path, tmp_path: Path, trace: Trace) -> None:
    """The same two transfers with Chinese headings in GB18030, tabs, and a zone told."""
    expected = trace("fifo")
    out = tmp_path / "again.json"
    chinese = f"""受害人,账号,金额,时间
演示甲,{MULE},1万,20250301120000

演示乙,'{MULE},¥2000,2025年3月1日12时10分
"""
    tabs = f"""victim\taccount\tamount\ttime
演示甲\t{MULE}\t10000\t2025-03-01T04:00:00Z
演示乙\t{MULE}\t2,000\t2025.3.1 12:10
"""
    for text, encoding in ((chinese, "gb18030"), (tabs, "utf-16")):
        seeds = written(tmp_path, text, encoding)
        code, words = run("--ledger", ledger, "--seeds", seeds, "--rule", "fifo", "--out", out)
        assert code == 0, words
        assert json.loads(out.read_text(encoding="utf-8")) == expected


def test_bad_seeds_are_told_line_by_line_and_nothing_is_traced(ledger: Path, tmp_path: Path) -> None:
    lines = [
        "victim,institution,account,amount,time",
        f"演示甲,,{MULE},100.00,2025-03-01 12:00",
        ",,6.22E+18,[/red]一百,2025-03-01",
        f"演示丙,,{MULE},0.001,昨天",
        f"演示丁,,{MULE},0,",
    ]
    out = tmp_path / "none.json"
    code, words = run(
        "--ledger", ledger, "--seeds", written(tmp_path, "\n".join(lines)), "--rule", "fifo", "--out", out
    )
    assert code == 2
    assert not out.exists()
    assert "有 8 处不能用" in words
    for told in (
        "第 3 行 victim 列:请填写受害人",
        "第 3 行 account 列“6.22E+18”:账号被表格转成数值",
        "第 3 行 amount 列“[/red]一百”",
        "第 3 行 time 列“2025-03-01”:只有日期",
        "第 4 行 amount 列“0.001”",
        "第 4 行 time 列“昨天”:时间无法识别",
        "第 5 行 amount 列“0”:金额应大于零",
        "line 5, column time : No time",
    ):
        assert told in words, told


def test_wrong_calls_are_2_and_say_why(ledger: Path, seeds: Path, tmp_path: Path) -> None:
    good = {"--ledger": ledger, "--seeds": seeds, "--rule": "fifo", "--out": tmp_path / "o.json"}

    def told(**changes: object) -> str:
        options = good | {f"--{name.replace('_', '-')}": value for name, value in changes.items()}
        pairs = [word for name, value in options.items() if value is not None for word in (name, value)]
        code, words = run(*pairs)
        assert code == 2, words
        return words

    assert "--rule" in told(rule=None)
    assert "fifo" in told(rule="first")
    assert "duckdb" in told(engine="polars")
    assert "72h" in told(window="three days")
    assert "没有台账" in told(ledger=tmp_path / "空")
    assert "--out" in told(out=None)
    assert "不能写入" in told(out=tmp_path / "没有" / "o.json")
    assert "6222000000000000000" in told(hub="6222000000000000000=stop")
    assert "stop 或 follow" in told(hub=f"{MULE}=perhaps")
    assert "缺少列：amount、time" in told(seeds=written(tmp_path, "victim,institution,account\n甲,,1\n"))
    assert "没有数据行" in told(seeds=written(tmp_path, "victim,institution,account,amount,time\n"))
    assert "列数多于表头" in told(seeds=written(tmp_path, SEEDS.replace('"', "")))


def test_a_transfer_no_statement_shows_is_assumed_and_said_so(ledger: Path, tmp_path: Path) -> None:
    seeds = written(tmp_path, f"victim,account,amount,time\n演示甲,{MULE},777,2025-03-01 12:00\n")
    out = tmp_path / "o.json"
    code, words = run("--ledger", ledger, "--seeds", seeds, "--rule", "fifo", "--out", out)
    assert code == 0
    assert "1 笔受害人转账在流水中没有对应" in words
    found = json.loads(out.read_text(encoding="utf-8"))
    assert found["seeds_fen"] == 777_00
    assert {one["confidence"] for one in found["accounts"] if one["account"] == MULE} == {"assumed_arrival"}


def test_the_fund_flow_table_is_a_workbook_with_the_same_sums(trace: Trace, tmp_path: Path) -> None:
    book = tmp_path / "资金流向表.xlsx"
    trace("fifo", "--xlsx", book)
    sheets = CalamineWorkbook.from_path(str(book))
    assert sheets.sheet_names == ["资金流向", "账户汇总", "说明"]
    flow = sheets.get_sheet_by_name("资金流向").to_python()
    top = next(at for at, row in enumerate(flow) if row[0] == "序号")
    titles, rows = flow[top], flow[top + 1 :]
    cells = [dict(zip(titles, row, strict=True)) for row in rows]
    (onward,) = (one for one in cells if one["收款账号"] == SECOND)
    assert (onward["层级"], onward["受害人"], onward["付款账号"]) == (2, "演示甲", MULE)
    assert (onward["交易金额（元）"], onward["其中涉案金额（元）"]) == (6_000, 5_500)
    assert (onward["余额依据"], onward["数据来源"]) == ("流水余额栏", "双方流水")
    kept = sheets.get_sheet_by_name("账户汇总").to_python()
    place = kept[top].index("余留涉案（元）")
    assert sum(float(str(row[place])) for row in kept[top + 1 :]) == 9_000, (
        "4,500 in accounts and 4,500 at one without statement"
    )
    about = {row[0]: row[1] for row in sheets.get_sheet_by_name("说明").to_python()}
    assert (about["被骗金额"], about["在账余额"], about["已流出（取现、消费等）"]) == (
        "12,000.00",
        "4,500.00",
        "3,000.00",
    )


def test_labels_end_money_at_an_account_and_stay_with_the_ledger(seeds: Path, tmp_path: Path) -> None:
    own = imported(tmp_path)
    labels = tmp_path / "labels.csv"
    out = tmp_path / "o.json"
    arguments = ["--ledger", own, "--seeds", seeds, "--rule", "fifo", "--out", out]
    labels.write_text(f"institution,account,kind\n{BANK},{SECOND},皮包\n", encoding="utf-8")
    code, words = run(*arguments, "--labels", labels)
    assert code == 2 and "类别不认识" in words
    labels.write_text(f"机构,账号,类别\n{BANK},{SECOND},crypto\n", encoding="gb18030")
    assert run(*arguments, "--labels", labels)[0] == 0
    ended = [3_000_00 + 5_500_00]
    for engine in ("index", "duckdb"):
        assert run(*arguments, "--engine", engine)[0] == 0
        found = json.loads(out.read_text(encoding="utf-8"))
        ended.append(found["ended_fen"])
        assert {one["end"] for one in found["accounts"] if one["account"] == SECOND} == {"crypto"}
    assert ended == [8_500_00] * 3


def test_backward_finds_who_else_paid_in(tmp_path: Path) -> None:
    """演示丙 paid the mule once, a whole hundred, and got nothing back; 演示甲 is known and not listed."""
    other = "6299992000000000031"
    third = line(MULE, other, "121500", 800, 7_300, "进", 对手户名="演示丙")
    rows = [dict(row) for row in MULES]
    for row, balance in zip(rows[3:], (4_300, 3_300), strict=True):
        row["交易余额"] = f"{balance}.00"
    own = imported(tmp_path, [[*rows[:3], third, *rows[3:]]])
    seeds = written(tmp_path, SEEDS)
    out = tmp_path / "back.json"
    code, words = run("backward", "--ledger", own, "--seeds", seeds, "--out", out, "--json")
    assert code == 0, words
    found = json.loads(words)
    assert found == json.loads(out.read_text(encoding="utf-8"))
    (payer,) = found["payers"]
    assert (payer["number"], payer["name"], payer["fen"]) == (other, "演示丙", 800_00)
    assert {"first_time", "personal", "round_amounts", "no_return"} <= set(payer["features"])
    assert payer["paid"] == [{"institution": BANK, "account": MULE}]
    assert all(reason["zh"] and reason["en"] for reason in payer["reasons"])
    assert "演示丙" in run("backward", "--ledger", own, "--seeds", seeds)[1]
    assert run("backward", "--ledger", own)[0] == 2


def test_the_engine_of_the_setting_is_used_and_may_be_missing(
    ledger: Path, seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RONGDUN_ENGINE", "spark")
    monkeypatch.setitem(__import__("sys").modules, "pysail.spark", None)
    code, words = run("--ledger", ledger, "--seeds", seeds, "--rule", "fifo", "--out", tmp_path / "o.json")
    assert code == 2
    assert "没有安装 pysail" in words and "pip install 'rongdun[spark]'" in words
    assert "pysail is not installed" in words
