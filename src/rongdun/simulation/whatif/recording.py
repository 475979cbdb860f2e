"""A world's story, taken from desks that have been worked: nothing is recorded meanwhile but the orders themselves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from rongdun.analytics.tracing.advice.model import Action
from rongdun.domains.exchange.messages import Outcome
from rongdun.kernel.clock import SHANGHAI
from rongdun.simulation.twin.city import CORPORATE, Kind
from rongdun.simulation.twin.draws import HOUR, SECOND, Int64s
from rongdun.simulation.twin.experiment.desk import CORRECT, Act, Desk
from rongdun.simulation.twin.experiment.worlds import Result, Stage
from rongdun.simulation.twin.flows import Use
from rongdun.simulation.whatif.story import (
    MOST_MOVES,
    OUT,
    VICTIM,
    Story,
    StoryAccount,
    StoryAct,
    StoryCase,
    StoryMoves,
    StorySide,
    StorySums,
    StoryWords,
    Way,
)

_OUTCOMES: Final = {Outcome.DONE: "done", Outcome.TIMEOUT: "silent"}
_SPENT: Final = (Use.PURCHASE, Use.PLATFORM, Use.BILL)


@dataclass(frozen=True, slots=True)
class Worked:
    """A case that was worked under a setting, and the world it lies in."""

    stage: Stage
    desk: Desk
    result: Result


def story_of(sides: Sequence[Sequence[Worked]]) -> Story | None:
    """Return what happened under both settings; None where it is more than can be watched."""
    cases = [_case(found) for found in _paired(*sides)]
    moves = sum(len(side.moves.at) for case in cases for side in (case.a, case.b) if side)
    return Story(cases=cases) if moves <= MOST_MOVES else None


def _paired(a: Sequence[Worked], b: Sequence[Worked]) -> Iterator[tuple["_Way | None", "_Way | None"]]:
    """Yield each scam's case under both settings, in the order of reports."""
    by_scam = [{one.result.scam: one for one in side} for side in (a, b)]
    offset = {one.result.scam: one.desk.offset for one in (*b, *a)}
    for scam in sorted(offset, key=lambda scam: (offset[scam], scam)):
        one, other = (found.get(scam) for found in by_scam)
        yield _Way(one) if one else None, _Way(other) if other else None


class _Way:
    """The way of a victim's money in a case that was worked; accounts are places in the city."""

    def __init__(self, worked: Worked) -> None:
        self.worked, desk = worked, worked.desk
        script = desk.live.script
        rows, self.fen = worked.stage.foresight.carried(desk.live, desk.case.scam)
        self.payer = np.where(script.flows.scam[rows] >= 0, VICTIM, script.flows.payer[rows]).astype(np.int64)
        to = desk.live.state.to[rows].astype(np.int64)
        self.stays = script.mule[to]
        self.payee: Int64s = np.where(self.stays, to, OUT)
        self.start = int(script.flows.time[rows[0]])
        self.at: Int64s = (script.flows.time[rows] - self.start) // SECOND
        kind = worked.stage.meant.accounts.kind[to].tolist()
        use = script.flows.use[rows].tolist()
        self.way = [
            "" if stays else _way(*out) for stays, *out in zip(self.stays.tolist(), use, kind, strict=True)
        ]

    def second(self, moment: int) -> int:
        """Return a moment on the case's clock."""
        return (moment - self.start) // SECOND

    def tiers(self) -> dict[int, int]:
        """Return how many transfers after the victim's each account was first reached, in order of arrival."""
        found = {VICTIM: 0}
        for payer, payee, stays in zip(
            self.payer.tolist(), self.payee.tolist(), self.stays.tolist(), strict=True
        ):
            if stays and payee not in found:
                found[payee] = found[payer] + 1
        return found

    def touched(self) -> list[int]:
        """Return the accounts that orders were about, in order."""
        return [act.order.account for act in self.worked.desk.done.acts if act.order.account != CORRECT]


def _way(use: int, kind: int) -> Way:
    if use == Use.CASH_OUT:
        return "cash"
    if kind == Kind.TRADER:
        return "crypto"
    return "spent" if use in _SPENT else "other"


def _case(ways: tuple[_Way | None, _Way | None]) -> StoryCase:
    there = [one for one in ways if one]
    tier = _tiers(there)
    places = [*sorted((one for one in tier if tier[one]), key=lambda one: tier[one])]
    places += [one for one in tier if not tier[one]]
    numbered = {place: number for number, place in enumerate(places)} | {VICTIM: VICTIM}
    a, b = (_side(one, numbered) if one else None for one in ways)
    return StoryCase(
        accounts=[_account(there[0].worked.stage, place, tier[place]) for place in places], a=a, b=b
    )


def _tiers(ways: Sequence[_Way]) -> dict[int, int]:
    """Return the tier of every account under either setting, the lower one; 0: only orders were about it."""
    found: dict[int, int] = {}
    for one in ways:
        for place, tier in one.tiers().items():
            if place != VICTIM:
                found[place] = min(tier, found.get(place, tier))
    for one in ways:
        for place in one.touched():
            found.setdefault(place, 0)
    return found


def _account(stage: Stage, place: int, tier: int) -> StoryAccount:
    kind = Kind(int(stage.meant.accounts.kind[place]))
    shown = "corporate" if kind in CORPORATE else "merchant" if kind == Kind.MERCHANT else "personal"
    bank, _ = stage.ground.key[place]
    return StoryAccount(tier=tier, bank=bank, kind=shown, room=bool(stage.room[place]))


def _side(way: _Way, numbered: dict[int, int]) -> StorySide:
    desk = way.worked.desk
    judged = desk.case.reported + round(desk.params.desk.hours_judged * HOUR)
    reported = way.second(desk.case.reported)
    return StorySide(
        starts_at=datetime.fromtimestamp(way.start / SECOND, SHANGHAI).isoformat(),
        hour=desk.offset // SECOND - reported,
        reported=reported,
        end=way.second(judged),
        moves=_moves(way, numbered),
        acts=_acts(way, numbered),
        sums=_sums(way.worked.result),
    )


def _moves(way: _Way, numbered: dict[int, int]) -> StoryMoves:
    return StoryMoves(
        at=way.at.tolist(),
        payer=[numbered[place] for place in way.payer.tolist()],
        payee=[numbered[place] for place in way.payee.tolist()],
        fen=way.fen.tolist(),
        way=way.way,
    )


def _acts(way: _Way, numbered: dict[int, int]) -> list[StoryAct]:
    desk = way.worked.desk
    unanswered = {one.number for one in desk.coming}
    return [_act(way, act, numbered, answered=act.number not in unanswered) for act in desk.done.acts]


def _act(way: _Way, act: Act, numbered: dict[int, int], *, answered: bool) -> StoryAct:
    zh, en = act.why()
    stops = act.order.action == Action.STOP
    done = answered and act.outcome == Outcome.DONE
    return StoryAct(
        action="trace" if act.order.account == CORRECT else "stop" if stops else "ask",
        account=numbered[act.order.account],
        officer=act.officer,
        begun=way.second(act.begun),
        sent=way.second(act.sent),
        lands=way.second(act.lands),
        outcome=_OUTCOMES.get(act.outcome, "refused") if answered else None,
        found_fen=way.worked.desk.done.found[act.order.account] if stops and done else 0,
        why=StoryWords(zh=zh, en=en),
    )


def _sums(one: Result) -> StorySums:
    return StorySums(
        lost_fen=one.lost,
        stealable_fen=one.stealable,
        saved_fen=one.saved,
        stops=one.stops,
        asks=one.asks,
        minutes=one.minutes,
        innocents=one.innocents,
        innocents_fen=one.innocents_fen,
    )
