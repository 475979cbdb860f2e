"""One account's statement: its rows in the order they happened, the running balance, and where something is missing."""

from typing import TYPE_CHECKING, NamedTuple

from rongdun.domains.tracing.accounts import AccountKey, Seen
from rongdun.domains.tracing.book import rows_of
from rongdun.domains.tracing.frames import frame_spec
from rongdun.kernel.errors import Text
from rongdun.runtime.tables import Column

if TYPE_CHECKING:
    import polars as pl

    from rongdun.analytics.ledger.balance import Break

CLASSES = {
    "transfer": Text("转账", "Transfer"),
    "fee": Text("手续费", "Fee"),
    "interest": Text("利息", "Interest"),
    "cash": Text("现金", "Cash"),
    "consumption": Text("消费", "Consumption"),
    "refund": Text("退款", "Refund"),
    "reversal": Text("冲正", "Reversal"),
    "other": Text("其他", "Other"),
}
"""What a row is, as the reader classes it."""

STATEMENT = frame_spec(
    {
        "time": Column(None, Text("时间", "Time"), kind="time"),
        "direction": Column(None, Text("收付", "Direction"), kind="int"),
        "amount_fen": Column(None, Text("金额", "Amount"), kind="money"),
        "currency": Column(None, Text("币种", "Currency"), kind="text"),
        "running_fen": Column(None, Text("余额", "Balance"), kind="money", sortable=False),
        "cp_name": Column(None, Text("对方户名", "Counterparty"), kind="text"),
        "cp_account": Column(None, Text("对方账号", "Counterparty account"), kind="text"),
        "cp_bank": Column(None, Text("对方机构", "Counterparty institution"), kind="text"),
        "class": Column(None, Text("类别", "Class"), kind="text", choices=CLASSES),
        "channel": Column(None, Text("渠道", "Channel"), kind="text"),
        "purpose": Column(None, Text("摘要", "Purpose"), kind="text"),
        "success": Column(None, Text("是否成功", "Successful"), kind="bool"),
        "cash": Column(None, Text("现金", "Cash"), kind="bool"),
        "serial": Column(None, Text("流水号", "Serial"), kind="text"),
    }
)

SEARCHED = ("cp_name", "cp_account", "cp_bank", "purpose", "remark", "serial", "merchant_name")

_SHOWN = [
    "row_key", "occurrence", "direction", "amount_fen", "currency", "balance_fen", "time", "time_precision",
    "channel", "class", "purpose", "remark", "success", "cash", "cp_account", "cp_account_raw", "cp_name",
    "cp_id", "cp_bank", "terminal", "ip", "mac", "place", "merchant_name", "serial", "layout", "import_id",
    "file_no", "sheet", "row",
]  # fmt: skip
_FOR_BREAKS = [
    "institution", "account", "currency", "import_id", "file_no", "sheet", "time", "row", "direction",
    "amount_fen", "balance_fen", "success",
]  # fmt: skip


class Statement(NamedTuple):
    """An account's rows in order (``gap`` is the number of a break before the row, or null), and the breaks."""

    rows: "pl.DataFrame"
    breaks: "list[Break]"


def statement_of(seen: Seen, key: AccountKey) -> Statement:
    """Return the whole statement of an account as the actor sees it."""
    import polars as pl

    from rongdun.analytics.ledger.balance import breaks_of

    assert seen.view is not None, "an account that was found lies in a version of the ledger"
    of_account = rows_of(seen.view, seen.versions, "transactions").filter(seen.accounts.is_of(key))
    rows = of_account.with_columns(institution=pl.lit(key.institution)).collect()
    breaks = breaks_of(rows.filter("success").select(_FOR_BREAKS)) if rows.height else []
    return Statement(_marked(_with_balance(_in_order(rows)), breaks), breaks)


def _in_order(rows: "pl.DataFrame") -> "pl.DataFrame":
    """Sort by time; rows of one moment as their balances follow each other, else as their list has them."""
    import polars as pl

    from rongdun.analytics.ledger.chain import rechained

    lists = ["import_id", "file_no", "sheet"]
    listed = rows.sort(*lists, "row")
    step = pl.col("time").diff().over(lists).dt.total_microseconds().sign()
    placed = listed.with_columns(falls=step.sum().over(lists) < 0).with_columns(
        turned=pl.when("falls").then(-pl.col("row")).otherwise(pl.col("row")),
        signed=pl.when("success")
        .then(pl.col("direction").cast(pl.Int64) * pl.col("amount_fen"))
        .otherwise(0),
    )
    sorted_rows = placed.sort("currency", "time", *lists, "turned")
    books = sorted_rows.partition_by("currency", maintain_order=True)
    chained = [book[rechained(book.select("time", "signed", "balance_fen").to_dicts())] for book in books]
    return pl.concat(chained) if chained else sorted_rows


def _with_balance(rows: "pl.DataFrame") -> "pl.DataFrame":
    """Add the balance after each row: the one it states, else the last one known and what moved since."""
    import polars as pl

    stated = pl.col("balance_fen").is_not_null() & pl.col("success")
    total = rows.with_columns(total=pl.col("signed").cum_sum().over("currency"))
    opening = total.with_columns(opening=pl.when(stated).then(pl.col("balance_fen") - pl.col("total")))
    carried = pl.col("opening").forward_fill().over("currency") + pl.col("total")
    return opening.with_columns(
        running_fen=pl.when(stated).then(pl.col("balance_fen")).otherwise(carried), stated=stated
    ).select(*_SHOWN, "running_fen", "stated")


def _marked(rows: "pl.DataFrame", breaks: "list[Break]") -> "pl.DataFrame":
    import polars as pl

    place = ["import_id", "file_no", "sheet", "row"]
    marks = [
        {**{name: getattr(one.after, name) for name in place}, "gap": number}
        for number, one in enumerate(breaks)
        if one.kind != "reversed"
    ]
    schema = {"import_id": pl.Int64(), "file_no": pl.Int32(), "sheet": pl.String(), "row": pl.Int64()}
    table = pl.DataFrame(marks, schema={**schema, "gap": pl.Int64()}).unique(place, keep="last")
    typed = rows.with_columns(pl.col(name).cast(kind) for name, kind in schema.items())
    return typed.join(table, on=place, how="left", maintain_order="left")
