"""The same transfer in the payer's and the payee's books: pairs over the whole ledger, renewed amount by amount.

Pairs depend on nothing but the rows that count, so the order of imports does not matter and an undo leaves what
would stand without the undone import. Only amounts that a step touches are paired again.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa

from rongdun.analytics.ledger import pair_rules as rules
from rongdun.analytics.ledger.assign import one_to_one
from rongdun.analytics.ledger.delta import DataFile, Tables
from rongdun.analytics.ledger.manifest import Manifest
from rongdun.analytics.ledger.tables import PAIR_SCHEMA, PAIRS
from rongdun.analytics.ledger.view import observed, scan_files
from rongdun.analytics.statements.schema import INCOMING, OUTGOING, PLAIN, RECOVERED, TRANSACTIONS

PORTION_ROWS: Final = 1_000_000
"""Candidates paired at a time; more are divided by amount."""

_NEVER_PAIRED: Final = ("fee", "interest", "cash")
_COLUMNS: Final = (
    "row_key",
    "occurrence",
    "account",
    "account_alias",
    "owner_name",
    "cp_account",
    "cp_account_flag",
    "cp_name",
    "direction",
    "amount_fen",
    "currency",
    "time",
    "time_precision",
    "serial",
    "linked_card",
)
_NAMES: Final = ("account", "account_alias")
_BUCKET_HOURS: Final = rules.WINDOW_HOURS


@dataclass(frozen=True, slots=True)
class PairChange:
    """What a step does to the table of pairs; how many accounts are observed and transfers paired after it."""

    accounts: int
    paired: int
    added: list[DataFile] = field(default_factory=list)
    removed: list[DataFile] = field(default_factory=list)

    @property
    def touches(self) -> bool:
        """Tell whether the table changes at all."""
        return bool(self.added or self.removed)


def touched_amounts(rows: pl.LazyFrame) -> pl.DataFrame:
    """Return the different amounts of rows that may be in a pair."""
    return rows.filter(_may_pair()).select("amount_fen").unique().collect(engine="streaming")


def renewed(
    tables: Tables, base: Manifest, files: Sequence[DataFile], amounts: pl.DataFrame | None, token: str
) -> PairChange:
    """Pair the touched amounts again over ``files``, all rows that will count; write the pairs that changed.

    ``amounts`` is None where everything is new.
    """
    own, known = _known(tables.folder(TRANSACTIONS), files)
    change = partial(PairChange, own)
    fresh = _pairs(tables, files, amounts, known)
    if amounts is None:
        return change(_count(fresh), [_write(tables, fresh, token)] if fresh.height else [])
    old_files = tables.files(PAIRS, base.tables.get(PAIRS))
    old = scan_files(tables, PAIRS, old_files)
    outdated = old.join(amounts.lazy(), on="amount_fen", how="semi").collect()
    if outdated.equals(fresh):
        return change(_count(old.collect()))
    if not outdated.height:
        return change(_count(old.collect()) + _count(fresh), [_write(tables, fresh, token)])
    kept = old.join(amounts.lazy(), on="amount_fen", how="anti").collect()
    now = pl.concat([kept, fresh])
    added = [_write(tables, now, token)] if now.height else []
    return change(_count(now), added, old_files)


def _known(folder: Path, files: Sequence[DataFile]) -> tuple[int, pl.Series]:
    """Return how many accounts are observed, and their numbers and other names; both columns are read at once."""
    with ThreadPoolExecutor(len(_NAMES)) as pool:
        own, others = pool.map(lambda column: observed(folder, files, column), _NAMES)
    return len(own), pl.concat([_series(own), _series(others)]).unique()


def _pairs(
    tables: Tables, files: Sequence[DataFile], amounts: pl.DataFrame | None, known: pl.Series
) -> pl.DataFrame:
    rows = scan_files(tables, TRANSACTIONS, files).filter(_may_pair()).select(_COLUMNS)
    if amounts is not None:
        rows = rows.join(amounts.lazy(), on="amount_fen", how="semi")
    rows = _within_reach(rows, known)
    count = rows.select(pl.len()).collect(engine="streaming").item()
    portions = count // PORTION_ROWS + 1
    found = []
    for portion in range(portions if count else 0):
        here = rows.filter(pl.col("amount_fen").hash() % portions == portion).collect(engine="streaming")
        found.append(pair_rows(here))
    return pl.concat([_nothing(), *found]).sort("left", "left_occurrence", "right", "right_occurrence")


def _within_reach(rows: pl.LazyFrame, known: pl.Series) -> pl.LazyFrame:
    """Keep rows whose counterparty is observed too, or is not told plainly, or is a pool of wallets."""
    told = _plain() & ~rules.is_reserve()
    named = rows.filter(told).join(pl.LazyFrame({"cp_account": known}), on="cp_account", how="semi")
    return pl.concat([named, rows.filter(~told)])


def pair_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs, sure and unsure, among observations; columns as ``PAIR_SCHEMA``."""
    rows = rows.with_row_index("place")
    out, into = (rows.filter(pl.col("direction") == way) for way in (OUTGOING, INCOMING))
    if not out.height or not into.height:
        return _nothing()
    candidates = _candidates(out, into)
    if not candidates.height:
        return _nothing()
    both = candidates.join(_side(out, "l"), on="l").join(_side(into, "r"), on="r").filter(rules.possible())
    scored = both.with_columns(rules.evidence()).filter(pl.col("bits") >= rules.UNSURE_BITS)
    if not scored.height:
        return _nothing()
    return _decided(scored.sort("row_key_l", "occurrence_l", "row_key_r", "occurrence_r"))


def _candidates(out: pl.DataFrame, into: pl.DataFrame) -> pl.DataFrame:
    """Rows that share amount, currency and days, and a named account, a serial or both names."""
    shared = ["amount_fen", "currency", "bucket"]
    payers, payees = _bucketed(out, (-1, 0, 1)), _bucketed(into, (0,))
    by = [_joined(payers, payees, shared, "cp_account", own) for own in ("account", "account_alias")]
    by += [_joined(payers, payees, shared, own, "cp_account") for own in ("account", "account_alias")]
    vague_out, vague_in = payers.filter(~_plain()), payees.filter(~_plain())
    by.append(_joined(vague_out, vague_in, shared, "serial", "serial"))
    by.append(_joined(vague_out, vague_in, [*shared, "owner_name"], "cp_name", "owner_name", crossed=True))
    return pl.concat(by).unique()


def _joined(
    left: pl.DataFrame, right: pl.DataFrame, shared: list[str], one: str, other: str, *, crossed: bool = False
) -> pl.DataFrame:
    left_on, right_on = [*shared, one], [*shared, other]
    if crossed:
        right_on[-2] = "cp_name"
    told = left.filter(pl.col(one).is_not_null()), right.filter(pl.col(other).is_not_null())
    joined = told[0].join(told[1], left_on=left_on, right_on=right_on, suffix="_other")
    return joined.select(l="place", r="place_other")


def _bucketed(rows: pl.DataFrame, shifts: tuple[int, ...]) -> pl.DataFrame:
    hours = pl.col("time").dt.epoch("s") // 3_600 // _BUCKET_HOURS
    return pl.concat([rows.with_columns(bucket=hours + shift) for shift in shifts])


def _side(rows: pl.DataFrame, side: str) -> pl.DataFrame:
    return rows.rename({name: f"{name}_{side}" for name in _COLUMNS}).rename({"place": side})


def _decided(scored: pl.DataFrame) -> pl.DataFrame:
    """Choose one to one by bits, then nearness; what competes with a row left over stays apart, unsure."""
    skew = (scored["time_r"] - scored["time_l"]).dt.total_microseconds().abs().to_numpy() / 1e15
    left, right = (scored[side].to_numpy().astype(np.int64) for side in ("l", "r"))
    bits = scored["bits"].to_numpy()
    chosen = one_to_one(left, right, bits - skew)
    free_left, free_right = ~np.isin(left, left[chosen]), ~np.isin(right, right[chosen])
    rival = (free_left | free_right) & ~chosen
    best = np.full(int(max(left.max(), right.max())) + 1, -np.inf)
    np.maximum.at(best, left[rival], bits[rival])
    np.maximum.at(best, right[rival], bits[rival])
    contested = np.maximum(best[left], best[right]) > bits - rules.MARGIN_BITS
    sure = chosen & ~contested & (bits >= rules.PAIRED_BITS)
    settled = np.isin(left, left[sure]) | np.isin(right, right[sure])
    listed = scored.with_columns(
        sure=pl.Series(sure), contested=pl.Series(contested & chosen | rival)
    ).filter(pl.Series(sure | ~settled))
    return _as_pairs(listed)


def _as_pairs(listed: pl.DataFrame) -> pl.DataFrame:
    reason = pl.col("reason") + pl.when("contested").then(pl.lit("+several_fit")).otherwise(pl.lit(""))
    return listed.select(
        left="row_key_l",
        left_occurrence="occurrence_l",
        right="row_key_r",
        right_occurrence="occurrence_r",
        amount_fen="amount_fen_l",
        score=rules.score(pl.col("bits")),
        reason=reason,
        state=pl.when("sure").then(pl.lit("paired")).otherwise(pl.lit("unsure")),
    )


def _may_pair() -> pl.Expr:
    told = pl.col("success") & ~pl.col("cash") & (pl.col("amount_fen") > 0)
    return told & ~pl.col("class").is_in(_NEVER_PAIRED)


def _plain() -> pl.Expr:
    return pl.col("cp_account").is_not_null() & pl.col("cp_account_flag").is_in([PLAIN, RECOVERED])


def _series(values: pa.Array) -> pl.Series:
    series = pl.from_arrow(values)
    assert isinstance(series, pl.Series)
    return series.cast(pl.String)


def _nothing() -> pl.DataFrame:
    frame = pl.from_arrow(PAIR_SCHEMA.empty_table())
    assert isinstance(frame, pl.DataFrame)
    return frame


def _count(pairs: pl.DataFrame) -> int:
    return int((pairs["state"] == "paired").sum())


def _write(tables: Tables, pairs: pl.DataFrame, token: str) -> DataFile:
    folder = tables.folder(PAIRS)
    folder.mkdir(parents=True, exist_ok=True)
    path: Path = folder / f"part-{token}-00001.parquet"
    pairs.write_parquet(path)
    return DataFile(path.name, "", pairs.height, path.stat().st_size, None, None, (0, 0))
