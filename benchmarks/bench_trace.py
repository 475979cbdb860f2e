"""How fast is one case, and a thousand victims, on 1, 10 and 100 million transfers, and what does the index cost?

Generated data (``trace_data``). Each step runs in a process of its own, so that its peak memory is its own. Beside it,
on the same data in the same run: DuckDB (sorting the same table; reach by iterated joins on it), Polars joins, and
networkx and Raphtory where they can bear the size. The peers compute reach only, without sub-ledger, openings and
attribution.

    python benchmarks/bench_trace.py [--rows 1000000 10000000] [--full] [--folder DIR] [--no-peers]
"""

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import trace_peers as peers
from trace_peers import DEPTH, MANY

CASES = 200
NETWORKX_MOST = 1_000_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--full", action="store_true", help="1, 10 and 100 million")
    parser.add_argument(
        "--folder", type=Path, help="where the data lies while it runs (12 GB for 100 million)"
    )
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--step", help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.step:
        print(json.dumps(STEPS[told.step](told.folder, told.rows[0])))
        return
    print(
        f"machine: {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}"
    )
    results = [measured(rows, told) for rows in ([10**6, 10**7, 10**8] if told.full else told.rows)]
    table(results)


def measured(rows: int, told: argparse.Namespace) -> dict[str, Any]:
    """Run every step on one size, each in a process of its own; nothing of it stays on the disk."""
    from trace_data import generate

    folder = Path(tempfile.mkdtemp(prefix="bench-trace-", dir=told.folder))
    found: dict[str, Any] = {"rows": rows}
    try:
        print(f"\n{rows:,} rows")
        begun = time.perf_counter()
        generate(rows, folder / "transfers.parquet").write_parquet(folder / "seeds.parquet")
        print(f"  generated in {time.perf_counter() - begun:.0f} s")
        beside = [] if told.no_peers else ["duckdb_sort", "duckdb_reach", "polars_reach"]
        if rows <= NETWORKX_MOST and beside:
            beside += ["networkx_reach", "raphtory_reach"]
        for step in ["build", "cold", "fresh", "warm", *beside]:
            found |= run(step, folder, rows)
        return found
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(step: str, folder: Path, rows: int) -> dict[str, Any]:
    """Run one step and print what it says at once."""
    load = os.getloadavg()[0]
    command = [sys.executable, __file__, "--step", step, "--folder", str(folder), "--rows", str(rows)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"  {step}: failed: {done.stderr.strip().splitlines()[-1:]}")
        return {}
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(
        f"  {step} (load {load:.1f}): "
        + ", ".join(f"{name} {_shown(value)}" for name, value in found.items()),
        flush=True,
    )
    return found


def _shown(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:,.3f}".rstrip("0").rstrip(".")


def build(folder: Path, rows: int) -> dict[str, Any]:
    """From Parquet to a usable index; then until it is on the disk."""
    from trace_data import cards, generate

    from rongdun.analytics.tracing.index import build as building
    from rongdun.analytics.tracing.index.columns import from_parquet, no_levels
    from rongdun.analytics.tracing.index.durable import make_durable

    building.make_durable = lambda _: None
    small = folder / "small"
    small.mkdir()
    generate(2_000, small / "t.parquet")
    building.write_index(
        building.Material(from_parquet(small / "t.parquet"), cards(2_000), no_levels(), {}),
        small / "i",
        1,
    )  # compiled before the clock runs
    shutil.rmtree(small)
    accounts = cards(rows)
    begun, used = time.perf_counter(), time.process_time()
    transfers = from_parquet(folder / "transfers.parquet")
    read = time.perf_counter() - begun
    building.write_index(building.Material(transfers, accounts, no_levels(), {}), folder / "index", 1)
    whole = time.perf_counter() - begun
    spent = time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    make_durable(folder / "index")
    return {
        "build_s": whole,
        "read_s": read,
        "build_mrows_s": rows / whole / 1e6,
        "arrays_mrows_s": rows / (whole - read) / 1e6,
        "build_cpu_s": spent,
        "build_gb": peak,
        "durable_s": time.perf_counter() - begun - whole,
        "index_gb": sum(path.stat().st_size for path in (folder / "index").iterdir()) / 1e9,
    }


def _seeds(folder: Path, count: int) -> list[Any]:
    from trace_data import number_of

    from rongdun.analytics.tracing.model import Seed

    told = pl.read_parquet(folder / "seeds.parquet").head(count).iter_rows()
    return [
        Seed(f"测试{at}", "测试银行", number_of(account), amount, moment)
        for at, (account, amount, moment) in enumerate(told)
    ]


def cold(folder: Path, rows: int) -> dict[str, Any]:
    """One case after another, each on pages nobody has read: files out of the page cache, one process after start-up."""
    seeds = _seeds(folder, CASES + 1)
    _forget(folder / "index")
    begun = time.perf_counter()
    trace = _tracer(folder, seeds[-1:])
    start = time.perf_counter() - begun
    _forget(folder / "index")
    spent, touched = _each(trace, seeds[:CASES])
    again, _ = _each(trace, seeds[:CASES])
    return {
        "first_s": start,
        "cold_p50_ms": float(np.percentile(spent, 50)) * 1e3,
        "cold_p99_ms": float(np.percentile(spent, 99)) * 1e3,
        "warm_p50_ms": float(np.percentile(again, 50)) * 1e3,
        "warm_p99_ms": float(np.percentile(again, 99)) * 1e3,
        "case_transfers": float(np.median(touched)),
        "resident_mb": _resident(),
    }


def fresh(folder: Path, rows: int) -> dict[str, Any]:
    """The same in a process that has just started, while the system holds the files in memory, as it does in service."""
    for path in (folder / "index").iterdir():
        with path.open("rb") as file:
            while file.read(1 << 24):
                pass
    seeds = _seeds(folder, CASES + 1)
    spent, _ = _each(_tracer(folder, seeds[-1:]), seeds[:CASES])
    return {
        "fresh_p50_ms": float(np.percentile(spent, 50)) * 1e3,
        "fresh_p99_ms": float(np.percentile(spent, 99)) * 1e3,
        "fresh_resident_mb": _resident(),
    }


def _tracer(folder: Path, first: list[Any]) -> Callable[[Any], Any]:
    """Return what traces one seed; ``first`` has been traced, so that all code is loaded."""
    from rongdun.analytics.tracing.index.hubs import HubPolicy
    from rongdun.analytics.tracing.index.opened import TraceIndex
    from rongdun.analytics.tracing.model import Bounds, Rule
    from rongdun.analytics.tracing.trace import Asked, trace_in

    index = TraceIndex(folder / "index")
    asked = Asked(Rule.FIFO, Bounds(depth=DEPTH), HubPolicy(), index.manifest.latest)
    trace_in(index, first, asked)
    return lambda seed: trace_in(index, [seed], asked)


def _each(trace: Callable[[Any], Any], seeds: list[Any]) -> tuple[list[float], list[int]]:
    """Trace each seed by itself; return seconds and transfers in each sub-ledger."""
    spent, touched = [], []
    for seed in seeds:
        begun = time.perf_counter()
        got = trace(seed)
        spent.append(time.perf_counter() - begun)
        touched.append(len(got.subledger.transfers))
    return spent, touched


def _forget(folder: Path) -> None:
    """Drop an index's files from the page cache; pages another process has mapped stay."""
    for path in folder.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _resident() -> float:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1e3
    return 0.0


def warm(folder: Path, rows: int) -> dict[str, Any]:
    """A thousand victims in one trace by FIFO, the third of five runs or better."""
    from rongdun.analytics.tracing import trace as tracing
    from rongdun.analytics.tracing.index.hubs import HubPolicy
    from rongdun.analytics.tracing.index.opened import TraceIndex
    from rongdun.analytics.tracing.model import Bounds, Rule

    index = TraceIndex(folder / "index")
    seeds = _seeds(folder, MANY)
    asked = tracing.Asked(Rule.FIFO, Bounds(depth=DEPTH), HubPolicy(), index.manifest.latest)
    reaching, whole, used, size = [], [], [], 0
    for _ in range(5):
        begun, before = time.perf_counter(), time.process_time()
        ground = tracing.ground_of(index, seeds, asked)
        reaching.append(time.perf_counter() - begun)
        tracing.attributed(index, ground, seeds, asked)
        whole.append(time.perf_counter() - begun)
        used.append(time.process_time() - before)
        size = len(ground.gathered.touched)
    return {
        "victims": len(seeds),
        "many_gather_s": float(np.median(reaching)),
        "many_s": float(np.median(whole)),
        "many_best_s": min(whole),
        "many_cpu_s": float(np.median(used)),
        "many_touched": size,
        "reach_only_s": _reach_only(index, seeds, asked),
    }


def _reach_only(index: Any, seeds: list[Any], asked: Any) -> float:
    from rongdun.analytics.tracing import trace as tracing
    from rongdun.analytics.tracing.index import starts
    from rongdun.analytics.tracing.index.reach import reach

    spent = []
    for _ in range(5):
        begun = time.perf_counter()
        limits = tracing.named_limits(index, asked.policy)
        found = starts.find(index, seeds, asked.bounds.window, asked.as_of)
        reach(index, found.starts, DEPTH, limits)
        spent.append(time.perf_counter() - begun)
    return float(np.median(spent))


def table(results: list[dict[str, Any]]) -> None:
    """Print one table of all sizes, and ratios where a peer ran."""
    lines = [
        ("index build, M rows/s, from Parquet", "build_mrows_s"),
        ("index build, M rows/s, from arrays", "arrays_mrows_s"),
        ("index build, processor seconds", "build_cpu_s"),
        ("index build, peak GB", "build_gb"),
        ("index on disk, GB", "index_gb"),
        ("DuckDB sorts both lists, M rows/s", "duckdb_mrows_s"),
        ("DuckDB sorts both lists, processor seconds", "duckdb_cpu_s"),
        ("one case, cold pages, p50 ms", "cold_p50_ms"),
        ("one case, cold pages, p99 ms", "cold_p99_ms"),
        ("one case, new process, files in memory, p50 ms", "fresh_p50_ms"),
        ("one case, new process, files in memory, p99 ms", "fresh_p99_ms"),
        ("one case, warm, p50 ms", "warm_p50_ms"),
        ("one case, warm, p99 ms", "warm_p99_ms"),
        ("first case of a process with start-up, s", "first_s"),
        ("resident, peak MB", "resident_mb"),
        ("1,000 victims, sub-ledger and FIFO, s", "many_s"),
        ("  of it processor seconds", "many_cpu_s"),
        ("  of it until the sub-ledger, s", "many_gather_s"),
        ("1,000 victims, reach only, s", "reach_only_s"),
        ("  DuckDB, reach only, s", "duckdb_many_s"),
        ("  Polars, reach only, s", "polars_many_s"),
        ("  networkx, reach only, s", "networkx_many_s"),
        ("  Raphtory, reach only, s for one victim", "raphtory_victim_s"),
        ("accounts touched, ours", "many_touched"),
        ("accounts touched, DuckDB", "duckdb_touched"),
    ]
    print("\n| | " + " | ".join(f"{one['rows']:,}" for one in results) + " |")
    print("|---|" + "---:|" * len(results))
    for label, name in lines:
        print(
            f"| {label} | " + " | ".join(_shown(one[name]) if name in one else "–" for one in results) + " |"
        )
    for one in results:
        if "duckdb_many_s" in one and "reach_only_s" in one:
            print(
                f"{one['rows']:,} rows, reach: DuckDB takes {one['duckdb_many_s'] / one['reach_only_s']:.0f} times as long"
            )


STEPS = {
    step.__name__: step
    for step in (
        build,
        cold,
        fresh,
        warm,
        peers.duckdb_sort,
        peers.duckdb_reach,
        peers.polars_reach,
        peers.networkx_reach,
        peers.raphtory_reach,
    )
}


if __name__ == "__main__":
    main()
