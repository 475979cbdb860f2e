"""Scams: whom, of which type, how much, in which payments, how the money will leave, when it is reported. Pure."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np

from rongdun.simulation.twin.city import City, Kind
from rongdun.simulation.twin.draws import (
    DAY,
    FEN,
    HOUR,
    SECOND,
    Floats,
    Int8s,
    Int32s,
    Int64s,
    Mask,
    fen,
    hour_table,
    log_uniform,
    lognormal,
    micros,
    pick,
    seconds,
    some,
    stream,
)
from rongdun.simulation.twin.flows import Flows, Mode, Use, joined, plain
from rongdun.simulation.twin.params import Params

TYPES: Final = {
    "brushing": ("01", "刷单返利类"),
    "customer_service": ("02", "冒充电商物流客服类"),
    "investment": ("03", "虚假网络投资理财类"),
    "loan": ("04", "贷款、代办信用卡类"),
    "credit_record": ("05", "虚假征信类"),
    "shopping": ("06", "虚假购物、服务类"),
    "authorities": ("07", "冒充公检法及政府机关类"),
    "acquaintance": ("08", "冒充领导、熟人类"),
    "game": ("09", "网络游戏产品虚假交易类"),
    "romance": ("10", "网络婚恋、交友类(非投资)"),
    "military": ("11", "冒充军警购物类"),
    "cyber": ("12", "网黑案件"),
}
"""Names used in the parameter file, the code of the taxonomy and its words (taxonomy-and-kpis §4.1)."""

_MOST_VICTIMS: Final = 4
"""At most one person in so many is a victim, whatever the rate says."""

_LEAST_WEIGHT: Final = 1e-9


class Exit(IntEnum):
    """How a scam's money leaves the accounts."""

    DELIVERED = 0
    CASH = 1
    GOODS = 2
    CRYPTO = 3


@dataclass(frozen=True, slots=True)
class Scams:
    """One row a consummated scam. Moments are µs since 1970; ``report_time`` stands also where nobody reports."""

    kind: Int8s  # place in the parameter file's list of types
    victim: Int32s  # person
    payer: Int32s  # account the victim pays from, a company's for its cashier
    crew: Int32s
    exit: Int8s
    contact_time: Int64s
    planned_fen: Int64s
    planned_end: Int64s  # the last payment as planned
    reported: Mask
    report_time: Int64s

    def __len__(self) -> int:
        return len(self.kind)


@dataclass(frozen=True, slots=True)
class Payments:
    """One row a payment a victim is meant to make, scam by scam in order of time."""

    scam: Int32s
    place: Int32s  # first: 0
    payer: Int32s
    amount_fen: Int64s
    time: Int64s

    def __len__(self) -> int:
        return len(self.scam)


def type_names(params: Params) -> list[str]:
    """Return the names of the types in the file's order, which is the meaning of ``Scams.kind``."""
    return list(params.scams.share)


def expected_scams(people: int, days: int, params: Params) -> float:
    """Return how many consummated scams a world of this size has on average."""
    told = params.arrivals
    return people / 1e6 * told.reports_per_million_day * told.intensity * days * told.consummated_share


def crews(people: int, days: int, params: Params) -> int:
    """Return how many laundering rooms serve such a world."""
    per_day = expected_scams(people, days, params) / max(days, 1)
    return max(1, round(per_day * params.arrivals.crews_per_scam_day))


def draw_scams(city: City, params: Params, seed: int, start: int, days: int) -> tuple[Scams, Payments]:
    """Return the scams whose first payment falls into the world's days, and their payments."""
    random = stream(seed, "scams")
    people = len(city.people)
    count = min(int(random.poisson(expected_scams(people, days, params))), people // _MOST_VICTIMS)
    kind = _kinds(random, count, params)
    victim = _victims(city, params, random, count)
    enterprise = _enterprises(kind, params, random)
    planned = _losses(kind, enterprise, params, random)
    first = _first(random, count, params, start, days)
    payer = _payers(city, victim, enterprise, params, random)
    payments = _payments(kind, planned, first, payer, params, random)
    last = np.zeros(count, np.int64)
    np.maximum.at(last, payments.scam, payments.time)
    mix = params.laundering.exit_mix
    # A company's cashier pays by transfer; nobody fetches that in a bag.
    way = pick(random, [mix.delivered, mix.cash, mix.goods, mix.crypto], count).astype(np.int8)
    way[enterprise & (way == Exit.DELIVERED)] = Exit.CASH
    scams = Scams(
        kind, victim, payer, random.integers(0, crews(people, days, params), count, dtype=np.int32), way,
        first - _spread(kind, params.scams.contact_days, 1.0, random, DAY),
        planned, last, ~some(random, count, params.arrivals.unreported_share),
        last + _delays(kind, params, random),
    )  # fmt: skip
    return scams, payments


def victim_flows(city: City, scams: Scams, payments: Payments, params: Params, seed: int) -> Flows:
    """Return what victims do beside paying into accounts: raise money, hand over cash; payees of the rest are open.

    Rows of :class:`Payments` come first and in their order; payees of scams that go through accounts are NOBODY.
    """
    random = stream(seed, "victims")
    way = scams.exit[payments.scam]
    delivered = way == Exit.DELIVERED
    vault = city.span(Kind.VAULT).start + city.accounts.institution[payments.payer].astype(np.int32)
    use = np.where(delivered, np.int8(Use.CASH_OUT), np.int8(Use.TRANSFER))
    payee = np.where(delivered, vault, np.int32(-1))
    paid = plain(payments.payer, payee, payments.amount_fen, payments.time, use, Mode.CAPPED)
    paid.scam = payments.scam
    return joined([paid, _raised(city, scams, payments, params, random)])


def draw_losses(random: np.random.Generator, count: int, params: Params) -> tuple[Int8s, Int64s]:
    """Return types and planned losses (fen) of so many scams, as :func:`draw_scams` draws them."""
    kind = _kinds(random, count, params)
    return kind, _losses(kind, _enterprises(kind, params, random), params, random)


def _kinds(random: np.random.Generator, count: int, params: Params) -> Int8s:
    return pick(random, list(params.scams.share.values()), count).astype(np.int8)


def _enterprises(kind: Int8s, params: Params, random: np.random.Generator) -> Mask:
    """Return which scams a company's cashier falls for."""
    acquaintance = kind == type_names(params).index("acquaintance")
    chosen: Mask = acquaintance & some(random, len(kind), params.loss.enterprise_share)
    return chosen


def _victims(city: City, params: Params, random: np.random.Generator, count: int) -> Int32s:
    bands = np.searchsorted(params.people.age_bands, city.people.age, side="right") - 1
    weight = np.asarray(params.arrivals.victim_ages)[bands]
    female = params.arrivals.female_share
    # Nobody is safe for certain, so that there are enough to choose from whatever the weights.
    weight = weight * np.where(city.people.female, female, 1 - female) + _LEAST_WEIGHT
    chosen = random.choice(len(weight), count, replace=False, p=weight / weight.sum())
    return chosen.astype(np.int32)


def _losses(kind: Int8s, enterprise: Mask, params: Params, random: np.random.Generator) -> Int64s:
    told = params.loss
    medians = np.asarray(list(params.scams.median_yuan.values()))[kind] * told.scale
    yuan = lognormal(random, len(kind), medians, told.sigma)
    least, most = (
        np.full(len(kind), edge) for edge in (told.enterprise_least_yuan, told.enterprise_most_yuan)
    )
    yuan = np.where(enterprise, log_uniform(random, least, most), yuan)
    return (np.clip(yuan, told.least_yuan, told.most_yuan) * FEN).astype(np.int64)


def _first(random: np.random.Generator, count: int, params: Params, start: int, days: int) -> Int64s:
    second = seconds(random, count, hour_table(params.arrivals.hours))
    return micros(start, second) + random.integers(0, days, count) * DAY


def _payers(
    city: City, victim: Int32s, enterprise: Mask, params: Params, random: np.random.Generator
) -> Int32s:
    from_wallet = some(random, len(victim), params.loss.wallet_share)
    account = victim + np.where(from_wallet, city.span(Kind.WALLET).start, 0)
    firm = city.span(Kind.EMPLOYER).start + city.employer[victim]
    return np.where(enterprise, firm, account).astype(np.int32)


def _payments(
    kind: Int8s, planned: Int64s, first: Int64s, payer: Int32s, params: Params, random: np.random.Generator
) -> Payments:
    means = np.asarray(list(params.scams.transfers.values()))[kind]
    counts = random.geometric(1 / means)
    scam = np.repeat(np.arange(len(kind)), counts)
    place = np.arange(len(scam)) - np.repeat(np.cumsum(counts) - counts, counts)
    weight = params.loss.ladder ** np.minimum(place, 12) * random.uniform(0.7, 1.3, len(scam))
    share = weight / np.bincount(scam, weight, len(kind))[scam]
    amount = np.maximum(_as_paid((planned[scam] * share).astype(np.int64)), FEN)
    gap = _spread(kind[scam], params.scams.gap_hours, 0.8, random, HOUR)
    gap[place == 0] = 0
    run = np.cumsum(gap)
    time = first[scam] + run - np.repeat(run[np.cumsum(counts) - counts], counts)
    time -= time % SECOND
    return Payments(scam.astype(np.int32), place.astype(np.int32), payer[scam], amount, time)


def _as_paid(amount: Int64s) -> Int64s:
    """Round as people pay: hundreds of yuan from a thousand on, else whole yuan."""
    step = np.where(amount >= 1000 * FEN, 100 * FEN, FEN)
    return amount // step * step


def _spread(
    kind: Int8s, medians: dict[str, float], sigma: float, random: np.random.Generator, unit: int
) -> Int64s:
    median = np.asarray(list(medians.values()))[kind]
    return (lognormal(random, len(kind), median, sigma) * unit).astype(np.int64)


def _delays(kind: Int8s, params: Params, random: np.random.Generator) -> Int64s:
    edges = np.asarray(params.delay.edges_hours)
    bucket = pick(random, params.delay.shares, len(kind))
    hours: Floats = log_uniform(random, edges[bucket], edges[bucket + 1])
    hours = hours * np.asarray(list(params.scams.delay_stretch.values()))[kind]
    return (hours * HOUR).astype(np.int64)


def _raised(
    city: City, scams: Scams, payments: Payments, params: Params, random: np.random.Generator
) -> Flows:
    """Return what comes in just before a payment, where the victim sells holdings or borrows."""
    people = city.span(Kind.MAIN)
    can = some(random, len(scams), params.loss.topup_share) & (scams.payer < 2 * len(people))
    borrows = some(random, len(scams), params.loss.loan_share)
    places = np.flatnonzero(can[payments.scam])
    scam = payments.scam[places]
    source = np.where(borrows, city.span(Kind.LENDER).start, city.span(Kind.FUND).start)
    sources = np.where(borrows, len(city.span(Kind.LENDER)), len(city.span(Kind.FUND)))
    payer = (source + scams.victim % sources)[scam].astype(np.int32)
    use = np.where(borrows, np.int8(Use.LOAN), np.int8(Use.REDEMPTION))[scam]
    ahead = random.integers(30, 900, len(places)) * SECOND
    amount = payments.amount_fen[places] + fen(random, len(places), 50.0, 1.0)
    return plain(payer, payments.payer[places], amount, payments.time[places] - ahead, use, Mode.TOP_UP)
