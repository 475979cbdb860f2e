"""How long money lies in an account, as the share still there at each age. Vectorised, pure.

What is assumed is a mixture (:class:`Dwell`): some passes on at once, some is parked, some never leaves. What is learnt
is a table of the same shape: the share still there at each of :data:`AGES`. Times are minutes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Places: TypeAlias = npt.NDArray[np.int64]

_FIRST: Final = 0.25
_LAST: Final = 20_160.0  # two weeks
_POINTS: Final = 64

AGES: Final = np.geomspace(_FIRST, _LAST, _POINTS)
"""Ages at which a table says what is still there, minutes; before the first all of it is, after the last what stays."""

_LOG_FIRST: Final = float(np.log(_FIRST))
_LOG_STEP: Final = float(np.log(_LAST / _FIRST)) / (_POINTS - 1)
_P: Final = 0.3275911
_A: Final = (0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429)
_LEAST: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Dwell:
    """A mixture of lognormals: ``parked_share`` of what leaves at all is parked, ``stays_share`` never leaves."""

    median_minutes: float
    sigma: float
    parked_share: float
    parked_median_minutes: float
    parked_sigma: float
    stays_share: float

    def surviving(self, age: Floats) -> Floats:
        """Return the share still there at ``age`` minutes."""
        log = np.log(age)
        fast = normal_cdf((np.log(self.median_minutes) - log) / self.sigma)
        slow = normal_cdf((np.log(self.parked_median_minutes) - log) / self.parked_sigma)
        moves = self.parked_share * slow + (1 - self.parked_share) * fast
        return np.asarray(self.stays_share + (1 - self.stays_share) * moves)


def normal_cdf(x: Floats) -> Floats:
    """Return Φ(x), to 1e-7 (Abramowitz & Stegun 7.1.26)."""
    z = np.abs(x) / np.sqrt(2.0)
    t = 1.0 / (1.0 + _P * z)
    poly = t * (_A[0] + t * (_A[1] + t * (_A[2] + t * (_A[3] + t * _A[4]))))
    half = 0.5 * poly * np.exp(-z * z)
    return np.asarray(np.where(x >= 0, 1.0 - half, half))


class Dwells:
    """Tables side by side, so that many sums are reckoned at once: ``cell`` is a place among them."""

    def __init__(self, tables: Sequence[Sequence[float]]) -> None:
        told = np.asarray(tables, np.float64)
        self._table = np.column_stack([np.ones(len(told)), told])

    def surviving(self, cell: Places, age: Floats) -> Floats:
        """Return the share still there at ``age`` minutes; 1 at 0 and before. ``cell`` and ``age`` broadcast."""
        place = (np.log(np.maximum(age, _LEAST)) - _LOG_FIRST) / _LOG_STEP + 1
        place = np.clip(place, 0, _POINTS)
        low = np.minimum(place.astype(np.int64), _POINTS - 1)
        part = place - low
        return np.asarray(self._table[cell, low] * (1 - part) + self._table[cell, low + 1] * part)

    def stays(self, cell: Places) -> Floats:
        """Return the share that never leaves, as far as tables go."""
        return np.asarray(self._table[cell, -1])

    def still(self, cell: Places, since: Floats, until: Floats) -> Floats:
        """Return the share still there at age ``until`` of what was there at age ``since``."""
        had = np.maximum(self.surviving(cell, since), _LEAST)
        share = self.surviving(cell, np.maximum(since, until)) / had
        return np.asarray(np.minimum(share, 1.0))
