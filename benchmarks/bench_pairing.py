"""How well are two noisy books paired that nobody has labelled?

Data, where a directory is named: ``transfers_origin`` and ``transfers_destination`` (splink_datasets, MIT): the same
transfers in two banks' books, memo, date and amount disturbed. Without one: two books made up here, disturbed in the
same ways but by our own hand, which says how fast it is and that it works, not how good it is. The truth is read for
scoring only: the pairing gets id, amount, date, memo.

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

SYLLABLES = [
    "BA",
    "CE",
    "DI",
    "FO",
    "GU",
    "HA",
    "JI",
    "KE",
    "LO",
    "MA",
    "NE",
    "PO",
    "QI",
    "RU",
    "SA",
    "TE",
    "VI",
    "WO",
    "XI",
    "ZU",
]
PURPOSES = ("payment", "rent", "goods", "loan", "donation", "invoice", "wages", "deposit")
CHANNELS = ("BGC", "CSH", "FPO", "CHQ")
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
    parser.add_argument("--full", action="store_true", help="made-up books of 60,000 transfers, not 10,000")
    told = parser.parse_args()
    columns = Columns(told.id, told.amount, told.time, told.text)
    if told.path is None:
        source = "made up here (seed 11); name a directory for the public books"
        books = made_up(60_000 if told.full else 10_000, columns, told.truth)
    else:
        source = str(told.path)
        books = [
            pl.read_parquet(told.path / f"transfers_{side}.parquet") for side in ("origin", "destination")
        ]
    left, right = (book.sample(fraction=1, shuffle=True, seed=7) for book in books)
    print(
        f"machine: {platform.machine()}, {platform.processor() or 'processor unknown'}, Python {platform.python_version()}"
    )
    print(
        f"data: {source}\n{left.height:,} and {right.height:,} rows, shuffled (seed 7); real pairs: {left.join(right, on=told.truth, how='semi').height:,}"
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


def made_up(rows: int, columns: Columns, truth: str) -> list[pl.DataFrame]:
    """Return the payer's and the payee's book of made-up transfers; one in fifty stands in one of them only."""
    chance = np.random.default_rng(11)
    payer = chance.integers(0, rows // 6, rows)
    day = np.datetime64("2025-01-01") + chance.integers(0, 180, rows)
    amount = np.round(np.exp(chance.normal(4.5, 1.2, rows)), 2) + 1
    memos = [memo(chance, int(who)) for who in payer]
    late = np.minimum(chance.geometric(0.45, rows) - 1, 7)
    fee = np.where(chance.random(rows) < 0.5, chance.uniform(0.9, 1.0, rows), 1.0)
    number = np.arange(rows)
    left = {
        truth: number,
        columns.text: [one for one, _ in memos],
        columns.time: day,
        columns.amount: amount,
        columns.id: number,
    }
    right = left | {
        columns.text: [two for _, two in memos],
        columns.time: day + late,
        columns.amount: np.round(amount * fee, 2),
    }
    books = [pl.DataFrame(book).with_columns(pl.col(columns.time).cast(pl.Date)) for book in (left, right)]
    return [book.filter(pl.Series(chance.random(rows) > 0.01)) for book in books]


def memo(chance: np.random.Generator, who: int) -> tuple[str, str]:
    """Return what both books write of a transfer: its payer, a word, a channel; each leaves out and cuts off its own."""
    name = f"DEMO{SYLLABLES[who % 20]}{SYLLABLES[who // 20 % 20]} {SYLLABLES[who // 400 % 20]}{who // 8000 or ''}"
    name = f"D {name.split()[1]}" if chance.random() < 0.3 else name
    words = [name, PURPOSES[chance.integers(len(PURPOSES))], CHANNELS[chance.integers(len(CHANNELS))]]
    told = []
    for _ in range(2):
        kept = [word for place, word in enumerate(words) if place == 0 or chance.random() < 0.7]
        text = " ".join(kept)
        told.append(text[: max(4, len(text) - int(chance.integers(0, 5)))])
    return told[0], told[1]


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
