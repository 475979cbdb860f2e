"""How many transactions a second are the laundering patterns counted, and how fast is anything else on the same rows?

Generated ledgers of heavy-tailed degrees (accounts drawn by a power law of exponent 0.75, one account for 20 rows, 90
days, lognormal amounts; one row in 230 belongs to a planted cycle, scatter-gather or pass-through). Accounts with
more than ``--degree`` transfers are hubs; every way leaves them out alike. One core each; DuckDB gets one thread.

Beside the kernels, on the same rows, with the counts compared:
  DuckDB     fan-in, fan-out and pass-through as window functions in SQL (the same definition, the same numbers)
  networkx   simple cycles up to length five on a small part (``simple_cycles`` knows no time: it counts other things)
  snapml     GraphFeaturePreprocessor, where ``--snapml PYTHON`` names an interpreter that has it (it is proprietary and
             no dependency of ours). It enriches each transfer with histograms, in a stream; ours are batch counts an
             account: the ratio is between different kinds of work.

Wall and processor seconds are both printed: the machine may be shared. A rate is rows a processor second.

    python benchmarks/bench_patterns.py [--full] [--rows N …] [--degree N] [--snapml PYTHON]
"""

import argparse
import json
import platform
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import numpy as np
import polars as pl

from rongdun.analytics.tracing.model import HOUR
from rongdun.analytics.tracing.patterns.cycles import temporal_cycles
from rongdun.analytics.tracing.patterns.fan import fan_in, fan_out
from rongdun.analytics.tracing.patterns.flows import Flows, flows_of, hubs
from rongdun.analytics.tracing.patterns.pass_through import pass_through
from rongdun.analytics.tracing.patterns.scatter_gather import scatter_gather

DAY = 24 * HOUR
BEGIN = 1_767_225_600_000_000
SPAN = 90 * DAY
LEAST, PERCENT = 3, 90
NETWORKX_ROWS = 10_000
SMALL = 2_000_000
SNAPML_ROWS = 100_000

FAN_SQL = """
    with wide as (
        select {own} as account, count(distinct {other}) over (
            partition by {own} order by time range between {window} preceding and current row) as parties
        from rows where not list_contains($hubs, {own}))
    select account, max(parties) as largest, count(*) filter (parties >= {least}) as moments from wide group by account
"""
PASS_SQL = """
    with both_ways as (
        select payee as account, time, fen as came, 0::bigint as went from rows
        union all select payer, time, 0, fen from rows),
    wide as (
        select account, came, sum(went) over (
            partition by account order by time range between current row and {window} following) as went
        from both_ways where not list_contains($hubs, account))
    select account, count(*) as transfers, sum(came) as fen from wide
    where came > 0 and went > 0 and went * 100 >= came * {percent} group by account
"""
SNAPML = """
import json, sys, time
import numpy as np
from snapml import GraphFeaturePreprocessor
rows = np.load(sys.argv[1])
made = GraphFeaturePreprocessor()
told = made.get_params()
window = int(sys.argv[2])
for name in list(told):
    if name.endswith("_tw") or name == "time_window":
        told[name] = window
told |= {"num_threads": 1, "vertex_stats": False, "lc-cycle": False}
told |= {name: True for name in ("fan", "degree", "scatter-gather", "temp-cycle")}
made.set_params(told)
begun, used = time.perf_counter(), time.process_time()
out = np.vstack([made.transform(part) for part in np.array_split(rows, max(1, len(rows) // 128))])
print(json.dumps({"wall": time.perf_counter() - begun, "cpu": time.process_time() - used, "columns": out.shape[1], "on": [k for k, v in told.items() if v is True]}))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--full", action="store_true", help="1 and 10 million rows")
    parser.add_argument("--rows", type=int, nargs="*")
    parser.add_argument("--degree", type=int, default=1_000, help="more transfers than this: a hub, left out")
    parser.add_argument("--snapml", type=Path, help="an interpreter that has snapml")
    told = parser.parse_args()
    print(f"machine: {platform.machine()}, Python {platform.python_version()}, DuckDB {duckdb.__version__}")
    warm_up()
    for rows in told.rows or ([1_000_000, 10_000_000] if told.full else [200_000]):
        measure(generated(rows), told)


def generated(rows: int, seed: int = 11) -> pl.DataFrame:
    """Return payer, payee, fen, time; by time."""
    chance, accounts = np.random.default_rng(seed), rows // 20
    names = chance.permutation(accounts).astype(np.int32)
    planted = rows // 3_000
    plain = rows - planted * (5 + 6 + 2)
    drawn = [names[(accounts * chance.random(plain) ** 4).astype(np.int64)] for _ in range(2)]
    parts = [[*drawn, chance.integers(0, SPAN, plain)]]
    for chain in (planted_cycle, planted_scatter, planted_pass):
        for payer, payee, after in chain(lambda: chance.integers(0, accounts, planted).astype(np.int32)):
            parts.append([payer, payee, after])
    begun = chance.integers(0, SPAN - DAY, planted)
    for part in parts[1:]:
        part[2] = begun + part[2] * HOUR
    payer, payee, moment = (np.concatenate(column) for column in zip(*parts, strict=True))
    fen = np.maximum(1, chance.lognormal(11, 1.6, len(payer))).astype(np.int64)
    made = pl.DataFrame({"payer": payer, "payee": payee, "fen": fen, "time": moment + BEGIN})
    return made.filter(pl.col("payer") != pl.col("payee")).sort("time", "payer", "payee", "fen")


def planted_cycle(account):
    ring = [account() for _ in range(5)]
    return [(ring[k], ring[(k + 1) % 5], k) for k in range(5)]


def planted_scatter(account):
    source, sink, middles = account(), account(), [account() for _ in range(3)]
    return [(source, middle, k) for k, middle in enumerate(middles)] + [
        (middle, sink, 4 + k) for k, middle in enumerate(middles)
    ]


def planted_pass(account):
    first, second, third = account(), account(), account()
    return [(first, second, 0), (second, third, 0)]


def warm_up() -> None:
    """Compile, or read from the cache, before any clock runs."""
    small = lists(generated(20_000))
    for _, work in kernels(small, np.zeros(small.accounts, np.bool_)):
        work()


def lists(rows: pl.DataFrame) -> Flows:
    accounts = int(max(rows["payer"].max(), rows["payee"].max())) + 1
    return flows_of(*(rows[name].to_numpy() for name in ("payer", "payee", "fen", "time")), accounts)


def kernels(flows: Flows, hub: np.ndarray) -> list[tuple[str, Callable[[], Any]]]:
    return [
        ("fan-in, 24 h", lambda: fan_in(flows, DAY, LEAST, hub)),
        ("fan-out, 24 h", lambda: fan_out(flows, DAY, LEAST, hub)),
        ("pass-through, 24 h", lambda: pass_through(flows, DAY, PERCENT, hub)),
        ("scatter-gather, 24 h, ≥ 3", lambda: scatter_gather(flows, DAY, LEAST, hub)),
        ("cycles to 3, 24 h", lambda: temporal_cycles(flows, DAY, hub, 3)),
        ("cycles to 5, 24 h", lambda: temporal_cycles(flows, DAY, hub, 5)),
        ("cycles to 5, 72 h", lambda: temporal_cycles(flows, 3 * DAY, hub, 5)),
    ]


def timed(work: Callable[[], Any], times: int = 1) -> tuple[Any, float, float]:
    """Return the result and the least wall and processor seconds."""
    best: tuple[float, float] = (np.inf, np.inf)
    result = None
    for _ in range(times):
        wall, used = time.perf_counter(), time.process_time()
        result = work()
        best = min(best[0], time.perf_counter() - wall), min(best[1], time.process_time() - used)
    return result, *best


def measure(rows: pl.DataFrame, told: argparse.Namespace) -> None:
    flows, wall, used = timed(lambda: lists(rows))
    hub = hubs(flows, told.degree)
    degree = np.diff(flows.out.offsets) + np.diff(flows.into.offsets)
    touched = int(degree[hub].sum())
    print(
        f"\n{rows.height:,} rows, {flows.accounts:,} accounts, degree median {np.median(degree):.0f}, p99 {np.quantile(degree, 0.99):.0f}, max {degree.max():,}; "
        f"{hub.sum():,} hubs over {told.degree:,} hold {touched / degree.sum():.0%} of all list entries"
    )
    line("lists from rows", rows.height, wall, used)
    found = {}
    for name, work in kernels(flows, hub):
        found[name], wall, used = timed(work, 3)
        line(name, rows.height, wall, used, note(found[name]))
    beside_duckdb(rows, hub, found)
    if rows.height < SMALL:
        beside_networkx(rows.head(NETWORKX_ROWS))
        if told.snapml:
            beside_snapml(rows, hub, told.snapml)


def line(name: str, rows: int, wall: float, used: float, more: str = "") -> None:
    print(f"  {name:28} wall {wall:8.2f} s  cpu {used:8.2f} s  {rows / used / 1e6:8.3f} M rows/s  {more}")


def note(found: Any) -> str:
    if hasattr(found, "counts"):
        return f"{[int(n) for n in found.counts.sum(0) / np.arange(2, 6)]} cycles of length 2 … 5, {found.cut} walks cut"
    return ", ".join(f"{name} {int(part.sum()):,}" for name, part in found._asdict().items())


def beside_duckdb(rows: pl.DataFrame, hub: np.ndarray, found: dict[str, Any]) -> None:
    base = duckdb.connect(config={"threads": 1})
    base.register("arrow_rows", rows.to_arrow())
    base.execute("create table rows as select * from arrow_rows")
    hubs_here = {"hubs": np.flatnonzero(hub).tolist()}
    told = [
        (
            "fan-in, 24 h",
            FAN_SQL.format(own="payee", other="payer", window=DAY, least=LEAST),
            "largest",
            "moments",
        ),
        (
            "fan-out, 24 h",
            FAN_SQL.format(own="payer", other="payee", window=DAY, least=LEAST),
            "largest",
            "moments",
        ),
        ("pass-through, 24 h", PASS_SQL.format(window=DAY, percent=PERCENT), "transfers", "fen"),
    ]
    for name, sql, *columns in told:
        answer, wall, used = timed(
            lambda sql=sql: pl.from_arrow(base.sql(sql, params=hubs_here).to_arrow_table())
        )
        same = all(agrees(answer, column, getattr(found[name], column)) for column in columns)
        line(f"DuckDB: {name}", rows.height, wall, used, "the same numbers" if same else "OTHER NUMBERS")


def agrees(answer: pl.DataFrame, column: str, ours: np.ndarray) -> bool:
    theirs = np.zeros(len(ours), np.int64)
    theirs[answer["account"].to_numpy()] = answer[column].cast(pl.Int64).to_numpy()
    return bool((theirs == ours).all())


def beside_networkx(rows: pl.DataFrame) -> None:
    """All simple cycles to length five in the first rows, and time-respecting ones of any duration by the kernel."""
    import networkx as nx

    flows = lists(rows)
    hub = hubs(flows, 100)
    kept = rows.filter(
        ~pl.col("payer").is_in(np.flatnonzero(hub)) & ~pl.col("payee").is_in(np.flatnonzero(hub))
    )
    graph = nx.DiGraph(list(zip(kept["payer"].to_list(), kept["payee"].to_list(), strict=True)))
    count, wall, used = timed(lambda: sum(1 for _ in nx.simple_cycles(graph, length_bound=5)))
    line(
        "networkx: simple cycles to 5",
        rows.height,
        wall,
        used,
        f"{count:,} cycles of accounts, time left out of account (hubs over 100 left out)",
    )
    found, wall, used = timed(lambda: temporal_cycles(flows, SPAN, hub, 5))
    line("kernel: cycles to 5, any time", rows.height, wall, used, note(found))


def beside_snapml(rows: pl.DataFrame, hub: np.ndarray, python: Path) -> None:
    part = rows.with_row_index("id").head(SNAPML_ROWS)
    hubs_here = np.flatnonzero(hub)
    kept = part.filter(~pl.col("payer").is_in(hubs_here) & ~pl.col("payee").is_in(hubs_here))
    for name, chosen in (("hubs removed", kept), ("hubs in", part)):
        columns = [chosen[c].to_numpy().astype(np.float64) for c in ("id", "payer", "payee")]
        seconds = ((chosen["time"].to_numpy() - BEGIN) // 1_000_000).astype(np.float64)
        with TemporaryDirectory() as folder:
            np.save(Path(folder) / "rows.npy", np.column_stack([*columns, seconds]))
            call = [str(python), "-c", SNAPML, str(Path(folder) / "rows.npy"), str(DAY // 1_000_000)]
            try:
                told = subprocess.run(call, capture_output=True, text=True, timeout=300, check=False)
            except subprocess.TimeoutExpired:
                print(f"  snapml, {name}: not done after 300 s on {chosen.height:,} rows")
                continue
        if told.returncode:
            print(f"  snapml, {name}: failed: {told.stderr[-300:]}")
            continue
        answer = json.loads(told.stdout.splitlines()[-1])
        line(
            f"snapml, {name}",
            chosen.height,
            answer["wall"],
            answer["cpu"],
            f"{answer['columns']} columns an edge: {', '.join(answer['on'])}; window 24 h",
        )


if __name__ == "__main__":
    main()
