"""How well do the signs of a mule account find laundering accounts on public generated ledgers?

Data, in the directory named: ``amlgentex_template.parquet`` (aidotse/AMLGentex, Apache-2.0; an account is positive when it
stands in a transfer with ``isSAR``) and ``amlsim_20K_fanin200/`` (IBM/AMLSim, Apache-2.0; ``isFraud`` of the account). One
step is one day. ``patternID``, ``modelType``, ``init_balance`` and ``fraudStep`` are read by nobody but the report.

Three ways, in the same run:
  score      our hand-weighted score as shipped, trained on nothing
  ego        LightGBM on plain ego features (counts, sums, extremes, counterparties, span)
  ego+signs  LightGBM on the same, our signs, the score, and pattern counts in windows of 1, 7 and 30 days

Split: five folds, stratified, each account in one of them; an account is judged by the model that did not see its label.
Features are of the whole ledger and see no labels. Three seeds, mean ± standard deviation over them.

    python benchmarks/bench_signs.py DIRECTORY [--seeds N]
"""

import argparse
import platform
import warnings
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from rongdun.analytics.tracing.model import HOUR
from rongdun.analytics.tracing.patterns.cycles import temporal_cycles
from rongdun.analytics.tracing.patterns.fan import fan_in, fan_out
from rongdun.analytics.tracing.patterns.flows import Flows, flows_of, hubs
from rongdun.analytics.tracing.patterns.pass_through import pass_through
from rongdun.analytics.tracing.patterns.scatter_gather import scatter_gather
from rongdun.analytics.tracing.signs.scoring import score_accounts
from rongdun.analytics.tracing.signs.weights import KEYS

DAY = 24 * HOUR
BEGIN = 1_704_038_400_000_000  # 2024-01-01 00:00 in China
DAYS = (1, 7, 30)
CYCLE_DAYS = (1, 7, 30)
HUB_LIMIT = 2_000
TYPES = {
    1: "fan out",
    2: "fan in",
    3: "cycle",
    4: "bipartite",
    5: "stack",
    7: "scatter-gather",
    8: "gather-scatter",
}
MODEL = {"verbose": -1}  # LightGBM as it comes: 100 trees, nothing tuned


class Data(NamedTuple):
    """A ledger of numbered accounts, whether each launders, and of which types its patterns are."""

    name: str
    rows: pl.DataFrame  # payer, payee, fen, time
    positive: np.ndarray
    types: dict[str, np.ndarray]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("path", type=Path, nargs="?", help="directory with the two ledgers")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--full", action="store_true", help="the same; there is one size")
    told = parser.parse_args()
    if told.path is None:
        print("no data named: python benchmarks/bench_signs.py DIRECTORY")
        return
    import lightgbm
    import sklearn

    print(
        f"machine: {platform.machine()}, Python {platform.python_version()}, LightGBM {lightgbm.__version__}, scikit-learn {sklearn.__version__}"
    )
    for read in (amlgentex, amlsim):
        report(read(told.path), told.seeds)


def amlgentex(folder: Path) -> Data:
    rows = pl.read_parquet(folder / "amlgentex_template.parquet")
    bad = rows.filter(pl.col("isSAR") == 1)
    accounts = (
        int(rows.select(pl.max_horizontal(pl.col("nameOrig").max(), pl.col("nameDest").max())).item()) + 1
    )
    ledger = _ledger(rows, "nameOrig", "nameDest", "amount", "step")
    types = {name: _marked(bad.filter(pl.col("modelType") == code), accounts) for code, name in TYPES.items()}
    return Data("AMLGentex template", ledger, _marked(bad, accounts), types)


def _marked(bad: pl.DataFrame, accounts: int) -> np.ndarray:
    return np.isin(np.arange(accounts), pl.concat([bad["nameOrig"], bad["nameDest"]]).unique().to_numpy())


def amlsim(folder: Path) -> Data:
    folder = folder / "amlsim_20K_fanin200"
    nodes = pl.read_parquet(folder / "nodes.parquet").sort("nodeid")
    ledger = _ledger(
        pl.read_parquet(folder / "transactions.parquet"), "sourceNodeId", "targetNodeId", "value", "time"
    )
    return Data("AMLSim 20K fan-in 200", ledger, (nodes["isFraud"] == 1).to_numpy(), {})


def _ledger(rows: pl.DataFrame, payer: str, payee: str, amount: str, day: str) -> pl.DataFrame:
    return rows.select(
        payer=pl.col(payer).cast(pl.Int32),
        payee=pl.col(payee).cast(pl.Int32),
        fen=(pl.col(amount) * 100).round().cast(pl.Int64),
        time=pl.col(day).cast(pl.Int64) * DAY + BEGIN,
    )


def report(data: Data, seeds: int) -> None:
    accounts, positive = len(data.positive), data.positive
    print(
        f"\n{data.name}: {data.rows.height:,} transfers, {accounts:,} accounts, {positive.sum():,} positive ({positive.mean():.2%}: AP of a guess)"
    )
    flows = flows_of(*(data.rows[name].to_numpy() for name in ("payer", "payee", "fen", "time")), accounts)
    scores = score_accounts(flows)
    ego, signs, patterns = (
        ego_features(data.rows, accounts),
        scores.select(*KEYS, "score"),
        pattern_features(flows),
    )
    unknown = [key for key in KEYS if scores[key].null_count() == accounts]
    print(f"signs these data cannot show: {', '.join(unknown)}")
    every = pl.concat([ego, signs, patterns], how="horizontal")
    ways: dict[str, list[np.ndarray]] = {"score": [scores["score"].to_numpy()]}
    for name, table in (
        ("ego", ego),
        ("signs+patterns", pl.concat([signs, patterns], how="horizontal")),
        ("ego+signs", pl.concat([ego, signs], how="horizontal")),
        ("ego+signs+patterns", every),
    ):
        ways[name] = [out_of_fold(table, positive, seed) for seed in range(seeds)]
    print(f"{'':20} {'AP':>15} {'recall at P 0.9':>17} {'recall at P 0.5':>17}")
    for name, found in ways.items():
        print(f"{name:20} " + " ".join(spread([one(p, positive) for p in found]) for one in MEASURES))
    alone(scores, positive)
    by_type(data, ways)


def ego_features(rows: pl.DataFrame, accounts: int) -> pl.DataFrame:
    table = pl.DataFrame({"account": np.arange(accounts, dtype=np.int32)})
    for own, other, side in (("payer", "payee", "out"), ("payee", "payer", "in")):
        amount, time = pl.col("fen"), pl.col("time")
        made = rows.group_by(pl.col(own).alias("account")).agg(
            pl.len().cast(pl.Float64).alias(f"{side}_count"),
            amount.sum().alias(f"{side}_sum"),
            amount.mean().alias(f"{side}_mean"),
            amount.std().alias(f"{side}_std"),
            amount.min().alias(f"{side}_min"),
            amount.max().alias(f"{side}_max"),
            pl.col(other).n_unique().alias(f"{side}_others"),
            time.min().alias(f"{side}_first"),
            time.max().alias(f"{side}_last"),
            (time.max() - time.min()).alias(f"{side}_span"),
            time.n_unique().alias(f"{side}_days"),
        )
        table = table.join(made, on="account", how="left", maintain_order="left")
    return table.with_columns(
        ratio=pl.col("out_sum") / pl.col("in_sum"), net=pl.col("in_sum") - pl.col("out_sum")
    ).drop("account")


def pattern_features(flows: Flows) -> pl.DataFrame:
    hub, columns = hubs(flows, HUB_LIMIT), {}
    for days in DAYS:
        window = days * DAY
        passed = pass_through(flows, window, 90, hub)
        columns |= {f"passed_{days}": passed.transfers, f"passed_fen_{days}": passed.fen}
        for name, fan in (("in", fan_in), ("out", fan_out)):
            found = fan(flows, window, 3, hub)
            columns |= {f"fan_{name}_{days}": found.largest, f"fan_{name}_moments_{days}": found.moments}
        scattered = scatter_gather(flows, window, 2, hub)
        columns |= {f"scatter_{name}_{days}": part for name, part in scattered._asdict().items()}
    for days in CYCLE_DAYS:
        counts = temporal_cycles(flows, days * DAY, hub)
        print(
            f"  cycles within {days} days: {[int(n) for n in counts.counts.sum(0) / np.arange(2, 6)]} of length 2 … 5, {counts.cut} walks cut"
        )
        columns |= {f"cycles_{k + 2}_{days}": counts.counts[:, k] for k in range(4)}
    return pl.DataFrame(columns)


def out_of_fold(table: pl.DataFrame, positive: np.ndarray, seed: int) -> np.ndarray:
    from lightgbm import LGBMClassifier
    from sklearn.model_selection import StratifiedKFold

    values, found = table.cast(pl.Float64).fill_null(float("nan")).to_numpy(), np.zeros(len(positive))
    for train, test in StratifiedKFold(5, shuffle=True, random_state=seed).split(values, positive):
        model: Any = LGBMClassifier(
            **MODEL, random_state=seed, n_jobs=1, deterministic=True, force_row_wise=True
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.fit(values[train], positive[train])
            found[test] = model.predict_proba(values[test])[:, 1]
    return found


def average_precision(found: np.ndarray, positive: np.ndarray) -> float:
    from sklearn.metrics import average_precision_score

    return float(average_precision_score(positive, found))


def recall_at(found: np.ndarray, positive: np.ndarray, precision: float) -> tuple[float, float]:
    """Return the greatest recall at that precision, and the least score that is then taken."""
    from sklearn.metrics import precision_recall_curve

    precisions, recalls, thresholds = precision_recall_curve(positive, found)
    good = precisions[:-1] >= precision
    if not good.any():
        return 0.0, np.inf
    best = int(np.argmax(np.where(good, recalls[:-1], -1)))
    return float(recalls[best]), float(thresholds[best])


MEASURES = (
    average_precision,
    lambda found, positive: recall_at(found, positive, 0.9)[0],
    lambda found, positive: recall_at(found, positive, 0.5)[0],
)


def spread(values: list[float]) -> str:
    return f"{np.mean(values):8.3f} ± {np.std(values):.3f} "


def alone(scores: pl.DataFrame, positive: np.ndarray) -> None:
    told = {
        key: average_precision(
            scores[key].fill_null(-1e9 if key != "dwell" else 1e9).to_numpy() * (-1 if key == "dwell" else 1),
            positive,
        )
        for key in KEYS
        if scores[key].null_count() < len(positive)
    }
    print("one sign alone, AP: " + ", ".join(f"{key} {ap:.3f}" for key, ap in told.items()))


def by_type(data: Data, ways: dict[str, list[np.ndarray]]) -> None:
    """Where it fails: the share of each type's accounts among as many accounts as are positive, strongest first."""
    if not data.types:
        return
    print(f"found among the {data.positive.sum()} strongest, by type (accounts):")
    for name, found in ways.items():
        taken = np.zeros(len(data.positive))
        for one in found:
            taken[np.argsort(-one, kind="stable")[: data.positive.sum()]] += 1 / len(found)
        shares = (
            f"{kind} {taken[marked].mean():.2f} ({marked.sum()})" for kind, marked in data.types.items()
        )
        print(f"  {name:20} " + ", ".join(shares))


if __name__ == "__main__":
    main()
