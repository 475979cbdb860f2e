"""What victims tell the police: late, not all of it, with rounded times, typing errors, masked numbers; pranks."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from rongdun.simulation.twin.draws import (
    DAY,
    FEN,
    HOUR,
    SECOND,
    Int64s,
    hour_table,
    micros,
    pick,
    seconds,
    some,
    stream,
)
from rongdun.simulation.twin.params import Params
from rongdun.simulation.twin.scams import TYPES, Scams, type_names

_TEN_MINUTES: Final = 600 * SECOND


@dataclass(frozen=True, slots=True)
class Paid:
    """What victims really paid: transaction, scam, payee, fen, moment; in order of time."""

    transaction: Int64s
    scam: Int64s
    payee: Int64s
    amount: Int64s
    time: Int64s


@dataclass(frozen=True, slots=True)
class Reports:
    """``told``: what the desks hear, a row a transfer told of (one without, where none is); ``truth``: which scam."""

    told: pl.DataFrame
    truth: pl.DataFrame
    seeds: pl.DataFrame


def draw_reports(
    scams: Scams,
    paid: Paid,
    people: pl.DataFrame,
    accounts: pl.DataFrame,
    delivered: Int64s,
    params: Params,
    seed: int,
    start: int,
    days: int,
) -> Reports:
    """Return the reports made until the world's end; ``delivered`` are scams whose money went in a bag."""
    random = stream(seed, "reports")
    end = start + days * DAY
    harmed = np.unique(paid.scam)
    known = harmed[scams.reported[harmed] & (scams.report_time[harmed] < end)]
    again = known[some(random, len(known), params.reports.duplicate_share)]
    later = scams.report_time[again] + (random.uniform(0.5, 24, len(again)) * HOUR).astype(np.int64)
    empty = _attempts(len(people), params, random, start, days)
    scam = np.concatenate([known, again, np.full(len(empty[0]), -1)])
    frame = pl.DataFrame({
        "scam": scam,
        "time": np.concatenate([scams.report_time[known], later, empty[0]]),
        "person": np.concatenate([scams.victim[known], scams.victim[again], empty[1]]),
        "type": np.concatenate([scams.kind[known], scams.kind[again], empty[2]]).astype(np.int64),
        "prank": np.concatenate([np.zeros(len(known) + len(again), np.bool_), empty[3]]),
        "duplicate": np.concatenate([np.zeros(len(known)), np.ones(len(again)), np.zeros(len(empty[0]))]) > 0,
    }).filter(pl.col("time") < end).sort("time", "person", "duplicate")  # fmt: skip
    reports = frame.with_columns(pl.int_range(pl.len()).alias("report"))
    told = _told(reports, paid, people, accounts, delivered, params, random)
    truth = reports.select("report", "scam", "prank", "duplicate")
    return Reports(told, truth, _seeds(told, truth))


def _attempts(
    people: int, params: Params, random: np.random.Generator, start: int, days: int
) -> tuple[Int64s, Int64s, Int64s, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """Return reports without loss: moment, person, type, whether somebody made it up."""
    told = params.arrivals
    rate = people / 1e6 * told.reports_per_million_day * told.intensity * days
    tried = int(random.poisson(rate * (1 - told.consummated_share)))
    pranks = int(random.poisson(rate * params.reports.prank_share))
    count = tried + pranks
    second = seconds(random, count, hour_table(told.hours))
    moment = micros(start, second) + random.integers(0, max(days, 1), count) * DAY
    kind = pick(random, list(params.scams.share.values()), count)
    return moment, random.integers(0, people, count), kind, np.arange(count) >= tried


def _told(
    reports: pl.DataFrame,
    paid: Paid,
    people: pl.DataFrame,
    accounts: pl.DataFrame,
    delivered: Int64s,
    params: Params,
    random: np.random.Generator,
) -> pl.DataFrame:
    """Return a row for each transfer a report tells of, one without a transfer where it tells of none."""
    transfers = pl.DataFrame(
        {"scam": paid.scam, "payee": paid.payee, "amount": paid.amount, "paid": paid.time}
    )
    kept = pl.Series(~some(random, len(transfers), params.reports.forgotten_share))
    remembered = transfers.filter(kept | transfers["scam"].is_first_distinct())
    rows = reports.join(remembered, on="scam", how="left", maintain_order="left_right")
    bag = pl.Series("bag", np.isin(rows["scam"].to_numpy(), delivered))
    who = people.select(pl.col("person").cast(pl.Int64), "name", "phone")
    where = accounts.select(pl.col("account").cast(pl.Int64).alias("payee"), "institution", "number")
    known = _blurred(rows.with_columns(bag), params, random).join(
        who, on="person", how="left", maintain_order="left"
    ).join(where, on="payee", how="left", maintain_order="left")  # fmt: skip
    number = _heard_numbers(known["number"].to_list(), known["prank"].to_list(), params, random)
    codes, titles = (dict(enumerate(TYPES[name][place] for name in type_names(params))) for place in (0, 1))
    paid_how = (
        pl.when("bag").then(pl.lit("现金交付")).when(pl.col("payee").is_not_null()).then(pl.lit("转账"))
    )
    return known.select(
        "report",
        _moment("time").alias("time"),
        "person",
        "name",
        "phone",
        pl.col("type").replace_strict(codes, return_dtype=pl.String).alias("type_code"),
        pl.col("type").replace_strict(titles, return_dtype=pl.String).alias("type"),
        paid_how.alias("payment"),
        pl.when(~pl.col("bag")).then("institution").alias("institution"),
        pl.when(~pl.col("bag")).then(number).alias("account"),
        _heard_amount().alias("amount_fen"),
        _moment(_heard_time()).alias("paid_time"),
    )


def _blurred(rows: pl.DataFrame, params: Params, random: np.random.Generator) -> pl.DataFrame:
    """Add how each transfer is told: amount rounded, moment off by minutes, moment to the nearest ten minutes."""
    told, count = params.reports, len(rows)
    rounded = some(random, count, told.amount_noise_share)
    moved = np.round(random.normal(0, told.minutes_noise, count) * 60).astype(np.int64) * SECOND
    vague = some(random, count, told.round_time_share)
    return rows.with_columns(
        pl.Series("rounded", rounded), pl.Series("moved", moved), pl.Series("vague", vague)
    )


def _moment(micros_: str | pl.Expr) -> pl.Expr:
    return pl.from_epoch(micros_, time_unit="us").dt.replace_time_zone("UTC")


def _heard_amount() -> pl.Expr:
    hundred = 100 * FEN
    near = ((pl.col("amount") + hundred // 2) // hundred * hundred).clip(hundred)
    return pl.when(pl.col("rounded")).then(near).otherwise("amount")


def _heard_time() -> pl.Expr:
    moved = pl.col("paid") + pl.col("moved")
    near = (moved + _TEN_MINUTES // 2) // _TEN_MINUTES * _TEN_MINUTES
    # Nobody tells of a transfer that is still to come.
    return pl.min_horizontal(pl.when(pl.col("vague")).then(near).otherwise(moved), "time")


def _heard_numbers(
    numbers: list[str | None], prank: list[bool], params: Params, random: np.random.Generator
) -> pl.Series:
    """Return numbers as they are told: one digit wrong, the middle masked, or a number of nobody's in a prank."""
    wrong, masked = params.reports.typo_share, params.reports.masked_share
    heard: list[str | None] = []
    for number, made_up in zip(numbers, prank, strict=True):
        draw, place = random.random(), int(random.integers(6, 15))
        if made_up:
            heard.append(f"{params.world.bank_prefix}99{int(random.integers(10**10)):010d}0")
        elif number is None:
            heard.append(None)
        elif draw < wrong:
            digit = (int(number[place]) + 1 + int(random.integers(9))) % 10
            heard.append(f"{number[:place]}{digit}{number[place + 1 :]}")
        elif draw < wrong + masked:
            heard.append(f"{number[:6]}{'*' * (len(number) - 10)}{number[-4:]}")
        else:
            heard.append(number)
    return pl.Series("account", heard, pl.String)


def _seeds(told: pl.DataFrame, truth: pl.DataFrame) -> pl.DataFrame:
    """Return what an officer enters into a trace: transfers with a whole number, reports of one person once."""
    once = truth.filter(~pl.col("duplicate")).select("report")
    usable = told.join(once, on="report", how="semi", maintain_order="left").filter(
        pl.col("account").is_not_null() & ~pl.col("account").str.contains("*", literal=True)
        & (pl.col("amount_fen") > 0)
    )  # fmt: skip
    local = pl.col("paid_time").dt.convert_time_zone("Asia/Shanghai").dt.strftime("%Y-%m-%d %H:%M:%S")
    yuan = pl.concat_str(
        (pl.col("amount_fen") // 100).cast(pl.String),
        pl.lit("."),
        (pl.col("amount_fen") % 100).cast(pl.String).str.zfill(2),
    )
    return usable.select(
        pl.concat_str(pl.lit("V"), pl.col("person").cast(pl.String).str.zfill(7)).alias("victim"),
        pl.col("institution").fill_null(""),
        "account",
        yuan.alias("amount"),
        local.alias("time"),
    )
