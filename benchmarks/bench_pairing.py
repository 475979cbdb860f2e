"""How well are two noisy books paired that nobody has labelled?

Data: ``transfers_origin`` and ``transfers_destination`` (splink_datasets, MIT): the same transfers in two banks'
books, memo, date and amount disturbed. The truth is read for scoring only: the pairing gets id, amount, date, memo.

The baseline, in the same run: exactly equal amount, 0–14 days later, a word of the memo in common; one to one,
nearest day first.

    python benchmarks/bench_pairing.py [DIRECTORY] [--id unique_id --truth ground_truth …]
"""

import argparse
import platform
import time
from pathlib import Path

import numpy as np
import polars as pl

from rongdun.analytics.ledger.assign import one_to_one
from rongdun.analytics.ledger.pairing import Columns, pair_books

DAYS = 14
SHOWN = 12


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "path",
        type=Path,
        nargs="?",
        help="directory with transfers_origin.parquet and transfers_destination.parquet",
    )
    for name, column in (
        ("id", "unique_id"),
        ("amount", "amount"),
        ("time", "transaction_date"),
        ("text", "memo"),
        ("truth", "ground_truth"),
    ):
        parser.add_argument(f"--{name}", default=column)
    parser.add_argument("--full", action="store_true", help="the same; there is one size")
    told = parser.parse_args()
    if told.path is None:
        print("no data named: python benchmarks/bench_pairing.py DIRECTORY")
        return
    columns = Columns(told.id, told.amount, told.time, told.text)
    left, right = (
        pl.read_parquet(told.path / f"transfers_{side}.parquet").sample(fraction=1, shuffle=True, seed=7)
        for side in ("origin", "destination")
    )
    print(
        f"machine: {platform.machine()}, {platform.processor() or 'processor unknown'}, Python {platform.python_version()}"
    )
    print(
        f"data: {left.height:,} and {right.height:,} rows, shuffled (seed 7); real pairs: {left.join(right, on=told.truth, how='semi').height:,}"
    )
    blind = [book.drop(told.truth) for book in (left, right)]
    pair_books(blind[0].head(50), blind[1].head(50), columns)  # compile before the clock runs
    report("baseline", *timed(lambda: baseline(*blind, columns)), left, right, told.id, told.truth)
    pairs, seconds = timed(lambda: pair_books(*blind, columns))
    found = report("rongdun", pairs, seconds, left, right, told.id, told.truth)
    half = [blind[0].filter(pl.col(told.id) % 2 == 0), blind[1].filter(pl.col(told.id) % 3 == 0)]
    kept = [book.filter(pl.col(told.id) % part == 0) for book, part in ((left, 2), (right, 3))]
    report(
        "rongdun, one row in two and one in three have no partner",
        *timed(lambda: pair_books(*half, columns)),
        *kept,
        told.id,
        told.truth,
    )
    silent = [book.with_columns(pl.lit("").alias(columns.text)) for book in blind]
    report(
        "rongdun, memos blank", *timed(lambda: pair_books(*silent, columns)), left, right, told.id, told.truth
    )
    failures(found, left, right, columns, told.truth)


def timed(work) -> tuple[pl.DataFrame, float]:
    began = time.perf_counter()
    return work(), time.perf_counter() - began


def baseline(left: pl.DataFrame, right: pl.DataFrame, columns: Columns) -> pl.DataFrame:
    both = left.with_row_index("l").join(right.with_row_index("r"), on=columns.amount, suffix="_r")
    late = (pl.col(f"{columns.time}_r") - pl.col(columns.time)).dt.total_days()
    words = [
        pl.col(name).str.to_uppercase().str.split(" ").list.filter(pl.element() != "")
        for name in (columns.text, f"{columns.text}_r")
    ]
    near = both.with_columns(late=late, shared=words[0].list.set_intersection(words[1]).list.len())
    near = near.filter(pl.col("late").is_between(0, DAYS) & (pl.col("shared") > 0))
    ends = [near[name].to_numpy().astype(np.int64) for name in ("l", "r")]
    taken = one_to_one(*ends, -near["late"].to_numpy().astype(np.float64))
    return near.filter(pl.Series(taken)).select(left_id=columns.id, right_id=f"{columns.id}_r")


def judged(pairs: pl.DataFrame, left: pl.DataFrame, right: pl.DataFrame, id: str, truth: str) -> pl.DataFrame:
    one = left.select(pl.col(id).alias("left_id"), pl.col(truth).alias("truth_left"))
    two = right.select(pl.col(id).alias("right_id"), pl.col(truth).alias("truth_right"))
    return (
        pairs.join(one, on="left_id")
        .join(two, on="right_id")
        .with_columns(right_pair=pl.col("truth_left") == pl.col("truth_right"))
    )


def report(
    name: str,
    pairs: pl.DataFrame,
    seconds: float,
    left: pl.DataFrame,
    right: pl.DataFrame,
    id: str,
    truth: str,
) -> pl.DataFrame:
    found = judged(pairs, left, right, id, truth)
    right_pairs, real = int(found["right_pair"].sum()), left.join(right, on=truth, how="semi").height
    precision, recall = right_pairs / max(found.height, 1), right_pairs / max(real, 1)
    f1 = 2 * right_pairs / max(found.height + real, 1)
    print(
        f"{name}: P {precision:.4f}  R {recall:.4f}  F1 {f1:.4f}  ({found.height:,} pairs, {seconds:.1f} s)"
    )
    return found


def failures(
    found: pl.DataFrame, left: pl.DataFrame, right: pl.DataFrame, columns: Columns, truth: str
) -> None:
    told = [pl.col(name) for name in (columns.amount, columns.time, columns.text)]
    real = left.join(right.select(truth, *(one.name.suffix("_r") for one in told)), on=truth)
    got = found.filter("right_pair")["truth_left"]
    missed = real.filter(~pl.col(truth).is_in(got.implode()))
    print(f"\nnot found or given away: {missed.height}; by what the books differ in:")
    apart = (pl.col(f"{columns.amount}_r") / pl.col(columns.amount) - 1).abs()
    late = (pl.col(f"{columns.time}_r") - pl.col(columns.time)).dt.total_days()
    for name, condition in (
        ("amount apart more than 5 %", apart > 0.05),
        ("more than 6 days late", late > 6),
        ("left memo of 6 characters or fewer", pl.col(columns.text).str.strip_chars().str.len_chars() <= 6),
    ):
        of_all = real.filter(condition).height
        lost = missed.filter(condition).height
        print(
            f"  {name}: {lost} of {of_all} ({lost / max(of_all, 1):.2%}); others {missed.height - lost} of {real.height - of_all}"
        )
    for row in (
        missed.head(SHOWN).select(*told, *(pl.col(f"{one.meta.output_name()}_r") for one in told)).rows()
    ):
        print("   ", *row)


if __name__ == "__main__":
    main()
