"""What was learnt, as it is kept between two nights: only the figures themselves, told by the version of their layout.

Kept figures hold for the prior they were shrunk to and for no other; :func:`shipped_digest` tells which one that is.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, Final

from rongdun.analytics.tracing.advice.dwell import AGES
from rongdun.analytics.tracing.advice.prior import BELIEVED, GROUPS, TIERS, BadPrior, Prior

LAYOUT: Final = 1
"""Version of what :func:`kept_of` returns; figures of another version are not read."""

_PLACES: Final = 6


@cache
def shipped_digest() -> str:
    """Return the SHA-256 of the prior that ships, in hex."""
    text = files("rongdun.analytics.tracing.advice").joinpath("prior.toml").read_bytes()
    return hashlib.sha256(text).hexdigest()


def kept_of(fitted: Prior) -> dict[str, Any]:
    """Return what was learnt as plain JSON: tables of dwell, ways out and parts by tier, weights of the rules."""
    return {
        "source": fitted.source,
        "dwell": [[round(value, _PLACES) for value in row] for row in fitted.dwell],
        "exit_share": [round(value, _PLACES) for value in fitted.exit_share],
        "fan": [round(value, _PLACES) for value in fitted.fan],
        "rules": {rule.value: round(weight, _PLACES) for rule, weight in fitted.rules.items()},
    }


def with_kept(prior: Prior, kept: Mapping[str, Any]) -> Prior:
    """Return ``prior`` with what :func:`kept_of` kept. Raises :class:`BadPrior` for what is no such thing."""
    try:
        weights = {rule: float(kept["rules"][rule.value]) for rule in BELIEVED}
        return replace(
            prior,
            source=str(kept["source"]),
            dwell=[_falling(row) for row in _sized(kept["dwell"], TIERS * len(GROUPS))],
            exit_share=[_share(value) for value in _sized(kept["exit_share"], TIERS)],
            fan=[max(float(value), 1.0) for value in _sized(kept["fan"], TIERS)],
            rules={rule: _share(weight) / sum(weights.values()) for rule, weight in weights.items()},
        )
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        raise BadPrior.because(error) from error


def _sized(values: Any, count: int) -> list[Any]:
    if len(values) != count:
        raise ValueError(f"{len(values)} != {count}")
    return list(values)


def _falling(row: Any) -> list[float]:
    """Return shares still there by age: none above the one before."""
    shares = [_share(value) for value in _sized(row, len(AGES))]
    if any(later > before for before, later in pairwise(shares)):
        raise ValueError("dwell")
    return shares


def _share(value: Any) -> float:
    share = float(value)
    if not 0 <= share <= 1:
        raise ValueError(value)
    return share
