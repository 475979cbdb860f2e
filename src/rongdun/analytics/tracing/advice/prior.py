"""What advice assumes and learns: one :class:`Prior`, read from ``prior.toml`` or a centre's own file, or fitted."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from rongdun.analytics.tracing.advice.dwell import AGES, Dwell
from rongdun.analytics.tracing.advice.model import Speed
from rongdun.analytics.tracing.model import Kind, Rule
from rongdun.kernel.errors import Invalid, Text

TIERS: Final = 8
"""Tiers told apart; deeper ones are as the last."""

GROUPS: Final = ("personal", "corporate", "payment")
"""Kinds of account whose dwell is told apart."""

BELIEVED: Final = (Rule.FIFO, Rule.LIFO, Rule.PRO_RATA, Rule.WINDOW)
"""Rules whose reckonings are mixed; poison is an upper bound and no reckoning."""


class BadPrior(Invalid):
    """The file of what advice assumes cannot be used."""

    code = "bad_prior"
    message = Text("建议参数文件有误：{what}", "The file of what advice assumes is not usable: {what}")
    action = Text(
        "请以随产品发布的 prior.toml 为样本修改", "Start from the prior.toml that ships and change that"
    )

    @classmethod
    def because(cls, what: object) -> "BadPrior":
        """Build the error with what is wrong in it."""
        return cls(cls.message.format(what=what))


@dataclass(frozen=True, slots=True, kw_only=True)
class Innocence:
    """Who is probably no accomplice: ``share`` by kind; ``cost`` weighs an innocent's money held against ours.

    ``own_fen`` is his own money to be expected (the mean) by kind, where no balance tells of it.
    """

    cost: float
    own_fen: Mapping[Kind, float]
    share: Mapping[Kind, float]
    low_share: float
    low_share_weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Strength:
    """How many observations the prior weighs as, where the same thing is learnt."""

    dwell: float
    way: float
    rules: float
    stop: float
    ask: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """All that advice assumes. ``dwell`` has a table for each tier and group of kinds, :func:`cell_of` its place.

    ``exit_share`` and ``fan`` are by tier: the share of what leaves that goes out of reach, and into how many accounts
    the rest is split. ``rules`` are weights that sum to 1. ``price`` is what a minute of an officer is worth elsewhere
    (fen): orders that advice reckons will follow from a statement are charged with it.
    """

    source: str
    dwell: Sequence[Sequence[float]]
    exit_share: Sequence[float]
    fan: Sequence[float]
    rules: Mapping[Rule, float]
    stop: Speed
    ask: Speed
    own_median_fen: float
    own_sigma: float
    innocent: Innocence
    alert_saved: float
    alert_half_life: float
    least_fen_per_minute: float
    price: float
    unnamed_refused: float
    strength: Strength


def cell_of(tier: int, kind: Kind) -> int:
    """Return the place of a tier and kind in ``Prior.dwell``."""
    group = {Kind.CORPORATE: 1, Kind.PAYMENT: 2}.get(kind, 0)
    return (min(max(tier, 1), TIERS) - 1) * len(GROUPS) + group


def load_prior(path: Path | None = None) -> Prior:
    """Read the prior from ``path``, by default the one that ships. Raises :class:`BadPrior`."""
    if path is None:
        return _shipped()
    try:
        return _read(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadPrior.because(error) from error


@cache
def _shipped() -> Prior:
    return _read(files("rongdun.analytics.tracing.advice").joinpath("prior.toml").read_text("utf-8"))


def _read(text: str) -> Prior:
    try:
        return _prior(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, IndexError) as error:
        raise BadPrior.because(error) from error


def _prior(told: Mapping[str, Any]) -> Prior:
    learnt = told.get("learnt", {})
    way, balance, alert, worth = told["way"] | learnt, told["balance"], told["alert"], told["worth"]
    believed = told["rules"] | learnt.get("rules", {})
    weights = {rule: float(believed[rule.value]) for rule in BELIEVED}
    total = sum(weights.values())
    return Prior(
        source=str(told["source"]),
        dwell=_tables(learnt["dwell"]) if "dwell" in learnt else _dwells(told["dwell"]),
        exit_share=_by_tier(way["exit_share"]),
        fan=_by_tier(way["fan"]),
        rules={rule: weight / total for rule, weight in weights.items()},
        stop=_speed(told["stop"]),
        ask=_speed(told["ask"]),
        own_median_fen=100 * float(balance["own_median_yuan"]),
        own_sigma=float(balance["own_sigma"]),
        innocent=_innocence(told["innocent"]),
        alert_saved=float(alert["saved_share"]),
        alert_half_life=float(alert["half_life_minutes"]),
        least_fen_per_minute=100 * float(worth["least_yuan_per_minute"]),
        price=100 * float(worth["price_yuan_per_minute"]),
        unnamed_refused=float(worth["unnamed_refused"]),
        strength=Strength(**{name: float(told[name]["strength"]) for name in Strength.__slots__}),
    )


def _tables(told: Sequence[Sequence[float]]) -> list[list[float]]:
    tables = [[float(value) for value in row] for row in told]
    if len(tables) != TIERS * len(GROUPS) or any(len(row) != len(AGES) for row in tables):
        raise ValueError("learnt.dwell")
    return tables


def _dwells(told: Mapping[str, Any]) -> list[list[float]]:
    tiers = {name: _by_tier(told[name]) for name in Dwell.__slots__}
    factors = [float(told["kinds"][group]) for group in GROUPS]
    return [
        _dwell(tiers, tier, factor).surviving(AGES).tolist() for tier in range(TIERS) for factor in factors
    ]


def _dwell(tiers: Mapping[str, Sequence[float]], tier: int, factor: float) -> Dwell:
    return Dwell(
        median_minutes=tiers["median_minutes"][tier] * factor,
        sigma=tiers["sigma"][tier],
        parked_share=tiers["parked_share"][tier],
        parked_median_minutes=tiers["parked_median_minutes"][tier],
        parked_sigma=tiers["parked_sigma"][tier],
        stays_share=tiers["stays_share"][tier],
    )


def _by_tier(values: Sequence[float]) -> list[float]:
    return [float(values[min(tier, len(values) - 1)]) for tier in range(TIERS)]


def _speed(told: Mapping[str, Any]) -> Speed:
    return Speed(
        median_minutes=float(told["median_minutes"]),
        sigma=float(told["sigma"]),
        failed_share=float(told["failed_share"]),
    )


def _by_kind(told: Mapping[str, Any]) -> dict[Kind, float]:
    """Return values by kind of account; one for personal accounts must be there, it holds for kinds not named."""
    found = {kind: float(told[kind.name.lower()]) for kind in Kind if kind.name.lower() in told}
    return {Kind.PERSONAL: float(told["personal"])} | found


def _innocence(told: Mapping[str, Any]) -> Innocence:
    return Innocence(
        cost=float(told["cost"]),
        own_fen={kind: 100 * yuan for kind, yuan in _by_kind(told["own_mean_yuan"]).items()},
        share=_by_kind(told["share"]),
        low_share=float(told["low_share"]),
        low_share_weight=float(told["low_share_weight"]),
    )
