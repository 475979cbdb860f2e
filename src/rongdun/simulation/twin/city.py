"""Who lives in the city and which accounts there are, as arrays: people, businesses, banks' vaults. Pure.

Accounts stand in this order: each person's main account, each person's wallet, second accounts, shops, employers,
platforms, utilities, funds, lenders, the vault of each bank; accounts of laundering rooms are added behind.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

import numpy as np

from rongdun.simulation.twin.draws import FEN, Int8s, Int32s, Int64s, Mask, fen, pick, some, stream
from rongdun.simulation.twin.params import Params

NOBODY = -1


class Kind(IntEnum):
    """What an account is; the last five are of laundering rooms and known to the truth alone."""

    MAIN = 0
    WALLET = 1
    SECOND = 2
    MERCHANT = 3
    EMPLOYER = 4
    PLATFORM = 5
    UTILITY = 6
    FUND = 7
    LENDER = 8
    VAULT = 9
    MULE = 10
    MULE_WALLET = 11
    SHELL = 12
    TRADER = 13
    FEEDER = 14


CORPORATE = (Kind.EMPLOYER, Kind.PLATFORM, Kind.UTILITY, Kind.FUND, Kind.LENDER, Kind.VAULT, Kind.SHELL)
"""Kinds owned by a company whatever the institution; a shop's account is its owner's."""


class Span(NamedTuple):
    """Places ``start … end - 1`` in the list of accounts."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class People:
    """One row a person."""

    age: Int32s
    female: Mask
    district: Int8s  # place in data/districts.csv's list of divisions

    def __len__(self) -> int:
        return len(self.age)


@dataclass(frozen=True, slots=True)
class Accounts:
    """One row an account. ``owner`` is a person, or a company where the kind is corporate or a shop."""

    kind: Int8s
    institution: Int8s  # banks first, then payment institutions
    owner: Int32s
    opening_fen: Int64s
    opened_days: Int32s  # days before the world begins; negative: after

    def __len__(self) -> int:
        return len(self.kind)

    def and_more(self, other: "Accounts") -> "Accounts":
        """Return these accounts with ``other`` behind them."""
        names = ("kind", "institution", "owner", "opening_fen", "opened_days")
        return Accounts(*(np.concatenate([getattr(self, name), getattr(other, name)]) for name in names))


@dataclass(frozen=True, slots=True)
class City:
    """People, accounts and where each kind of account stands."""

    people: People
    accounts: Accounts
    spans: dict[Kind, Span]
    employer: Int32s  # of each person: place in the span of employers
    second_of: Int32s  # of each person: its second account's place in the list, NOBODY where there is none

    def span(self, kind: Kind) -> Span:
        """Return where accounts of a kind stand."""
        return self.spans[kind]


def build_city(count: int, params: Params, seed: int) -> City:
    """Return a city of ``count`` people with their accounts before the first day."""
    random = stream(seed, "city")
    people = _people(count, params, random)
    second_owner = np.flatnonzero(some(random, count, params.people.second_share)).astype(np.int32)
    parts = _parts(count, second_owner, params)
    spans, start = {}, 0
    for kind, size in parts.items():
        spans[kind] = Span(start, start + size)
        start += size
    employer = random.integers(0, parts[Kind.EMPLOYER], count, dtype=np.int32)
    second_of = np.full(count, NOBODY, np.int32)
    second_of[second_owner] = np.arange(*spans[Kind.SECOND], dtype=np.int32)
    accounts = _accounts(spans, second_owner, employer, params, random)
    return City(people, accounts, spans, employer, second_of)


def _people(count: int, params: Params, random: np.random.Generator) -> People:
    told = params.people
    band = pick(random, told.age_shares, count)
    low, high = np.asarray(told.age_bands[:-1])[band], np.asarray(told.age_bands[1:])[band]
    return People(
        random.integers(low, high).astype(np.int32),
        some(random, count, 0.5),
        pick(random, told.district_shares, count).astype(np.int8),
    )


def _parts(count: int, second_owner: Int32s, params: Params) -> dict[Kind, int]:
    told = params.businesses
    return {
        Kind.MAIN: count,
        Kind.WALLET: count,
        Kind.SECOND: len(second_owner),
        Kind.MERCHANT: max(2, round(count * told.merchants_per_person)),
        Kind.EMPLOYER: max(2, round(count * told.employers_per_person)),
        Kind.PLATFORM: told.platforms,
        Kind.UTILITY: told.utilities,
        Kind.FUND: told.funds,
        Kind.LENDER: told.lenders,
        Kind.VAULT: len(params.institutions.banks),
    }


def _accounts(
    spans: dict[Kind, Span],
    second_owner: Int32s,
    employer: Int32s,
    params: Params,
    random: np.random.Generator,
) -> Accounts:
    count = spans[Kind.VAULT].end
    kind = np.empty(count, np.int8)
    owner = np.empty(count, np.int32)
    for each, (start, end) in spans.items():
        kind[start:end] = each
    people = len(employer)
    owner[: 2 * people] = np.tile(np.arange(people, dtype=np.int32), 2)
    owner[slice(*spans[Kind.SECOND])] = second_owner
    first_company = spans[Kind.MERCHANT].start
    owner[first_company:] = np.arange(count - first_company, dtype=np.int32)
    institution = _institutions(kind, spans, params, random)
    opening = _openings(kind, spans, employer, params, random)
    opened = random.integers(100, 4000, count).astype(np.int32)
    return Accounts(kind, institution, owner, opening, opened)


def _institutions(kind: Int8s, spans: dict[Kind, Span], params: Params, random: np.random.Generator) -> Int8s:
    told, count = params.institutions, len(kind)
    chosen = pick(random, told.bank_shares, count).astype(np.int8)
    in_wallet = kind == Kind.WALLET
    shops = slice(*spans[Kind.MERCHANT])
    in_wallet[shops] = some(random, len(spans[Kind.MERCHANT]), params.businesses.merchant_wallet_share)
    wallets = pick(random, told.payment_shares, int(in_wallet.sum())) + len(told.banks)
    chosen[in_wallet] = wallets.astype(np.int8)
    chosen[slice(*spans[Kind.VAULT])] = np.arange(len(told.banks), dtype=np.int8)
    return chosen


def _openings(
    kind: Int8s, spans: dict[Kind, Span], employer: Int32s, params: Params, random: np.random.Generator
) -> Int64s:
    told, firms = params.people, params.businesses
    opening = np.full(len(kind), round(firms.big_opening_yuan * FEN), np.int64)
    for each, median, sigma in (
        (Kind.MAIN, told.opening_median_yuan, told.opening_sigma),
        (Kind.WALLET, told.wallet_median_yuan, told.wallet_sigma),
        (Kind.SECOND, told.second_median_yuan, told.second_sigma),
        (Kind.MERCHANT, firms.merchant_opening_yuan, told.opening_sigma),
    ):
        opening[slice(*spans[each])] = fen(random, len(spans[each]), median, sigma)
    wages = params.everyday.salary_share * params.everyday.salary_median_yuan * FEN
    staff = np.bincount(employer, minlength=len(spans[Kind.EMPLOYER])) + 2
    opening[slice(*spans[Kind.EMPLOYER])] = (staff * wages * firms.payroll_months).astype(np.int64)
    vault = len(employer) * firms.vault_yuan_per_person * FEN / len(spans[Kind.VAULT])
    opening[slice(*spans[Kind.VAULT])] = round(vault)
    return opening
