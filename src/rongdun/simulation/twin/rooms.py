"""Accounts of laundering rooms (水房): sets used for a while by tier, opened, asleep, tested, then in use. Pure.

A place in a room's set is a slot: room, tier, window of time, number. Slots that some payment uses become accounts.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from rongdun.simulation.twin.city import Accounts, City, Kind
from rongdun.simulation.twin.draws import (
    DAY,
    FEN,
    HOUR,
    SECOND,
    Int8s,
    Int32s,
    Int64s,
    Mask,
    fen,
    pick,
    some,
    stream,
)
from rongdun.simulation.twin.flows import Flows, Mode, Use, plain
from rongdun.simulation.twin.params import Params

_TIERS: Final = 16
_WINDOWS: Final = 1 << 14
_SLOTS: Final = 64


def slot_key(crew: Int32s, tier: int, time: Int64s, number: Int64s, start: int, params: Params) -> Int64s:
    """Return the slots that rooms use in this tier at these moments."""
    rotation = params.laundering.rotation_hours[tier - 1] * HOUR
    # Rooms do not all change their cards at one moment.
    window = ((time - start + crew * 7919 % 97 / 97 * rotation) // rotation).astype(np.int64)
    key: Int64s = ((crew * np.int64(_TIERS) + tier) * _WINDOWS + np.clip(window, 0, _WINDOWS - 1)) * _SLOTS
    return key + number


@dataclass(frozen=True, slots=True)
class Rooms:
    """Accounts of rooms: ``key`` (sorted) → ``account``; the accounts that were added, and what each slot is."""

    key: Int64s
    account: Int32s
    crew: Int32s
    tier: Int8s
    first_use: Int64s
    fresh: Mask  # opened for it
    corporate: Mask
    wallet: Mask
    added: Accounts
    feeder: Int32s  # of each room
    trader: Int32s  # of each room its traders, one row behind the other
    holder: Int32s  # person whose account it is; NOBODY for a shell company
    shells: int

    def account_of(self, key: Int64s) -> Int32s:
        """Return the accounts of slots."""
        return self.account[np.searchsorted(self.key, key)]

    def place_of(self, key: Int64s) -> Int64s:
        """Return the places of slots in these columns."""
        return np.searchsorted(self.key, key)


def open_accounts(
    city: City, used: Int64s, time: Int64s, victims: Int32s, crews: int, params: Params, seed: int, start: int
) -> Rooms:
    """Return accounts for all slots in ``used`` (with repetition; ``time`` of each use)."""
    random, told = stream(seed, "rooms"), params.laundering
    key, where = np.unique(used, return_inverse=True)
    first_use = np.full(len(key), np.iinfo(np.int64).max)
    np.minimum.at(first_use, where, time)
    crew, tier = key // (_TIERS * _WINDOWS * _SLOTS), key // (_WINDOWS * _SLOTS) % _TIERS
    holders = _holders(city, victims, params, random, len(key))
    style = pick(
        random, [told.new_share, told.second_share, 1 - told.new_share - told.second_share], len(key)
    )
    second = city.second_of[holders]
    fresh = (style == 0) | ((style == 1) & (second < 0))
    corporate = fresh & some(random, len(key), told.corporate_share)
    wallet = fresh & ~corporate & (tier > 1) & some(random, len(key), told.wallet_share)
    account = np.where(style == 1, second, holders).astype(np.int32)
    base = len(city.accounts)
    account[fresh] = base + np.arange(int(fresh.sum()), dtype=np.int32)
    shells = int(corporate.sum())
    added = _new_accounts(city, fresh, corporate, wallet, holders, first_use, params, random, start)
    feeder = base + len(added) + np.arange(crews, dtype=np.int32)
    traders = crews * told.crypto_traders_per_crew
    trader = feeder[-1] + 1 + np.arange(traders, dtype=np.int32)
    added = added.and_more(_helpers(city, crews, traders, params, random))
    holder = np.where(corporate, -1, holders).astype(np.int32)
    return Rooms(
        key, account, crew.astype(np.int32), tier.astype(np.int8), first_use, fresh, corporate, wallet,
        added, feeder, trader, holder, shells,
    )  # fmt: skip


def trial_payments(rooms: Rooms, params: Params, seed: int) -> Flows:
    """Return small payments from a room's feeder to an account before its first use."""
    random, told = stream(seed, "tests"), params.laundering
    places = np.flatnonzero(some(random, len(rooms.key), told.test_share))
    low, high = told.test_hours
    ahead = (low * (high / low) ** random.random(len(places)) * HOUR).astype(np.int64)
    yuan = random.integers(1, max(int(told.test_most_yuan), 1) + 1, len(places))
    time = rooms.first_use[places] - ahead
    return plain(
        rooms.feeder[rooms.crew[places]],
        rooms.account[places],
        yuan * FEN,
        time - time % SECOND,
        Use.TRANSFER,
        Mode.CAPPED,
    )


def _holders(city: City, victims: Int32s, params: Params, random: np.random.Generator, count: int) -> Int32s:
    """Return a person for each account, none twice while there are enough, no victim."""
    bands = np.searchsorted(params.people.age_bands, city.people.age, side="right") - 1
    weight = np.asarray(params.laundering.mule_ages)[bands] + 1e-9  # whoever is left, if need be
    weight[victims] = 0
    enough = np.count_nonzero(weight) >= count
    chosen = random.choice(len(weight), count, replace=not enough, p=weight / weight.sum())
    return chosen.astype(np.int32)


def _new_accounts(
    city: City,
    fresh: Mask,
    corporate: Mask,
    wallet: Mask,
    holders: Int32s,
    first_use: Int64s,
    params: Params,
    random: np.random.Generator,
    start: int,
) -> Accounts:
    told, count = params.laundering, int(fresh.sum())
    firm, in_wallet = corporate[fresh], wallet[fresh]
    kind = np.where(
        firm, np.int8(Kind.SHELL), np.where(in_wallet, np.int8(Kind.MULE_WALLET), np.int8(Kind.MULE))
    )
    bank = pick(random, params.institutions.bank_shares, count)
    payment = pick(random, params.institutions.payment_shares, count) + len(params.institutions.banks)
    owner = holders[fresh].copy()
    owner[firm] = _companies(city) + np.arange(int(firm.sum()), dtype=np.int32)
    least, most = told.dormant_days
    asleep = random.uniform(least, most, count)
    opened = asleep - (first_use[fresh] - start) / DAY
    return Accounts(
        kind,
        np.where(in_wallet, payment, bank).astype(np.int8),
        owner,
        fen(random, count, told.dormant_median_yuan, 1.0),
        np.round(opened).astype(np.int32),
    )


def _helpers(city: City, crews: int, traders: int, params: Params, random: np.random.Generator) -> Accounts:
    """Return a feeder for each room and its traders of crypto currency."""
    count = crews + traders
    kind = np.repeat(np.array([Kind.FEEDER, Kind.TRADER], np.int8), [crews, traders])
    opening = np.full(count, round(params.laundering.feeder_yuan * FEN), np.int64)
    return Accounts(
        kind,
        pick(random, params.institutions.bank_shares, count).astype(np.int8),
        random.integers(0, len(city.people), count, dtype=np.int32),
        opening,
        random.integers(60, 900, count).astype(np.int32),
    )


def _companies(city: City) -> int:
    """Return the number of legal companies; shells are numbered behind them."""
    return city.span(Kind.VAULT).end - city.span(Kind.MERCHANT).start
