"""The sub-ledger of what a trace touches, read from the index; costs what is touched, not what the ledger holds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rongdun.analytics.tracing.index import gather_kernel, layout
from rongdun.analytics.tracing.index.hubs import Limits, Stop, hubs, reasons
from rongdun.analytics.tracing.index.names import NAME, NUMBER, Spelled, Texts
from rongdun.analytics.tracing.index.opened import TraceIndex
from rongdun.analytics.tracing.index.reach import Touched
from rongdun.analytics.tracing.index.reach_kernel import NEVER
from rongdun.analytics.tracing.index.sub import Found, sub_ledger
from rongdun.analytics.tracing.model import NOBODY, Accounts, Int64s, Kind, SubLedger

_BOOKS = 3


@dataclass(frozen=True, slots=True)
class Unknown:
    """An account of a seed that the ledger does not know: it stands in the sub-ledger without transfers."""

    institution: str
    number: str


@dataclass(frozen=True, slots=True)
class Gathered:
    """A sub-ledger, where its accounts lie in the index (``NOBODY`` for unknown ones), and where the policy stopped."""

    sub: SubLedger
    place: Int64s
    touched: Touched
    stops: list[Stop]

    def local(self, place: Int64s) -> Int64s:
        """Return places in the sub-ledger of accounts by their places in the index, ``NOBODY`` for ``NOBODY``."""
        known = self.place[self.place != NOBODY]
        return np.where(place == NOBODY, NOBODY, np.searchsorted(known, place))


def gather(
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
    told = gather_kernel.transfers(index.rows, index.accounts, touched.account, touched.first, as_of, watched)
    place, payer, payee = gather_kernel.localised(told.payer, told.payee, seen, len(index.accounts))
    accounts, stops = _accounts(index, place, touched, limits, unknown)
    rows = told.rows
    found = Found(
        payer,
        payee,
        rows["amount"].copy(),
        rows["time"].copy(),
        rows["end"].astype(np.int8),
        (rows["bits"] & layout.REFUND) != 0,
        ((rows["bits"] >> layout.BOOKS_SHIFT) & _BOOKS).astype(np.int8),
        rows["row"].astype(np.int64),
        told.payer_place,
        told.payee_place,
    )
    place = np.concatenate([place, np.full(len(unknown), NOBODY, np.int64)])
    return Gathered(sub_ledger(accounts, found, as_of), place, touched, stops)


def _accounts(
    index: TraceIndex, place: Int64s, touched: Touched, limits: Limits, unknown: Sequence[Unknown]
) -> tuple[Accounts, list[Stop]]:
    index.will_read(layout.ACCOUNTS, place, place + 2)
    own = gather_kernel.described(index.accounts, place)
    kind, degree = own.kind, own.degree
    hub = hubs(limits, place, kind, degree)
    since, opening, known = _openings(index, place, touched)
    institutions = [*index.manifest.institutions, ""]
    more = len(unknown)
    accounts = Accounts(
        Spelled(institutions, own.institution, [one.institution for one in unknown]),
        Texts(index, own.text, own.following, NUMBER, [one.number for one in unknown]),
        Texts(index, own.text, own.following, NAME, [""] * more),
        np.pad(kind, (0, more)),
        np.pad(own.observed, (0, more)),
        np.pad(hub, (0, more)),
        np.pad(opening, (0, more)),
        np.pad(known, (0, more)),
        np.pad(own.until, (0, more)),
        np.pad(since, (0, more), constant_values=NEVER),
    )
    at = np.flatnonzero(hub)
    why = reasons(limits, place[at], kind[at])
    told = zip(at.tolist(), why, kind[at].tolist(), degree[at].tolist(), strict=True)
    return accounts, [Stop(account, reason, Kind(code), count) for account, reason, code, count in told]


def _openings(
    index: TraceIndex, place: Int64s, touched: Touched
) -> tuple[Int64s, Int64s, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    fen, known = gather_kernel.openings(
        index.rows, index.accounts, index.levels, touched.account, touched.first
    )
    at = np.searchsorted(place, touched.account)
    since = np.full(len(place), NEVER, np.int64)
    opening, told = np.zeros(len(place), np.int64), np.zeros(len(place), np.bool_)
    since[at], opening[at], told[at] = touched.first, fen, known
    return since, opening, told
