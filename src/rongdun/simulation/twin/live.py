"""A world one can act on: time moves on, accounts are held and released, money keeps moving elsewhere.

A held account receives and pays nothing out: what its room or its holder meant to pay while it is held does not happen
and is not tried again. A room whose payment was refused knows that the card is burnt: what was meant for it from then
on, by the room or by a victim, goes to the room's trader of crypto currency, out of reach. Nobody can know what a room
would really do; this is the harder case for whoever stops money. What is held in part pays out what leaves so much.
"""

from dataclasses import dataclass, fields
from typing import Final

import numpy as np

from rongdun.simulation.twin.days import all_days
from rongdun.simulation.twin.draws import Int32s, Int64s, Mask
from rongdun.simulation.twin.flows import POT_MODES, Flows
from rongdun.simulation.twin.live_kernel import advance
from rongdun.simulation.twin.params import Params
from rongdun.simulation.twin.rooms import Rooms
from rongdun.simulation.twin.truth import Moved
from rongdun.simulation.twin.world import Order, Planned, planned, start_of

NOTHING_LEAVES: Final = 1 << 61
"""Fen that must stay where nothing may leave."""


@dataclass(frozen=True, slots=True)
class Script:
    """What is meant to happen: payments in order of time; which accounts are rooms', and each one's ``spare``.

    ``own`` and ``start`` list for each account the rows in which it is payer or payee as meant: those of account ``a``
    are ``own[start[a]:start[a + 1]]``, in order.
    """

    flows: Flows
    mule: Mask
    spare: Int32s
    opening: Int64s
    own: Int64s
    start: Int64s

    def rows_of(self, account: int) -> Int64s:
        """Return the rows meant to touch an account, in order."""
        return self.own[self.start[account] : self.start[account + 1]]


@dataclass(frozen=True, slots=True)
class State:
    """By account: fen, the swindled part, until when it is held and what must stay, whether its room noticed.

    By row: fen that moved (0: not, or not yet), who got it, and both balances after it.
    """

    balance: Int64s
    pot: Int64s
    held_until: Int64s
    kept: Int64s
    burnt: Mask
    amount: Int64s
    to: Int32s
    payer_after: Int64s
    payee_after: Int64s

    def copy(self) -> "State":
        """Return a state that goes its own way."""
        return State(*(getattr(self, field.name).copy() for field in fields(self)))


class Live:
    """A world at a moment. Moments are µs since 1970 UTC and never go back."""

    def __init__(self, script: Script, state: State | None = None, row: int = 0, now: int = 0) -> None:
        self.script, self.state, self.row, self.now = script, state or fresh(script), row, now
        flows = script.flows
        self._spares = frozenset(np.unique(script.spare[script.mule]).tolist())
        self._columns = (
            flows.payer, flows.payee, flows.mode, flows.value, flows.limit, flows.round_to, flows.time, flows.scam,
            script.mule, script.spare,
        )  # fmt: skip

    def fork(self) -> "Live":
        """Return the same world at the same moment, to go another way."""
        return Live(self.script, self.state.copy(), self.row, self.now)

    def until(self, moment: int) -> None:
        """Let everything happen that is due by ``moment``, itself included."""
        end = int(np.searchsorted(self.script.flows.time, moment, side="right"))
        if end > self.row:
            told = self.state
            advance(
                self.row, end, self._columns, told.balance, told.pot, told.held_until, told.kept, told.burnt,
                told.amount, told.to, told.payer_after, told.payee_after,
            )  # fmt: skip
            self.row = end
        self.now = max(self.now, moment)

    def hold(self, account: int, fen: int | None, until: int) -> int:
        """Hold an account from now until ``until``: nothing leaves, or so much must stay; return the fen held."""
        self.state.held_until[account] = until
        self.state.kept[account] = NOTHING_LEAVES if fen is None else fen
        return self.held(account)

    def release(self, account: int) -> int:
        """End what is held; return the fen that were."""
        held = self.held(account)
        self.state.held_until[account] = self.state.kept[account] = 0
        return held

    def held(self, account: int) -> int:
        """Return the fen held now; 0 where nothing is."""
        if self.state.held_until[account] <= self.now:
            return 0
        return int(min(self.state.balance[account], self.state.kept[account]))

    def rows_of(self, account: int, first: int = 0) -> Int64s:
        """Return the rows that moved money of an account so far, from the moment ``first`` on, in order."""
        meant = self.script.rows_of(account)
        if account in self._spares:
            turned = np.flatnonzero(self.state.to[: self.row] == account)
            meant = np.unique(np.concatenate([meant, turned]))
        low, high = np.searchsorted(meant, (int(np.searchsorted(self.script.flows.time, first)), self.row))
        rows = meant[low:high]
        state, payer = self.state, self.script.flows.payer
        moved = (state.amount[rows] > 0) & ((payer[rows] == account) | (state.to[rows] == account))
        return np.asarray(rows[moved], np.int64)

    def moved(self) -> tuple[Moved, Int64s]:
        """Return the payments of swindled money so far, as the truth takes them, and their rows."""
        flows, state = self.script.flows, self.state
        swindled = (flows.mode[: self.row] >= min(POT_MODES)) | (flows.scam[: self.row] >= 0)
        rows = np.flatnonzero(swindled & (state.amount[: self.row] > 0))
        moved = Moved(flows.payer[rows], state.to[rows], state.amount[rows], flows.scam[rows])
        return moved, rows.astype(np.int64)


def fresh(script: Script) -> State:
    """Return the state before the first payment."""
    accounts, rows = len(script.opening), len(script.flows)

    def none(count: int) -> Int64s:
        return np.zeros(count, np.int64)

    return State(
        script.opening.copy(), none(accounts), none(accounts), none(accounts), np.zeros(accounts, np.bool_),
        none(rows), script.flows.payee.copy(), none(rows), none(rows),
    )  # fmt: skip


def script_of(meant: Planned, params: Params, days: int) -> Script:
    """Return what is meant to happen on the world's days, legal money and the other."""
    flows = all_days(meant.background, meant.plan.flows, start_of(params), days)
    rows = np.arange(len(flows), dtype=np.int64)
    sides = np.concatenate([flows.payer, flows.payee])
    order = np.lexsort((np.concatenate([rows, rows]), sides))
    start = np.searchsorted(sides[order], np.arange(len(meant.accounts) + 1))
    own = np.concatenate([rows, rows])[order]
    spare = _spares(len(meant.accounts), meant.plan.rooms, params)
    return Script(flows, meant.mule, spare, meant.accounts.opening_fen, own, start.astype(np.int64))


def live_world(order: Order, params: Params) -> tuple[Planned, Live]:
    """Return the world of ``order`` before its first day, to move on and act on; all its payments are in memory."""
    meant = planned(order, params)
    return meant, Live(script_of(meant, params, order.days))


def _spares(accounts: int, rooms: Rooms, params: Params) -> Int32s:
    """Return for each account of a room one of the room's traders, for any other itself."""
    spare = np.arange(accounts, dtype=np.int32)
    per_crew = params.laundering.crypto_traders_per_crew
    spare[rooms.account] = rooms.trader[rooms.crew * per_crew + np.arange(len(rooms.account)) % per_crew]
    return spare
