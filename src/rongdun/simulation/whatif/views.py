"""Runs as the API shows them."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rongdun.kernel.errors import Text
from rongdun.kernel.lifecycle import Offer
from rongdun.runtime.uow import Uow
from rongdun.simulation.whatif import store
from rongdun.simulation.whatif.compare import LEAST_WORLDS, Figure, compare
from rongdun.simulation.whatif.model import Run, RunStory, RunWorld
from rongdun.simulation.whatif.moves import offers
from rongdun.simulation.whatif.rules import WHATIF
from rongdun.simulation.whatif.schemas import (
    WhatIfActionOut,
    WhatIfDetailOut,
    WhatIfFigure,
    WhatIfOut,
    WhatIfStoryOut,
    WhatIfWorld,
    Words,
)
from rongdun.simulation.whatif.settings import Side, Tally

_SAME = [
    "id", "number", "title", "state", "a", "b", "worlds", "worlds_done", "cases", "people", "days", "seed",
    "release", "maker_name", "unit_name", "unit_path", "created_at", "started_at", "ended_at", "version",
]  # fmt: skip
"""Fields of a run that are shown as they are."""


def run_out(uow: Uow, found: Run) -> WhatIfOut:
    """Return a run as the API shows it."""
    return WhatIfOut(**_fields(uow, found))


def detail_out(uow: Uow, found: Run) -> WhatIfDetailOut:
    """Return a run with the figures of the worlds played so far."""
    worlds = store.worlds_of(uow.session, uow.actor.scope, found.id)
    a, b = [Tally(**one.a) for one in worlds], [Tally(**one.b) for one in worlds]
    return WhatIfDetailOut(
        **_fields(uow, found),
        figures=[_figure(one) for one in compare(a, b, one_delay=_delays(found))],
        played=_played(worlds, a, b, store.watchable(uow.session, uow.actor.scope, found.id)),
        least_worlds=LEAST_WORLDS,
        case_count=sum(one.cases for one in a),
    )


def story_out(found: Run, told: RunStory) -> WhatIfStoryOut:
    """Return a world's story as the API shows it."""
    return WhatIfStoryOut(run_id=found.id, place=told.place, seed=found.seed + told.place, **told.story)


def _delays(found: Run) -> bool:
    return Side.of(found.a).delay == Side.of(found.b).delay


def _played(
    worlds: Sequence[RunWorld], a: Sequence[Tally], b: Sequence[Tally], watchable: frozenset[int]
) -> list[WhatIfWorld]:
    return [
        WhatIfWorld(
            place=world.place,
            seed=world.seed,
            cases=mine.cases,
            lost_fen=mine.lost,
            saved_a_fen=mine.saved,
            saved_b_fen=other.saved,
            watchable=world.place in watchable,
        )
        for world, mine, other in zip(worlds, a, b, strict=True)
    ]


def _figure(one: Figure) -> WhatIfFigure:
    return WhatIfFigure.model_validate(asdict(one))


def _fields(uow: Uow, found: Run) -> dict[str, Any]:
    return {
        **{name: getattr(found, name) for name in _SAME},
        "state_name": _words(WHATIF.state(found.state).name),
        "error": Words(zh=found.error_zh, en=found.error_en) if found.error_zh else None,
        "actions": [_action(offer) for offer in offers(uow, found)],
    }


def _action(offer: Offer) -> WhatIfActionOut:
    return WhatIfActionOut(
        action=offer.action,
        name=_words(offer.name),
        allowed=offer.refusal is None,
        refusal=_words(offer.refusal.text) if offer.refusal else None,
    )


def _words(text: Text) -> Words:
    return Words(zh=text.zh, en=text.en)
