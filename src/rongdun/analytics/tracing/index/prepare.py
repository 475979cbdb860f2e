"""From a ledger version to what an index is built from: transfers once each, between accounts, with their ends.

Observations become narrow rows of numbers first (streaming over the ledger's files); what follows works on those.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from rongdun.analytics.ledger.tables import PAIRS
from rongdun.analytics.ledger.view import View
from rongdun.analytics.statements.schema import OUTGOING, TRANSACTIONS
from rongdun.analytics.tracing.index import books
from rongdun.analytics.tracing.index.build import Material
from rongdun.analytics.tracing.index.columns import Transfers, bits_of
from rongdun.analytics.tracing.index.identity import Identity, cp_bank, cp_number, identify
from rongdun.analytics.tracing.index.reversals import cancelled
from rongdun.analytics.tracing.model import NOBODY, PAYEE_BOOK, PAYER_BOOK, End

_CURRENCY: Final = "CNY"
_ABROAD: Final = "跨境|境外|国外|SWIFT"
_KEY: Final = ["row_key", "occurrence"]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A ledger version as transfers and accounts; ``frame`` has one row a transfer, its place is its row number."""

    frame: pl.DataFrame
    identity: Identity
    material: Material


def prepare(view: View, labels: pl.DataFrame | None = None) -> Prepared:
    """Return a ledger version ready for the index. ``labels``: a unit's own kinds, see ``identity.LABELS``."""
    identity = identify(view, labels)
    rows = books.in_book_order(_observations(view, identity))
    transfers, reversed_ones = _transfers(_with_pairs(view, rows), identity)
    left_out = _left_out(view) | {"reversed": reversed_ones}
    columns = _columns(transfers)
    return Prepared(transfers, identity, Material(columns, identity.accounts, books.levels(rows), left_out))


def _counts() -> pl.Expr:
    return pl.col("success") & (pl.col("amount_fen") > 0) & (pl.col("currency") == _CURRENCY)


def _left_out(view: View) -> dict[str, int]:
    """Count observations that carry nothing: failed, of no amount, in another currency."""
    failed = ~pl.col("success")
    zero = ~failed & (pl.col("amount_fen") == 0)
    foreign = ~failed & ~zero & (pl.col("currency") != _CURRENCY)
    counts = view.scan(TRANSACTIONS).select(failed=failed.sum(), zero=zero.sum(), foreign=foreign.sum())
    return {
        name: int(count or 0) for name, count in counts.collect(engine="streaming").row(0, named=True).items()
    }


def _observations(view: View, identity: Identity) -> pl.DataFrame:
    """Return the observations that count as narrow rows; ``other`` is the counterparty's place or NOBODY."""
    words = pl.concat_str(pl.col("purpose", "remark", "cp_bank").fill_null(""))
    rows = view.scan(TRANSACTIONS).filter(_counts()).with_columns(cp_number=cp_number(), cp_bank=cp_bank())
    joined = rows.join(identity.own.lazy(), on=["institution", "account"]).join(
        identity.named.lazy(), on=["cp_number", "cp_bank"], how="left"
    )
    return joined.select(
        *_KEY,
        "direction",
        "balance_fen",
        "import_id",
        "file_no",
        "sheet",
        "row",
        pl.col("own").cast(pl.Int32),
        pl.col("other").cast(pl.Int32).fill_null(NOBODY),
        pl.col("amount_fen").alias("amount"),
        pl.col("time").dt.epoch("us"),
        (pl.col("direction").cast(pl.Int64) * pl.col("amount_fen")).alias("signed"),
        (pl.col("class") == "refund").alias("refund"),
        (pl.col("class") == "reversal").alias("reversal"),
        _end(words).alias("end"),
    ).collect(engine="streaming")


def _end(words: pl.Expr) -> pl.Expr:
    """Return where an outgoing row's money ends where its payee is nobody we could follow."""
    what = pl.col("class")
    return (
        pl.when(pl.col("cash").fill_null(value=False) | (what == "cash"))
        .then(int(End.CASH))
        .when(what.is_in(["fee", "interest"]))
        .then(int(End.FEE))
        .when(words.str.contains(_ABROAD))
        .then(int(End.CROSS_BORDER))
        .when(what == "consumption")
        .then(int(End.CONSUMPTION))
        .when(pl.col("other").is_null())
        .then(int(End.FRONTIER))
        .otherwise(int(End.FOLLOWED))
        .cast(pl.UInt8)
    )


def _with_pairs(view: View, rows: pl.DataFrame) -> pl.DataFrame:
    """Add to each row its pair's number, null without one."""
    sure = view.scan(PAIRS).filter(pl.col("state") == "paired").collect()
    pairs = sure.with_row_index("pair")
    sides = [
        pairs.select("pair", row_key=side, occurrence=f"{side}_occurrence") for side in ("left", "right")
    ]
    both = pl.concat(sides).unique(_KEY, maintain_order=True)
    return rows.join(both, on=_KEY, how="left", maintain_order="left")


def _transfers(rows: pl.DataFrame, identity: Identity) -> tuple[pl.DataFrame, int]:
    """Merge the two books' rows, take away what reversals cancel; return transfers in order, and how many fell away."""
    out = pl.col("direction") == OUTGOING
    payers = rows.filter(out & pl.col("pair").is_not_null()).select("pair", payer_time="time")
    at = rows.join(payers, on="pair", how="left", maintain_order="left").with_columns(
        moment=pl.coalesce("payer_time", "time")
    )
    placed = at.with_columns(books.places(at))
    merged = _merged(placed).with_columns(_followed(identity))
    gone = cancelled(merged)
    kept = merged.with_row_index("at").filter(~pl.col("at").is_in(gone.tolist())).drop("at")
    content = ["time", "payer", "payee", "amount", "end", "refund", "books", "payer_place", "payee_place"]
    refunds = kept.with_columns(refund=pl.col("refund") | pl.col("reversal")).select(content)
    return refunds.sort(content), len(gone)


def _merged(rows: pl.DataFrame) -> pl.DataFrame:
    out = pl.col("direction") == OUTGOING
    alone = rows.filter(pl.col("pair").is_null()).select(
        *_sides(out),
        books=pl.when(out).then(PAYER_BOOK).otherwise(PAYEE_BOOK).cast(pl.Int8),
        payer_place=pl.when(out).then("place").otherwise(0).cast(pl.UInt16),
        payee_place=pl.when(out).then(0).otherwise("place").cast(pl.UInt16),
    )
    paired = rows.filter(pl.col("pair").is_not_null())
    payees = paired.filter(~out).select(
        "pair", payee="own", payee_place="place", refund_in="refund", reversal_in="reversal"
    )
    both = (
        paired.filter(out)
        .join(payees, on="pair")
        .select(
            time="moment",
            payer="own",
            payee="payee",
            amount="amount",
            end=pl.lit(int(End.FOLLOWED), pl.UInt8),
            refund=pl.col("refund") | pl.col("refund_in"),
            reversal=pl.col("reversal") | pl.col("reversal_in"),
            books=pl.lit(PAYER_BOOK | PAYEE_BOOK, pl.Int8),
            payer_place="place",
            payee_place="payee_place",
        )
    )
    return pl.concat([alone, both])


def _sides(out: pl.Expr) -> list[pl.Expr]:
    return [
        pl.col("moment").alias("time"),
        pl.when(out).then("own").otherwise("other").alias("payer"),
        pl.when(out).then("other").otherwise("own").alias("payee"),
        pl.col("amount"),
        pl.when(out).then("end").otherwise(int(End.FOLLOWED)).cast(pl.UInt8).alias("end"),
        pl.col("refund"),
        pl.col("reversal"),
    ]


def _followed(identity: Identity) -> pl.Expr:
    """Follow what a row calls consumption or abroad where we have the statement of the account it went to."""
    observed = pl.lit(
        pl.Series(np.flatnonzero(identity.accounts["observed"].to_numpy()).tolist(), dtype=pl.Int32)
    )
    known = pl.col("payee").is_in(observed.implode())
    return pl.when(known).then(int(End.FOLLOWED)).otherwise("end").cast(pl.UInt8).alias("end")


def _columns(frame: pl.DataFrame) -> Transfers:
    return Transfers(
        frame["payer"].to_numpy().astype(np.int32),
        frame["payee"].to_numpy().astype(np.int32),
        frame["amount"].to_numpy(),
        frame["time"].to_numpy(),
        frame["end"].to_numpy(),
        bits_of(frame["refund"].to_numpy(), frame["books"].to_numpy()),
        frame["payer_place"].to_numpy(),
        frame["payee_place"].to_numpy(),
    )
