"""Which calls of a simulated city make a good drill: somebody reports soon, and much of the money is still there."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np

from rongdun.kernel.clock import SHANGHAI
from rongdun.simulation.twin.draws import FEN, SECOND, Int64s
from rongdun.simulation.twin.live import Live
from rongdun.simulation.twin.params import Params
from rongdun.simulation.twin.scams import TYPES, Exit, type_names
from rongdun.simulation.twin.tables import people_table
from rongdun.simulation.twin.truth import follow, habits
from rongdun.simulation.twin.world import Order, Planned

_MINUTE: Final = 60 * SECOND
_SOON: Final = 90 * _MINUTE
_WHILE: Final = 5 * _MINUTE
_LEAST_LEFT: Final = 0.35
_LOSS: Final = (20_000 * 100, 600_000 * 100)
_MOST_TRANSFERS: Final = 6


@dataclass(frozen=True, slots=True)
class CalledTransfer:
    """One transfer of a call, as the caller tells it from the bank's message: places are the world's accounts."""

    payer: int
    payee: int
    amount_fen: int
    time: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A scam somebody reports at ``moment``, and what was paid."""

    scam: int
    person: int
    type_code: str
    type_name: str
    moment: int
    transfers: Sequence[CalledTransfer]

    @property
    def total_fen(self) -> int:
        """All that was paid."""
        return sum(each.amount_fen for each in self.transfers)


class Calls:
    """The calls of a world in order of time; choosing one looks ahead in a copy of the world."""

    def __init__(self, meant: Planned, live: Live, order: Order, params: Params) -> None:
        self._meant, self._live, self._params = meant, live, params
        self._habit = habits(len(meant.accounts), params, order.seed)
        self.people = people_table(meant.city, params, order.seed)

    def after(self, moment: int) -> Iterator[Candidate]:
        """Yield good calls after ``moment``, the earliest first."""
        ahead = self._live.fork()
        for scam in self._reported_after(moment):
            report = int(self._meant.scams.report_time[scam])
            ahead.until(report + _WHILE)
            found = self._candidate(ahead, scam, report)
            if found is not None and self._still_there(ahead, found) >= _LEAST_LEFT:
                yield found

    def _reported_after(self, moment: int) -> list[int]:
        scams = self._meant.scams
        soon = scams.report_time - scams.planned_end <= _SOON
        through = scams.exit != Exit.DELIVERED
        fitting = scams.reported & soon & through & (scams.report_time > moment)
        rows = np.flatnonzero(fitting & (scams.planned_fen >= _LOSS[0]) & (scams.planned_fen <= _LOSS[1]))
        return [int(row) for row in rows[np.argsort(scams.report_time[rows], kind="stable")]]

    def _candidate(self, ahead: Live, scam: int, report: int) -> Candidate | None:
        rows = self._paid(ahead, scam, report)
        if not 0 < len(rows) <= _MOST_TRANSFERS or ahead.state.amount[rows].sum() < _LOSS[0]:
            return None
        flows, state = ahead.script.flows, ahead.state
        code, name = TYPES[type_names(self._params)[int(self._meant.scams.kind[scam])]]
        told = [
            CalledTransfer(
                int(flows.payer[row]), int(state.to[row]), int(state.amount[row]), int(flows.time[row])
            )
            for row in rows.tolist()
        ]
        return Candidate(scam, int(self._meant.scams.victim[scam]), code, name, report, told)

    def _paid(self, ahead: Live, scam: int, report: int) -> Int64s:
        flows = ahead.script.flows
        rows = np.flatnonzero(flows.scam[: ahead.row] == scam)
        return rows[(ahead.state.amount[rows] > 0) & (flows.time[rows] <= report)].astype(np.int64)

    def _still_there(self, ahead: Live, found: Candidate) -> float:
        """Return the share of what was paid that lies in rooms' accounts; the director may know, no desk does."""
        moved, _ = ahead.moved()
        owned = follow(moved, self._meant.mule, self._habit)
        left = int(owned.left_fen[owned.left_scam == found.scam].sum())
        return left / max(found.total_fen, 1)


def story_of(found: Candidate, shift: timedelta) -> str:
    """Return what the caller says, moments moved by ``shift`` into the centre's own time."""
    last = moment_of(found.transfers[-1].time) + shift
    yuan = found.total_fen / FEN
    return _openings()[found.type_code].format(
        times=len(found.transfers), total=f"{yuan:,.2f}", last=f"{last:%H点%M分}"
    )


def moment_of(micros: int) -> datetime:
    """Return a moment of the world in civil time."""
    return datetime.fromtimestamp(micros / SECOND, SHANGHAI)


@cache
def _openings() -> dict[str, str]:
    text = files("rongdun.simulation.drill").joinpath("calls.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
