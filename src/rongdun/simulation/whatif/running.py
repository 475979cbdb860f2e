"""What a worker does with a run: plays its worlds one after the other, keeps each as soon as it is played.

A job plays for some seconds and hands the rest on to the next job, so that a worker can stop, and other work has its
turn. Whatever is lost with a killed worker is one world, and the next job plays it again: equal seeds, equal worlds.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from rongdun.kernel.clock import monotonic
from rongdun.kernel.errors import Text
from rongdun.runtime.jobs import Work
from rongdun.runtime.logs import get_logger
from rongdun.runtime.uow import Uow
from rongdun.simulation.whatif import store
from rongdun.simulation.whatif.child import Answer, Player, PlayerLost, Stopped
from rongdun.simulation.whatif.model import Run, RunStory, RunWorld
from rongdun.simulation.whatif.moves import move, tell
from rongdun.simulation.whatif.service import hand_on
from rongdun.simulation.whatif.settings import Side
from rongdun.simulation.whatif.story import LAYOUT

_log = get_logger("whatif")

TURN_S: Final = 15.0
"""No world is begun later than so long after a job's first: loading the twin takes as long as some worlds."""

SILENT: Final = timedelta(minutes=10)
"""A run that gave no sign for so long is given up: its worker is dead and nobody took its work over."""

UNSTARTED: Final = timedelta(hours=1)
"""A run nobody began for so long is given up: no worker runs."""

_LOST = Text(
    "推演进程意外中断，已完成的世界保留；请重新推演",
    "The run's process broke off; the worlds that were played stay. Start it again",
)
_SILENT = Text("推演中断且无人接手，请重新推演", "The run broke off and was not taken over; start it again")
_UNSTARTED = Text("后台进程超过一小时没有处理，请重试", "No worker took it up for an hour; try again")


@dataclass(frozen=True, slots=True)
class Turn:
    """What a job plays: the run, its settings, and the worlds from ``place`` on."""

    run_id: UUID
    sides: tuple[Side, Side]
    cases: int
    seed: int
    place: int
    worlds: int


def run_turn(work: Work, run_id: str) -> None:
    """Play the next worlds of a run and hand the rest on; may run again after a killed worker."""
    turn = _begin(work, UUID(run_id))
    if turn is None:
        return
    try:
        with Player(turn.sides, turn.cases) as player:
            _play(work, turn, player)
    except Stopped:
        return
    except PlayerLost:
        _log.error("whatif_player_lost", run=run_id)
        _fail(work, turn)


def sweep(work: Work) -> None:
    """Give up on runs whose worker fell silent, so that none hangs for ever and keeps others waiting."""
    with work.transact() as uow:
        for found in store.silent_since(uow.session, uow.actor.scope, uow.now - SILENT):
            if found.started_at is not None:
                _give_up(uow, found, _SILENT)
            elif found.beat_at < uow.now - UNSTARTED:
                _give_up(uow, found, _UNSTARTED)


def _begin(work: Work, run_id: UUID) -> Turn | None:
    """Take the run up where it stands; None when it is not wanted any more."""
    with work.transact() as uow:
        found = store.lock_run(uow.session, uow.actor.scope, run_id)
        if found is None or found.state not in ("WAITING", "RUNNING"):
            return None
        if found.state == "WAITING":
            found.started_at = uow.now
            move(uow, found, "begin")
        sides = Side.of(found.a), Side.of(found.b)
        return Turn(found.id, sides, found.cases, found.seed, found.worlds_done, found.worlds)


def _play(work: Work, turn: Turn, player: Player) -> None:
    until = float("inf")
    for place in range(turn.place, turn.worlds):
        if monotonic() > until:
            _hand_on(work, turn)
            return
        answer = player.world(turn.seed + place, lambda: _beat(work, turn))
        _keep(work, turn, place, answer)
        until = min(until, monotonic() + TURN_S)


def _beat(work: Work, turn: Turn) -> bool:
    with work.transact() as uow:
        return store.beat(uow.session, uow.actor.scope, turn.run_id, at=uow.now)


def _keep(work: Work, turn: Turn, place: int, answer: Answer) -> None:
    """Keep a world that was played, its sums and its story together.

    Raises :class:`Stopped` when the run is not wanted any more.
    """
    with work.transact() as uow:
        found = _wanted(uow, turn)
        if found is None or found.worlds_done != place:
            raise Stopped
        _add(uow, found, place, answer)
        found.worlds_done = place + 1
        found.beat_at = uow.now
        if found.worlds_done == found.worlds:
            move(uow, found, "finish")
        else:
            tell(uow, found)


def _add(uow: Uow, found: Run, place: int, answer: Answer) -> None:
    a, b = (one.as_json() for one in answer.tallies)
    of = {"run_id": found.id, "place": place, "unit_path": found.unit_path, "made_at": uow.now}
    uow.session.add(RunWorld(**of, seed=found.seed + place, a=a, b=b))
    uow.session.flush()
    if answer.story is not None:
        uow.session.add(RunStory(**of, layout=LAYOUT, story=answer.story))


def _hand_on(work: Work, turn: Turn) -> None:
    with work.transact() as uow:
        found = _wanted(uow, turn)
        if found is not None:
            hand_on(uow, found)


def _fail(work: Work, turn: Turn) -> None:
    with work.transact() as uow:
        found = _wanted(uow, turn)
        if found is not None:
            _give_up(uow, found, _LOST)


def _give_up(uow: Uow, found: Run, why: Text) -> None:
    found.error_zh, found.error_en = why
    move(uow, found, "fail")


def _wanted(uow: Uow, turn: Turn) -> Run | None:
    found = store.lock_run(uow.session, uow.actor.scope, turn.run_id)
    return found if found is not None and found.state == "RUNNING" else None
