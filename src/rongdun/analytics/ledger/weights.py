"""Weights of evidence learned from candidates alone: Fellegi and Sunter's (1969) by expectation–maximisation. Pure."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

ROUNDS: Final = 30
_SETTLED: Final = 1e-4
_MOST_SHARE: Final = 0.99
_LEAST_SHARE: Final = 1e-3

PRIOR_ROWS: Final = 10.0
"""So many imagined pairs, spread as expected, stand beside those seen: small books lean on them, large ones do not."""

_SMOOTHING: Final = 0.5
"""Added to each level's count among others, so that a level never seen there is unlikely, not impossible."""


def learned(
    left: Ints, right: Ints, levels: Sequence[Ints], expected: Sequence[Floats], rows: tuple[int, int]
) -> tuple[Floats, Floats]:
    """Return for each candidate the belief that it is a pair (0 … 1), and its weight (natural logarithm).

    ``levels`` holds one array of small whole numbers per kind of evidence, ``expected`` how often each level is
    expected among pairs before anything is seen (it counts like :data:`PRIOR_ROWS` pairs), ``rows`` the length of
    both books. Beliefs of one row's candidates and of «none» add to one on each side; a candidate's belief is the
    geometric mean of its two sides.
    """
    if not len(left):
        return np.zeros(0), np.zeros(0)
    sizes = [len(shares) for shares in expected]
    among_others = [
        _others(level, np.ones(len(level)), size) for level, size in zip(levels, sizes, strict=True)
    ]
    weight = _weight(levels, expected, among_others)
    share = 0.5
    belief = _belief(left, right, weight, share, rows)
    for _ in range(ROUNDS):
        among_pairs = [_pairs(level, belief, shares) for level, shares in zip(levels, expected, strict=True)]
        among_others = [_others(level, 1 - belief, size) for level, size in zip(levels, sizes, strict=True)]
        weight = _weight(levels, among_pairs, among_others)
        before, belief = belief, _belief(left, right, weight, share, rows)
        share = min(_MOST_SHARE, max(float(belief.sum()) / min(rows), _LEAST_SHARE))
        if np.abs(belief - before).max() < _SETTLED:
            break
    return belief, weight


def _pairs(level: Ints, belief: Floats, expected: Floats) -> Floats:
    counts = np.bincount(level, belief, len(expected)) + PRIOR_ROWS * expected
    return np.asarray(counts / counts.sum(), np.float64)


def _others(level: Ints, doubt: Floats, size: int) -> Floats:
    counts = np.bincount(level, doubt, size) + _SMOOTHING
    return np.asarray(counts / counts.sum(), np.float64)


def _weight(levels: Sequence[Ints], pairs: Sequence[Floats], others: Sequence[Floats]) -> Floats:
    total = np.zeros(len(levels[0]))
    for level, among_pairs, among_others in zip(levels, pairs, others, strict=True):
        total += (np.log(among_pairs) - np.log(among_others))[level]
    return total


def _belief(left: Ints, right: Ints, weight: Floats, share: float, rows: tuple[int, int]) -> Floats:
    odds = np.exp(np.minimum(weight, 60.0))
    result = np.ones(len(odds))
    for ends, count in ((left, rows[0]), (right, rows[1])):
        none = (1 - share) / share * len(odds) / count
        result *= odds / (np.bincount(ends, odds, count)[ends] + none)
    return np.asarray(np.sqrt(result), np.float64)
