"""How fast does a bank's reply become a ledger, and in how much memory?

Made-up layout-1 replies (交易明细信息, 32 columns, one row in 200 dirty, one in 50 told twice), GB18030 CSV and XLSX, are
imported end to end: read, validated, deduplicated, paired, sorted, written and committed. Beside it, in the same run
and on the same rows: DuckDB's ``read_csv`` alone on a UTF-8 copy, and python-calamine alone on the workbook. Each
runs in a process of its own, after a small warm-up that compiles; the peak is that process's resident memory. A
shared machine's speed differs by half from minute to minute: ``--times N`` has both take N turns with the CSV file,
and tells the median, the slowest and the fastest.

    python benchmarks/bench_ingest.py [--full] [--rows N] [--times N] [--xlsx-rows N] [--keep DIRECTORY] [--different]
"""

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl

HEADINGS = [
    "交易卡号",
    "交易账号",
    "查询反馈结果原因",
    "交易户名",
    "交易证件号码",
    "交易时间",
    "交易金额",
    "交易余额",
    "收付标志",
    "交易对手账卡号",
    "现金标志",
    "对手户名",
    "对手身份证号",
    "对手开户银行",
    "摘要说明",
    "交易币种",
    "交易网点名称",
    "交易发生地",
    "交易是否成功",
    "传票号",
    "IP地址",
    "MAC地址",
    "对手交易余额",
    "交易流水号",
    "日志号",
    "凭证种类",
    "凭证号",
    "交易柜员号",
    "备注",
    "商户名称",
    "商户代码",
    "交易类型",
]
BLOCK = 500_000
BAR, XLSX_BAR, MEMORY_BAR_MIB = 300_000, 60_000, 1_536
SURNAMES, GIVEN = np.array(list("王李张刘陈杨赵黄周吴")), np.array(list("伟芳娜敏静丽强磊军洋"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--full", action="store_true", help="3,000,000 CSV rows, 300,000 in the workbook")
    parser.add_argument("--rows", type=int)
    parser.add_argument("--times", type=int, default=1, help="turns of each with the CSV file")
    parser.add_argument("--xlsx-rows", type=int)
    parser.add_argument("--keep", type=Path, help="keep files and ledger here")
    parser.add_argument("--different", action="store_true", help="no counterparty and no purpose repeats")
    parser.add_argument("--work", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.work:
        print(json.dumps(WORK[asked.work[0]](Path(asked.work[1]))))
        return
    rows = asked.rows or (3_000_000 if asked.full else 200_000)
    sheet_rows = asked.xlsx_rows if asked.xlsx_rows is not None else (300_000 if asked.full else 20_000)
    with TemporaryDirectory() as scratch:
        run(asked.keep or Path(scratch), rows, asked.times, sheet_rows, different=asked.different)


def run(folder: Path, rows: int, times: int, sheet_rows: int, *, different: bool) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    print(
        f"machine: {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}"
    )
    write_csv(folder, rows, different=different)
    size = (folder / "reply.csv").stat().st_size
    print(f"CSV: {rows:,} rows, 32 columns, {size / 1e6:,.0f} MB GB18030")
    turns = [(measured("import_csv", folder), measured("duckdb", folder)) for _ in range(times)]
    csv = turns[-1][0]
    paces = [rows / ours["seconds"] for ours, _ in turns]
    print(f"  rongdun, into the compacted ledger  {told(paces)} rows/s  (bar {BAR:,})")
    print(
        f"    taken {csv['taken']:,}, repeated {csv['duplicates']:,}, rejected {csv['rejected']:,}; {csv['files']} files; "
        f"cpu {statistics.median(ours['cpu'] for ours, _ in turns):.2f} s"
    )
    print(
        f"  DuckDB read_csv alone, UTF-8        {told([rows / peer['seconds'] for _, peer in turns])} rows/s"
    )
    print(f"  ratio {told([peer['seconds'] / ours['seconds'] for ours, peer in turns], '.2f')} (aim 0.5)")
    peak = max(ours["peak_mib"] for ours, _ in turns)
    print(f"  peak memory {peak:,.0f} MiB (bar {MEMORY_BAR_MIB:,} at 20,000,000 rows)")
    if sheet_rows:
        write_xlsx(folder, sheet_rows)
        xlsx, calamine = measured("import_xlsx", folder), measured("calamine", folder)
        pace, peer = sheet_rows / xlsx["seconds"], sheet_rows / calamine["seconds"]
        print(
            f"XLSX: {sheet_rows:,} rows\n  rongdun  {pace:>10,.0f} rows/s  (bar {XLSX_BAR:,})\n  python-calamine alone  {peer:>10,.0f} rows/s\n  ratio {pace / peer:.2f}"
        )


def told(figures: list[float], form: str = ",.0f") -> str:
    """Return the figure, or the median of several with the lowest and the highest."""
    middle = format(statistics.median(figures), form)
    return middle if len(figures) == 1 else f"{middle} ({min(figures):{form}}-{max(figures):{form}})"


def measured(work: str, folder: Path) -> dict:
    command = [sys.executable, __file__, "--work", work, str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def import_csv(folder: Path) -> dict:
    return imported(folder, folder / "reply.csv")


def import_xlsx(folder: Path) -> dict:
    return imported(folder, folder / "reply.xlsx")


def imported(folder: Path, path: Path) -> dict:
    from rongdun.analytics.ledger.ledger import Ledger

    with TemporaryDirectory(dir=folder) as directory:
        Ledger(Path(directory) / "warm").import_paths([path.with_name(f"warm{path.suffix}")])
        ledger = Ledger(Path(directory) / "ledger")
        began, cpu = time.perf_counter(), time.process_time()
        report = ledger.import_paths([path])
        ledger.compact()
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
        files = len(ledger.view().files("transactions"))
    counts = {
        name: sum(getattr(file, name) for file in report.files)
        for name in ("taken", "duplicates", "rejected")
    }
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "cpu": cpu, "peak_mib": peak, "files": files, **counts}


def duckdb(folder: Path) -> dict:
    import duckdb as engine

    connection = engine.connect(config={"threads": 2, "temp_directory": str(folder / "duck")})
    connection.execute("create temp table warm as select * from read_csv(?)", [str(folder / "warm-utf8.csv")])
    began = time.perf_counter()
    connection.execute(
        "create temp table rows as select * from read_csv(?, sample_size=20480)",
        [str(folder / "reply-utf8.csv")],
    )
    return {"seconds": time.perf_counter() - began}


def calamine(folder: Path) -> dict:
    from python_calamine import CalamineWorkbook

    began = time.perf_counter()
    rows = sum(
        1 for _ in CalamineWorkbook.from_path(str(folder / "reply.xlsx")).get_sheet_by_index(0).iter_rows()
    )
    return {"seconds": time.perf_counter() - began, "rows": rows}


WORK = {"import_csv": import_csv, "import_xlsx": import_xlsx, "duckdb": duckdb, "calamine": calamine}


def write_csv(folder: Path, rows: int, *, different: bool) -> None:
    """Write the reply in both encodings, and a small one to warm up with."""
    for name, count in (("warm", 2_000), ("reply", rows)):
        if (folder / f"{name}.csv").exists():
            continue
        with (folder / f"{name}.csv").open("wb") as bank, (folder / f"{name}-utf8.csv").open("wb") as plain:
            for start in range(0, count, BLOCK):
                part = block(start, min(BLOCK, count - start))
                part = all_different(part, start) if different else part
                text = part.write_csv(include_header=start == 0)
                plain.write(text.encode())
                bank.write(text.encode("gb18030"))


def write_xlsx(folder: Path, rows: int) -> None:
    import xlsxwriter

    for name, count in (("warm", 200), ("reply", rows)):
        with xlsxwriter.Workbook(folder / f"{name}.xlsx", {"constant_memory": True}) as book:
            sheet = book.add_worksheet("交易明细信息")
            sheet.write_row(0, 0, HEADINGS)
            for number, row in enumerate(block(0, count).iter_rows(), 1):
                for place, cell in enumerate(row):
                    if cell != "":
                        sheet.write_string(number, place, cell)


def block(start: int, rows: int) -> pl.DataFrame:
    """Rows of some thousand accounts over a year; all text, all made up."""
    chance = np.random.default_rng(20_000 + start)
    place = np.arange(start, start + rows)
    place[::50] = np.maximum(place[::50] - 49, 0)  # told again
    own, other = (place * 7_919) % 5_000, (place * 104_729) % 400_003
    second = (place * 5_381) % (365 * 86_400)
    amount = (place * 48_271) % 5_000_000 + 1
    number = pl.DataFrame({"own": own, "other": other, "second": second, "amount": amount, "n": place})
    text = number.select(
        card=pl.format("62220000{}", pl.col("own").cast(pl.String).str.zfill(11)),
        account=pl.format("3500{}", pl.col("own").cast(pl.String).str.zfill(10)),
        id=pl.format("3501001990{}", pl.col("own").cast(pl.String).str.zfill(8)),
        time=(pl.lit(1_704_067_200) + pl.col("second"))
        .mul(1_000)
        .cast(pl.Datetime("ms"))
        .dt.strftime("%Y-%m-%d %H:%M:%S"),
        amount=pl.format(
            "{}.{}", pl.col("amount") // 100, (pl.col("amount") % 100).cast(pl.String).str.zfill(2)
        ),
        balance=pl.format("{}.{}", pl.col("n") % 900_001, (pl.col("n") % 100).cast(pl.String).str.zfill(2)),
        way=pl.when(pl.col("n") % 2 == 0).then(pl.lit("进")).otherwise(pl.lit("出")),
        peer=pl.format("62170000{}", pl.col("other").cast(pl.String).str.zfill(11)),
        serial=pl.format("SN{}", pl.col("n").cast(pl.String).str.zfill(14)),
        log=pl.col("n").cast(pl.String).str.zfill(9),
        ip=pl.format(
            "10.{}.{}.{}", pl.col("other") % 256, (pl.col("other") // 256) % 256, pl.col("own") % 256
        ),
        mac=pl.format(
            "AA-BB-CC-00-{}-{}",
            (pl.col("own") % 90 + 10).cast(pl.String),
            (pl.col("own") // 90 % 90 + 10).cast(pl.String),
        ),
    )
    names, peers = (
        pl.Series(SURNAMES[who % 10] + GIVEN[who // 10 % 10] + GIVEN[who // 100 % 10]) for who in (own, other)
    )
    dirty = pl.Series(chance.random(rows) < 0.005)
    constant = {
        name: pl.lit(value)
        for name, value in {
            "查询反馈结果原因": "成功",
            "现金标志": "其它",
            "对手开户银行": "测试对手银行股份有限公司",
            "摘要说明": "转账",
            "交易币种": "人民币",
            "交易网点名称": "测试网点",
            "交易发生地": "福州市",
            "交易是否成功": "1",
            "交易类型": "转账",
        }.items()
    }
    told = {
        "交易卡号": "card", "交易账号": "account", "交易证件号码": "id", "交易时间": "time", "交易余额": "balance", "收付标志": "way",
        "交易对手账卡号": "peer", "交易流水号": "serial", "日志号": "log", "IP地址": "ip", "MAC地址": "mac",
    }  # fmt: skip
    columns = {heading: pl.col(name) for heading, name in told.items()} | constant
    columns |= {
        "交易户名": names,
        "对手户名": peers,
        "交易金额": pl.when(dirty).then(pl.lit("一百元")).otherwise(pl.col("amount")),
    }
    return text.select(**{heading: columns.get(heading, pl.lit("")) for heading in HEADINGS})


def all_different(rows: pl.DataFrame, start: int) -> pl.DataFrame:
    """Return the rows with names and purposes that no other row has, as free text is."""
    number = pl.int_range(start, start + len(rows), eager=True).cast(pl.String)
    return rows.with_columns(
        对手户名=pl.format("演示{}号", pl.Series(number)), 摘要说明=pl.format("转账{}", pl.Series(number))
    )


if __name__ == "__main__":
    main()
