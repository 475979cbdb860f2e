"""Legal money of one day: shops, platforms, friends, own accounts, cash, wages, rent, bills, trade. Vectorised, pure.

Every day has a random stream of its own, so days may be made in any order and by several threads.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import numpy as np

from rongdun.simulation.twin.city import City, Kind
from rongdun.simulation.twin.draws import (
    FEN,
    Int32s,
    Int64s,
    fen,
    hour_table,
    micros,
    pick,
    seconds,
    some,
    stream,
)
from rongdun.simulation.twin.flows import Flows, Mode, Use, joined, plain
from rongdun.simulation.twin.params import Params

_NEVER: Final = 0
_MONTH: Final = 28
"""Monthly payments fall on the first to the twenty-eighth."""

_ALL: Final = 1_000_000
_CASH_STEP: Final = 100 * FEN


class Everyday:
    """Makes the legal payments of each day of a city."""

    def __init__(self, city: City, params: Params, seed: int, day_start: int) -> None:
        self._city, self._told, self._seed, self._start = city, params.everyday, seed, day_start
        self._date = params.world.start
        self._hours = hour_table(self._told.hours)
        self._habits(stream(seed, "habits"))

    def day(self, number: int) -> Flows:
        """Return the payments of day ``number`` (0: the first), kind by kind."""
        random = stream(self._seed, "everyday", number)
        start = self._start + number * 86_400_000_000
        dom = (self._date + timedelta(days=number)).day
        parts = self._parts(random, start, dom)
        return joined([plain(*_NO_ROWS, Use.FEE), *parts])

    def _habits(self, random: np.random.Generator) -> None:
        told, count = self._told, len(self._city.people)
        self._rent_day = _days(random, count, told.rent_share)
        self._rent = fen(random, count, told.rent_median_yuan, 0.4)
        self._landlord = random.integers(0, count, count, dtype=np.int32)
        paid = some(random, count, told.salary_share) & (self._city.people.age >= 16)
        self._payday = np.where(
            paid, np.asarray(told.paydays)[self._city.employer % len(told.paydays)], _NEVER
        )
        self._wage = fen(random, count, told.salary_median_yuan, told.salary_sigma)
        self._bill_day = _days(random, count, told.bill_share)
        self._fee_day = _days(random, count, told.fee_share)
        shops = self._city.span(Kind.MERCHANT)
        in_wallet = self._city.accounts.kind[slice(*shops)] == Kind.MERCHANT
        self._sweepers = shops.start + np.flatnonzero(
            in_wallet & some(random, len(shops), told.sweeper_share)
        )

    def _parts(self, random: np.random.Generator, start: int, dom: int) -> Iterator[Flows]:
        """Yield each kind of payment; the order decides among payments of one moment."""
        yield self._wages(random, start, dom)
        yield self._purchases(random, start)
        yield self._platforms(random, start)
        yield self._payouts(random, start)
        yield self._friends(random, start)
        yield self._own(random, start)
        yield self._second(random, start)
        yield from self._cash(random, start)
        yield self._trade(random, start)
        yield self._monthly(random, start, dom)
        yield self._sweeps(random, start)

    def _count(self, random: np.random.Generator, rate: float) -> int:
        return int(random.poisson(rate * len(self._city.people)))

    def _times(self, random: np.random.Generator, start: int, count: int) -> Int64s:
        return micros(start, seconds(random, count, self._hours))

    def _people(self, random: np.random.Generator, count: int) -> Int32s:
        return random.integers(0, len(self._city.people), count, dtype=np.int32)

    def _payers(self, random: np.random.Generator, count: int) -> Int32s:
        """Return accounts people pay from: seven times of ten the wallet."""
        person = self._people(random, count)
        from_wallet = random.integers(0, 10, count, dtype=np.int8) < 7
        person += from_wallet * np.int32(len(self._city.people))
        return person

    def _purchases(self, random: np.random.Generator, start: int) -> Flows:
        told, shops = self._told, self._city.span(Kind.MERCHANT)
        count = self._count(random, told.purchases)
        popular = random.random(count, dtype=np.float32) ** np.float32(told.merchant_skew)
        shop = (popular * np.float32(len(shops))).astype(np.int32)
        payee = np.minimum(shop, len(shops) - 1) + np.int32(shops.start)
        amount = fen(random, count, told.purchase_median_yuan, told.purchase_sigma)
        return plain(
            self._payers(random, count), payee, amount, self._times(random, start, count), Use.PURCHASE
        )

    def _platforms(self, random: np.random.Generator, start: int) -> Flows:
        told = self._told
        count = self._count(random, told.platform_purchases)
        payee = _one_of(random, self._city.span(Kind.PLATFORM), count)
        amount = fen(random, count, told.platform_median_yuan, told.platform_sigma)
        return plain(
            self._payers(random, count), payee, amount, self._times(random, start, count), Use.PLATFORM
        )

    def _payouts(self, random: np.random.Generator, start: int) -> Flows:
        count = self._count(random, self._told.platform_payouts)
        payer = _one_of(random, self._city.span(Kind.PLATFORM), count)
        payee = _one_of(random, self._city.span(Kind.MERCHANT), count)
        amount = fen(random, count, self._told.payout_median_yuan, 1.0)
        return plain(payer, payee, amount, self._times(random, start, count), Use.PAYOUT)

    def _friends(self, random: np.random.Generator, start: int) -> Flows:
        told, people = self._told, len(self._city.people)
        count = self._count(random, told.friends)
        payer = self._people(random, count)
        near = random.geometric(1 / told.friend_reach, count) * random.choice([-1, 1], count)
        far = random.integers(1, max(people, 2), count)
        step = np.where(some(random, count, told.friend_strangers), far, near)
        payee = ((payer + step) % people).astype(np.int32)
        wallet = np.int32(people) * (random.integers(0, 10, count, dtype=np.int8) < 6)
        amount = fen(random, count, told.friend_median_yuan, told.friend_sigma)
        times = self._times(random, start, count)
        kept = np.flatnonzero(payer != payee)
        return plain(payer + wallet, payee + wallet, amount, times, Use.FRIEND).take(kept)

    def _own(self, random: np.random.Generator, start: int) -> Flows:
        count = self._count(random, self._told.own_transfers)
        person = self._people(random, count)
        wallet = person + np.int32(len(self._city.people))
        up = random.integers(0, 10, count, dtype=np.int8) < 8
        amount = fen(random, count, self._told.own_median_yuan, self._told.own_sigma)
        use = np.where(up, np.int8(Use.TOP_UP), np.int8(Use.WITHDRAWAL))
        payer, payee = np.where(up, person, wallet), np.where(up, wallet, person)
        return plain(payer, payee, amount, self._times(random, start, count), use, Mode.CAPPED)

    def _second(self, random: np.random.Generator, start: int) -> Flows:
        count = self._count(random, self._told.second_uses)
        person = self._people(random, count)
        other = self._city.second_of[person]
        there = random.integers(0, 10, count, dtype=np.int8) < 6
        amount = fen(random, count, self._told.own_median_yuan, self._told.own_sigma)
        payer, payee = np.where(there, person, other), np.where(there, other, person)
        flows = plain(payer, payee, amount, self._times(random, start, count), Use.OWN, Mode.CAPPED)
        return flows.take(np.flatnonzero(other >= 0))

    def _cash(self, random: np.random.Generator, start: int) -> Iterator[Flows]:
        vaults = self._city.span(Kind.VAULT).start
        for rate, use in ((self._told.cash_out, Use.CASH_OUT), (self._told.cash_in, Use.CASH_IN)):
            count = self._count(random, rate)
            person = self._people(random, count)
            vault = vaults + self._city.accounts.institution[person].astype(np.int32)
            drawn = fen(random, count, self._told.cash_median_yuan, 0.8)
            amount = np.maximum(drawn // _CASH_STEP, 1) * _CASH_STEP
            sides = (person, vault) if use is Use.CASH_OUT else (vault, person)
            yield plain(*sides, amount, self._times(random, start, count), use)

    def _trade(self, random: np.random.Generator, start: int) -> Flows:
        firms = (self._city.span(Kind.MERCHANT).start, self._city.span(Kind.EMPLOYER).end)
        count = self._count(random, self._told.trade)
        payer, payee = (random.integers(*firms, count, dtype=np.int32) for _ in range(2))
        amount = fen(random, count, self._told.trade_median_yuan, self._told.trade_sigma)
        flows = plain(payer, payee, amount, self._times(random, start, count), Use.TRADE)
        return flows.take(np.flatnonzero(payer != payee))

    def _wages(self, random: np.random.Generator, start: int, dom: int) -> Flows:
        person = np.flatnonzero(self._payday == dom).astype(np.int32)
        payer = self._city.span(Kind.EMPLOYER).start + self._city.employer[person]
        # An employer pays all its people within a quarter of an hour of the morning.
        hour = 9 * 3600 + payer % 7200 + random.integers(0, 900, len(person))
        return plain(payer, person, self._wage[person], micros(start, hour), Use.SALARY)

    def _monthly(self, random: np.random.Generator, start: int, dom: int) -> Flows:
        told = self._told
        rent, bill, fee = (
            np.flatnonzero(day == dom).astype(np.int32)
            for day in (self._rent_day, self._bill_day, self._fee_day)
        )
        rent = rent[self._landlord[rent] != rent]
        vault = self._city.span(Kind.VAULT).start + self._city.accounts.institution[fee].astype(np.int32)
        bills = fen(random, len(bill), told.bill_median_yuan, 0.6)
        flat = np.full(len(fee), round(told.fee_yuan * FEN), np.int64)
        utility = _one_of(random, self._city.span(Kind.UTILITY), len(bill))
        parts = (
            (rent, self._landlord[rent], self._rent[rent], Use.RENT),
            (bill, utility, bills, Use.BILL),
            (fee, vault, flat, Use.FEE),
        )
        return joined(
            [
                plain(one, two, much, self._times(random, start, len(one)), use)
                for one, two, much, use in parts
            ]
        )

    def _sweeps(self, random: np.random.Generator, start: int) -> Flows:
        count = int(random.poisson(len(self._sweepers) * self._told.sweeps_per_day))
        if not len(self._sweepers):
            count = 0
        chosen = random.integers(0, max(len(self._sweepers), 1), count)
        payer = self._sweepers[chosen].astype(np.int32) if count else np.empty(0, np.int32)
        payee = (payer * np.int64(7919) % len(self._city.people)).astype(np.int32)  # always the same card
        value = np.full(count, _ALL, np.int64)
        return plain(payer, payee, value, self._times(random, start, count), Use.WITHDRAWAL, Mode.SWEEP)


_NO_ROWS: Final = (
    np.empty(0, np.int32),
    np.empty(0, np.int32),
    np.empty(0, np.int64),
    np.empty(0, np.int64),
)


def _one_of(random: np.random.Generator, span: tuple[int, int], count: int) -> Int32s:
    drawn: Int32s = random.integers(span[0], span[1], count, dtype=np.int32)
    return drawn


def _days(random: np.random.Generator, count: int, share: float) -> Int64s:
    """Return the day of the month on which each of ``share`` people pays, ``_NEVER`` for the others."""
    days = pick(random, [1.0] * _MONTH, count) + 1
    return np.where(some(random, count, share), days, _NEVER)
