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
_SMOOTHING: Final = 0.5
"""Added to each level's count, so that a level never seen among pairs is unlikely, not impossible."""


def learned(
    left: Ints, right: Ints, levels: Sequence[Ints], lefts: int, rights: int
) -> tuple[Floats, Floats]:
    """Return for each candidate the belief that it is a pair (0 … 1), and its weight (natural logarithm).

    ``levels`` holds one array of small whole numbers per kind of evidence. Beliefs of one row's candidates and of
    «none» add to one on each side; a candidate's belief is the geometric mean of its two sides.
    """
    if not len(left):
        return np.zeros(0), np.zeros(0)
    among_others = [_shares(level, None) for level in levels]
    belief = _first_belief(left, right, levels)
    share = 0.5
    weight = np.zeros(len(left))
    for _ in range(ROUNDS):
        among_pairs = [_shares(level, belief) for level in levels]
        weight = _weight(levels, among_pairs, among_others)
        before, belief = belief, _belief(left, right, weight, share, lefts, rights)
        share = min(_MOST_SHARE, max(float(belief.sum()) / min(lefts, rights), 1e-3))
        among_others = [_shares(level, 1 - belief) for level in levels]
        if np.abs(belief - before).max() < _SETTLED:
            break
    return belief, weight


def _first_belief(left: Ints, right: Ints, levels: Sequence[Ints]) -> Floats:
    """Begin with candidates whose levels together are the rarest of both their rows': pairs are no accident."""
    rarity = -sum(np.log(_shares(level, None)[level]) for level in levels)
    best_left, best_right = np.full(left.max() + 1, -np.inf), np.full(right.max() + 1, -np.inf)
    np.maximum.at(best_left, left, rarity)
    np.maximum.at(best_right, right, rarity)
    mutual = (rarity >= best_left[left]) & (rarity >= best_right[right])
    return np.where(mutual, 0.9, 0.01)


def _shares(level: Ints, by: Floats | None) -> Floats:
    counts = np.bincount(level, by).astype(np.float64) + _SMOOTHING
    return np.asarray(counts / counts.sum(), np.float64)


def _weight(levels: Sequence[Ints], pairs: Sequence[Floats], others: Sequence[Floats]) -> Floats:
    total = np.zeros(len(levels[0]))
    for level, among_pairs, among_others in zip(levels, pairs, others, strict=True):
        total += (np.log(among_pairs) - np.log(among_others))[level]
    return total


def _belief(left: Ints, right: Ints, weight: Floats, share: float, lefts: int, rights: int) -> Floats:
    odds = np.exp(np.minimum(weight, 60.0))
    result = np.ones(len(odds))
    for ends, rows in ((left, lefts), (right, rights)):
        none = (1 - share) / share * len(odds) / rows
        result *= odds / (np.bincount(ends, odds, rows)[ends] + none)
    return np.asarray(np.sqrt(result), np.float64)
