"""One to one out of many: take the best candidate pair, strike both its ends, go on. Pure, vectorised.

The result is that of the greedy pass over all pairs by falling score. It is reached in rounds: a pair that is
the best of both its ends is what greed would take, so all such pairs are taken at once, and a few rounds suffice.
"""

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


def one_to_one(left: Ints, right: Ints, score: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Tell which candidate pairs are taken: no end twice, best score first, ties by the smaller left, then right."""
    chosen = np.zeros(len(score), np.bool_)
    if not len(score):
        return chosen
    open_pairs = np.lexsort((right, left, -score))
    best_left = np.empty(int(left.max()) + 1, np.int64)
    best_right = np.empty(int(right.max()) + 1, np.int64)
    used_left = np.zeros(len(best_left), np.bool_)
    used_right = np.zeros(len(best_right), np.bool_)
    while len(open_pairs):
        ends_left, ends_right = left[open_pairs], right[open_pairs]
        _first(best_left, ends_left)
        _first(best_right, ends_right)
        place = np.arange(len(open_pairs))
        taken = (best_left[ends_left] == place) & (best_right[ends_right] == place)
        chosen[open_pairs[taken]] = True
        used_left[ends_left[taken]] = True
        used_right[ends_right[taken]] = True
        open_pairs = open_pairs[~(used_left[ends_left] | used_right[ends_right])]
    return chosen


def _first(best: Ints, ends: Ints) -> None:
    """Set for each end the first place where it stands (assigning backwards, the first place is written last)."""
    best[ends[::-1]] = np.arange(len(ends) - 1, -1, -1)
