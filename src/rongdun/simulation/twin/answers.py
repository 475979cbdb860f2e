"""Statements as banks send them: the movements of the accounts asked for, in the layouts of the ledger, with dirt.

What is written here is all a desk may see; the truth is never read. Layouts: file-formats §10.2–10.4.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from rongdun.simulation.twin.answer_files import style_of, write_table
from rongdun.simulation.twin.answer_rows import bank_rows, payment_rows
from rongdun.simulation.twin.params import Params


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: the world's tables and the places of accounts whose statements are wanted."""

    transactions: Path
    accounts: pl.DataFrame
    people: pl.DataFrame
    companies: pl.DataFrame
    chosen: pl.Series


@dataclass(frozen=True, slots=True)
class Answered:
    """How many files were written, and how many rows of movements they hold."""

    files: int
    rows: int


def write_answers(directory: Path, asked: Asked, params: Params, seed: int) -> Answered:
    """Write below ``directory`` what each institution answers; one that keeps none of the accounts answers nothing."""
    directory.mkdir(parents=True)
    files = rows = 0
    moved = movements(asked)
    for institution, table in _by_institution(moved, params):
        style = style_of(institution, params, seed)
        payment = institution in params.institutions.payments
        shown = (payment_rows if payment else bank_rows)(table, style, params)
        write_table(directory, f"{institution}交易明细信息", shown, style)
        own = asked.accounts.filter(pl.col("account").is_in(table["account"].unique().implode()))
        write_table(directory, f"{institution}账户信息", _account_rows(own, params), style)
        files += 2
        if not payment:
            write_table(directory, f"{institution}人员信息", _person_rows(own, asked.people), style)
            files += 1
        rows += len(shown)
    return Answered(files, rows)


def movements(asked: Asked) -> pl.DataFrame:
    """Return one row a movement of an account asked for, account by account in the order in which they happened."""
    chosen = pl.col("payer").is_in(asked.chosen.implode()), pl.col("payee").is_in(asked.chosen.implode())
    rows = pl.scan_parquet(asked.transactions)
    shared = ["transaction", "time", "amount_fen", "class", "channel", "device", "ip"]
    sides = [
        rows.filter(mine).select(
            pl.col(own).alias("account"),
            pl.col(other).alias("other"),
            pl.lit(way, pl.Int8).alias("direction"),
            pl.col(f"{own}_balance_fen").alias("balance_fen"),
            *shared,
        )
        for mine, own, other, way in zip(chosen, ("payer", "payee"), ("payee", "payer"), (-1, 1), strict=True)
    ]
    found = pl.concat(sides).collect().sort("account", "transaction")
    who = asked.accounts.select("account", "institution", "number", "alias", "name", "owner_id", "kind")
    theirs = who.rename({name: f"other_{name}" for name in who.columns if name != "account"})
    return found.join(who, on="account", how="left", maintain_order="left").join(
        theirs.rename({"account": "other"}), on="other", how="left", maintain_order="left"
    )


def _by_institution(moved: pl.DataFrame, params: Params) -> Iterator[tuple[str, pl.DataFrame]]:
    for institution in [*params.institutions.banks, *params.institutions.payments]:
        table = moved.filter(pl.col("institution") == institution)
        if len(table):
            yield institution, table


def _account_rows(own: pl.DataFrame, params: Params) -> pl.DataFrame:
    """Return the reply «账户信息» (the columns a bank fills)."""
    opened = pl.lit(params.world.start) - pl.duration(days=pl.col("opened_days"))
    return own.select(
        pl.col("name").alias("账户开户名称"),
        pl.col("owner_id").alias("开户人证件号码"),
        pl.col("number").alias("交易卡号"),
        pl.coalesce("alias", "number").alias("交易账号"),
        opened.dt.strftime("%Y%m%d").alias("账号开户时间"),
        pl.lit("人民币").alias("币种"),
        pl.lit("正常").alias("账户状态"),
        pl.col("kind").alias("账户类型"),
        pl.col("phone").alias("开户联系方式"),
        pl.col("linked_card").alias("关联资金账户"),
        pl.col("institution").alias("账号开户银行"),
    )


def _person_rows(own: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Return the reply «人员信息» of the holders who are people."""
    holders = people.join(own.select("person").drop_nulls().unique(), on="person", how="semi")
    return holders.select(
        pl.col("name").alias("客户名称"),
        pl.lit("居民身份证").alias("证照类型"),
        pl.col("id_number").alias("证照号码"),
        pl.col("phone").alias("联系手机"),
        pl.concat_str(pl.lit("演示市"), "district").alias("户籍地址"),
    )
