"""Institutions as the screen shows them: how each is reached, how fast it answers, and what went wrong lately."""

from collections import defaultdict
from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel

from rongdun.domains.exchange import store_days
from rongdun.domains.exchange import store_institutions as store
from rongdun.domains.exchange.institutions import institutions, reply_speeds
from rongdun.domains.exchange.schemas import Words
from rongdun.runtime.uow import Uow


class SpeedOut(BaseModel):
    """How fast one kind of instruction was answered: from issue to receipt, in seconds."""

    kind: str
    answered: int
    median_s: float
    p90_s: float
    failed: int


class LastDayOut(BaseModel):
    """The latest day that was to be compared with the institution's own book, and how it stands.

    ``why``: what was wrong when its book was last looked for, while there is none.
    """

    day: date
    state: Literal["waiting", "agreed", "differing", "unanswered"]
    differences: int
    why: Words | None


class InstitutionOut(BaseModel):
    """An institution, how it is reached, and how it answers. ``undelivered``: dead letters of its unit.

    ``carries``: kinds of instructions its wire profile has messages for (empty: every kind); any other goes
    ``otherwise``.
    """

    code: str
    name: str
    name_en: str
    aliases: list[str]
    kind: Literal["bank", "payment"]
    unit_path: str
    transport: Literal["https", "file_drop", "form"]
    profile: str
    carries: list[str]
    otherwise: Literal["", "form"]
    has_key: bool
    active: bool
    refusals: int
    last_refusal: Words | None
    last_refused_at: datetime | None
    undelivered: int
    speeds: list[SpeedOut]
    last_day: LastDayOut | None


def seen_institutions(uow: Uow) -> list[InstitutionOut]:
    """Return every institution with its figures; dead letters are those in the actor's scope."""
    speeds: defaultdict[str, list[SpeedOut]] = defaultdict(list)
    for each in reply_speeds(uow):
        speeds[each.institution].append(
            SpeedOut(**{k: v for k, v in each._asdict().items() if k != "institution"})
        )
    dead = store.undelivered(uow.session, uow.actor.scope)
    days = {
        code: LastDayOut(
            day=day, state=state, differences=count, why=_words(zh, en) if state in _BOOKLESS else None
        )
        for code, day, state, count, zh, en in store_days.latest_days(uow.session, uow.actor.scope)
    }
    return [
        InstitutionOut(
            **{name: getattr(row, name) for name in _COLUMNS},
            has_key=bool(row.public_key),
            last_refusal=_words(row.last_refusal, row.last_refusal_en),
            undelivered=dead.get(row.unit_path, 0),
            speeds=sorted(speeds[row.code], key=lambda speed: speed.kind),
            last_day=days.get(row.code),
        )
        for row in institutions(uow)
    ]


def _words(zh: str, en: str) -> Words | None:
    """Return a reason in both languages; one that was noted before it was kept in English says so."""
    return Words(zh=zh, en=en or f"in Chinese: {zh}") if zh else None


_BOOKLESS = ("waiting", "unanswered")

_COLUMNS = (
    "code",
    "name",
    "name_en",
    "aliases",
    "kind",
    "unit_path",
    "transport",
    "profile",
    "carries",
    "otherwise",
    "active",
    "refusals",
    "last_refused_at",
)
