"""What closed cases teach: how long money lies, where it goes, which rule to believe, how fast banks answer. Pure.

Everything is shrunk to the prior, which weighs as so many observations as ``Strength`` says; with no cases the prior
comes out as it went in. A share is (strength × prior + seen) / (strength + count); the share still there by age is the
same of its hazards, the estimate of Susarla & Van Ryzin (1976) for censored observations under a Dirichlet prior.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from rongdun.analytics.tracing.advice.dwell import AGES, Floats, Places
from rongdun.analytics.tracing.advice.model import MINUTE, Speed
from rongdun.analytics.tracing.advice.prior import BELIEVED, GROUPS, TIERS, Prior, cell_of
from rongdun.analytics.tracing.advice.situation import Key
from rongdun.analytics.tracing.model import ENDED, NOBODY, Accounts, Attribution, End, Kind, Rule, SubLedger

_NEWEST_FIRST: Final = (Rule.LIFO,)
_AWAY: Final = tuple(end for end in ENDED if end != End.HUB)
_LEAST_FEN: Final = 100_00
_NEVER: Final = int(np.iinfo(np.int64).max)
_MOST_PARTS: Final = 40.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """A closed case: its sub-ledger, what each rule says of it, and the victims' fen that was confirmed by account.

    ``confirmed_at`` (µs): when it lay there, else at the end. ``held_at`` (µs): since when a stop or freeze held an
    account; what happens to money there afterwards tells nothing of how long it would have lain.
    """

    sub: SubLedger
    found: Mapping[Rule, Attribution]
    confirmed: Mapping[Key, int] = field(default_factory=dict)
    confirmed_at: Mapping[Key, int] = field(default_factory=dict)
    held_at: Mapping[Key, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Stay:
    """A part of a sum: in which cell, how old it was when it left (or was last seen, where ``left`` is false)."""

    cell: int
    minutes: float
    weight: float
    left: bool


def fit(cases: Sequence[Closed], prior: Prior) -> Prior:
    """Return what the cases teach, shrunk to ``prior``. Only statements and what was confirmed are looked at."""
    believed = replace(prior, rules=_weights(cases, prior))
    stays = [stay for case in cases for stay in _stays(case, believed)]
    gone, whole, parts, sums = _ways(cases, believed)
    strength = prior.strength
    exits = (gone + strength.way * np.asarray(prior.exit_share)) / (whole + strength.way)
    fans = (parts + strength.way * np.asarray(prior.fan)) / (sums + strength.way)
    return replace(
        believed,
        source=f"{prior.source}; fitted on {len(cases)} closed cases",
        dwell=_tables(stays, prior),
        exit_share=exits.tolist(),
        fan=fans.tolist(),
    )


def observed_sums(case: Closed) -> int:
    """Return how many sums of victims' money came to accounts of which there is a statement, by the fullest rule."""
    return max((_observed_sums(case.sub, found) for found in case.found.values()), default=0)


def learnt_speed(minutes: Sequence[float], failed: int, prior: Speed, strength: float) -> Speed:
    """Return how fast an institution answers after the answers it gave (minutes) and those that failed."""
    logs = np.log(np.maximum(np.asarray(minutes, np.float64), 0.05))
    count, own = len(logs), float(np.log(prior.median_minutes))
    mean = (strength * own + float(logs.sum())) / (strength + count)
    spread = strength * prior.sigma**2 + float(((logs - mean) ** 2).sum()) + strength * (own - mean) ** 2
    return Speed(
        median_minutes=float(np.exp(mean)),
        sigma=float(np.sqrt(spread / (strength + count))),
        failed_share=(strength * prior.failed_share + failed) / (strength + count + failed),
        count=count + failed,
    )


def summed_speed(
    median_minutes: float, sigma: float, answered: int, failed: int, prior: Speed, strength: float
) -> Speed:
    """Return an institution's speed from the sums of its past answers, shrunk to the prior as :func:`learnt_speed`."""
    own, seen = float(np.log(prior.median_minutes)), float(np.log(max(median_minutes, 0.05)))
    mean = (strength * own + answered * seen) / (strength + answered)
    spread = strength * (prior.sigma**2 + (own - mean) ** 2) + answered * (sigma**2 + (seen - mean) ** 2)
    return Speed(
        median_minutes=float(np.exp(mean)),
        sigma=float(np.sqrt(spread / (strength + answered))),
        failed_share=(strength * prior.failed_share + failed) / (strength + answered + failed),
        count=answered + failed,
    )


def as_toml(fitted: Prior, shipped: str) -> str:
    """Return the text of a prior's file: ``shipped`` with what was learnt behind it."""
    rules = ", ".join(f"{rule.value} = {weight:.4f}" for rule, weight in fitted.rules.items())
    tables = ",\n".join(f"  [{', '.join(f'{value:.5f}' for value in row)}]" for row in fitted.dwell)
    lists = [
        f"{name} = [{', '.join(f'{value:.4f}' for value in values)}]"
        for name, values in (("exit_share", fitted.exit_share), ("fan", fitted.fan))
    ]
    head = f"\n[learnt]                              # {fitted.source}\n"
    return "\n".join(
        [shipped.rstrip(), head.rstrip(), *lists, f"rules = {{ {rules} }}", f"dwell = [\n{tables},\n]\n"]
    )


def _stays(case: Closed, prior: Prior) -> Iterator[_Stay]:
    """Yield how long each sum lay in each observed account, by each believed rule as far as it is believed."""
    accounts = case.sub.accounts
    for rule, found in case.found.items():
        weight = prior.rules.get(rule, 0.0)
        if weight <= 0:
            continue
        tier = _tiers(found, len(accounts))
        into, out = _moved(case.sub, found)
        for place, came in into.items():
            if accounts.observed[place] and tier[place]:
                cell = cell_of(int(tier[place]), Kind(int(accounts.kind[place])))
                held = case.held_at.get(_key(accounts, place), _NEVER)
                seen = min(max(int(accounts.observed_until[place]), case.sub.as_of), held)
                known, went = _before(came, seen), _before(out.get(place, []), seen)
                yield from _matched(cell, known, went, seen, weight, rule in _NEWEST_FIRST)


def _before(moves: Sequence[tuple[int, int]], seen: int) -> list[tuple[int, int]]:
    return [one for one in moves if one[0] <= seen]


def _key(accounts: Accounts, place: int) -> Key:
    return accounts.institution[place], accounts.number[place]


def _matched(
    cell: int,
    came: Sequence[tuple[int, int]],
    went: Sequence[tuple[int, int]],
    seen: int,
    weight: float,
    newest_first: bool,
) -> Iterator[_Stay]:
    """Yield the stays of an account: what went out is taken from what came before it, in the rule's order."""
    lots = [[time, float(fen), float(fen)] for time, fen in came]
    for time, fen in went:
        order = range(len(lots) - 1, -1, -1) if newest_first else range(len(lots))
        need = float(fen)
        for lot in (lots[at] for at in order):
            if need <= 0:
                break
            if lot[0] <= time and lot[1] > 0:
                part = min(lot[1], need)
                lot[1] -= part
                need -= part
                yield _Stay(cell, (time - lot[0]) / MINUTE, weight * part / lot[2], left=True)
    for start, left, whole in lots:
        if left > 0 and whole >= _LEAST_FEN:
            yield _Stay(cell, (seen - start) / MINUTE, weight * left / whole, left=False)


def _moved(
    sub: SubLedger, found: Attribution
) -> tuple[dict[int, list[tuple[int, int]]], dict[int, list[tuple[int, int]]]]:
    """Return by account when how much of victims' money came, and went."""
    moved, carried = sub.transfers, _carried(sub, found)
    into: dict[int, list[tuple[int, int]]] = {}
    out: dict[int, list[tuple[int, int]]] = {}
    for row in np.flatnonzero(carried).tolist():
        one = int(moved.time[row]), int(carried[row])
        into.setdefault(int(moved.payee[row]), []).append(one)
        out.setdefault(int(moved.payer[row]), []).append(one)
    into.pop(NOBODY, None)
    out.pop(NOBODY, None)
    return into, out


def _carried(sub: SubLedger, found: Attribution) -> Places:
    """Return the victims' fen in each transfer."""
    carried = np.zeros(len(sub.transfers), np.int64)
    np.add.at(carried, found.shares.transfer, found.shares.fen)
    return carried


def _observed_sums(sub: SubLedger, found: Attribution) -> int:
    payee = sub.transfers.payee[_carried(sub, found) > 0]
    return int(sub.accounts.observed[payee[payee != NOBODY]].sum())


def _tables(stays: Sequence[_Stay], prior: Prior) -> list[list[float]]:
    """Return the share still there by age for each cell, from hazards; sums still there count as far as they were seen.

    Those of all kinds of a tier are shrunk to the prior's, those of a kind to the tier's.
    """
    cell = np.array([one.cell for one in stays], np.int64)
    minutes = np.array([one.minutes for one in stays], np.float64)
    weight = np.array([one.weight for one in stays], np.float64)
    left = np.array([one.left for one in stays], np.bool_)
    out: list[list[float]] = []
    for tier in range(TIERS):
        first = tier * len(GROUPS)
        here = cell // len(GROUPS) == tier
        whole = _curve(
            minutes[here], weight[here], left[here], np.asarray(prior.dwell[first]), prior.strength.dwell
        )
        for group in range(len(GROUPS)):
            own = cell == first + group
            table = _curve(minutes[own], weight[own], left[own], whole, prior.strength.dwell)
            out.append(table.tolist())
    return out


def _curve(minutes: Floats, weight: Floats, left: Floats | Places, start: Floats, strength: float) -> Floats:
    """Return the curve of sums seen, shrunk to ``start``, which weighs as ``strength`` sums."""
    edges = np.concatenate([[0.0], AGES])
    assumed = np.concatenate([[1.0], start])
    bins = np.clip(np.searchsorted(edges, minutes, side="left") - 1, 0, len(AGES))
    went = np.bincount(bins, weight * left, len(AGES) + 1)[: len(AGES)]
    ended = np.bincount(bins, weight, len(AGES) + 1)
    at_risk = np.cumsum(ended[::-1])[::-1][: len(AGES)]
    censored = np.bincount(bins, weight * (1 - left), len(AGES) + 1)[: len(AGES)]
    at_risk = at_risk - 0.5 * censored
    hazard = (went + strength * (assumed[:-1] - assumed[1:])) / (at_risk + strength * assumed[:-1])
    return np.asarray(np.cumprod(1 - np.clip(hazard, 0.0, 1.0)))


def _ways(cases: Sequence[Closed], prior: Prior) -> tuple[Floats, Floats, Floats, Floats]:
    """Return by tier: fen-weighted sums that went out of reach, all that left, parts and sums counted for the fan."""
    gone, whole, parts, sums = (np.zeros(TIERS) for _ in range(4))
    for case in cases:
        rule = max(case.found, key=lambda one: prior.rules.get(one, 0.0))
        for tier, away, fan, came in _of_accounts(case.sub, case.found[rule]):
            gone[tier] += away
            whole[tier] += 1
            parts[tier] += min(fan / came, _MOST_PARTS)
            sums[tier] += 1
    return gone, whole, parts, sums


def _of_accounts(sub: SubLedger, found: Attribution) -> Iterator[tuple[int, float, float, float]]:
    """Yield for each observed account its tier (from 0), the share that went out of reach, payments out, sums in."""
    moved, shares = sub.transfers, found.shares
    tier = _tiers(found, len(sub.accounts))
    payer, payee = moved.payer[shares.transfer], moved.payee[shares.transfer]
    away = np.isin(shares.end, np.array(_AWAY, np.int8))
    for place in np.flatnonzero(sub.accounts.observed & (tier > 0)).tolist():
        mine = payer == place
        fen = float(shares.fen[mine].sum())
        if fen >= _LEAST_FEN:
            share = float(shares.fen[mine & away].sum()) / fen
            out = len(np.unique(shares.transfer[mine & ~away]))
            came = len(np.unique(shares.transfer[payee == place]))
            yield min(int(tier[place]), TIERS) - 1, share, max(float(out), 1.0), max(float(came), 1.0)


def _tiers(found: Attribution, accounts: int) -> Places:
    tiers = np.full(accounts, np.iinfo(np.int64).max)
    np.minimum.at(tiers, found.holdings.account, found.holdings.tier.astype(np.int64))
    return np.where(tiers == np.iinfo(np.int64).max, 0, tiers)


def _weights(cases: Sequence[Closed], prior: Prior) -> dict[Rule, float]:
    """Return how far each rule is believed: how often what it left came closest to what was confirmed."""
    counts = {rule: prior.strength.rules * prior.rules[rule] for rule in BELIEVED}
    for case in cases:
        told = {rule: found for rule, found in case.found.items() if rule in counts}
        for best in _closest(case, told):
            for rule in best:
                counts[rule] += 1 / len(best)
    total = sum(counts.values())
    return {rule: count / total for rule, count in counts.items()}


def _closest(case: Closed, told: Mapping[Rule, Attribution]) -> Iterator[list[Rule]]:
    """Yield for each account of which something was confirmed the rules that came closest, where they differ."""
    accounts = case.sub.accounts
    places = {key: at for at, key in enumerate(zip(accounts.institution, accounts.number, strict=True))}
    ends = {rule: _left(found, len(accounts)) for rule, found in told.items()}
    for key, fen in case.confirmed.items():
        if key not in places or not told:
            continue
        place, at = places[key], case.confirmed_at.get(key)
        left = {
            rule: int(ends[rule][place]) if at is None else _left_at(case.sub, found, place, at)
            for rule, found in told.items()
        }
        miss = {rule: abs(there - fen) for rule, there in left.items()}
        least = min(miss.values())
        if max(miss.values()) > least + _LEAST_FEN:
            yield [rule for rule, off in miss.items() if off <= least + _LEAST_FEN]


def _left_at(sub: SubLedger, found: Attribution, place: int, at: int) -> int:
    """Return the victims' fen in an account at a moment: what had come less what had left."""
    moved = sub.transfers
    fen = np.where(moved.time <= at, _carried(sub, found), 0)
    return int(fen[moved.payee == place].sum() - fen[moved.payer == place].sum())


def _left(found: Attribution, accounts: int) -> Places:
    sums = np.zeros(accounts, np.int64)
    np.add.at(sums, found.holdings.account, found.holdings.left_fen)
    return sums


__all__ = ["Closed", "as_toml", "fit", "learnt_speed", "observed_sums", "summed_speed"]
