"""Reads statements: GB18030 CSV of the reply set's 32 columns, and XLSX, into validated canonical rows.

    python benchmarks/bench_statements.py [--rows 300000] [--sheet-rows 30000] [--repeat 3]

Beside it, on the same rows in the same run: DuckDB ``read_csv`` alone on a UTF-8 copy, python-calamine alone on the
same workbook. Prints the machine, sizes, seconds, rows a second, peak memory and the ratios. Everything is synthetic.
"""

import argparse
import os
import platform
import random
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import xlsxwriter
from python_calamine import CalamineWorkbook

from rongdun.analytics.statements.reader import read_path

HEADINGS = (
    "交易卡号,交易账号,查询反馈结果原因,交易户名,交易证件号码,交易时间,交易金额,交易余额,收付标志,交易对手账卡号,现金标志,对手户名,"
    "对手身份证号,对手开户银行,摘要说明,交易币种,交易网点名称,交易发生地,交易是否成功,传票号,IP地址,MAC地址,对手交易余额,交易流水号,"
    "日志号,凭证种类,凭证号,交易柜员号,备注,商户名称,商户代码,交易类型"
)
NAMES = [f"演示{a}{b}" for a in "甲乙丙丁戊己庚辛壬癸" for b in "一二三四五六七八九十"]
PURPOSES = ["转账", "消费", "跨行转账", "手机银行转账", "工资", "手续费"]


def line(number: int, draw: random.Random) -> str:
    card, amount, balance = draw.randrange(2000), draw.randrange(1, 10**7), draw.randrange(1, 10**8)
    peer = f"6299991{draw.randrange(10**6):012d}" if draw.random() > 0.158 else ""
    name = draw.choice(NAMES) if peer else ""
    told = f"2025{draw.randrange(1, 13):02d}{draw.randrange(1, 29):02d}{draw.randrange(24):02d}{draw.randrange(60):02d}{draw.randrange(60):02d}"
    return (
        f"6299990{card:012d},9990{card:09d},,{NAMES[card % 100]},35010019900101{card:04d},{told},"
        f"{amount // 100}.{amount % 100:02d},{balance // 100}.{balance % 100:02d},{'进' if number & 1 else '出'},{peer},转账,{name},,"
        f"演示银行福州分行,{draw.choice(PURPOSES)},CNY,演示银行鼓楼支行,福建福州,1,,10.{number % 256}.3.4,"
        f"00-1A-2B-3C-4D-{number % 256:02X},,S{number:016d},{number},,,{number % 5000:05d},,,,网银转账"
    )


def write_texts(folder: Path, rows: int) -> tuple[Path, Path]:
    bank, copy = folder / "bank.csv", folder / "copy.csv"
    draw = random.Random(1)
    with (
        bank.open("w", encoding="gb18030", newline="") as first,
        copy.open("w", encoding="utf-8", newline="") as second,
    ):
        for number in range(-1, rows):
            text = (HEADINGS if number < 0 else line(number, draw)) + "\r\n"
            first.write(text)
            second.write(text)
    return bank, copy


def write_book(folder: Path, rows: int) -> Path:
    path, draw = folder / "bank.xlsx", random.Random(1)
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("明细")
        for number in range(-1, rows):
            cells = (HEADINGS if number < 0 else line(number, draw)).split(",")
            for column, cell in enumerate(cells):
                if cell and number >= 0 and column in (6, 7):
                    sheet.write_number(number + 1, column, float(cell))
                elif cell:
                    sheet.write_string(number + 1, column, cell)
    return path


def ours(path: Path) -> int:
    taken = 0
    for reading in read_path(path):
        for _ in reading:
            pass
        assert reading.counts.rejected == 0
        taken += reading.counts.taken
    return taken


def duck(path: Path) -> int:
    with duckdb.connect() as connection:
        connection.execute(f"SET threads = {os.cpu_count()}")
        connection.execute("CREATE TEMP TABLE read AS SELECT * FROM read_csv(?)", [str(path)])
        return int(connection.execute("SELECT count(*) FROM read").fetchall()[0][0])


def calamine(path: Path) -> int:
    return len(CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()) - 1


def measure(name: str, run: Callable[[Path], int], path: Path, repeat: int) -> tuple[float, float]:
    """Print and return the best (rows a second, rows a processor second) of some runs."""
    best = (0.0, 0.0)
    for _ in range(repeat):
        wall, used = time.perf_counter(), time.process_time()
        rows = run(path)
        wall, used = time.perf_counter() - wall, time.process_time() - used
        best = max(best[0], rows / wall), max(best[1], rows / used)
    print(f"{name:<34}{best[0]:>14,.0f} rows/s{best[1]:>14,.0f} rows per processor second")
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=300_000)
    parser.add_argument("--sheet-rows", type=int, default=30_000)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    load = os.getloadavg()[0]
    print(
        f"machine: {platform.processor() or platform.machine()}, {os.cpu_count()} cores, load {load:.1f}, Python {platform.python_version()}"
    )
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        warm, _ = write_texts(folder, 1000)
        ours(warm)
        bank, copy = write_texts(folder, options.rows)
        print(
            f"CSV: {options.rows:,} rows × 32 columns, {bank.stat().st_size / 1e6:.0f} MB GB18030, {copy.stat().st_size / 1e6:.0f} MB UTF-8"
        )
        mine = measure("statements (decode, check, key)", ours, bank, options.repeat)
        print(f"  peak resident so far: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
        theirs = measure("DuckDB read_csv alone, UTF-8", duck, copy, options.repeat)
        print(
            f"  ratio: {mine[0] / theirs[0]:.2f} of DuckDB's rows/s, {mine[1] / theirs[1]:.2f} per processor second"
        )
        book = write_book(folder, 1000)
        ours(book)
        book = write_book(folder, options.sheet_rows)
        print(f"XLSX: {options.sheet_rows:,} rows × 32 columns, {book.stat().st_size / 1e6:.1f} MB")
        mine = measure("statements", ours, book, options.repeat)
        theirs = measure("python-calamine alone", calamine, book, options.repeat)
        print(
            f"  ratio: {mine[0] / theirs[0]:.2f} of calamine's rows/s, {mine[1] / theirs[1]:.2f} per processor second"
        )


if __name__ == "__main__":
    main()
