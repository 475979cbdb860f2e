"""Two settings side by side: each figure with its interval, and the interval of their difference. Pure.

Worlds are drawn again with replacement (bootstrap), both settings of a world together: what luck gave a world it gave
to both, and it drops out of the difference.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

import numpy as np

from rongdun.simulation.twin.draws import Floats, Int64s, stream
from rongdun.simulation.whatif.settings import Tally

LEAST_WORLDS: Final = 10
"""Fewer worlds settle nothing: the spread between them is not known well enough to draw from."""

_DRAWS: Final = 2_000
_INTERVAL: Final = (2.5, 97.5)

Verdict: TypeAlias = Literal["more", "less", "equal", "unsettled", "too_few", "apart"]
"""``apart``: the two figures are shares of different sums, so that neither is more."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure and its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure under both settings; ``difference`` is that of ``b`` to ``a``. None: nothing to divide by."""

    key: str
    a: Interval | None
    b: Interval | None
    difference: Interval | None
    verdict: Verdict


_Of: TypeAlias = Callable[[Tally], float]

MEASURES: Final[dict[str, tuple[_Of, _Of]]] = {
    "saved_fen": (lambda one: one.saved, lambda one: one.cases),
    "saved_of_lost": (lambda one: one.saved, lambda one: one.lost),
    "saved_of_stealable": (lambda one: one.saved, lambda one: one.stealable),
    "saved_of_oracle": (lambda one: one.saved, lambda one: one.oracle),
    "stops": (lambda one: one.stops, lambda one: one.cases),
    "asks": (lambda one: one.asks, lambda one: one.cases),
    "minutes": (lambda one: one.minutes, lambda one: one.cases),
    "innocents": (lambda one: one.innocents, lambda one: one.cases),
    "innocents_fen": (lambda one: one.innocents_fen, lambda one: one.cases),
}
"""By key: what is summed over worlds, and by what it is divided. Without ``of`` in its name: by case."""


_OF_WHAT_IS_LEFT: Final = frozenset({"saved_of_stealable", "saved_of_oracle"})
"""Shares of what lay in the accounts when the report came: the sooner it comes, the larger the whole."""


def compare(a: Sequence[Tally], b: Sequence[Tally], *, one_delay: bool = True) -> list[Figure]:
    """Return every measure over the worlds played so far; ``a[n]`` and ``b[n]`` are one world's.

    ``one_delay``: both settings hear of a scam equally soon.
    """
    if not a:
        return []
    drawn = stream(1, "bootstrap").integers(0, len(a), (_DRAWS, len(a)))
    found = [_figure(key, a, b, drawn) for key in MEASURES]
    return found if one_delay else [_apart(one) for one in found]


def _apart(figure: Figure) -> Figure:
    return replace(figure, verdict="apart") if figure.key in _OF_WHAT_IS_LEFT else figure


def _figure(key: str, a: Sequence[Tally], b: Sequence[Tally], drawn: Int64s) -> Figure:
    value_a, drawn_a = _ratios(key, a, drawn)
    value_b, drawn_b = _ratios(key, b, drawn)
    difference = _interval(value_b - value_a, drawn_b - drawn_a)
    return Figure(
        key,
        _interval(value_a, drawn_a),
        _interval(value_b, drawn_b),
        difference,
        _verdict(difference, len(a)),
    )


def _ratios(key: str, side: Sequence[Tally], drawn: Int64s) -> tuple[float, Floats]:
    """Return the ratio of sums over all worlds and over each draw; NaN where there is nothing to divide by."""
    over, under = MEASURES[key]
    above = np.array([over(one) for one in side], float)
    below = np.array([under(one) for one in side], float)
    sums = below[drawn].sum(axis=1)
    ratios = np.full(len(drawn), np.nan)
    np.divide(above[drawn].sum(axis=1), sums, out=ratios, where=sums > 0)
    return float(above.sum() / below.sum()) if below.sum() else float("nan"), ratios


def _interval(value: float, drawn: Floats) -> Interval | None:
    real = drawn[~np.isnan(drawn)]
    if np.isnan(value) or not len(real):
        return None
    low, high = np.percentile(real, _INTERVAL)
    return Interval(value, float(low), float(high))


def _verdict(difference: Interval | None, worlds: int) -> Verdict:
    if worlds < LEAST_WORLDS or difference is None:
        return "too_few"
    if difference.low > 0:
        return "more"
    if difference.high < 0:
        return "less"
    return "equal" if difference.low == difference.high else "unsettled"
