"""People, accounts and companies of a world as tables with names and numbers. Polars, pure; knows no truth."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import polars as pl

from rongdun.simulation.twin.city import CORPORATE, Accounts, City, Kind
from rongdun.simulation.twin.draws import Int64s, some, stream
from rongdun.simulation.twin.numbers import id_bodies, id_check, luhn, phones, serials
from rongdun.simulation.twin.params import Params

_SHOWN = {
    Kind.MAIN: "个人储蓄", Kind.SECOND: "个人储蓄", Kind.WALLET: "个人支付账户", Kind.MERCHANT: "商户",
    Kind.EMPLOYER: "对公", Kind.PLATFORM: "平台", Kind.UTILITY: "公用事业", Kind.FUND: "理财平台",
    Kind.LENDER: "消费金融", Kind.VAULT: "库存现金", Kind.MULE: "个人储蓄", Kind.MULE_WALLET: "个人支付账户",
    Kind.SHELL: "对公", Kind.TRADER: "个人储蓄", Kind.FEEDER: "个人储蓄",
}  # fmt: skip
"""What a bank would call the account: accounts of rooms look like any other."""

_WITHOUT_CARD = (*CORPORATE, Kind.MERCHANT)


@cache
def words() -> dict[str, Any]:
    """Return the words names are made of."""
    return tomllib.loads(files("rongdun.simulation.twin").joinpath("names.toml").read_text(encoding="utf-8"))


@cache
def divisions() -> list[str]:
    """Return the city's county-level divisions in the order of ``data/districts.csv``, abolished ones left out."""
    text = files("rongdun").joinpath("data/districts.csv").read_text(encoding="utf-8")
    rows = [line.split(",") for line in text.splitlines() if line and not line.startswith("#")]
    return [row[2] for row in rows[1:] if row[1] == "county" and not row[5]]


def people_table(city: City, params: Params, seed: int) -> pl.DataFrame:
    """Return one row a person: ``person, name, age, female, district, id_number, phone``."""
    random, told = stream(seed, "names"), params.world
    people = city.people
    body = id_bodies(int(told.region), told.start.year - people.age.astype(np.int64), people.female)
    number = phones(np.arange(len(people), dtype=np.int64), seed)
    frame = pl.DataFrame(
        {"age": people.age, "female": people.female, "body": body, "check": id_check(body), "call": number}
    )
    return frame.select(
        pl.int_range(pl.len(), dtype=pl.Int32).alias("person"),
        _names(random, len(people)).alias("name"),
        "age",
        "female",
        _chosen(divisions(), people.district.astype(np.int64)).alias("district"),
        pl.concat_str(
            pl.col("body").cast(pl.String),
            pl.when(pl.col("check") == 10).then(pl.lit("X")).otherwise(pl.col("check").cast(pl.String)),
        ).alias("id_number"),
        pl.concat_str(pl.lit(told.phone_prefix), _digits("call", 8)).alias("phone"),
    )


def companies_table(city: City, accounts: Accounts, params: Params, seed: int) -> pl.DataFrame:
    """Return one row a company: ``company, name, agent, address, phone, registered_days``; shells look like others."""
    random, words_ = stream(seed, "companies"), words()
    kinds = _company_kinds(city, accounts)
    count = len(kinds)
    brand = _drawn(random, words_["brands"], count)
    trade = _drawn(random, words_["trades"], count)
    shop = _drawn(random, words_["shops"], count)
    banks = pl.Series(params.institutions.banks)
    vault = np.clip(
        np.arange(count) - (city.span(Kind.VAULT).start - city.span(Kind.MERCHANT).start), 0, len(banks) - 1
    )
    group = _groups(kinds, params, random)
    frame = pl.DataFrame({
        "kind": kinds, "brand": brand, "trade": trade, "shop": shop, "group": group,
        "bank": banks.gather(vault), "number": np.arange(count), "district": _drawn(random, divisions(), count),
        "road": _drawn(random, words_["roads"], count), "agent": _names(random, count),
    })  # fmt: skip
    shared = pl.col("group") >= 0
    desk = pl.when(shared).then(pl.col("group") + count).otherwise(pl.col("number"))
    return frame.select(
        pl.col("number").cast(pl.Int32).alias("company"),
        _company_name().alias("name"),
        pl.col("agent").first().over(desk).alias("agent"),
        pl.concat_str(
            pl.col("district").first().over(desk),
            pl.lit("演示"),
            pl.col("road").first().over(desk),
            desk,
            pl.lit("号"),
        ).alias("address"),
        pl.concat_str(
            pl.lit(params.world.phone_prefix), (99_999_999 - desk).cast(pl.String).str.zfill(8)
        ).alias("phone"),
        pl.Series("registered_days", random.integers(200, 5000, count, dtype=np.int32)),
    )


def accounts_table(
    accounts: Accounts, people: pl.DataFrame, companies: pl.DataFrame, params: Params, seed: int
) -> pl.DataFrame:
    """Return one row an account: numbers, names, owner, what a bank calls it, when it was opened, what lay there.

    ``number`` is the card where there is one, ``alias`` then the account (账号); a wallet's ``linked_card`` is its
    owner's main card. Main accounts come first, in the order of people.
    """
    corporate = np.isin(accounts.kind, _WITHOUT_CARD)
    wallet = accounts.institution >= len(params.institutions.banks)
    numbers = _numbers(accounts, params, seed)
    person = np.where(corporate, 0, accounts.owner)
    company = np.where(corporate, accounts.owner, 0)
    linked = np.where(wallet & ~corporate, accounts.owner, -1)
    frame = pl.DataFrame({
        "firm": corporate, "owner": accounts.owner, "card": numbers[0], "plain": numbers[1], "user": numbers[2],
        "wallet": wallet,
        "person_name": people["name"].gather(person), "person_id": people["id_number"].gather(person),
        "person_phone": people["phone"].gather(person), "firm_name": companies["name"].gather(company),
        "firm_phone": companies["phone"].gather(company), "kind": accounts.kind,
        "institution": _chosen([*params.institutions.banks, *params.institutions.payments], accounts.institution),
        "opened_days": accounts.opened_days, "opening_fen": accounts.opening_fen,
        "linked_card": numbers[0].gather(np.maximum(linked, 0)), "links": linked >= 0,
    })  # fmt: skip
    has_card = ~pl.col("firm") & ~pl.col("wallet")
    return frame.select(
        pl.int_range(pl.len(), dtype=pl.Int32).alias("account"),
        "institution",
        pl.when(pl.col("wallet")).then("user").when(has_card).then("card").otherwise("plain").alias("number"),
        pl.when(has_card).then("plain").alias("alias"),
        pl.col("kind")
        .replace_strict({int(k): v for k, v in _SHOWN.items()}, return_dtype=pl.String)
        .alias("kind"),
        pl.when("firm").then("firm_name").otherwise("person_name").alias("name"),
        pl.when(~pl.col("firm")).then("person_id").alias("owner_id"),
        pl.when("firm").then("firm_phone").otherwise("person_phone").alias("phone"),
        pl.when(~pl.col("firm")).then("owner").alias("person"),
        pl.when("firm").then("owner").alias("company"),
        "opened_days",
        "opening_fen",
        pl.when("links").then("linked_card").alias("linked_card"),
    )


def _numbers(accounts: Accounts, params: Params, seed: int) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Return for each account a card number, an account number and a user number; the kind says which holds."""
    told, banks = params.world, len(params.institutions.banks)
    serial = serials(np.arange(len(accounts), dtype=np.int64), seed)
    bank = accounts.institution.astype(np.int64)
    card = (int(told.bank_prefix) * 100 + bank) * 10**10 + serial
    user = np.maximum(bank - banks, 0)
    frame = pl.DataFrame(
        {"card": card, "check": luhn(card), "bank": bank + 1, "serial": serial, "user": user + 1}
    )
    made = frame.select(
        pl.concat_str("card", "check").alias("card"),
        pl.concat_str(pl.lit(told.account_prefix), _digits("bank", 2), _digits("serial", 10)).alias("plain"),
        pl.concat_str(pl.lit(told.wallet_prefix), "user", _digits("serial", 10)).alias("user"),
    )
    return made["card"], made["plain"], made["user"]


def _digits(name: str, width: int) -> pl.Expr:
    return pl.col(name).cast(pl.String).str.zfill(width)


def _chosen(list_: list[str], places: Any) -> pl.Series:
    return pl.Series(list_).gather(pl.Series(np.asarray(places, np.int64)))


def _drawn(random: np.random.Generator, list_: list[str], count: int) -> pl.Series:
    return _chosen(list_, random.integers(0, len(list_), count))


def _names(random: np.random.Generator, count: int) -> pl.Series:
    told = words()
    parts = [_drawn(random, told[name], count) for name in ("surnames", "given", "given")]
    frame = pl.DataFrame({str(place): part for place, part in enumerate(parts)})
    return frame.select(pl.concat_str(pl.lit("演示·"), pl.all()).alias("name"))["name"]


def _company_kinds(city: City, accounts: Accounts) -> Int64s:
    legal = accounts.kind[city.span(Kind.MERCHANT).start : city.span(Kind.VAULT).end]
    shells = int(np.count_nonzero(accounts.kind == Kind.SHELL))
    return np.concatenate([legal, np.full(shells, Kind.SHELL)]).astype(np.int64)


def _groups(kinds: Int64s, params: Params, random: np.random.Generator) -> Int64s:
    """Return which companies share agent, address and phone: shells by groups, legal ones at an incubator; else -1."""
    group = np.where(
        some(random, len(kinds), params.businesses.incubator_share), random.integers(0, 20, len(kinds)), -1
    )
    group[kinds == Kind.VAULT] = -1
    shells = np.flatnonzero(kinds == Kind.SHELL)
    low, high = params.laundering.shell_group
    sizes = random.integers(low, high + 1, len(shells) + 1)
    group[shells] = 20 + np.repeat(np.arange(len(sizes)), sizes)[: len(shells)]
    return group


def _company_name() -> pl.Expr:
    named = pl.concat_str(pl.lit("演示"), "brand", (pl.col("number") % 1000).cast(pl.String))
    kind = pl.col("kind")
    return (
        pl.when(kind == Kind.MERCHANT).then(pl.concat_str(named, "shop"))
        .when(kind == Kind.PLATFORM).then(pl.concat_str(named, pl.lit("购物平台")))
        .when(kind == Kind.UTILITY).then(pl.concat_str(named, pl.lit("自来水公司")))
        .when(kind == Kind.FUND).then(pl.concat_str(named, pl.lit("理财平台")))
        .when(kind == Kind.LENDER).then(pl.concat_str(named, pl.lit("消费金融公司")))
        .when(kind == Kind.VAULT).then(pl.concat_str("bank", pl.lit("库存现金")))
        .otherwise(pl.concat_str(named, "trade", pl.lit("有限公司")))
    )  # fmt: skip
