"""One world of an experiment: its cases worked under every policy, and what each saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from rongdun.analytics.tracing.advice.prior import Prior
from rongdun.simulation.twin.city import Kind
from rongdun.simulation.twin.draws import HOUR, Int8s
from rongdun.simulation.twin.experiment.cases import Case, draw_cases
from rongdun.simulation.twin.experiment.desk import Desk, Done, Policy, Setting
from rongdun.simulation.twin.experiment.foresight import Foresight
from rongdun.simulation.twin.experiment.knowledge import Knowledge, ground_of
from rongdun.simulation.twin.experiment.oracle import Oracle
from rongdun.simulation.twin.experiment.policies import SIMPLE, Advice, Sorted
from rongdun.simulation.twin.experiment.replies import Institutions
from rongdun.simulation.twin.live import Live, script_of
from rongdun.simulation.twin.params import Params
from rongdun.simulation.twin.truth import habits
from rongdun.simulation.twin.world import Order as WorldOrder
from rongdun.simulation.twin.world import Planned, planned

NONE: Final = "none"
OURS: Final = "advice"
BOUND: Final = "told_oracle"
ORACLE: Final = "oracle"
POLICIES: Final = (NONE, *SIMPLE, OURS, BOUND, ORACLE)
_ROOMS: Final = (Kind.MULE, Kind.MULE_WALLET, Kind.SHELL, Kind.TRADER, Kind.FEEDER)


@dataclass(frozen=True, slots=True)
class Result:
    """What one policy did in one case; money in fen.

    ``stealable`` lay in rooms' accounts at the report, of the victim's; ``others`` is other victims' money held beside.
    """

    world: int
    scam: int
    delay: float
    officers: int
    limit: float | None  # minutes the case might cost
    policy: str
    lost: int
    stealable: int
    saved: int
    others: int
    stops: int
    asks: int
    refused: int
    minutes: float
    innocents: int
    innocents_fen: int


class Stage:
    """A world and all that its cases share."""

    def __init__(self, order: WorldOrder, params: Params) -> None:
        self.order, self.params = order, params
        self.meant: Planned = planned(order, params)
        self.script = script_of(self.meant, params, order.days)
        self.ordinary = Live(self.script)
        self.ordinary.until(1 << 60)
        self.habit: Int8s = habits(len(self.meant.accounts), params, order.seed)
        self.foresight = Foresight(self.ordinary, self.habit)
        self.banks = Institutions(params, order.seed)
        self.ground = ground_of(self.meant.accounts, self.banks.names, params.answers.masked_share)
        self.room = self.meant.mule | np.isin(self.meant.accounts.kind, _ROOMS)

    def cases(self, delay: float, most: int) -> list[Case]:
        """Return the world's cases when reports come so late."""
        return draw_cases(
            self.meant, self.ordinary, self.params, self.order.seed, self.order.days, delay, most
        )

    def policy(self, name: str, prior: Prior) -> Policy:
        """Return a policy by its name."""
        if name in SIMPLE:
            return Sorted(SIMPLE[name])
        named: Mapping[str, Any] = {
            OURS: lambda: Advice(prior),
            BOUND: lambda: Oracle(self.foresight, told_only=True),
            ORACLE: lambda: Oracle(self.foresight, told_only=False),
        }
        chosen: Policy = named[name]()
        return chosen

    def run(self, settings: Sequence[Setting], names: Sequence[str], prior: Prior, most: int) -> list[Result]:
        """Work every case under every setting and policy."""
        found = []
        live = Live(self.script)
        for delay in sorted({one.delay for one in settings}):
            live = Live(self.script)
            for case in self.cases(delay, most):
                live.until(case.reported)
                for setting in (one for one in settings if one.delay == delay):
                    found += [self._result(case, setting, name, live, prior) for name in names]
        return found

    def desk(self, case: Case, live: Live, setting: Setting) -> Desk:
        """Return a desk at the moment of a report; ``live`` is that moment and stays as it is."""
        return Desk(case, Knowledge(case, live.fork(), self.ground), self.banks, self.params, setting)

    def _result(self, case: Case, setting: Setting, name: str, live: Live, prior: Prior) -> Result:
        desk = self.desk(case, live, setting)
        lost, stealable = self._before(case, live)
        done = Done() if name == NONE else desk.work(self.policy(name, prior))
        desk.live.until(case.reported + round(self.params.desk.hours_judged * HOUR))
        owned = self.foresight.owned(desk.live)
        held = np.isin(owned.left_account, list(done.stopped))
        mine = owned.left_scam == case.scam
        innocent = [account for account in done.stopped if not self.room[account]]
        return Result(
            world=self.order.seed, scam=case.scam, delay=setting.delay, officers=setting.officers,
            limit=setting.minutes, policy=name, lost=lost, stealable=stealable,
            saved=int(owned.left_fen[held & mine].sum()), others=int(owned.left_fen[held & ~mine].sum()),
            stops=done.stops, asks=done.asks, refused=done.refused, minutes=done.minutes,
            innocents=len(innocent), innocents_fen=int(desk.live.state.balance[innocent].sum()),
        )  # fmt: skip

    def _before(self, case: Case, live: Live) -> tuple[int, int]:
        owned = self.foresight.owned(live)
        rows = np.flatnonzero(self.script.flows.scam == case.scam)
        lost = int(live.state.amount[rows[rows < live.row]].sum())
        return lost, int(owned.left_fen[owned.left_scam == case.scam].sum())
