"""Queries on what-if runs and their worlds; each within a scope, and row-level security below."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, Select, select, update
from sqlalchemy.orm import Session

from rongdun.kernel.errors import Text
from rongdun.kernel.scope import Scope
from rongdun.runtime.tables import Column, TableSpec
from rongdun.simulation.whatif.model import Run, RunStory, RunWorld
from rongdun.simulation.whatif.rules import AT_WORK, WHATIF
from rongdun.simulation.whatif.story import LAYOUT

_STATES = {state.key: state.name for state in WHATIF.states}

RUNS = TableSpec(
    columns={
        "number": Column(Run.number, Text("编号", "Number")),
        "title": Column(Run.title, Text("问题", "Question")),
        "state": Column(Run.state, Text("状态", "State"), choices=_STATES),
        "worlds": Column(Run.worlds, Text("世界数", "Worlds")),
        "cases": Column(Run.cases, Text("每个世界案件", "Cases a world")),
        "seed": Column(Run.seed, Text("种子", "Seed")),
        "maker_name": Column(Run.maker_name, Text("发起人", "By")),
        "unit_name": Column(Run.unit_name, Text("单位", "Unit")),
        "created_at": Column(Run.created_at, Text("发起时间", "Asked")),
        "ended_at": Column(Run.ended_at, Text("结束时间", "Ended")),
    },
    key=Run.id,
    search=[Run.number, Run.title, Run.maker_name, Run.unit_name],
    default_sort="-created_at",
)


def runs_in(scope: Scope) -> Select[Run]:
    """Return the select of the runs that units in ``scope`` asked for."""
    return select(Run).where(Run.unit_path >= scope.low, Run.unit_path < scope.high)


def find_run(session: Session, scope: Scope, run_id: UUID) -> Run | None:
    """Return a run if ``scope`` covers it."""
    return session.scalar(runs_in(scope).where(Run.id == run_id))


def lock_run(session: Session, scope: Scope, run_id: UUID) -> Run | None:
    """Return a run for change if ``scope`` covers it."""
    statement = runs_in(scope).where(Run.id == run_id).with_for_update()
    return session.scalar(statement.execution_options(populate_existing=True))


def worlds_of(session: Session, scope: Scope, run_id: UUID) -> Sequence[RunWorld]:
    """Return the worlds of a run that were played, in order."""
    mine = select(RunWorld).where(RunWorld.run_id == run_id)
    inside = mine.where(RunWorld.unit_path >= scope.low, RunWorld.unit_path < scope.high)
    return session.scalars(inside.order_by(RunWorld.place)).all()


def watchable(session: Session, scope: Scope, run_id: UUID) -> frozenset[int]:
    """Return the places of a run's worlds that have a story of today's layout."""
    places = select(RunStory.place).where(RunStory.run_id == run_id, RunStory.layout == LAYOUT)
    inside = places.where(RunStory.unit_path >= scope.low, RunStory.unit_path < scope.high)
    return frozenset(session.scalars(inside))


def story_of(session: Session, scope: Scope, run_id: UUID, place: int) -> RunStory | None:
    """Return the story of one world of a run, if it has one of today's layout."""
    one = select(RunStory).where(RunStory.run_id == run_id, RunStory.place == place)
    inside = one.where(RunStory.unit_path >= scope.low, RunStory.unit_path < scope.high)
    return session.scalar(inside.where(RunStory.layout == LAYOUT))


def silent_since(session: Session, scope: Scope, moment: datetime) -> Sequence[Run]:
    """Return the runs at work that gave no sign of life since ``moment``."""
    waiting = runs_in(scope).where(Run.state.in_(AT_WORK), Run.beat_at < moment)
    return session.scalars(waiting.with_for_update(skip_locked=True)).all()


def beat(session: Session, scope: Scope, run_id: UUID, *, at: datetime) -> bool:
    """Give a sign of life of a run; tell whether it is still wanted."""
    statement = (
        update(Run)
        .where(Run.id == run_id, Run.state == "RUNNING")
        .where(Run.unit_path >= scope.low, Run.unit_path < scope.high)
        .values(beat_at=at)
    )
    return cast("CursorResult[Any]", session.execute(statement)).rowcount == 1
