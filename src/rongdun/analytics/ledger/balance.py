"""Does each balance follow from the one before? Where it does not, rows are missing, misplaced or misread.

A missing page is where the money went: each break says between which rows, what was expected, what was found, and
how much the missing rows moved (positive: more came in than the rows tell).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import polars as pl

from rongdun.analytics.ledger.chain import rechained
from rongdun.analytics.ledger.view import View
from rongdun.analytics.statements.schema import TRANSACTIONS

PORTION_ROWS: Final = 2_000_000
_BOOK: Final = ("institution", "account", "currency")
_LIST: Final = ("import_id", "file_no", "sheet")
_COLUMNS: Final = (*_BOOK, *_LIST, "time", "row", "direction", "amount_fen", "balance_fen", "success")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands: the import, its file (from 0), the sheet, the row, and the time it tells."""

    import_id: int
    file_no: int
    sheet: str
    row: int
    time: datetime


@dataclass(frozen=True, slots=True)
class Break:
    """One finding on one account's balances.

    ``kind``: ``gap`` rows are missing between two rows of one list; ``missing_page`` the same between two files or
    sheets; ``odd_balance`` one balance disagrees with both neighbours; ``disorder`` rows of one moment follow each
    other otherwise than the list has them; ``reversed`` the list runs from new to old. The last two move no money.
    """

    kind: str
    institution: str
    account: str
    currency: str
    before: Place
    after: Place
    expected_fen: int
    found_fen: int

    @property
    def missing_fen(self) -> int:
        """Return what the missing rows moved."""
        return self.found_fen - self.expected_fen


def balance_breaks(view: View, account: str | None = None) -> list[Break]:
    """Return the findings by account and time, over all accounts or one."""
    rows = view.scan(TRANSACTIONS).filter("success")
    if account is not None:
        rows = rows.filter(pl.col("account") == account)
    count = rows.select(pl.len()).collect(engine="streaming").item()
    portions = count // PORTION_ROWS + 1
    found: list[Break] = []
    for portion in range(portions):
        here = rows.filter(pl.col("account").hash() % portions == portion)
        found += breaks_of(here.select(_COLUMNS).collect(engine="streaming"))
    return sorted(found, key=lambda one: (one.account, one.institution, one.currency, one.after.time))


def breaks_of(rows: pl.DataFrame) -> list[Break]:
    """Return the findings among rows with the columns of the schema; failed ones must be left out."""
    read = _in_order(rows)
    suspects = _checked(read).filter("broken").select(_BOOK).unique()
    found = list(_reversed_lists(read))
    suspicious = read.join(suspects, on=_BOOK, how="semi", maintain_order="left")
    for book in suspicious.partition_by(_BOOK, maintain_order=True):
        found += _of_one_book(book)
    return found


def _in_order(rows: pl.DataFrame) -> pl.DataFrame:
    """Sort by time; rows of one moment as their list has them, from the end where the list runs backwards."""
    lists = [*_BOOK, *_LIST]
    listed = rows.sort(*lists, "row")
    step = pl.col("time").diff().over(lists).dt.total_microseconds().sign()
    falls = (step.sum().over(lists) < 0).alias("falls")
    turned = listed.with_columns(falls).with_columns(
        place=pl.when("falls").then(-pl.col("row")).otherwise(pl.col("row")),
        signed=pl.col("direction").cast(pl.Int64) * pl.col("amount_fen"),
    )
    return turned.sort(*_BOOK, "time", *_LIST, "place")


def _checked(rows: pl.DataFrame) -> pl.DataFrame:
    """Add the expected balance, what is found, and whether they differ; rows without a balance pass theirs on."""
    total = rows.with_columns(total=pl.col("signed").cum_sum().over(_BOOK))
    opening = pl.when(pl.col("balance_fen").is_not_null()).then(pl.col("balance_fen") - pl.col("total"))
    before = total.with_columns(opening=opening).with_columns(
        known=pl.col("opening").forward_fill().shift(1).over(_BOOK)
    )
    expected = before.with_columns(expected=pl.col("known") + pl.col("total"))
    broken = (pl.col("expected") != pl.col("balance_fen")).fill_null(value=False)
    return expected.with_columns(broken=broken)


def _of_one_book(book: pl.DataFrame) -> Iterator[Break]:
    rows = _checked(book).to_dicts()
    order = rechained(rows)
    rows = [rows[place] for place in order]
    for one, two in _moved(order, rows):
        yield _break("disorder", one, two, two["balance_fen"], two["balance_fen"])
    yield from _breaks(_checked(book[order]).to_dicts())


def _moved(order: list[int], rows: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield for each moment whose rows changed places its first and last row."""
    start = 0
    while start < len(order):
        end = start + 1
        while end < len(order) and rows[end]["time"] == rows[start]["time"]:
            end += 1
        if order[start:end] != list(range(start, end)):
            yield rows[start], rows[end - 1]
        start = end


def _breaks(rows: list[dict[str, Any]]) -> Iterator[Break]:
    anchors = [row for row in rows if row["balance_fen"] is not None]
    skip = False
    for place in range(1, len(anchors)):
        one, two = anchors[place - 1], anchors[place]
        if skip or not two["broken"]:
            skip = False
            continue
        skip = _heals(two, anchors[place + 1] if place + 1 < len(anchors) else None)
        kind = "odd_balance" if skip else _kind(one, two)
        yield _break(kind, one, two, two["expected"], two["balance_fen"])


def _heals(odd: dict[str, Any], following: dict[str, Any] | None) -> bool:
    """Tell whether the next row goes on as if the odd balance had been the expected one."""
    if following is None or not following["broken"]:
        return False
    off_by = odd["balance_fen"] - odd["expected"]
    return bool(following["balance_fen"] - following["expected"] == -off_by)


def _kind(one: dict[str, Any], two: dict[str, Any]) -> str:
    return "gap" if all(one[name] == two[name] for name in _LIST) else "missing_page"


def _reversed_lists(read: pl.DataFrame) -> Iterator[Break]:
    falling = read.filter("falls").sort(*_BOOK, *_LIST, "row")
    for part in falling.partition_by([*_BOOK, *_LIST], maintain_order=True):
        one, two = part.row(0, named=True), part.row(-1, named=True)
        yield _break("reversed", one, two, two["balance_fen"], two["balance_fen"])


def _break(kind: str, one: dict[str, Any], two: dict[str, Any], expected: int, found: int) -> Break:
    book = (two["institution"], two["account"], two["currency"])
    return Break(kind, *book, _place(one), _place(two), expected or 0, found or 0)


def _place(row: dict[str, Any]) -> Place:
    return Place(row["import_id"], row["file_no"], row["sheet"], row["row"], row["time"])
