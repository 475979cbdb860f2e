"""What a trace shows of one account, for desks that pay money back: whose money came, when, and what is left."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rongdun.domains.tracing.accounts import seen_by
from rongdun.domains.tracing.traces import service
from rongdun.domains.tracing.traces.results import result_of
from rongdun.domains.tracing.traces.told import Told, victims_money
from rongdun.runtime.uow import Uow

BY_TIME = "fifo"
"""The rule that follows money in the order of time stamps."""


@dataclass(frozen=True, slots=True)
class CameIn:
    """One in-record that brought victims' money; ``carried`` in fen by the victim's name as the trace has it."""

    time: int
    amount_fen: int
    carried: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class AccountEvidence:
    """What a trace shows of an account. ``complete``: its own statement is in the ledger.

    ``other_in_fen`` is what came in besides and was nobody's of the trace; ``left`` is what lies there, by victim.
    """

    trace_id: UUID
    trace_number: str
    computed_at: datetime | None
    complete: bool
    came: tuple[CameIn, ...]
    left: Mapping[str, int]
    other_in_fen: int


def evidence_of(uow: Uow, trace_id: UUID, number: str) -> AccountEvidence:
    """Return what a trace shows, by time stamp, of the account of that number (main number as banks write it).

    An account the trace does not touch, or that stands for several of one number, shows nothing (``complete`` False).
    Raises ``NotFound`` outside the scope and ``NotComputed`` for a trace without a result.
    """
    found = service.find(uow, trace_id)
    told = result_of(uow, found, BY_TIME).told
    places = [place for place, one in enumerate(told.accounts) if one.number == number]
    if len(places) != 1 or not told.accounts[places[0]].observed:
        return AccountEvidence(found.id, found.number, found.computed_at, False, (), {}, 0)
    place = places[0]
    came = _came(told, place)
    left = {told.victims[one.victim]: one.left_fen for one in victims_money(told, place)}
    other = max(_all_in(uow, number) - sum(one.amount_fen for one in came), 0)
    return AccountEvidence(found.id, found.number, found.computed_at, True, came, left, other)


def _came(told: Told, place: int) -> tuple[CameIn, ...]:
    return tuple(
        CameIn(one.time, one.amount_fen, _by_name(told, one.shares))
        for one in told.transfers
        if one.payee == place and one.shares
    )


def _by_name(told: Told, shares: list[tuple[int, int]]) -> dict[str, int]:
    carried: dict[str, int] = {}
    for victim, fen in shares:
        carried[told.victims[victim]] = carried.get(told.victims[victim], 0) + fen
    return carried


def _all_in(uow: Uow, number: str) -> int:
    import polars as pl

    table = seen_by(uow).accounts.table
    return int(table.filter(pl.col("account") == number).get_column("in_fen").sum())
