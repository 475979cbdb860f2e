"""Who is who: one account for all numbers it bears, one for each number that only others name.

An account is institution and number. Rows whose file does not say the institution belong to the one institution that
another file names for the number. A card number and an account number that a bank gives for the same account are one
account. A number that others name is an observed account where exactly one bears it, or exactly one at the bank named.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import polars as pl

from rongdun.analytics.ledger.view import View
from rongdun.analytics.statements.schema import ACCOUNTS, PLAIN, RECOVERED, TRANSACTIONS
from rongdun.analytics.tracing.index.columns import ACCOUNT_COLUMNS
from rongdun.analytics.tracing.index.kinds import kind_of
from rongdun.analytics.tracing.index.layout import SEPARATOR

SHORT: Final = 12
"""A number that only others name is one account at any bank from this length on; a shorter one at each bank."""

LABELS: Final = {"institution": pl.String, "account": pl.String, "kind": pl.String}
"""Columns of a unit's own table of labels: ``kind`` in words, as ``kinds`` reads them."""

_OWN: Final = ["institution", "account"]
_NAMED: Final = ["cp_number", "cp_bank"]


@dataclass(frozen=True, slots=True)
class Identity:
    """``accounts`` as an index takes them; ``own`` and ``named`` give the place of a row's account and counterparty."""

    accounts: pl.DataFrame
    own: pl.DataFrame
    named: pl.DataFrame


def cp_number() -> pl.Expr:
    """Return the counterparty's number of a row: the linked card where the file shows it, else a plain number.

    Cash, fees and interest have no counterparty, whatever the row names (a teller's or a machine's number).
    """
    plain = pl.col("cp_account_flag").is_in([PLAIN, RECOVERED])
    number = pl.coalesce("cp_linked_card", pl.when(plain).then("cp_account"))
    nobody = pl.col("cash").fill_null(value=False) | pl.col("class").is_in(["cash", "fee", "interest"])
    return pl.when(~nobody & (number != "")).then(number)


def cp_bank() -> pl.Expr:
    """Return the bank a row names for its counterparty, empty where it names none."""
    return pl.col("cp_bank").fill_null("")


def identify(view: View, labels: pl.DataFrame | None = None) -> Identity:
    """Return the accounts of a ledger version, sorted by institution and number, and who bears which number."""
    own = _observed(view)
    numbers = _one_account(own, _aliases(view, own))
    bearing = numbers.select("number", "root_institution", "root").unique()
    named = _resolved(_counterparties(view), bearing)
    accounts = _frame(view, own, numbers, named, labels)
    placed = accounts.select(root_institution="institution", root="number").with_row_index("place")
    key = ["root_institution", "root"]
    told = own.join(numbers.filter(pl.col("number") == pl.col("account")), on=_OWN).select(
        "told_institution", "account", *key
    )
    return Identity(
        accounts,
        told.join(placed, on=key).select(institution="told_institution", account="account", own="place"),
        named.join(placed, on=key).select(*_NAMED, other="place"),
    )


def _observed(view: View) -> pl.DataFrame:
    """Return the accounts with statements: told and settled institution, owner's name, first and last moment."""
    rows = (
        view.scan(TRANSACTIONS)
        .group_by(_OWN)
        .agg(
            pl.col("owner_name").drop_nulls().min().alias("name"),
            pl.col("time").min().dt.epoch("us").alias("since"),
            pl.col("time").max().dt.epoch("us").alias("until"),
        )
    )
    found = rows.collect(engine="streaming").rename({"institution": "told_institution"})
    return found.join(_settled(found), on="account").with_columns(
        institution=pl.when(pl.col("told_institution") == "")
        .then(pl.col("only").fill_null(""))
        .otherwise("told_institution")
    )


def _settled(found: pl.DataFrame) -> pl.DataFrame:
    """Return for each number the one institution that files name for it, null where none or several do."""
    named = pl.col("told_institution").filter(pl.col("told_institution") != "")
    return found.group_by("account").agg(
        only=pl.when(named.n_unique() == 1).then(named.first()), banks=named.n_unique()
    )


def _aliases(view: View, own: pl.DataFrame) -> pl.DataFrame:
    """Return the other numbers that files give for observed accounts."""
    told = [
        view.scan(table).select(*_OWN, "account_alias").drop_nulls().unique()
        for table in (TRANSACTIONS, ACCOUNTS)
    ]
    found = pl.concat(told).collect(engine="streaming").unique()
    listed = found.filter((pl.col("account_alias") != "") & (pl.col("account_alias") != pl.col("account")))
    settled = own.select("institution", "account", told_institution="told_institution")
    joined = listed.rename({"institution": "told_institution"}).join(
        settled, on=["told_institution", "account"]
    )
    return joined.select("institution", "account", alias="account_alias").unique()


def _one_account(own: pl.DataFrame, aliases: pl.DataFrame) -> pl.DataFrame:
    """Return each number an account bears: institution, account, number, and the account it belongs to."""
    observed = own.select("institution", "account").unique()
    twice = aliases.join(observed, left_on=["institution", "alias"], right_on=_OWN)
    roots = _roots(observed.sort(_OWN).rows(), twice.rows())
    rooted = pl.DataFrame(
        roots,
        schema=["institution", "account", "root_institution", "root"],
        orient="row",
        schema_overrides=dict.fromkeys(["institution", "account", "root_institution", "root"], pl.String),
    )
    numbers = pl.concat([observed.with_columns(number="account"), aliases.rename({"alias": "number"})])
    return numbers.join(rooted, on=_OWN)


def _roots(
    observed: Iterable[tuple[str, str]], twice: Iterable[tuple[str, str, str]]
) -> list[tuple[str, str, str, str]]:
    """Join accounts that bear each other's numbers; the first by institution and number stands for all."""
    parent: dict[tuple[str, str], tuple[str, str]] = {}

    def root(one: tuple[str, str]) -> tuple[str, str]:
        while one in parent:
            one = parent[one]
        return one

    for institution, account, alias in sorted(twice):
        one, two = sorted([root((institution, account)), root((institution, alias))])
        if one != two:
            parent[two] = one
    return [(*one, *root(one)) for one in observed]


def _counterparties(view: View) -> pl.DataFrame:
    """Return the numbers and banks that rows name, with the names they give; one row each."""
    rows = view.scan(TRANSACTIONS).with_columns(cp_number=cp_number(), cp_bank=cp_bank())
    counted = rows.filter(pl.col("cp_number").is_not_null()).group_by(*_NAMED, "cp_name").len()
    by_count = counted.collect(engine="streaming").sort(
        pl.col("cp_name").is_null(), -pl.col("len").cast(pl.Int64), "cp_name"
    )
    return by_count.group_by(_NAMED, maintain_order=True).agg(pl.col("cp_name").first())


def _resolved(named: pl.DataFrame, bearing: pl.DataFrame) -> pl.DataFrame:
    """Add to each number and bank the account it stands for, observed or not."""
    alone = bearing.filter(pl.len().over("number") == 1)
    by_number = named.join(alone, left_on="cp_number", right_on="number", how="left")
    at_bank = bearing.select("number", "root_institution", here="root").unique(["number", "root_institution"])
    both = by_number.join(at_bank, left_on=_NAMED, right_on=["number", "root_institution"], how="left")
    known = both.with_columns(
        root_institution=pl.when(pl.col("root").is_null() & pl.col("here").is_not_null())
        .then("cp_bank")
        .otherwise("root_institution"),
        root=pl.coalesce("root", "here"),
    )
    short = pl.col("cp_number").str.len_chars() < SHORT
    bank = pl.col("cp_bank").filter(pl.col("cp_bank") != "").min().over("cp_number").fill_null("")
    return known.with_columns(
        observed=pl.col("root").is_not_null(),
        root_institution=pl.when(pl.col("root").is_not_null())
        .then("root_institution")
        .when(short)
        .then("cp_bank")
        .otherwise(bank),
        root=pl.coalesce("root", "cp_number"),
    )


def _frame(
    view: View, own: pl.DataFrame, numbers: pl.DataFrame, named: pl.DataFrame, labels: pl.DataFrame | None
) -> pl.DataFrame:
    key = ["root_institution", "root"]
    others = (
        numbers.filter(pl.col("number") != pl.col("root"))
        .group_by(key)
        .agg(aliases=pl.col("number").unique().sort().str.join(SEPARATOR))
    )
    seen = (
        own.join(numbers.filter(pl.col("number") == pl.col("account")), on=_OWN)
        .group_by(key)
        .agg(pl.col("name").min(), pl.col("since").min(), pl.col("until").max(), observed=pl.lit(value=True))
    )
    unseen = (
        named.filter(~pl.col("observed"))
        .group_by(key)
        .agg(
            name=pl.col("cp_name").drop_nulls().min(),
            since=pl.lit(0, pl.Int64),
            until=pl.lit(0, pl.Int64),
            observed=pl.lit(value=False),
        )
    )
    every = pl.concat([seen, unseen.join(seen, on=key, how="anti")], how="diagonal")
    told = every.join(others, on=key, how="left").join(_kinds_told(view, labels), on=key, how="left")
    kind = kind_of(pl.col("name"), pl.col("told"), pl.col("observed"))
    return (
        told.with_columns(
            kind=kind, name=pl.col("name").fill_null(""), aliases=pl.col("aliases").fill_null("")
        )
        .rename({"root_institution": "institution", "root": "number"})
        .select([pl.col(name).cast(kind) for name, kind in ACCOUNT_COLUMNS.items()])
        .sort("institution", "number")
    )


def _kinds_told(view: View, labels: pl.DataFrame | None) -> pl.DataFrame:
    """Return the words for an account's kind: the unit's label where there is one, else the bank's."""
    bank = view.scan(ACCOUNTS).select(*_OWN, "kind").drop_nulls().unique().collect()
    by_unit = labels if labels is not None else pl.DataFrame(schema=LABELS)
    rest = bank.join(by_unit, on=_OWN, how="anti")
    told = pl.concat([by_unit.select(*_OWN, "kind"), rest])
    return told.group_by(root_institution="institution", root="account").agg(
        told=pl.col("kind").unique().sort().str.join(" ")
    )
