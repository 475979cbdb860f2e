"""A generated city's transfers of any size: seeded, in order of time, heavy-tailed, with planted chains of victims.

Half of each side is spread evenly over the accounts (a tenth as many as rows), half by the square of a uniform number,
so that a few hundred accounts are hubs. Each planted victim pays a mule; every tier passes half on to each of two others
within minutes. Everything is synthetic.
"""

from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from rongdun.analytics.tracing.model import HOUR

DAYS = 90
BEGIN = 1_700_000_000_000_000
SPAN = DAYS * 24 * HOUR
TIERS = 5
CHUNK = 4_000_000
VICTIMS = 1_500


def accounts_of(rows: int) -> int:
    """Return how many accounts a table of so many rows has."""
    return max(rows // 10, 1_000)


def generate(rows: int, path: Path, seed: int = 7) -> pl.DataFrame:
    """Write the transfers as Parquet (payer, payee, amount, time); return the victims' first transfers."""
    accounts = accounts_of(rows)
    planted, seeds = _planted(accounts, seed)
    schema = pa.schema(
        [("payer", pa.int32()), ("payee", pa.int32()), ("amount", pa.int64()), ("time", pa.int64())]
    )
    parts = max(1, rows // CHUNK)
    with pq.ParquetWriter(path, schema, compression="zstd", compression_level=1) as writer:
        for part in range(parts):
            low, high = (BEGIN + SPAN * at // parts for at in (part, part + 1))
            here = planted[(planted[:, 3] >= low) & ((planted[:, 3] < high) | (part + 1 == parts))]
            count = rows * (part + 1) // parts - rows * part // parts - len(here)
            table = np.concatenate([_everyday(max(count, 0), accounts, low, high, seed + part), here])
            table = table[np.argsort(table[:, 3], kind="stable")]
            writer.write_table(
                pa.table([table[:, at].copy() for at in range(4)], names=schema.names).cast(schema)
            )
    return seeds


def _everyday(count: int, accounts: int, low: int, high: int, seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    table = np.empty((count, 4), np.int64)
    for side in (0, 1):
        drawn = random.random(count)
        heavy = random.random(count) < 0.5
        table[:, side] = np.where(heavy, drawn * drawn, drawn) * accounts
        table[:, side] = table[:, side] * 7_368_787 % accounts  # hubs lie anywhere
    table[:, 2] = np.exp(random.normal(10.0, 1.5, count)).astype(np.int64) + 1
    table[:, 3] = random.integers(low // 1_000_000, high // 1_000_000, count) * 1_000_000
    return table


def _planted(accounts: int, seed: int) -> tuple[np.ndarray, pl.DataFrame]:
    random = np.random.default_rng(seed)
    victims = min(VICTIMS, accounts // 8)
    payer = random.integers(0, accounts, victims)
    mule = random.integers(0, accounts, victims)
    amount = random.integers(50, 5_000, victims) * 100_00
    time = BEGIN + random.integers(0, (DAYS - 5) * 86_400, victims) * 1_000_000
    rows = [np.stack([payer, mule, amount, time], axis=1)]
    for _ in range(TIERS - 1):
        mule, amount, time = np.repeat(mule, 2), np.repeat(amount // 2, 2), np.repeat(time, 2)
        time = time + random.integers(60, 3_600, len(time)) * 1_000_000
        onward = random.integers(0, accounts, len(mule))
        rows.append(np.stack([mule, onward, amount, time], axis=1))
        mule = onward
    first = {"account": rows[0][:, 1], "amount": rows[0][:, 2], "time": rows[0][:, 3]}
    return np.concatenate(rows), pl.DataFrame(first)


def cards(rows: int) -> pl.DataFrame:
    """Return the accounts as an index takes them; all observed, personal."""
    place = pl.int_range(0, accounts_of(rows), eager=True)
    number = (place + 6_222_000_000_000_000).cast(pl.String)
    return pl.DataFrame({"number": number}).select(
        pl.lit("测试银行").alias("institution"),
        "number",
        pl.lit("").alias("name"),
        pl.lit("").alias("aliases"),
        pl.lit(1, pl.UInt8).alias("kind"),
        pl.lit(value=True).alias("observed"),
        pl.lit(BEGIN, pl.Int64).alias("since"),
        pl.lit(BEGIN + SPAN, pl.Int64).alias("until"),
    )


def number_of(place: int) -> str:
    """Return the number of an account of :func:`cards`."""
    return str(place + 6_222_000_000_000_000)
