"""Each account's own book: the order of its rows within a moment, and what it held before its first row.

A book whose balances all follow each other proves its order over every file; else rows of one moment are compared
within one file and sheet only, put into the order in which balances follow where there is one.
"""

from typing import Final

import numpy as np
import polars as pl

from rongdun.analytics.ledger.chain import rechained
from rongdun.analytics.tracing.index.columns import Levels
from rongdun.analytics.tracing.index.sub import LIST_SHIFT, RANK

PROVEN: Final = "proven"
_MOST_LISTS: Final = (1 << (16 - LIST_SHIFT)) - 1
_LIST: Final = ["import_id", "file_no", "sheet"]


def in_book_order(rows: pl.DataFrame) -> pl.DataFrame:
    """Return observations by account and time in their books' order, with ``level``, ``expected`` and ``proven``.

    ``rows``: own, time, import_id, file_no, sheet, row, signed, balance_fen.
    """
    read = _turned(rows).sort("own", "time", *_LIST, "place")
    checked = _levels(read)
    broken = pl.col("level").is_not_null() & (pl.col("level") != pl.col("level_before"))
    suspects = checked.filter(broken).select("own").unique()
    settled = _rechained(read.join(suspects, on="own", how="semi", maintain_order="left"))
    rest = read.join(suspects, on="own", how="anti", maintain_order="left")
    again = _levels(pl.concat([rest, settled]).sort("own", maintain_order=True)) if len(settled) else checked
    sound = (pl.col("level").is_not_null() & ~broken.fill_null(value=False)).all().over("own")
    return again.with_columns(sound.alias(PROVEN))


def levels(ordered: pl.DataFrame) -> Levels:
    """Return what each account held before its first row, one entry where its balances agree, one more after a gap."""
    told = ordered.filter(pl.col("level").is_not_null())
    changes = told.filter((pl.col("level") != pl.col("level").shift(1).over("own")).fill_null(value=True))
    return Levels(
        changes["own"].to_numpy().astype(np.int32),
        changes["time"].to_numpy().astype(np.int64),
        changes["level"].to_numpy().astype(np.int64),
    )


def places(ordered: pl.DataFrame) -> pl.Series:
    """Return each row's place among the rows of its ``moment`` in its own book, as ``sub.Found`` takes it; 0 alone.

    ``moment`` is the transfer's time, which may be another book's; rows come in the book's order.
    """
    moment = ["own", "moment"]
    numbered = ordered.select(*moment, *_LIST, PROVEN).with_row_index("at")
    together = numbered.filter(pl.len().over(moment) > 1).with_columns(
        sheet=pl.when(PROVEN).then(pl.lit("")).otherwise("sheet"),
        file_no=pl.when(PROVEN).then(0).otherwise("file_no"),
        import_id=pl.when(PROVEN).then(0).otherwise("import_id"),
    )
    listed = together.with_columns(
        list=pl.struct(_LIST).rank("dense").over(moment) - 1,
        rank=pl.int_range(1, pl.len() + 1).over([*moment, *_LIST]),
    )
    fits = (pl.col("list") <= _MOST_LISTS) & (pl.col("rank") <= RANK)
    packed = pl.when(fits).then(pl.col("list") * (RANK + 1) + pl.col("rank")).otherwise(0)
    told = listed.select("at", packed.cast(pl.UInt16).alias("packed"))
    out = np.zeros(len(ordered), np.uint16)
    out[told["at"].to_numpy()] = told["packed"].to_numpy()
    return pl.Series("place", out)


def _turned(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows numbered forwards in time: lists that run from new to old are read from their end."""
    lists = ["own", *_LIST]
    listed = rows.sort(*lists, "row")
    falls = pl.col("time").diff().over(lists).sign().sum().over(lists) < 0
    return listed.with_columns(place=pl.when(falls).then(-pl.col("row")).otherwise("row"))


def _levels(rows: pl.DataFrame) -> pl.DataFrame:
    """Add what each balance says the account held before its first row, and what the balance before it said."""
    total = pl.col("signed").cum_sum().over("own")
    told = rows.with_columns(level=pl.col("balance_fen") - total)
    return told.with_columns(
        level_before=pl.coalesce(pl.col("level").forward_fill().shift(1).over("own"), "level")
    )


def _rechained(rows: pl.DataFrame) -> pl.DataFrame:
    """Put rows of one moment into the order in which their balances follow each other, account by account."""
    if not len(rows):
        return rows
    books = [
        book[rechained(book.select("time", "signed", "balance_fen").to_dicts())]
        for book in rows.partition_by("own", maintain_order=True)
    ]
    return pl.concat(books)
