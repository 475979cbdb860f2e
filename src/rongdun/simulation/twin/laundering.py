"""The way of swindled money: tier by tier split, passed on, parked, pooled, taken out. Plans, vectorised; pure.

Amounts are shares of what lies in an account when the moment comes, so that a plan holds whatever was really paid.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from rongdun.simulation.twin.city import City, Kind
from rongdun.simulation.twin.draws import (
    FEN,
    SECOND,
    Floats,
    Int8s,
    Int32s,
    Int64s,
    Mask,
    lognormal,
    pick,
    some,
    stream,
)
from rongdun.simulation.twin.flows import Flows, Mode, Use, joined, plain
from rongdun.simulation.twin.params import Params
from rongdun.simulation.twin.rooms import Rooms, open_accounts, slot_key, trial_payments
from rongdun.simulation.twin.scams import Exit, Payments, Scams, type_names, victim_flows

_MILLION: Final = 1_000_000
_HUNDRED: Final = 100 * FEN
_FORWARD: Final = -1


@dataclass(frozen=True, slots=True)
class _Arrivals:
    """Money that is meant to reach a slot."""

    scam: Int64s
    key: Int64s
    amount: Int64s
    time: Int64s

    def __len__(self) -> int:
        return len(self.scam)

    def take(self, which: Mask) -> "_Arrivals":
        return _Arrivals(self.scam[which], self.key[which], self.amount[which], self.time[which])


@dataclass(frozen=True, slots=True)
class _Moves:
    """Payments out of slots: to slots (``to`` is a key) or out of the accounts (``way`` is an exit)."""

    scam: Int64s
    key: Int64s
    to: Int64s
    way: Int8s
    part: Int64s  # millionths of what lies there
    limit: Int64s
    round_to: Int32s
    time: Int64s

    def __len__(self) -> int:
        return len(self.scam)


@dataclass(frozen=True, slots=True)
class Plan:
    """All payments around scams, in no order, and the accounts they go through."""

    flows: Flows
    rooms: Rooms


def plan_laundering(
    city: City, scams: Scams, payments: Payments, params: Params, seed: int, start: int
) -> Plan:
    """Return what victims and rooms are meant to pay."""
    random = stream(seed, "laundering")
    depth = np.asarray(params.laundering.depths)[pick(random, params.laundering.depth_shares, len(scams))]
    through = scams.exit[payments.scam] != Exit.DELIVERED
    arrivals = _first_arrivals(scams, payments, through, params, random, start)
    reached, moves = [arrivals], []
    for tier in range(1, max(params.laundering.depths) + 1):
        last = depth[arrivals.scam] == tier
        moves += _exits(arrivals.take(last), scams, params, random)
        forward = _forwarded(arrivals.take(~last), tier, scams, params, random, start)
        moves.append(forward[0])
        arrivals = forward[1]
        reached.append(arrivals)
    used = [np.concatenate([getattr(one, name) for one in reached]) for name in ("key", "time")]
    count = int(scams.crew.max(initial=0)) + 1
    rooms = open_accounts(city, used[0], used[1], scams.victim, count, params, seed, start)
    flows = victim_flows(city, scams, payments, params, seed)
    first = reached[0]
    flows.payee[: len(payments)][through] = rooms.account_of(first.key)
    parts = [
        flows,
        _rebates(city, scams, payments, rooms, params, random),
        trial_payments(rooms, params, seed),
        _as_flows(city, _one(moves), rooms, params, random),
    ]
    return Plan(joined(parts), rooms)


def device_base(city: City, rooms: Rooms) -> int:
    """Return the first device of laundering rooms; devices of people and companies lie below."""
    legal = city.span(Kind.VAULT).end - city.span(Kind.MERCHANT).start
    return len(city.people) + legal + rooms.shells


def _first_arrivals(
    scams: Scams, payments: Payments, through: Mask, params: Params, random: np.random.Generator, start: int
) -> _Arrivals:
    scam = payments.scam[through].astype(np.int64)
    number = random.integers(0, params.laundering.slots[0], len(scam))
    key = slot_key(scams.crew[scam], 1, payments.time[through], number, start, params)
    return _Arrivals(scam, key, payments.amount_fen[through], payments.time[through])


def _dwell(count: int, tier: int, params: Params, random: np.random.Generator) -> Int64s:
    """Return how long sums lie before they move on, µs."""
    told = params.laundering
    if tier == 1:
        minutes = lognormal(random, count, told.dwell_median_minutes, told.dwell_sigma)
    else:
        minutes = random.uniform(told.hop_least_minutes, told.hop_most_minutes, count)
    parked = some(random, count, told.parked_share) & (tier > 1)
    hours = lognormal(random, count, told.parked_median_hours, told.parked_sigma)
    return (np.where(parked, hours * 60, minutes) * 60 * SECOND).astype(np.int64)


def _fan(arrivals: _Arrivals, tier: int, params: Params, random: np.random.Generator) -> Int64s:
    """Return into how many parts each sum is split: as drawn, no part too small, none above the limit."""
    told, count = params.laundering, len(arrivals)
    if tier == 1:
        low, mode, high = told.fan_first_least, told.fan_first_mode, told.fan_first_most
        drawn = np.round(random.triangular(low, min(max(mode, low), high), high + 0.01, count))
    else:
        drawn = random.integers(1, told.fan_most + 1, count).astype(np.float64)
    most = np.maximum(arrivals.amount // round(told.least_part_yuan * FEN), 1)
    least = np.ceil(arrivals.amount * told.fan_room / (told.limit_yuan * FEN)).astype(np.int64)
    least[arrivals.amount <= told.limit_yuan * FEN] = 1
    parts: Int64s = np.clip(
        np.maximum(np.minimum(drawn.astype(np.int64), most), least), 1, told.fan_parts_most
    )
    return parts


def _kept(count: int, params: Params, random: np.random.Generator) -> Floats:
    """Return what stays behind of each sum: the holder's fee and what nobody fetches."""
    told = params.laundering
    return random.uniform(told.left_least, told.left_most, count) + random.uniform(0, told.fee_most, count)


def _split(
    arrivals: _Arrivals, parts: Int64s, dwell: Int64s, params: Params, random: np.random.Generator
) -> tuple[Int64s, Int64s, Floats, Int64s]:
    """Return for each part: the place of its sum, millionths of what lies there then, share of the sum, moment."""
    place = np.repeat(np.arange(len(arrivals)), parts)
    ends = np.cumsum(parts)
    kept = _kept(len(arrivals), params, random)
    weight = random.uniform(0.5, 1.5, len(place))
    gap = lognormal(random, len(place), params.laundering.gap_seconds, 0.7)
    run, waited = np.cumsum(weight), np.cumsum(gap)
    rest = (run[ends - 1])[place] - run + weight
    last = np.zeros(len(place), np.bool_)
    last[ends - 1] = True
    share = weight / rest * np.where(last, 1 - kept[place], 1)
    whole = np.bincount(place, weight, len(arrivals))[place]
    begun = np.concatenate([[0.0], waited])[ends - parts][place]
    time = (arrivals.time + dwell)[place] + ((waited - begun) * SECOND).astype(np.int64)
    time -= time % SECOND
    return place, (share * _MILLION).astype(np.int64), weight / whole * (1 - kept[place]), time


def _forwarded(
    arrivals: _Arrivals, tier: int, scams: Scams, params: Params, random: np.random.Generator, start: int
) -> tuple[_Moves, _Arrivals]:
    told = params.laundering
    parts = _fan(arrivals, tier, params, random)
    dwell = _dwell(len(arrivals), tier, params, random)
    place, millionths, share, time = _split(arrivals, parts, dwell, params, random)
    scam = arrivals.scam[place]
    number = random.integers(0, told.slots[min(tier, len(told.slots) - 1)], len(place))
    to = slot_key(scams.crew[scam], min(tier + 1, len(told.slots)), time, number, start, params)
    amount = np.minimum((arrivals.amount[place] * share).astype(np.int64), round(told.limit_yuan * FEN))
    moves = _moves(scam, arrivals.key[place], to, _FORWARD, millionths, time, params, random)
    return moves, _Arrivals(scam, to, np.maximum(amount, 1), time)


def _exits(arrivals: _Arrivals, scams: Scams, params: Params, random: np.random.Generator) -> list[_Moves]:
    """Return how the last tier takes the money out, by the way of each scam."""
    found = []
    told = params.laundering
    for way in (Exit.CASH, Exit.GOODS, Exit.CRYPTO):
        here = arrivals.take(scams.exit[arrivals.scam] == way)
        if way is Exit.CASH:
            parts = np.clip(-(-here.amount // round(told.atm_note_yuan * FEN)), 1, told.atm_most)
        else:
            parts = random.integers(1, 4 if way is Exit.GOODS else 3, len(here))
        dwell = _dwell(len(here), len(told.slots), params, random)
        place, millionths, _, time = _split(here, parts, dwell, params, random)
        limit = round(told.atm_note_yuan * FEN) if way is Exit.CASH else None
        to = np.full(len(place), -1, np.int64)
        found.append(
            _moves(here.scam[place], here.key[place], to, way, millionths, time, params, random, limit)
        )
    return found


def _moves(
    scam: Int64s,
    key: Int64s,
    to: Int64s,
    way: int,
    part: Int64s,
    time: Int64s,
    params: Params,
    random: np.random.Generator,
    limit: int | None = None,
) -> _Moves:
    told, count = params.laundering, len(scam)
    rounded = np.full(count, True) if way == Exit.CASH else some(random, count, told.round_share)
    return _Moves(
        scam, key, to, np.full(count, way, np.int8), part,
        np.full(count, round(told.limit_yuan * FEN) if limit is None else limit, np.int64),
        np.where(rounded, _HUNDRED, 1).astype(np.int32), time,
    )  # fmt: skip


def _one(moves: list[_Moves]) -> _Moves:
    names = ("scam", "key", "to", "way", "part", "limit", "round_to", "time")
    return _Moves(*(np.concatenate([getattr(one, name) for one in moves]) for name in names))


def _as_flows(city: City, moves: _Moves, rooms: Rooms, params: Params, random: np.random.Generator) -> Flows:
    """Turn slots into accounts and exits into payees: machines of the payer's bank, shops, traders."""
    own = rooms.place_of(moves.key)
    payer = rooms.account[own]
    forward = moves.way == _FORWARD
    payee = np.full(len(moves), -1, np.int32)
    payee[forward] = rooms.account_of(moves.to[forward])
    every = city.accounts.and_more(rooms.added)
    banks = len(params.institutions.banks)
    cash = (moves.way == Exit.CASH) & (every.institution[payer] < banks)
    crypto = moves.way == Exit.CRYPTO
    goods = ~forward & ~cash & ~crypto  # a wallet cannot go to a machine, so its holder buys goods
    payee[cash] = city.span(Kind.VAULT).start + every.institution[payer[cash]].astype(np.int32)
    per_crew = params.laundering.crypto_traders_per_crew
    trader = rooms.crew[own] * per_crew + random.integers(0, per_crew, len(moves))
    payee[crypto] = rooms.trader[trader[crypto]]
    payee[goods] = random.integers(*city.span(Kind.MERCHANT), int(goods.sum()))
    use = np.full(len(moves), Use.TRANSFER, np.int8)
    use[cash], use[goods] = Use.CASH_OUT, Use.PURCHASE
    flows = plain(payer, payee, moves.part, moves.time, use, Mode.POT_PART)
    firm = rooms.corporate[own] & ~cash
    flows.limit = np.where(firm, round(params.laundering.corporate_limit_yuan * FEN), moves.limit)
    flows.round_to = moves.round_to
    devices = params.laundering.devices_per_crew
    flows.device = (device_base(city, rooms) + rooms.crew[own] * devices + own % devices).astype(np.int32)
    different = np.flatnonzero(payer != payee)
    return flows.take(different)


def _rebates(
    city: City, scams: Scams, payments: Payments, rooms: Rooms, params: Params, random: np.random.Generator
) -> Flows:
    """Return what a room pays back for the first task of a brushing scam, out of its own money."""
    more = np.bincount(payments.scam, minlength=len(scams)) > 1
    kind = scams.kind == type_names(params).index("brushing")
    paid_back = more & kind & some(random, len(scams), params.loss.rebate_share)
    places = np.flatnonzero((payments.place == 0) & paid_back[payments.scam])
    scam = payments.scam[places]
    amount = (payments.amount_fen[places] * params.loss.rebate_gain).astype(np.int64)
    time = payments.time[places] + random.integers(300, 2400, len(places)) * SECOND
    payer = rooms.feeder[scams.crew[scam]]
    flows = plain(payer, payments.payer[places], amount, time, Use.TRANSFER, Mode.CAPPED)
    devices = params.laundering.devices_per_crew
    flows.device = (device_base(city, rooms) + scams.crew[scam] * devices).astype(np.int32)
    return flows
