"""What lies behind an account that money has left: how much of it can still be stopped once a statement tells where.

``Chain.value(tier, age, fen)`` is what a sum that reached a tier so long ago is worth, officers' minutes paid for at
``prior.price``: the best of leaving it, stopping its account, asking where it went (and stopping it if it lies there
still), or both at once; what a statement shows is worth the same, a tier deeper. Found backwards from the deepest tier
on a grid of ages and sizes. Fen and minutes.
"""

from typing import Final

import numpy as np

from rongdun.analytics.tracing.advice.dwell import Dwells, Floats, Places
from rongdun.analytics.tracing.advice.model import Means
from rongdun.analytics.tracing.advice.prior import GROUPS, TIERS, Prior

_AGES: Final = np.concatenate([np.linspace(0, 60, 31), np.geomspace(70, 20_000, 24)])
_SIZES: Final = np.geomspace(1_000, 1_000_000_000, 25)
_LOG_SIZES: Final = np.log(_SIZES)
_PARTS: Final = 12
_STEPS: Final = np.linspace(0, 1, _PARTS + 1) ** 2


class Chain:
    """The worth of knowing where money went, for one prior and the usual waits of a stop and of a statement."""

    def __init__(self, prior: Prior, dwells: Dwells, means: Means, stop_wait: float, ask_wait: float) -> None:
        self._prior, self._dwells = prior, dwells
        self._stop_wait, self._ask_wait = stop_wait, ask_wait
        self._stop_cost = prior.price * means.minutes_stop
        self._ask_cost = prior.price * means.minutes_ask
        self._table = np.zeros((TIERS + 1, len(_AGES), len(_SIZES)))
        for tier in range(TIERS - 1, -1, -1):
            self._table[tier] = self._worth(tier)

    def value(self, tier: Places, age: Floats, fen: Floats) -> Floats:
        """Return what sums are worth that reached ``tier`` (from 0) ``age`` minutes ago; arguments broadcast."""
        tier, age, fen = np.broadcast_arrays(np.minimum(tier, TIERS), age, fen)
        row, by_age = _between(_AGES, age)
        column, by_size = _between(_LOG_SIZES, np.log(np.maximum(fen, 1.0)))
        table = self._table
        low = table[tier, row, column] * (1 - by_size) + table[tier, row, column + 1] * by_size
        high = table[tier, row + 1, column] * (1 - by_size) + table[tier, row + 1, column + 1] * by_size
        found = low * (1 - by_age) + high * by_age
        return np.asarray(np.where(fen < _SIZES[0], 0.0, found))

    def behind(
        self, cell: Places, tier: Places, fen: Floats, age: Floats, until: Floats, told: Floats
    ) -> Floats:
        """Return the worth of what leaves a sum between ages ``age`` and ``until``, shown when it is ``told`` old.

        What leaves goes to ``tier`` + 1 in as many parts as is usual, unless it goes out of reach. One row a sum.
        """
        steps = age[:, None] + np.maximum(until - age, 0.0)[:, None] * _STEPS
        there = self._dwells.still(cell[:, None], age[:, None], steps)
        leaves = there[:, :-1] - there[:, 1:]
        since = np.maximum(told[:, None] - 0.5 * (steps[:, :-1] + steps[:, 1:]), 0.0)
        place = np.minimum(tier, TIERS - 1)
        parts = np.asarray(self._prior.fan)[place]
        reached = (1 - np.asarray(self._prior.exit_share)[place]) * parts
        on = self.value((tier + 1)[:, None], since, (fen / parts)[:, None])
        return np.asarray(reached * (leaves * on).sum(axis=1))

    def _worth(self, tier: int) -> Floats:
        """Return the table of one tier; the tiers below are there already."""
        age = np.repeat(_AGES, len(_SIZES))
        fen = np.tile(_SIZES, len(_AGES))
        cell = np.full(len(age), tier * len(GROUPS))
        at = np.full(len(age), tier)
        stopped, told = age + self._stop_wait, age + self._ask_wait
        done, shown = 1 - self._prior.stop.failed_share, 1 - self._prior.ask.failed_share
        there = self._dwells.surviving(cell, stopped)
        stop = done * there * fen - self._stop_cost
        stays = self._dwells.stays(cell)
        lies = self._dwells.surviving(cell, told) - stays
        later = self._dwells.surviving(cell, told + self._stop_wait) - stays
        zero = np.zeros(len(age))
        own = np.maximum(done * later * fen - lies * self._stop_cost, 0.0)
        ask = shown * (own + self.behind(cell, at, fen, zero, told, told)) - self._ask_cost
        until = np.minimum(stopped, told)
        both = stop + shown * self.behind(cell, at, fen, zero, until, told) - self._ask_cost
        best = np.maximum(np.maximum(stop, ask), np.maximum(both, 0.0))
        return np.asarray(best.reshape(len(_AGES), len(_SIZES)))


def _between(grid: Floats, values: Floats) -> tuple[Places, Floats]:
    """Return the place of the grid's point below each value, and how far it is to the next (0 to 1)."""
    place = np.clip(np.searchsorted(grid, values, side="right") - 1, 0, len(grid) - 2)
    share = (values - grid[place]) / (grid[place + 1] - grid[place])
    return place, np.clip(share, 0.0, 1.0)
