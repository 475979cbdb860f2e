"""What other tools do on the data of ``bench_trace``: DuckDB, Polars, networkx and Raphtory. Reach only, no sub-ledger.

Raphtory (GPL-3.0) is no part of Rongdun: it is measured where somebody has put it in (``pip install raphtory``).
"""

import resource
import time
from pathlib import Path
from typing import Any

import polars as pl

MANY = 1_000
DEPTH = 6
FEW = 20
"""Victims Raphtory is asked for: its search walks every account of a view for each."""


def _starts(folder: Path) -> pl.DataFrame:
    """Return the frontier every peer begins with: victim, account, arrival, last moment."""
    from rongdun.analytics.tracing.model import HOUR
    from rongdun.analytics.tracing.seeds import TOLERANCE

    told = pl.read_parquet(folder / "seeds.parquet").head(MANY).with_row_index("victim")
    return told.select(
        pl.col("victim").cast(pl.Int32),
        pl.col("account").cast(pl.Int32),
        arrival=pl.col("time") - TOLERANCE,
        deadline=pl.col("time") + TOLERANCE + 72 * HOUR,
    )


def duckdb_sort(folder: Path, rows: int) -> dict[str, Any]:
    """Sort the table the index is built from, by payer and time and by payee and time: both lists, nothing else."""
    import duckdb

    base: Any = duckdb.connect(str(folder / "peer.duckdb"), config={"memory_limit": "8GB", "threads": 2})
    source = f"read_parquet('{folder / 'transfers.parquet'}')"
    begun, used = time.perf_counter(), time.process_time()
    _do(base, f"create table paid as select * from {source} order by payer, time")
    one = time.perf_counter() - begun
    _do(base, f"create table got as select * from {source} order by payee, time")
    both = time.perf_counter() - begun
    spent = time.process_time() - used
    return {
        "duckdb_sort_s": one,
        "duckdb_both_s": both,
        "duckdb_mrows_s": rows / both / 1e6,
        "duckdb_cpu_s": spent,
        "duckdb_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
    }


def duckdb_reach(folder: Path, rows: int) -> dict[str, Any]:
    """Reach of a thousand victims and of one, hop by hop, on the table sorted by payer; hubs as the index has them."""
    import duckdb

    base: Any = duckdb.connect(str(folder / "peer.duckdb"), config={"memory_limit": "8GB", "threads": 2})
    _do(
        base,
        "create table hub as select account from (select payer as account from paid union all select payee from paid)"
        " group by account having count(*) > 2000",
    )
    spent: dict[str, float] = {}
    sizes = {}
    for name, count in (("many", MANY), ("one", 1)):
        starts = _starts(folder).head(count)
        base.register("starts", starts.to_arrow())
        begun = time.perf_counter()
        _do(
            base,
            "create or replace temp table seen as select * from starts where account not in (select account from hub)",
        )
        _do(base, "create or replace temp table front as select * from seen")
        for _ in range(DEPTH - 1):
            _do(
                base,
                "create or replace temp table next as select victim, payee as account, min(time) as arrival, any_value(deadline)"
                " as deadline from front join paid on paid.payer = front.account and paid.time between arrival and deadline"
                " where payee not in (select account from hub) group by victim, payee",
            )
            _do(
                base,
                "create or replace temp table front as select next.* from next left join seen using (victim, account)"
                " where seen.arrival is null or next.arrival < seen.arrival",
            )
            _do(
                base,
                "create or replace temp table seen as select victim, account, min(arrival) as arrival, any_value(deadline)"
                " as deadline from (select * from seen union all select * from front) group by victim, account",
            )
        row = _do(base, "select count(distinct account) from seen")[0]
        spent[name], sizes[name] = time.perf_counter() - begun, row[0]
    return {"duckdb_many_s": spent["many"], "duckdb_one_s": spent["one"], "duckdb_touched": sizes["many"]}


def _do(base: Any, query: str) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = base.execute(query).fetchall()
    return rows


def polars_reach(folder: Path, rows: int) -> dict[str, Any]:
    """The same hops as joins over the Parquet file; hubs counted beforehand."""
    table = pl.scan_parquet(folder / "transfers.parquet").select("payer", "payee", "time")
    sides = pl.concat([table.select(account="payer"), table.select(account="payee")])
    hub = (
        sides.group_by("account")
        .len()
        .filter(pl.col("len") > 2000)
        .select("account")
        .collect(engine="streaming")
    )
    begun = time.perf_counter()
    seen = _starts(folder).join(hub, on="account", how="anti")
    front = seen
    for _ in range(DEPTH - 1):
        onward = (
            table.join(front.lazy(), left_on="payer", right_on="account")
            .filter(pl.col("time").is_between("arrival", "deadline"))
            .group_by("victim", account="payee")
            .agg(arrival=pl.col("time").min(), deadline=pl.col("deadline").first())
            .collect(engine="streaming")
            .join(hub, on="account", how="anti")
        )
        known = onward.join(
            seen.select("victim", "account", before="arrival"), on=["victim", "account"], how="left"
        )
        front = known.filter(pl.col("before").is_null() | (pl.col("arrival") < pl.col("before"))).drop(
            "before"
        )
        both = pl.concat([seen, front.select(seen.columns)])
        seen = both.group_by("victim", "account").agg(pl.col("arrival").min(), pl.col("deadline").first())
    return {"polars_many_s": time.perf_counter() - begun, "polars_touched": seen["account"].n_unique()}


def networkx_reach(folder: Path, rows: int) -> dict[str, Any]:
    """A MultiDiGraph with times on its edges, and the same search in Python; loading is told apart."""
    import networkx as nx

    frame = pl.read_parquet(folder / "transfers.parquet")
    begun = time.perf_counter()
    graph: Any = nx.MultiDiGraph()
    graph.add_weighted_edges_from(frame.select("payer", "payee", "time").iter_rows(), weight="time")
    loaded = time.perf_counter() - begun
    hub = {node for node, degree in graph.degree() if degree > 2000}
    begun = time.perf_counter()
    touched: set[int] = set()
    for _, account, arrival, deadline in _starts(folder).iter_rows():
        if account in hub:
            continue
        seen, front = {account: arrival}, {account: arrival}
        for _ in range(DEPTH - 1):
            onward: dict[int, int] = {}
            for node, since in front.items():
                for _, payee, moment in graph.out_edges(node, data="time"):
                    if (
                        since <= moment <= deadline
                        and payee not in hub
                        and moment < min(seen.get(payee, deadline + 1), onward.get(payee, deadline + 1))
                    ):
                        onward[payee] = moment
            seen |= onward
            front = onward
        touched |= seen.keys()
    return {
        "networkx_load_s": loaded,
        "networkx_many_s": time.perf_counter() - begun,
        "networkx_touched": len(touched),
    }


def raphtory_reach(folder: Path, rows: int) -> dict[str, Any]:
    """Accounts reached forward in time by Raphtory's own search, one victim after another; loading is told apart.

    Its paths have strictly rising times; money is followed within one moment too.
    """
    try:
        from raphtory import Graph, algorithms
    except ImportError:
        return {"raphtory": "skipped, not installed"}
    frame = pl.read_parquet(folder / "transfers.parquet").select("payer", "payee", "time")
    begun = time.perf_counter()
    graph: Any = Graph()
    graph.load_edges(frame, time="time", src="payer", dst="payee")
    loaded = time.perf_counter() - begun
    sides = pl.concat([frame.select(account="payer"), frame.select(account="payee")])
    hub = sides.group_by("account").len().filter(pl.col("len") > 2000)["account"].to_list()
    starts = _starts(folder).filter(~pl.col("account").is_in(hub)).head(FEW)
    begun = time.perf_counter()
    for _, account, arrival, deadline in starts.iter_rows():
        view = graph.window(arrival, deadline + 1)
        algorithms.temporally_reachable_nodes(view, DEPTH - 1, arrival - 1, [account], hub)
    return {"raphtory_load_s": loaded, "raphtory_victim_s": (time.perf_counter() - begun) / len(starts)}
