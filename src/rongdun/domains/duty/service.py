"""The board of everything that is about to expire, and acting on it."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from rongdun.domains.duty import store
from rongdun.domains.duty.rules import DEADLINE, facts_of, state_of
from rongdun.domains.duty.store import Found
from rongdun.kernel.errors import NotFound, StaleVersion
from rongdun.kernel.lifecycle import Offer, available, take
from rongdun.runtime.deadlines import (
    Deadline,
    DeadlineEvent,
    acknowledge_row,
    close_row,
    pause_row,
    resume_row,
)
from rongdun.runtime.tables import Page, TableQuery, run_table
from rongdun.runtime.uow import Uow
from rongdun.runtime.workers import WorkerEvent, notices

BOARD_MOST = 200
"""Deadlines one board shows; more than a person can look at."""

NOTICES_FOR = timedelta(hours=24)
"""How long an outage or a clock jump stays on the board: until every shift has seen it."""


class Board(NamedTuple):
    """Open deadlines due within the horizon, how many at each level, and trouble with the watching itself."""

    items: Sequence[Found]
    counts: dict[str, int]
    notices: Sequence[WorkerEvent]

    @property
    def capped(self) -> bool:
        """Tell whether there are more than the board shows."""
        return sum(self.counts.values()) > len(self.items)


class Detail(NamedTuple):
    """A deadline with its history and what may be done to it."""

    found: Found
    events: Sequence[DeadlineEvent]
    offers: Sequence[Offer]


def board(uow: Uow, *, horizon: timedelta) -> Board:
    """Return the board of what expires within ``horizon`` from now."""
    until, scope = uow.now + horizon, uow.actor.scope
    return Board(
        items=store.expiring(uow.session, scope, until=until, limit=BOARD_MOST),
        counts=store.count_by_level(uow.session, scope, until=until, now=uow.now),
        notices=notices(uow.session, since=uow.now - NOTICES_FOR),
    )


def search(uow: Uow, query: TableQuery) -> "Page[Found]":
    """Return the page of deadlines ``query`` asks for, inside the actor's scope."""
    page = run_table(uow.session, store.deadlines_in(uow.actor.scope), store.TABLE, query)
    return page.map(lambda row: Found(*row))


def read(uow: Uow, deadline_id: UUID) -> Detail:
    """Return one deadline with its history; :class:`NotFound` outside the scope."""
    found = _find(uow, deadline_id)
    row = found.deadline
    offers = available(
        DEADLINE, state=state_of(row, uow.now), actor=uow.actor, facts=facts_of(row), now=uow.now
    )
    return Detail(found, store.events_of(uow.session, deadline_id), offers)


def act(uow: Uow, deadline_id: UUID, *, action: str, version: int, note: str) -> Found:
    """Carry out ``action`` on a deadline as it was seen in ``version``; return how it stands now.

    Raises :class:`StaleVersion` with the difference when it has changed since, and what the lifecycle
    refuses, by name.
    """
    row = store.lock(uow.session, uow.actor.scope, deadline_id)
    if row is None:
        raise NotFound
    _must_be_current(row, action=action, version=version)
    take(
        DEADLINE,
        state=state_of(row, uow.now),
        action=action,
        actor=uow.actor,
        facts=facts_of(row),
        now=uow.now,
        reason=note,
    )
    _CARRY_OUT[action](uow, row, note)
    uow.session.flush()
    return _find(uow, deadline_id)


def _find(uow: Uow, deadline_id: UUID) -> Found:
    found = store.find(uow.session, uow.actor.scope, deadline_id)
    if found is None:
        raise NotFound
    return found


def _must_be_current(row: Deadline, *, action: str, version: int) -> None:
    if row.version == version:
        return
    current = {
        "state": row.state,
        "due_at": row.due_at.isoformat(),
        "acknowledged_by": row.acknowledged_name,
        "outcome": row.outcome,
        "action": None,
    }
    raise StaleVersion.between(current=current, yours={"action": action}, version=row.version)


_CARRY_OUT: dict[str, Callable[[Uow, Deadline, str], Deadline]] = {
    "acknowledge": lambda uow, row, note: acknowledge_row(uow, row, reason=note),
    "complete": lambda uow, row, note: close_row(uow, row, reason=note),
    "pause": lambda uow, row, note: pause_row(uow, row, reason=note),
    "resume": lambda uow, row, note: resume_row(uow, row, reason=note),
}
