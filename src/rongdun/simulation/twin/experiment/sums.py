"""What results say together: shares with bootstrap intervals over worlds, paired. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from rongdun.simulation.twin.draws import Floats, stream
from rongdun.simulation.twin.experiment.desk import Setting
from rongdun.simulation.twin.experiment.policies import SIMPLE
from rongdun.simulation.twin.experiment.worlds import BOUND, ORACLE, OURS, Result

_DRAWS: Final = 2000
_INTERVAL: Final = (2.5, 97.5)


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure and its 95 % interval; all NaN where there is nothing to divide by."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Line:
    """One policy in one setting (``None``: all together). Money in fen, the rest by case."""

    delay: float | None
    officers: int | None
    policy: str
    cases: int
    stealable_fen: int
    saved_fen: int
    saved_share: Interval  # of what was stealable at the report
    of_oracle: Interval
    of_bound: Interval
    others_fen: int
    stops: float
    asks: float
    minutes: float
    innocents: float
    innocents_fen: float

    def as_json(self) -> dict[str, Any]:
        """Return it as one JSON object."""
        told = {name: getattr(self, name) for name in self.__slots__}
        for name in ("saved_share", "of_oracle", "of_bound"):
            told[name] = [_json(getattr(told[name], part)) for part in Interval.__slots__]
        return told


def _json(value: float) -> float | None:
    return None if np.isnan(value) else round(value, 6)


class Sums:
    """Results as sums by world, setting and policy."""

    def __init__(self, results: Sequence[Result]) -> None:
        self.frame = pl.DataFrame(
            [{name: getattr(one, name) for name in Result.__slots__} for one in results],
            infer_schema_length=None,
        )
        self._worlds = sorted(set(self.frame["world"].to_list()))

    def settings(self) -> list[Setting]:
        """Return the settings that were run, in order."""
        rows = self.frame.select("delay", "officers").unique().sort("delay", "officers").rows()
        return [Setting(*row) for row in rows]

    def lines(self) -> list[Line]:
        """Return a line a setting and policy, and one a policy for all settings together."""
        names = list(dict.fromkeys(self.frame["policy"].to_list()))
        return [self._line(setting, name) for setting in (None, *self.settings()) for name in names]

    def _line(self, setting: Setting | None, name: str) -> Line:
        part = self.part(name, setting)
        mean = part.select("stops", "asks", "minutes", "innocents", "innocents_fen").mean().row(0)
        return Line(
            setting.delay if setting else None, setting.officers if setting else None,
            name, part.height,
            int(part["stealable"].sum()), int(part["saved"].sum()),
            self.share(part, "saved", part, "stealable"),
            self.share(part, "saved", self.part(ORACLE, setting), "saved"),
            self.share(part, "saved", self.part(BOUND, setting), "saved"),
            int(part["others"].sum()), *(float(one or 0) for one in mean),
        )  # fmt: skip

    def part(self, name: str, setting: Setting | None = None) -> pl.DataFrame:
        """Return the results of a policy, of one setting or all."""
        which = pl.col("policy") == name
        if setting is not None:
            which &= (pl.col("delay") == setting.delay) & (pl.col("officers") == setting.officers)
        return self.frame.filter(which)

    def best_simple(self, setting: Setting | None = None) -> str:
        """Return the simple policy that saved most."""
        return max(SIMPLE, key=lambda name: int(self.part(name, setting)["saved"].sum()))

    def ours_to_best(self, setting: Setting | None = None) -> Interval:
        """Return what advice saved, as so many times what the best simple policy did."""
        best = self.part(self.best_simple(setting), setting)
        return self.share(self.part(OURS, setting), "saved", best, "saved")

    def share(self, one: pl.DataFrame, over: str, other: pl.DataFrame, under: str) -> Interval:
        """Return a ratio of sums with its bootstrap interval over worlds; both sides of a world go together."""
        above, below = self._by_world(one, over), self._by_world(other, under)
        if not below.sum():
            return Interval(np.nan, np.nan, np.nan)
        drawn = stream(1, "bootstrap").integers(0, len(self._worlds), (_DRAWS, len(self._worlds)))
        sums = below[drawn].sum(axis=1)
        ratios = above[drawn].sum(axis=1)[sums > 0] / sums[sums > 0]
        low, high = np.percentile(ratios, _INTERVAL)
        return Interval(float(above.sum() / below.sum()), float(low), float(high))

    def _by_world(self, part: pl.DataFrame, column: str) -> Floats:
        sums = dict(part.group_by("world").agg(pl.col(column).sum()).rows())
        return np.array([float(sums.get(world, 0)) for world in self._worlds])
