"""The endpoints of what-if runs."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Path

from rongdun.runtime.tables import Page, TableQueryDep, run_table
from rongdun.runtime.web import Router, UowDep
from rongdun.simulation.whatif import service, store
from rongdun.simulation.whatif.schemas import (
    WhatIfDetailOut,
    WhatIfIn,
    WhatIfOut,
    WhatIfSide,
    WhatIfStepIn,
    WhatIfStoryOut,
)
from rongdun.simulation.whatif.service import Asked
from rongdun.simulation.whatif.settings import MOST_WORLDS, Side
from rongdun.simulation.whatif.views import detail_out, run_out, story_out

router = Router(prefix="/api/twin/runs", tags=["twin"])


@router.get("", permission="twin.read", response_model=Page[WhatIfOut])
def list_runs(uow: UowDep, query: TableQueryDep) -> Any:
    """推演列表 / What-if runs of the actor's scope, the newest first."""
    page = run_table(uow.session, store.runs_in(uow.actor.scope), store.RUNS, query)
    return page.map(lambda found: run_out(uow, found))


@router.post("", permission="twin.run", response_model=WhatIfDetailOut, status_code=201)
def start_run(uow: UowDep, body: WhatIfIn) -> Any:
    """开始推演 / Play two settings in made-up worlds, in the background; one run at a time in the centre."""
    asked = Asked(
        title=body.title,
        a=_side(body.a),
        b=_side(body.b),
        worlds=body.worlds,
        cases=body.cases,
        seed=body.seed,
    )
    return detail_out(uow, service.start(uow, asked))


@router.get("/{run_id}", permission="twin.read", response_model=WhatIfDetailOut)
def read_run(uow: UowDep, run_id: UUID) -> Any:
    """一次推演 / A run: how far it came, and both settings side by side over the worlds played so far."""
    return detail_out(uow, service.find(uow, run_id))


@router.get("/{run_id}/worlds/{place}", permission="twin.read", response_model=WhatIfStoryOut)
def watch_world(uow: UowDep, run_id: UUID, place: Annotated[int, Path(ge=0, lt=MOST_WORLDS)]) -> Any:
    """看一个世界的经过 / What happened in one world of a run under both settings, moment by moment."""
    found = service.find(uow, run_id)
    return story_out(found, service.story(uow, found, place))


@router.post("/{run_id}/cancel", permission="twin.run", response_model=WhatIfDetailOut)
def cancel_run(uow: UowDep, run_id: UUID, body: WhatIfStepIn) -> Any:
    """取消推演 / Stop a run; the worlds played so far stay."""
    return detail_out(uow, service.cancel(uow, run_id, version=body.version))


def _side(told: WhatIfSide) -> Side:
    return Side(**told.model_dump())
