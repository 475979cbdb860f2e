"""Learning from closed cases of other worlds: what desks knew in the end, and what banks then found held."""

from importlib.resources import files
from typing import Final

import numpy as np

from rongdun.analytics.tracing.advice.fit import Closed, as_toml, fit
from rongdun.analytics.tracing.advice.prior import BELIEVED, load_prior
from rongdun.simulation.twin.experiment.desk import Desk, Setting
from rongdun.simulation.twin.experiment.hour import work
from rongdun.simulation.twin.experiment.policies import SIMPLE, Sorted
from rongdun.simulation.twin.experiment.run import Plan, changes_of
from rongdun.simulation.twin.experiment.worlds import Stage
from rongdun.simulation.twin.params import load_params
from rongdun.simulation.twin.world import Order

_OFFICERS: Final = 4


def learnt(plan: Plan, worlds: int) -> str:
    """Return the text of a prior that learnt from the worlds of seeds ``0 … worlds - 1``, worked in tier order."""
    params = load_params(None, changes_of(plan))
    closed: list[Closed] = []
    for seed in range(worlds):
        stage = Stage(Order(plan.people, plan.days, seed), params)
        for delay in plan.delays:
            setting = Setting(delay, _OFFICERS)
            desks = stage.desks(stage.begun(delay, plan.cases), setting)
            if desks:
                work(desks, Sorted(*SIMPLE["tier"]), _OFFICERS)
            closed += [_closed(stage, desk) for desk in desks]
    text = (plan.prior or files("rongdun.analytics.tracing.advice").joinpath("prior.toml")).read_text("utf-8")
    return as_toml(fit(closed, load_prior(plan.prior)), text)


def _closed(stage: Stage, desk: Desk) -> Closed:
    """Return the case as its file tells it; of stopped accounts it is known in the end what was the victim's."""
    sub, found = desk.knowledge.traced(desk.now, BELIEVED)
    owned = stage.foresight.owned(desk.live)
    mine = (owned.left_scam == desk.case.scam) & np.isin(owned.left_account, list(desk.done.stopped))
    confirmed = {desk.knowledge.ground.key[account]: 0 for account in desk.done.stopped}
    for account, fen in zip(owned.left_account[mine].tolist(), owned.left_fen[mine].tolist(), strict=True):
        confirmed[desk.knowledge.ground.key[account]] += fen
    return Closed(sub=sub, found=found, confirmed=confirmed)
