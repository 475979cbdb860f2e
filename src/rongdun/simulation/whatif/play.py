"""One world under two settings, by the twin's experiment as it is. Pure, slow to import; runs in a child process."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rongdun.analytics.tracing.advice.prior import load_prior
from rongdun.simulation.twin.experiment.desk import Setting
from rongdun.simulation.twin.experiment.run import SHIFTS, Plan, changes_of
from rongdun.simulation.twin.experiment.worlds import ORACLE, Result, Stage
from rongdun.simulation.twin.params import load_params
from rongdun.simulation.twin.world import Order
from rongdun.simulation.whatif.recording import Worked, story_of
from rongdun.simulation.whatif.settings import DAYS, PEOPLE, Side, Tally
from rongdun.simulation.whatif.story import Story

BANKS: Final[Mapping[str, dict[str, Any]]] = {
    "slow": SHIFTS["slower_banks"],
    "usual": {},
    "fast": {"replies": {"stop_median_minutes": 3.0, "ask_minutes": [0.5, 10.0]}},
}
MULES: Final[Mapping[str, dict[str, Any]]] = {
    "slow": {"laundering": {"dwell_median_minutes": 8.0, "hop_least_minutes": 4.0, "hop_most_minutes": 30.0}},
    "usual": {},
    "fast": SHIFTS["faster_mules"],
}
"""By pace: what differs from the shipped parameters, each twice or half of them."""


@dataclass(frozen=True, slots=True)
class Played:
    """What a world gave: the sums of each side, and what happened; None where that is more than can be watched."""

    tallies: list[Tally]
    story: Story | None


def play(sides: tuple[Side, Side], seed: int, cases: int) -> Played:
    """Return what both sides gave in the world of ``seed``: the same scams, banks and luck for both.

    Sides whose banks and mules are equally fast meet one world; else each meets its own, of the same seed.
    """
    stages: dict[tuple[str, str], Stage] = {}
    tallies, worked = [], []
    for side in sides:
        pace = side.banks, side.mules
        stage = stages.get(pace)
        if stage is None:
            stage = stages[pace] = _stage(*pace, seed)
        tally, mine = _side(stage, side, cases)
        tallies.append(tally)
        worked.append(mine)
    return Played(tallies, story_of(worked))


def _stage(banks: str, mules: str, seed: int) -> Stage:
    plan = Plan(changes={**BANKS[banks], **MULES[mules]})
    return Stage(Order(PEOPLE, DAYS, seed), load_params(None, changes_of(plan)))


def _side(stage: Stage, side: Side, cases: int) -> tuple[Tally, list[Worked]]:
    setting, prior = Setting(float(side.delay), side.officers), load_prior(None)
    begun = stage.begun(setting.delay, cases)
    worked = [Worked(stage, *one) for one in stage.worked(begun, setting, side.policy, prior)]
    oracle = sum(one.saved for _, one in stage.worked(begun, setting, ORACLE, prior))
    return _tally([one.result for one in worked], oracle), worked


def _tally(mine: Sequence[Result], oracle: int) -> Tally:
    return Tally(
        cases=len(mine),
        oracle=oracle,
        minutes=float(sum(one.minutes for one in mine)),
        **{name: _sum(mine, name) for name in _SAME},
    )


_SAME: Final = ("lost", "stealable", "saved", "stops", "asks", "innocents", "innocents_fen")


def _sum(results: Sequence[Result], name: str) -> int:
    return sum(int(getattr(one, name)) for one in results)
