"""Shapes of the what-if endpoints."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from rongdun.simulation.whatif.settings import MOST_CASES, MOST_DELAY, MOST_OFFICERS, MOST_SEED, MOST_WORLDS
from rongdun.simulation.whatif.story import Story

Policy = Literal["none", "tier", "balance", "newest", "advice"]
Pace = Literal["slow", "usual", "fast"]
Measure = Literal[
    "saved_fen", "saved_of_lost", "saved_of_stealable", "saved_of_oracle", "stops", "asks", "minutes",
    "innocents", "innocents_fen",
]  # fmt: skip
Verdict = Literal["more", "less", "equal", "unsettled", "too_few", "apart"]
_Title = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=120, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$"
    ),
]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Words(BaseModel):
    """One sentence in both languages."""

    zh: str
    en: str


class WhatIfSide(_In):
    """A setting: the way to choose the next order, the median delay of reports in minutes, officers, paces."""

    policy: Policy = "advice"
    delay: Annotated[int, Field(ge=1, le=MOST_DELAY)] = 30
    officers: Annotated[int, Field(ge=1, le=MOST_OFFICERS)] = 1
    banks: Pace = "usual"
    mules: Pace = "usual"


class WhatIfIn(_In):
    """A question; world number n has the seed ``seed + n`` under both settings."""

    title: _Title
    a: WhatIfSide
    b: WhatIfSide
    worlds: Annotated[int, Field(ge=2, le=MOST_WORLDS)] = 30
    cases: Annotated[int, Field(ge=1, le=MOST_CASES)] = 2
    seed: Annotated[int, Field(ge=0, le=MOST_SEED)] = 3000


class WhatIfStepIn(_In):
    """A step taken on the version one has seen."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1)]


class WhatIfActionOut(BaseModel):
    """What may be done next, and why not, if not."""

    action: str
    name: Words
    allowed: bool
    refusal: Words | None


class WhatIfOut(BaseModel):
    """A run: who asked what, and how far it came."""

    id: UUID
    number: str
    title: str
    state: Literal["WAITING", "RUNNING", "DONE", "FAILED", "CANCELLED"]
    state_name: Words
    a: WhatIfSide
    b: WhatIfSide
    worlds: int
    worlds_done: int
    cases: int
    people: int
    days: int
    seed: int
    release: str
    maker_name: str
    unit_name: str
    unit_path: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    error: Words | None
    version: int
    actions: list[WhatIfActionOut]


class WhatIfInterval(BaseModel):
    """A figure and its 95 % interval; money in fen, shares from 0 to 1, the rest by case."""

    value: float
    low: float
    high: float


class WhatIfFigure(BaseModel):
    """One measure; ``difference`` is that of ``b`` to ``a``. ``verdict``: what ``b`` gives beside ``a``.

    It is settled (``more``, ``less``, ``equal``) when the interval of the difference leaves nought out.
    """

    key: Measure
    a: WhatIfInterval | None
    b: WhatIfInterval | None
    difference: WhatIfInterval | None
    verdict: Verdict


class WhatIfWorld(BaseModel):
    """What one world gave: its cases, what was lost in them, and what each setting saved of it, in fen.

    ``watchable``: what happened in it was kept.
    """

    place: int
    seed: int
    cases: int
    lost_fen: int
    saved_a_fen: int
    saved_b_fen: int
    watchable: bool


class WhatIfDetailOut(WhatIfOut):
    """A run with what it found so far."""

    figures: list[WhatIfFigure]
    played: list[WhatIfWorld]
    least_worlds: int
    case_count: int


class WhatIfStoryOut(Story):
    """What happened in one world of a run, under both settings; all of it is made up."""

    run_id: UUID
    place: int
    seed: int
