"""Traces that touch an account, as other desks may know them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rongdun.domains.tracing.traces import store
from rongdun.domains.tracing.traces.rules import TRACE
from rongdun.kernel.errors import Text
from rongdun.runtime.uow import Uow


@dataclass(frozen=True, slots=True)
class TraceTouching:
    """A trace that has an account in it: ``in_fen`` is what came there of victims' money."""

    account: str
    trace_id: UUID
    number: str
    title: str
    state_name: Text
    created_at: datetime
    in_fen: int


def traces_touching(uow: Uow, accounts: Collection[str]) -> list[TraceTouching]:
    """Return the traces in the actor's scope that touch one of ``accounts`` (addresses), the newest first."""
    rows = store.traces_on(uow.session, uow.actor.scope, accounts)
    return [
        TraceTouching(
            account, trace.id, trace.number, trace.title, TRACE.state(trace.state).name, trace.created_at, fen
        )
        for trace, account, fen in rows
    ]
