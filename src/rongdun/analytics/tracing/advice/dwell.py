"""How long money lies in an account: some passes on at once, some is parked, some stays. Vectorised, pure.

A :class:`Dwell` is a mixture: ``parked_share`` of what leaves at all is parked (a slower lognormal), ``stays_share``
never leaves. Times are minutes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Places: TypeAlias = npt.NDArray[np.int64]

_SOON: Final = 1e-6  # minutes: what came this moment
_P: Final = 0.3275911
_A: Final = (0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429)
_LEAST: Final = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Dwell:
    """The dwell of one kind of account, learnt from ``count`` sums; ``count`` 0 is the prior itself."""

    median_minutes: float
    sigma: float
    parked_share: float
    parked_median_minutes: float
    parked_sigma: float
    stays_share: float
    count: int = 0


def normal_cdf(x: Floats) -> Floats:
    """Return Φ(x), to 1e-7 (Abramowitz & Stegun 7.1.26)."""
    z = np.abs(x) / np.sqrt(2.0)
    t = 1.0 / (1.0 + _P * z)
    poly = t * (_A[0] + t * (_A[1] + t * (_A[2] + t * (_A[3] + t * _A[4]))))
    half = 0.5 * poly * np.exp(-z * z)
    return np.asarray(np.where(x >= 0, 1.0 - half, half))


class Dwells:
    """Several dwells side by side, so that many sums are reckoned at once: ``cell`` is a place among them."""

    def __init__(self, dwells: Sequence[Dwell]) -> None:
        self._fast_log = np.log([one.median_minutes for one in dwells])
        self._fast_sigma = np.array([one.sigma for one in dwells])
        self._slow_log = np.log([one.parked_median_minutes for one in dwells])
        self._slow_sigma = np.array([one.parked_sigma for one in dwells])
        self._parked = np.array([one.parked_share for one in dwells])
        self._stays = np.array([one.stays_share for one in dwells])

    def surviving(self, cell: Places, age: Floats) -> Floats:
        """Return the share still there at ``age`` minutes; 1 at 0 and before. ``cell`` and ``age`` broadcast."""
        log = np.log(np.maximum(age, _SOON))
        fast = normal_cdf((self._fast_log[cell] - log) / self._fast_sigma[cell])
        slow = normal_cdf((self._slow_log[cell] - log) / self._slow_sigma[cell])
        parked, stays = self._parked[cell], self._stays[cell]
        return np.asarray(stays + (1 - stays) * (parked * slow + (1 - parked) * fast))

    def stays(self, cell: Places) -> Floats:
        """Return the share that never leaves."""
        return np.asarray(self._stays[cell])

    def still(self, cell: Places, since: Floats, until: Floats) -> Floats:
        """Return the share still there at age ``until`` of what was there at age ``since``."""
        had = np.maximum(self.surviving(cell, since), _LEAST)
        share = self.surviving(cell, np.maximum(since, until)) / had
        return np.asarray(np.minimum(share, 1.0))
