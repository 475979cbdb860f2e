"""The same case by the index, by DuckDB and by Spark: reach, sub-ledger and openings, and do they agree to the row?

Generated data (``trace_data``), the index and the engines' tables made from the same transfers. Sail runs in this
process; ``RONGDUN_SPARK`` adds an Apache Spark, by its address. Attribution is the same for all and not in the times.

    python benchmarks/bench_engines.py [--rows 1000000] [--victims 1 100] [--repeat 3] [--full]
"""

import argparse
import os
import platform
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from trace_data import cards, generate, number_of

from rongdun.analytics.engines.book import NumberBook
from rongdun.analytics.engines.choose import engine_named
from rongdun.analytics.engines.port import Engine
from rongdun.analytics.engines.tables import Tables, write_tables
from rongdun.analytics.engines.trace import ground_by
from rongdun.analytics.tracing.index.build import Material, write_index
from rongdun.analytics.tracing.index.columns import from_parquet, no_levels
from rongdun.analytics.tracing.index.hubs import HubPolicy
from rongdun.analytics.tracing.index.opened import TraceIndex
from rongdun.analytics.tracing.model import Bounds, Rule, Seed
from rongdun.analytics.tracing.trace import Asked, Ground, ground_of

DEPTH = 6
COLUMNS = ("payer", "payee", "amount_fen", "time", "end", "refund", "books")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--victims", type=int, nargs="+", default=[1, 100])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--full", action="store_true", help="1 million transfers")
    told = parser.parse_args()
    rows = 1_000_000 if told.full else told.rows
    print(f"machine: {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    folder = Path(tempfile.mkdtemp(prefix="bench-engines-"))
    try:
        measure(folder, rows, told.victims, told.repeat)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure(folder: Path, rows: int, victims: list[int], repeat: int) -> None:
    """Print one line an engine and number of victims."""
    seeds = seeds_of(folder / "transfers.parquet", rows)
    material = Material(from_parquet(folder / "transfers.parquet"), cards(rows), no_levels(), {})
    begun = time.perf_counter()
    write_index(material, folder / "index", 1)
    indexed = time.perf_counter() - begun
    begun = time.perf_counter()
    tables = write_tables(material, folder / "tables", 1)
    written = time.perf_counter() - begun
    print(f"{rows:,} transfers: index {indexed:.2f} s, engines' tables {written:.2f} s; depth {DEPTH}, 72 h")
    index = TraceIndex(folder / "index")
    asked = Asked(Rule.FIFO, Bounds(depth=DEPTH), HubPolicy(), index.manifest.latest)
    truth = {count: ground_of(index, seeds[:count], asked) for count in victims}
    for count in victims:
        one = truth[count].gathered
        size = f"{len(one.touched):,} accounts, {len(one.sub.transfers):,} transfers"
        print(f"  {count:>5} victims reach {size}")
        line("index", count, timed(lambda n=count: ground_of(index, seeds[:n], asked), repeat), True)
    for name, address in engines():
        begun = time.perf_counter()
        with engine_named(name, address) as engine:
            print(f"  {engine.name}: {time.perf_counter() - begun:.2f} s to start")
            engine.open(tables.folder)
            by_engine(engine, tables, seeds, asked, truth, repeat)


def by_engine(
    engine: Engine, tables: Tables, seeds: list[Seed], asked: Asked, truth: dict[int, Ground], repeat: int
) -> None:
    """Time one engine and compare what it finds with the index."""
    for count, expected in truth.items():
        here = seeds[:count]
        numbers = [seed.account for seed in here]

        def ask(here: list[Seed] = here, numbers: list[str] = numbers) -> Ground:
            return ground_by(engine, NumberBook(engine, tables, numbers), here, asked)

        line(engine.name, count, timed(ask, repeat), same(ask(), expected))


def engines() -> list[tuple[str, str]]:
    cluster = os.environ.get("RONGDUN_SPARK")
    return [("duckdb", ""), ("spark", ""), *([("spark", cluster)] if cluster else [])]


def seeds_of(path: Path, rows: int) -> list[Seed]:
    told = generate(rows, path).iter_rows()
    return [
        Seed(f"测试{at}", "测试银行", number_of(account), amount, moment)
        for at, (account, amount, moment) in enumerate(told)
    ]


def timed(run: Callable[[], Any], repeat: int) -> float:
    """Return the median seconds; the first run warms caches and does not count."""
    run()
    spent = []
    for _ in range(repeat):
        begun = time.perf_counter()
        run()
        spent.append(time.perf_counter() - begun)
    return float(np.median(spent))


def same(found: Ground, expected: Ground) -> bool:
    one, two = found.gathered.sub, expected.gathered.sub
    rows = all(np.array_equal(getattr(one.transfers, name), getattr(two.transfers, name)) for name in COLUMNS)
    opened = np.array_equal(one.accounts.opening_fen, two.accounts.opening_fen)
    return rows and opened and one.accounts.number == two.accounts.number


def line(name: str, victims: int, seconds: float, agrees: bool) -> None:
    told = "same rows" if agrees else "DIFFERENT ROWS"
    print(f"    {name:<14} {victims:>5} victims  {seconds:8.3f} s  {told}", flush=True)


if __name__ == "__main__":
    main()
