"""The sub-ledger of what a trace touches, read from the index; costs what is touched, not what the ledger holds.

Lists are read in two halves side by side where they are many.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

import numpy as np

from rongdun.analytics.tracing.beside import side_by_side
from rongdun.analytics.tracing.index import gather_kernel, layout, taken_kernel
from rongdun.analytics.tracing.index.compiled import Records
from rongdun.analytics.tracing.index.gather import Gathered, Unknown
from rongdun.analytics.tracing.index.hubs import Limits, Stop, hubs, reasons
from rongdun.analytics.tracing.index.names import NAME, NUMBER, Spelled, Texts
from rongdun.analytics.tracing.index.opened import TraceIndex
from rongdun.analytics.tracing.index.reach import Touched
from rongdun.analytics.tracing.index.reach_kernel import NEVER
from rongdun.analytics.tracing.index.sub import Found, sub_ledger
from rongdun.analytics.tracing.model import NOBODY, Accounts, Int64s, Kind, Mask
from rongdun.analytics.tracing.order import sorting

MANY: Final = 4_096
"""From so many places on they are read in two halves side by side."""


class _Read(NamedTuple):
    """What the lists say: rows, whose list each is in, their order in time, and each touched account's opening."""

    row: Records
    own: Int64s
    order: Int64s
    opening: Int64s
    known: Mask


def take(
    index: TraceIndex,
    touched: Touched,
    as_of: int,
    limits: Limits,
    watched: Int64s,
    unknown: Sequence[Unknown] = (),
) -> Gathered:
    """Return all transfers of the touched accounts from their first arrival to ``as_of``, and openings.

    ``watched`` (account, from, until) are accounts of seeds that are not followed: what arrives there is shown.
    """
    seen = np.concatenate([touched.account, watched[:, 0]])
    index.will_read(layout.ACCOUNTS, seen, seen + 2)
    start = index.accounts["start"]
    index.will_read(layout.ROWS, start[seen], start[seen + 1])
    told = _read(index, touched, as_of, watched)
    got = _columns(told)
    place, payer, payee = gather_kernel.localised(got.payer, got.payee, seen, len(index.accounts))
    accounts, stops = _accounts(index, place, touched, told, limits, unknown)
    transfers = Found(payer, payee, *got[2:])
    place = np.concatenate([place, np.full(len(unknown), NOBODY, np.int64)])
    return Gathered(sub_ledger(accounts, transfers, as_of), place, touched, stops)


def _halves(count: int) -> list[slice]:
    """Return all of so many places in one piece, or in two where they are many."""
    middle = count // 2
    return [slice(0, middle), slice(middle, count)] if count >= MANY else [slice(0, count)]


def _halved(read: Callable[[slice], Sequence[Any]], places: Int64s) -> list[Any]:
    """Return the columns that ``read`` says of all places, its halves side by side."""
    parts = side_by_side([partial(read, of) for of in _halves(len(places))])
    return [np.concatenate(both) for both in zip(*parts, strict=True)]


def _columns(told: _Read) -> taken_kernel.Columns:
    """Return the rows' columns in order of time; each half is written where it belongs."""
    found = taken_kernel.room_for(len(told.order))

    def part(of: slice) -> None:
        here: list[Any] = [column[of] for column in found]
        taken_kernel.fill(told.row, told.own, told.order[of], taken_kernel.Columns(*here))

    side_by_side([partial(part, of) for of in _halves(len(told.order))])
    return found


def _read(index: TraceIndex, touched: Touched, as_of: int, watched: Int64s) -> _Read:
    table = taken_kernel.since_when(touched.account, touched.first)

    def part(of: slice) -> taken_kernel.Taken:
        own, first = touched.account[of], touched.first[of]
        return taken_kernel.taken(index.rows, index.accounts, index.levels, own, first, as_of, table)

    time, row, own, opening, known = _halved(part, touched.account)
    more = taken_kernel.arrived(index.rows, index.accounts, watched, table)
    if len(more[0]):
        time, row, own = (np.concatenate(both) for both in zip((time, row, own), more, strict=True))
    return _Read(row, own, sorting(time), opening, known)


def _accounts(
    index: TraceIndex,
    place: Int64s,
    touched: Touched,
    told: _Read,
    limits: Limits,
    unknown: Sequence[Unknown],
) -> tuple[Accounts, list[Stop]]:
    index.will_read(layout.ACCOUNTS, place, place + 2)
    own = gather_kernel.Described(
        *_halved(lambda part: gather_kernel.described(index.accounts, place[part]), place)
    )
    kind, degree = own.kind, own.degree
    hub = hubs(limits, place, kind, degree)
    institutions = [*index.manifest.institutions, ""]
    at = np.searchsorted(place, touched.account)
    more = len(unknown)

    def of_touched(rest: int, values: Any) -> Any:
        whole = np.full(len(place) + more, rest, values.dtype)
        whole[at] = values
        return whole

    accounts = Accounts(
        Spelled(institutions, own.institution, [one.institution for one in unknown]),
        Texts(index, own.text, own.following, NUMBER, [one.number for one in unknown]),
        Texts(index, own.text, own.following, NAME, [""] * more),
        _longer(kind, more),
        _longer(own.observed, more),
        _longer(hub, more),
        of_touched(0, told.opening),
        of_touched(0, told.known),
        _longer(own.until, more),
        of_touched(NEVER, touched.first),
    )
    return accounts, _stops(limits, place, kind, degree, np.flatnonzero(hub))


def _longer(values: Any, more: int) -> Any:
    return np.pad(values, (0, more)) if more else values


def _stops(limits: Limits, place: Int64s, kind: Any, degree: Int64s, at: Int64s) -> list[Stop]:
    """Return the hubs among the accounts, by where they stand, with the reason of each."""
    why = reasons(limits, place[at], kind[at])
    told = zip(at.tolist(), why, kind[at].tolist(), degree[at].tolist(), strict=True)
    return [Stop(account, reason, Kind(code), count) for account, reason, code, count in told]
