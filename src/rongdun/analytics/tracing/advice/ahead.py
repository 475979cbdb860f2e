"""What lies behind an account that money has left: how much of it can still be stopped once a statement tells where.

``Chain.value(tier, age)`` is the share of money that reached ``tier`` ``age`` minutes ago which is saved if from now on
everybody does what he should: stop the account it reached, ask for its statement, and so on down. Found backwards from
the deepest tier on a grid of ages.
"""

from typing import Final

import numpy as np

from rongdun.analytics.tracing.advice.dwell import Dwells, Floats, Places
from rongdun.analytics.tracing.advice.prior import GROUPS, TIERS, Prior

_GRID: Final = np.concatenate([np.linspace(0, 60, 31), np.geomspace(70, 20_000, 40)])
_PARTS: Final = 16
_KEPT: Final = (
    0.85  # of each further step something is lost: another bank, a name that is missing, officers busy
)


class Chain:
    """The value of knowing where money went, for one prior and the usual waits of a stop and a statement (minutes)."""

    def __init__(self, prior: Prior, dwells: Dwells, stop_wait: float, ask_wait: float) -> None:
        self._dwells, self._exit = dwells, np.asarray(prior.exit_share)
        self._stop_wait, self._ask_wait = stop_wait, ask_wait
        self._stop_done, self._ask_done = 1 - prior.stop.failed_share, 1 - prior.ask.failed_share
        self._table = np.zeros((TIERS + 2, len(_GRID)))
        for tier in range(TIERS - 1, -1, -1):
            self._table[tier] = self._row(tier)

    def value(self, tier: Places, age: Floats) -> Floats:
        """Return the share saved of money that reached ``tier`` (from 0) ``age`` minutes ago; both broadcast."""
        tier, age = np.broadcast_arrays(np.minimum(tier, TIERS), age)
        out = np.zeros(age.shape)
        for one in np.unique(tier).tolist():
            here = tier == one
            out[here] = np.interp(age[here], _GRID, self._table[one])
        return out

    def behind(self, cell: Places, tier: Places, age: Floats, until: Floats, told: Floats) -> Floats:
        """Return the share of a sum that has left between ages ``age`` and ``until`` and can still be saved.

        ``told`` is the age at which the statement is there; what leaves goes to ``tier`` + 1, unless out of reach.
        """
        steps = age[:, None] + (until - age)[:, None] * _spaced()
        there = self._dwells.still(cell[:, None], age[:, None], steps)
        leaves = there[:, :-1] - there[:, 1:]
        middle = 0.5 * (steps[:, :-1] + steps[:, 1:])
        on = self.value((tier + 1)[:, None], np.maximum(told[:, None] - middle, 0.0))
        reached = 1 - self._exit[np.minimum(tier, TIERS - 1)]
        return np.asarray(reached * (leaves * on).sum(axis=1) * self._ask_done)

    def _row(self, tier: int) -> Floats:
        cell = np.full(len(_GRID), tier * len(GROUPS))
        stopped = _GRID + self._stop_wait
        saved = self._stop_done * self._dwells.surviving(cell, stopped)
        told = _GRID + self._ask_wait
        on = self.behind(
            cell, np.full(len(_GRID), tier), np.zeros(len(_GRID)), stopped, np.maximum(told, stopped)
        )
        return saved + _KEPT * on


def _spaced() -> Floats:
    """Return steps from 0 to 1, closer at the beginning, where most of what leaves at once leaves."""
    return np.linspace(0, 1, _PARTS + 1) ** 2
