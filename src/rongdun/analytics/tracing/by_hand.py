"""Transfers that no statement shows, added by hand: they carry money as any other does, and are marked.

What the payee did with the money is looked up from the moment of the transfer on, whether or not victims' money gets
that far: what it does not reach, attribution leaves out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from rongdun.analytics.tracing.index import starts
from rongdun.analytics.tracing.index.gather import Gathered, Unknown
from rongdun.analytics.tracing.index.opened import TraceIndex
from rongdun.analytics.tracing.index.reach import Starts, Touched, reach
from rongdun.analytics.tracing.index.taken import take
from rongdun.analytics.tracing.model import NOBODY, Accounts, End, Int64s, Seed, SubLedger, Transfers
from rongdun.analytics.tracing.trace import Asked, Ground, named_limits

FIRST_ROW: Final = -2
"""``Transfers.row`` of the first transfer by hand; the next have −3, −4 …: −1 is an assumed arrival."""


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a transfer by hand."""

    institution: str
    number: str
    name: str


@dataclass(frozen=True, slots=True)
class ByHand:
    """A transfer by hand; ``time`` in microseconds since 1970 UTC."""

    payer: Party
    payee: Party
    amount_fen: int
    time: int


def by_hand_of(row: int) -> int | None:
    """Return which transfer by hand, from 0, a ``Transfers.row`` stands for; None for every other."""
    return FIRST_ROW - row if row <= FIRST_ROW else None


def ground_with(index: TraceIndex, seeds: Sequence[Seed], asked: Asked, added: Sequence[ByHand]) -> Ground:
    """Return the sub-ledger the seeds touch when money also moves by the transfers added by hand.

    Raises ``SeveralAccounts`` where a number without an institution stands for several.
    """
    wanted = [one for one in added if one.time <= asked.as_of]
    limits = named_limits(index, asked.policy)
    found = starts.find(index, seeds, asked.bounds.window, asked.as_of)
    places = {party: index.find(party.institution, party.number) for party in _parties(wanted)}
    begun = replace(found, starts=_with_payees(found.starts, wanted, places))
    touched = reach(index, begun.starts, asked.bounds.depth, limits)
    seen = _also(starts.watched(begun, touched), touched, places)
    named = [(one.institution, one.number) for one in begun.unknown]
    fresh = [party for party, place in places.items() if place == NOBODY]
    strangers = [party for party in fresh if (party.institution, party.number) not in named]
    unknown = [*begun.unknown, *(Unknown(one.institution, one.number) for one in strangers)]
    gathered = take(index, touched, asked.as_of, limits, seen, unknown)
    got = replace(gathered, sub=_added(gathered, wanted, places))
    return Ground(got, got.local(begun.account))


def _parties(added: Sequence[ByHand]) -> list[Party]:
    return list(dict.fromkeys(party for one in added for party in (one.payer, one.payee)))


def _with_payees(begun: Starts, added: Sequence[ByHand], places: dict[Party, int]) -> Starts:
    """Let every victim's money also begin at the payees: whether any comes so far, attribution says."""
    more = [
        (places[one.payee], victim, one.time)
        for one in added
        if places[one.payee] != NOBODY
        for victim, deadline in enumerate(begun.deadline.tolist())
        if one.time <= deadline
    ]
    rows = np.array(more, np.int64).reshape(-1, 3)
    return Starts(
        np.concatenate([begun.account, rows[:, 0]]),
        np.concatenate([begun.victim, rows[:, 1]]),
        np.concatenate([begun.time, rows[:, 2]]),
        begun.deadline,
    )


def _also(watched: Int64s, touched: Touched, places: dict[Party, int]) -> Int64s:
    """Let the parties stand among the accounts although no transfer of theirs is asked for."""
    known = {*touched.account.tolist(), *watched[:, 0].tolist(), NOBODY}
    fresh = sorted({place for place in places.values() if place not in known})
    rows = np.array([(place, 1, 0) for place in fresh], np.int64).reshape(-1, 3)
    return np.concatenate([watched, rows])


def _added(gathered: Gathered, added: Sequence[ByHand], places: dict[Party, int]) -> SubLedger:
    sub = gathered.sub
    local = {place: at for at, place in enumerate(gathered.place.tolist()) if place != NOBODY}
    keys = list(zip(sub.accounts.institution, sub.accounts.number, strict=True))
    strange = {keys[at]: at for at, place in enumerate(gathered.place.tolist()) if place == NOBODY}
    at = {
        party: local[place] if place != NOBODY else strange[party.institution, party.number]
        for party, place in places.items()
    }
    transfers = sub.transfers
    for number, one in enumerate(added):
        transfers = _inserted(transfers, at[one.payer], at[one.payee], one, FIRST_ROW - number)
    return SubLedger(_named(sub.accounts, at), transfers, sub.as_of)


def _named(accounts: Accounts, at: dict[Party, int]) -> Accounts:
    names = list(accounts.name)
    for party, place in at.items():
        names[place] = names[place] or party.name
    return replace(accounts, name=names)


def _inserted(transfers: Transfers, payer: int, payee: int, one: ByHand, row: int) -> Transfers:
    """Put a transfer by hand among those of its moment: after what came to its payer, else before all of them."""
    first = int(np.searchsorted(transfers.time, one.time, "left"))
    last = int(np.searchsorted(transfers.time, one.time, "right"))
    came = np.flatnonzero(transfers.payee[first:last] == payer)
    place = first + int(came[-1]) + 1 if len(came) else first
    values = (payer, payee, one.amount_fen, one.time, int(End.FOLLOWED), False, 0, row)
    columns: tuple[Any, ...] = (
        transfers.payer,
        transfers.payee,
        transfers.amount_fen,
        transfers.time,
        transfers.end,
        transfers.refund,
        transfers.books,
        transfers.row,
    )
    return Transfers(
        *(np.insert(column, place, value) for column, value in zip(columns, values, strict=True))
    )
