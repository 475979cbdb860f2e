"""How well does a ledger pair the two observations of one transfer, where the truth is known?

A city is simulated (seed, people, days), the statements of all its mule accounts are imported as its banks send them
(masked and mangled numbers, names left out, failed attempts), and the pairs are compared with the truth: which world's
transaction a row is. The twin's banks write one serial in both books, which makes it easy; so the same rows are paired
again without serials, and with the payee's clock up to five minutes off as well. The truth is read for scoring only.

The baseline, in the same run and on the rows without serials: equal amount, at most a day apart, the payer's
counterparty or the payee's is the other's account; one to one, the nearest first.

    python benchmarks/bench_pairing_twin.py [--people 100000] [--days 30] [--seed 7]
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl

from rongdun.analytics.ledger.assign import one_to_one
from rongdun.analytics.ledger.ledger import Ledger
from rongdun.analytics.ledger.pair_book import pair_rows
from rongdun.analytics.statements.schema import INCOMING, OUTGOING

KEY = ["row_key", "occurrence"]
CLOCK_OFF_S = 300


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--seed", type=int, default=7)
    told = parser.parse_args()
    with TemporaryDirectory() as scratch:
        rows = observed(Path(scratch), told)
    known = {"out": rows.filter(direction=OUTGOING), "in": rows.filter(direction=INCOMING)}
    real = known["out"].join(known["in"], on="truth").height
    print(f"{rows.height:,} rows of transfers that may pair, {real:,} real pairs; seed {told.seed}")
    blind = rows.with_columns(serial=pl.lit(None, pl.String))
    report("rongdun, with serials", rows, pair_rows, real)
    report("baseline, without serials", blind, baseline, real)
    report("rongdun, without serials", blind, pair_rows, real)
    report(f"rongdun, without serials, clocks {CLOCK_OFF_S} s off", skewed(blind), pair_rows, real)
    report(f"baseline, clocks {CLOCK_OFF_S} s off", skewed(blind), baseline, real)


def observed(scratch: Path, told: argparse.Namespace) -> pl.DataFrame:
    """Return the ledger's rows that may be in a pair, each with the number of its transaction as ``truth``."""
    world = scratch / "world"
    city = ["--people", str(told.people), "--days", str(told.days), "--seed", str(told.seed)]
    command = [sys.executable, "-m", "rongdun.entrypoints.cli", "simulate", *city]
    subprocess.run([*command, "--files", "all-mules", "--out", str(world)], check=True, capture_output=True)
    ledger = Ledger(scratch / "ledger")
    ledger.import_paths([world / "files"])
    rows = ledger.view().scan("transactions").collect()
    moved = rows.filter(pl.col("success") & ~pl.col("cash") & (pl.col("amount_fen") > 0))
    return moved.drop("place").with_columns(truth=pl.col("serial").str.extract(r"SYN(\d{12})").cast(pl.Int64))


def skewed(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with the payees' clocks early or late."""
    off = np.random.default_rng(3).integers(-CLOCK_OFF_S, CLOCK_OFF_S + 1, rows.height)
    late = pl.duration(seconds=pl.Series(np.where(rows["direction"] == INCOMING, off, 0)))
    return rows.with_columns(time=pl.col("time") + late)


def baseline(rows: pl.DataFrame) -> pl.DataFrame:
    """Return pairs by amount, day and one named account, the nearest first."""
    rows = rows.with_row_index("place")
    out, into = rows.filter(direction=OUTGOING), rows.filter(direction=INCOMING)
    both = out.join(into, on="amount_fen", suffix="_r")
    apart = (pl.col("time_r") - pl.col("time")).dt.total_seconds().abs()
    named = (pl.col("cp_account") == pl.col("account_r")) | (pl.col("cp_account_r") == pl.col("account"))
    near = both.filter(named & (apart <= 86_400)).with_columns(apart=apart)
    ends = [near[name].to_numpy().astype(np.int64) for name in ("place", "place_r")]
    taken = near.filter(pl.Series(one_to_one(*ends, -near["apart"].to_numpy().astype(np.float64))))
    return taken.select(
        left="row_key",
        left_occurrence="occurrence",
        right="row_key_r",
        right_occurrence="occurrence_r",
        state=pl.lit("paired"),
    )


def report(name: str, rows: pl.DataFrame, pair, real: int) -> None:
    """Print precision, recall and F1 of the pairs called sure, and how many more are listed as unsure."""
    began = time.perf_counter()
    pairs = pair(rows)
    seconds = time.perf_counter() - began
    truth = rows.select(*KEY, "truth")
    sure = pairs.filter(pl.col("state") == "paired")
    judged = sure.join(truth, left_on=["left", "left_occurrence"], right_on=KEY).join(
        truth, left_on=["right", "right_occurrence"], right_on=KEY, suffix="_r"
    )
    right = int((judged["truth"] == judged["truth_r"]).sum())
    precision, recall = right / max(sure.height, 1), right / max(real, 1)
    f1 = 2 * right / max(sure.height + real, 1)
    unsure = pairs.height - sure.height
    print(
        f"{name}: P {precision:.4f}  R {recall:.4f}  F1 {f1:.4f}  ({sure.height:,} sure, {unsure:,} unsure, {seconds:.1f} s)"
    )


if __name__ == "__main__":
    main()
