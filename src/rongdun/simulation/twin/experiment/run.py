"""Many paired worlds, worked in processes side by side, and what they say together."""

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

from rongdun.analytics.tracing.advice.prior import load_prior
from rongdun.simulation.twin.experiment.desk import Setting
from rongdun.simulation.twin.experiment.worlds import POLICIES, Result, Stage
from rongdun.simulation.twin.params import load_params
from rongdun.simulation.twin.world import Order

INTENSITY: Final = 600.0
"""So many times the real rate of scams, as in the calibration: a small town with the cases of a large city."""

LEAST_LOSS: Final = 5_000.0
"""Yuan: smaller cases need no advice, three accounts and they are over."""

SHIFTS: Final[dict[str, dict[str, Any]]] = {
    "none": {},
    "faster_mules": {
        "laundering": {"dwell_median_minutes": 2.0, "hop_least_minutes": 1.0, "hop_most_minutes": 7.0}
    },
    "slower_banks": {"replies": {"stop_median_minutes": 12.0, "ask_minutes": [3.0, 40.0]}},
    "era_2018": {"laundering": {"era": "2018"}},
    "more_parking": {"laundering": {"parked_share": 0.25, "parked_median_hours": 8.0}},
}
"""Worlds whose parameters advice was not fitted to, by name."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is run. World number ``n`` has the seed ``seed + n``; ``cases`` of each at most."""

    worlds: int = 30
    people: int = 8000
    days: int = 7
    seed: int = 2000
    delays: Sequence[float] = (10.0, 30.0, 120.0)
    officers: Sequence[int] = (1, 2, 4)
    cases: int = 6
    policies: Sequence[str] = POLICIES
    shift: str = "none"
    prior: Path | None = None
    processes: int = 2
    changes: dict[str, Any] = field(default_factory=dict)

    def settings(self) -> list[Setting]:
        """Return every pair of delay and officers."""
        return [Setting(delay, officers) for delay in self.delays for officers in self.officers]

    def as_json(self) -> dict[str, Any]:
        """Return it as one JSON object."""
        told = asdict(self)
        told["prior"] = str(self.prior) if self.prior else None
        return told


def run(plan: Plan, tell: Callable[[int, int], None] = lambda _done, _all: None) -> list[Result]:
    """Return every result, world by world; ``tell`` hears how many worlds are done."""
    seeds = [plan.seed + number for number in range(plan.worlds)]
    work = partial(one_world, plan)
    if plan.processes == 1:
        found = {}
        for seed in seeds:
            found[seed] = work(seed)
            tell(len(found), len(seeds))
    else:
        found = _side_by_side(work, seeds, plan.processes, tell)
    return [result for seed in seeds for result in found[seed]]


def _side_by_side(
    work: Callable[[int], list[Result]],
    seeds: Sequence[int],
    processes: int,
    tell: Callable[[int, int], None],
) -> dict[int, list[Result]]:
    found = {}
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        waiting = {pool.submit(work, seed): seed for seed in seeds}
        for done in as_completed(waiting):
            found[waiting[done]] = done.result()
            tell(len(found), len(seeds))
    return found


def one_world(plan: Plan, seed: int) -> list[Result]:
    """Return the results of one world."""
    params = load_params(None, changes_of(plan))
    stage = Stage(Order(plan.people, plan.days, seed), params)
    return stage.run(plan.settings(), plan.policies, load_prior(plan.prior), plan.cases)


def changes_of(plan: Plan) -> dict[str, Any]:
    """Return how a plan's parameters differ from the shipped ones."""
    told: dict[str, Any] = {"arrivals": {"intensity": INTENSITY}, "desk": {"least_loss_yuan": LEAST_LOSS}}
    for changes in (SHIFTS[plan.shift], plan.changes):
        for group, values in changes.items():
            told[group] = {**told.get(group, {}), **values}
    return told
