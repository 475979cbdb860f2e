"""What is still to come of the swindled money, if nobody does more than was done. For oracles and for judging only.

Only swindled payments are played forward: what a room pays depends on the swindled money in its accounts alone, and
what victims pay is known from the world in which nobody acted.
"""

from dataclasses import dataclass, replace

import numpy as np

from rongdun.analytics.tracing.advice.model import Action
from rongdun.domains.exchange.messages import Outcome
from rongdun.simulation.twin.draws import HOUR, Int8s, Int32s, Int64s, Mask
from rongdun.simulation.twin.experiment.desk import Desk
from rongdun.simulation.twin.flows import NO_LIMIT, POT_MODES, Mode
from rongdun.simulation.twin.live import NOTHING_LEAVES, Live, Script, fresh
from rongdun.simulation.twin.truth import Moved, Owned, follow

_FAR = 1 << 62
_PLENTY = 1 << 50


@dataclass(frozen=True, slots=True)
class Lies:
    """The victim's money in one account over time: what came and went so far, running sums."""

    came_at: Int64s
    came: Int64s
    left_at: Int64s
    left: Int64s

    def held_from(self, moment: int) -> int:
        """Return the fen a stop at ``moment`` holds: what lies there when the room first tries to pay after it."""
        out = int(np.searchsorted(self.left_at, moment, side="right"))
        tried = int(self.left_at[out]) if out < len(self.left_at) else _FAR
        into = int(np.searchsorted(self.came_at, tried))
        return int((self.came[into - 1] if into else 0) - (self.left[out - 1] if out else 0))


@dataclass(frozen=True, slots=True)
class Seen:
    """The way of one victim's money until the case is judged: payments in order, and what lies in each account."""

    payer: Int64s
    payee: Int64s
    time: Int64s
    lies: dict[int, Lies]


class Foresight:
    """One world's swindled payments, on as few accounts as they touch."""

    def __init__(self, ordinary: Live, habit: Int8s) -> None:
        flows, state = ordinary.script.flows, ordinary.state
        script = ordinary.script
        self._rows = np.flatnonzero((flows.mode >= min(POT_MODES)) | (flows.scam >= 0)).astype(np.int64)
        few = flows.take(self._rows)
        by_victim = few.scam >= 0
        sides = (few.payer, few.payee, script.spare[few.payer], script.spare[few.payee])
        self._place = np.unique(np.concatenate(sides)).astype(np.int64)
        few.payer, few.payee = self._local(few.payer), self._local(few.payee)
        few.mode = np.where(by_victim, np.int8(Mode.WHOLE), few.mode)
        few.value = np.where(by_victim, state.amount[self._rows], few.value)
        few.limit = np.where(by_victim, NO_LIMIT, few.limit)
        few.round_to = np.where(by_victim, np.int32(1), few.round_to)
        self._mule: Mask = script.mule[self._place]
        self._habit = habit[self._place]
        opening = np.where(self._mule, 0, _PLENTY).astype(np.int64)
        nothing = np.zeros(0, np.int64)
        spare = self._local(script.spare[self._place])
        self._script = Script(few, self._mule, spare, opening, nothing, nothing)

    def _local(self, accounts: Int32s | Int64s) -> Int32s:
        return np.searchsorted(self._place, accounts).astype(np.int32)

    def owned(self, live: Live) -> Owned:
        """Return whose money lies where in a live world now; accounts are the city's."""
        moved = self._moved(live, len(self._past(live)))
        found = follow(moved, self._mule, self._habit)
        return replace(found, left_account=self._place[found.left_account].astype(np.int32))

    def carried(self, live: Live, scam: int) -> tuple[Int64s, Int64s]:
        """Return the payments so far that carried a scam's money, rows of the script in order, and its fen in each."""
        past = len(self._past(live))
        found = follow(self._moved(live, past), self._mule, self._habit)
        mine = found.part_scam == scam
        happened = self._rows[:past][live.state.amount[self._rows[:past]] > 0]
        return happened[found.part_row[mine]], found.part_fen[mine]

    def look(self, desk: Desk) -> Seen:
        """Return what will become of the case's money until it is judged, orders on their way included."""
        ahead = self._ahead(desk)
        past = len(self._past(desk.live))
        now, then = self._moved(desk.live, past), self._taken(ahead, past)
        flows, state = self._script.flows, desk.live.state
        happened = self._rows[:past][state.amount[self._rows[:past]] > 0]
        time = np.concatenate([desk.live.script.flows.time[happened], flows.time[then[1]]])
        moved = _joined(now, then[0])
        found = follow(moved, self._mule, self._habit)
        mine = found.part_scam == desk.case.scam
        rows, fen = found.part_row[mine], found.part_fen[mine]
        payer, payee = self._place[moved.payer[rows]], self._place[moved.payee[rows]]
        return Seen(payer, payee, time[rows], _lies(payer, payee, fen, time[rows], desk.live.script.mule))

    def saved(self, desk: Desk, stop: tuple[int, int] | None = None) -> int:
        """Return the fen of the case that will be held in the end; ``stop``: if an account were stopped then, too."""
        ahead = self._ahead(desk, stop)
        past = len(self._past(desk.live))
        now, then = self._moved(desk.live, past), self._taken(ahead, past)[0]
        found = follow(_joined(now, then), self._mule, self._habit)
        held = (ahead.state.held_until > ahead.now)[found.left_account] & (found.left_scam == desk.case.scam)
        return int(found.left_fen[held].sum())

    def _past(self, live: Live) -> Int64s:
        return self._rows[: int(np.searchsorted(self._rows, live.row))]

    def _moved(self, live: Live, past: int) -> Moved:
        rows = self._rows[:past]
        rows = rows[live.state.amount[rows] > 0]
        flows, state = live.script.flows, live.state
        payer, payee = self._local(flows.payer[rows]), self._local(state.to[rows])
        return Moved(payer, payee, state.amount[rows], flows.scam[rows])

    def _ahead(self, desk: Desk, stop: tuple[int, int] | None = None) -> Live:
        """Play on from now: the same pots and holds, and stops that are on their way hold when they land."""
        live, judged = desk.live, desk.case.reported + round(desk.params.desk.hours_judged * HOUR)
        state = fresh(self._script)
        there = live.state
        state.pot[:] = there.pot[self._place]
        state.balance[:] = np.where(self._mule, state.pot, _PLENTY)
        state.held_until[:], state.kept[:] = there.held_until[self._place], there.kept[self._place]
        state.burnt[:] = there.burnt[self._place]
        ahead = Live(self._script, state, len(self._past(live)), live.now)
        landing = [
            (one.at, one.order.account)
            for one in desk.coming
            if one.order.action == Action.STOP and one.outcome == Outcome.DONE and one.at <= judged
        ]
        for at, account in sorted([*landing, stop] if stop else landing):
            place = int(np.searchsorted(self._place, account))
            ahead.until(at)
            if place < len(self._place) and self._place[place] == account:
                state.held_until[place], state.kept[place] = _FAR, NOTHING_LEAVES
        ahead.until(judged)
        return ahead

    def _taken(self, ahead: Live, past: int) -> tuple[Moved, Int64s]:
        state, flows = ahead.state, self._script.flows
        rows = past + np.flatnonzero(state.amount[past : ahead.row] > 0)
        return Moved(flows.payer[rows], state.to[rows], state.amount[rows], flows.scam[rows]), rows


def _joined(one: Moved, other: Moved) -> Moved:
    names = ("payer", "payee", "amount", "scam")
    return Moved(*(np.concatenate([getattr(one, name), getattr(other, name)]) for name in names))


def _lies(payer: Int64s, payee: Int64s, fen: Int64s, time: Int64s, mule: Mask) -> dict[int, Lies]:
    out = {}
    for account in np.unique(payee[mule[payee]]).tolist():
        into, away = np.flatnonzero(payee == account), np.flatnonzero(payer == account)
        out[account] = Lies(time[into], np.cumsum(fen[into]), time[away], np.cumsum(fen[away]))
    return out
