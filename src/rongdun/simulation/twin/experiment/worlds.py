"""One world of an experiment: its cases worked under every policy, and what each saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from rongdun.analytics.tracing.advice.prior import Prior
from rongdun.simulation.twin.city import Kind
from rongdun.simulation.twin.draws import HOUR, Int8s, stream
from rongdun.simulation.twin.experiment.cases import Case, draw_cases
from rongdun.simulation.twin.experiment.desk import Desk, Policy, Setting
from rongdun.simulation.twin.experiment.foresight import Foresight
from rongdun.simulation.twin.experiment.hour import work
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
            return Sorted(*SIMPLE[name])
        named: Mapping[str, Any] = {
            OURS: lambda: Advice(prior),
            BOUND: lambda: Oracle(self.foresight, told_only=True),
            ORACLE: lambda: Oracle(self.foresight, told_only=False),
        }
        chosen: Policy = named[name]()
        return chosen

    def run(self, settings: Sequence[Setting], names: Sequence[str], prior: Prior, most: int) -> list[Result]:
        """Work the world's busy hour under every setting and policy."""
        found = []
        for delay in sorted({one.delay for one in settings}):
            begun = self.begun(delay, most)
            for setting in (one for one in settings if one.delay == delay):
                for name in names:
                    found += [result for _, result in self.worked(begun, setting, name, prior)]
        return found

    def begun(self, delay: float, most: int) -> list[tuple[Case, Live]]:
        """Return the hour's cases, in the order of their reports, each with its world at that moment."""
        live, found = Live(self.script), []
        for case in self.cases(delay, most):
            live.until(case.reported)
            found.append((case, live.fork()))
        return found

    def desks(self, begun: Sequence[tuple[Case, Live]], setting: Setting) -> list[Desk]:
        """Return a desk for each case; reports come evenly over the hour, in an order drawn by the world's seed."""
        drawn = stream(self.order.seed, "busy hour").random(len(self.meant.scams))
        turns = sorted(begun, key=lambda one: float(drawn[one[0].scam]))
        apart = HOUR // max(len(begun), 1)
        return [
            Desk(
                case,
                Knowledge(case, live.fork(), self.ground),
                self.banks,
                self.params,
                setting,
                turn * apart,
            )
            for turn, (case, live) in enumerate(turns)
        ]

    def worked(
        self, begun: Sequence[tuple[Case, Live]], setting: Setting, name: str, prior: Prior
    ) -> list[tuple[Desk, Result]]:
        """Work the hour under one setting and policy; return its cases at the moment they are judged."""
        before = {case.scam: self._before(case, live) for case, live in begun}
        desks = self.desks(begun, setting)
        if name != NONE and desks:
            work(desks, self.policy(name, prior), setting.officers)
        return [(desk, self._result(desk, setting, name, *before[desk.case.scam])) for desk in desks]

    def _result(self, desk: Desk, setting: Setting, name: str, lost: int, stealable: int) -> Result:
        case, done = desk.case, desk.done
        desk.live.until(case.reported + round(self.params.desk.hours_judged * HOUR))
        owned = self.foresight.owned(desk.live)
        held = np.isin(owned.left_account, list(done.stopped))
        mine = owned.left_scam == case.scam
        innocent = [account for account in done.stopped if not self.room[account]]
        return Result(
            world=self.order.seed, scam=case.scam, delay=setting.delay, officers=setting.officers, policy=name,
            lost=lost, stealable=stealable,
            saved=int(owned.left_fen[held & mine].sum()), others=int(owned.left_fen[held & ~mine].sum()),
            stops=done.stops, asks=done.asks, refused=done.refused, minutes=done.minutes,
            innocents=len(innocent), innocents_fen=int(desk.live.state.balance[innocent].sum()),
        )  # fmt: skip

    def _before(self, case: Case, live: Live) -> tuple[int, int]:
        owned = self.foresight.owned(live)
        rows = np.flatnonzero(self.script.flows.scam == case.scam)
        lost = int(live.state.amount[rows[rows < live.row]].sum())
        return lost, int(owned.left_fen[owned.left_scam == case.scam].sum())
