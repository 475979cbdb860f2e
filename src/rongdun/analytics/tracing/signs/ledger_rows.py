"""A ledger version's observations → transfers between numbered accounts, each once. Only reads."""

from dataclasses import dataclass
from typing import Final

import polars as pl

from rongdun.analytics.ledger.tables import PAIRS
from rongdun.analytics.ledger.view import View
from rongdun.analytics.statements.schema import (
    DAY,
    INCOMING,
    LOGINS,
    OUTGOING,
    PLAIN,
    RECOVERED,
    TRANSACTIONS,
)
from rongdun.analytics.tracing.model import NOBODY
from rongdun.analytics.tracing.signs.shared import KINDS

_FULL_NUMBER: Final = 12
"""Shorter counterparty numbers are no one's without the bank's name."""

_KEY: Final = ("row_key", "occurrence")
_OWN: Final = ("institution", "account")
_COLUMNS: Final = (
    *_KEY,
    *_OWN,
    "cp_account",
    "cp_account_flag",
    "cp_bank",
    "cp_linked_card",
    "direction",
    "amount_fen",
    "balance_fen",
    "time",
    "time_precision",
    "class",
)


@dataclass(frozen=True, slots=True)
class LedgerRows:
    """``own``: observed accounts (place, institution, account, owner_name), places 0 … n - 1, sorted.

    ``transfers``: payer, payee, amount_fen, time (µs), payer_balance, payee_balance (null: untold), timed.
    ``traits``: account (place), kind, value. ``accounts`` counts the unobserved counterparties too.
    """

    own: pl.DataFrame
    transfers: pl.DataFrame
    traits: pl.DataFrame
    accounts: int


def ledger_rows(view: View) -> LedgerRows:
    """Read what moved money: successful rows in yuan; transfers told by both books once; reversed ones not at all."""
    rows = view.scan(TRANSACTIONS).filter(
        pl.col("success") & (pl.col("amount_fen") > 0) & (pl.col("currency") == "CNY")
    )
    own = _own(rows)
    numbers = _numbers(rows, own)
    told = rows.select(_COLUMNS).join(own.lazy().select(*_OWN, "place"), on=_OWN).collect()
    known = _with_counterparty(told, numbers, own.height)
    transfers = _without_reversed(_once(known, view.scan(PAIRS)))
    highest = known["other"].max()
    assert highest is None or isinstance(highest, int)
    accounts = max(own.height, (highest or 0) + 1)
    return LedgerRows(own, transfers, _traits(rows, view.scan(LOGINS), own, numbers), accounts)


def _own(rows: pl.LazyFrame) -> pl.DataFrame:
    names = rows.group_by(_OWN).agg(pl.col("owner_name").drop_nulls().min()).sort(_OWN).collect()
    return names.with_row_index("place").cast({"place": pl.Int32})


def _numbers(rows: pl.LazyFrame, own: pl.DataFrame) -> pl.DataFrame:
    """Return which number, the account's or its other one, is exactly one observed account's."""
    other = rows.select(*_OWN, number="account_alias").drop_nulls().unique().collect()
    named = own.select("place", number="account")
    both = pl.concat([named, other.join(own, on=_OWN).select("place", "number")]).unique()
    return both.filter(pl.len().over("number") == 1)


def _with_counterparty(rows: pl.DataFrame, numbers: pl.DataFrame, own: int) -> pl.DataFrame:
    """Add ``other``: the observed account's place, else one beyond them for each strange number, else ``NOBODY``."""
    plain = pl.when(pl.col("cp_account_flag").is_in([PLAIN, RECOVERED])).then("cp_account")
    long = pl.col("number").str.len_chars() >= _FULL_NUMBER
    bank = pl.col("cp_bank").fill_null("")
    strange = pl.when(long).then("number").otherwise(pl.concat_str("number", bank, separator="|"))
    joined = rows.with_columns(number=pl.coalesce("cp_linked_card", plain)).join(
        numbers.rename({"place": "seen"}), on="number", how="left", maintain_order="left"
    )
    unseen = joined.with_columns(strange=pl.when(pl.col("seen").is_null()).then(strange))
    beyond = pl.col("strange").rank("dense").cast(pl.Int32) + (own - 1)
    return unseen.with_columns(other=pl.coalesce("seen", beyond).fill_null(NOBODY).cast(pl.Int32))


def _once(rows: pl.DataFrame, pairs: pl.LazyFrame) -> pl.DataFrame:
    sure = pairs.filter(pl.col("state") == "paired").select(
        "left", "left_occurrence", "right", "right_occurrence"
    )
    sides = ["right", "right_occurrence"]
    kept = sure.collect()
    out, into = (rows.filter(pl.col("direction") == way) for way in (OUTGOING, INCOMING))
    theirs = into.select(*_KEY, seen_payee="place", payee_balance="balance_fen")
    paid = out.join(kept, left_on=_KEY, right_on=["left", "left_occurrence"], how="left")
    paid = paid.join(theirs, left_on=sides, right_on=_KEY, how="left")
    alone = into.join(kept, left_on=_KEY, right_on=sides, how="anti")
    payee = pl.coalesce("seen_payee", "other")
    outgoing = paid.select(
        *_shared("place", payee), payer_balance="balance_fen", payee_balance="payee_balance"
    )
    incoming = alone.select(
        *_shared("other", pl.col("place")),
        payer_balance=pl.lit(None, pl.Int64),
        payee_balance="balance_fen",
    )
    return pl.concat([outgoing, incoming])


def _shared(payer: str, payee: pl.Expr) -> list[pl.Expr]:
    return [
        pl.col(payer).alias("payer"),
        payee.alias("payee"),
        pl.col("amount_fen"),
        pl.col("time").dt.epoch("us"),
        (pl.col("time_precision") > DAY).alias("timed"),
        (pl.col("class") == "reversal").alias("reverses"),
    ]


def _without_reversed(transfers: pl.DataFrame) -> pl.DataFrame:
    """Leave out each reversal with the transfer it takes back: same parties and amount, ≤ 3 days."""
    placed = transfers.sort("time", "payer", "payee", "amount_fen").with_row_index("place")
    back = placed.filter("reverses").select(
        "time", "amount_fen", reversal="place", payer="payee", payee="payer"
    )
    if not back.height:
        return placed.drop("place", "reverses")
    first = placed.filter(~pl.col("reverses")).select("time", "amount_fen", "payer", "payee", taken="place")
    three_days = 3 * 24 * 3_600_000_000
    met = back.join_asof(
        first, on="time", by=["payer", "payee", "amount_fen"], tolerance=three_days, check_sortedness=False
    ).filter(pl.col("taken").is_not_null())
    gone = pl.concat([met["reversal"], met["taken"]]).implode()
    return placed.filter(~pl.col("place").is_in(gone)).drop("place", "reverses")


def _traits(
    rows: pl.LazyFrame, logins: pl.LazyFrame, own: pl.DataFrame, numbers: pl.DataFrame
) -> pl.DataFrame:
    """Devices and addresses an account was used from: of its payments out (an incoming row shows the payer's)."""
    used = rows.filter(pl.col("direction") == OUTGOING).select(*_OWN, *KINDS)
    paid = used.unique().collect().join(own, on=_OWN).select("place", *KINDS)
    seen = logins.select("account", *KINDS).unique().collect()
    logged = seen.join(numbers, left_on="account", right_on="number").select("place", *KINDS)
    wide = pl.concat([paid, logged]).rename({"place": "account"})
    return wide.unpivot(KINDS, index="account", variable_name="kind").drop_nulls().unique()
