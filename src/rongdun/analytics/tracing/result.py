"""What a trace says, as JSON: the shape ``rongdun trace`` writes, and whose money an account holds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import numpy as np

from rongdun.analytics.tracing import ends
from rongdun.analytics.tracing.model import (
    NOBODY,
    PAYEE_BOOK,
    PAYER_BOOK,
    Arrivals,
    Attribution,
    End,
    Kind,
    Rule,
    SubLedger,
)
from rongdun.kernel.clock import SHANGHAI

_BOOKS: Final = {
    PAYER_BOOK | PAYEE_BOOK: "both",
    PAYER_BOOK: "payer",
    PAYEE_BOOK: "payee",
    0: "none",
}
_CONFIDENCE: Final = ("assumed_arrival", "one_sided", "two_sided")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND: Final = 1_000_000

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Owner:
    """One victim's money in one account: ``in_fen = out_fen + left_fen``."""

    victim: str
    tier: int
    in_fen: int
    out_fen: int
    left_fen: int
    end: End


def whose_money(found: Attribution, arrivals: Arrivals, account: int) -> list[Owner]:
    """Return whose money came to the account (its place), the most that still lies there first."""
    rows = found.holdings
    owners = [
        Owner(
            arrivals.victims[rows.victim[at]],
            int(rows.tier[at]),
            int(rows.in_fen[at]),
            int(rows.out_fen[at]),
            int(rows.left_fen[at]),
            End(int(rows.end[at])),
        )
        for at in np.flatnonzero(rows.account == account).tolist()
    ]
    return sorted(owners, key=lambda owner: (-owner.left_fen, -owner.in_fen, owner.victim))


def as_json(subledger: SubLedger, arrivals: Arrivals, found: Attribution) -> Json:
    """Return the result as plain values: fen, moments in China's civil time (ISO 8601), ends in lower case.

    ``accounts`` has a row for each account and victim (two where an account without statement got money in two ways,
    say as consumption and as a transfer); ``confidence`` is that of the weakest transfer which brought the money.
    """
    totals = found.totals
    return {
        "rule": found.rule.value,
        "as_of": moment(subledger.as_of),
        "seeds_fen": totals.seeds_fen,
        "left_fen": totals.left_fen,
        "ended_fen": totals.ended_fen,
        "frontier_fen": totals.frontier_fen,
        "limit_fen": totals.limit_fen,
        "accounts": list(_accounts(subledger, arrivals, found)),
        "transfers": list(_transfers(subledger, arrivals, found)),
        "hubs": list(_hubs(subledger, found)),
    }


def moment(micros: int) -> str | None:
    """Return a moment in civil time, ``None`` for 0 (no moment)."""
    if not micros:
        return None
    return (_EPOCH + timedelta(microseconds=micros)).astimezone(SHANGHAI).isoformat()


def _name(subledger: SubLedger) -> Callable[[int], Json | None]:
    accounts = subledger.accounts

    def name(place: int) -> Json | None:
        if place == NOBODY:
            return None
        return {"institution": accounts.institution[place], "account": accounts.number[place]}

    return name


def _accounts(subledger: SubLedger, arrivals: Arrivals, found: Attribution) -> Iterator[Json]:
    accounts, rows = subledger.accounts, found.holdings
    followed = (ends.of_accounts(accounts) == End.FOLLOWED).tolist()
    confidence = _confidences(subledger, arrivals, found)
    for at in range(len(rows)):
        place, victim = int(rows.account[at]), int(rows.victim[at])
        stays = followed[place] and found.rule is not Rule.POISON
        yield {
            "victim": arrivals.victims[victim],
            "institution": accounts.institution[place],
            "account": accounts.number[place],
            "name": accounts.name[place],
            "tier": int(rows.tier[at]),
            "in_fen": int(rows.in_fen[at]),
            "out_fen": int(rows.out_fen[at]),
            "left_fen": int(rows.left_fen[at]),
            "end": End(int(rows.end[at])).name.lower(),
            "opening": "known" if accounts.opening_known[place] else "assumed",
            "first_in": moment(int(rows.first_in[at])),
            "last_out": moment(int(rows.last_out[at])),
            "dwell_seconds": round(float(rows.held[at]) / int(rows.in_fen[at]) / _SECOND) if stays else None,
            "observed_until": moment(int(accounts.observed_until[place])),
            "confidence": _CONFIDENCE[confidence.get((place, victim), 1)],
        }


def _confidences(subledger: SubLedger, arrivals: Arrivals, found: Attribution) -> dict[tuple[int, int], int]:
    """Return how well we know of each account and victim: the weakest transfer that brought the money decides."""
    shares, transfers = found.shares, subledger.transfers
    grade = np.where(transfers.books == (PAYER_BOOK | PAYEE_BOOK), 2, 1)
    grade[transfers.books == 0] = 0
    grade[arrivals.transfer[arrivals.assumed]] = 0
    out: dict[tuple[int, int], int] = {}
    columns = (transfers.payee[shares.transfer], shares.victim, grade[shares.transfer])
    for payee, victim, one in zip(*(column.tolist() for column in columns), strict=True):
        out[payee, victim] = min(one, out.get((payee, victim), one))
    return out


def _transfers(subledger: SubLedger, arrivals: Arrivals, found: Attribution) -> Iterator[Json]:
    """Tell each transfer that carried victims' money; ``end`` is that of its largest share."""
    shares, transfers, name = found.shares, subledger.transfers, _name(subledger)
    starts = np.flatnonzero(np.diff(shares.transfer, prepend=-1)).tolist()
    for start, stop in zip(starts, [*starts[1:], len(shares)], strict=True):
        place = int(shares.transfer[start])
        fens, stops = shares.fen[start:stop].tolist(), shares.end[start:stop].tolist()
        victims = shares.victim[start:stop].tolist()
        yield {
            "from": name(int(transfers.payer[place])),
            "to": name(int(transfers.payee[place])),
            "time": moment(int(transfers.time[place])),
            "amount_fen": int(transfers.amount_fen[place]),
            "end": _word(stops[fens.index(max(fens))]),
            "books": _BOOKS[int(transfers.books[place])],
            "refund": bool(transfers.refund[place]),
            "shares": [
                {"victim": arrivals.victims[victim], "fen": fen, "end": _word(end)}
                for victim, fen, end in zip(victims, fens, stops, strict=True)
            ],
        }


def _word(end: int) -> str:
    return End(end).name.lower()


def _hubs(subledger: SubLedger, found: Attribution) -> Iterator[Json]:
    """Tell the shared accounts at which money was not followed, and how much stopped there: never silently."""
    accounts, rows, name = subledger.accounts, found.holdings, _name(subledger)
    stopped = rows.end == End.HUB
    for place in np.unique(rows.account[stopped]).tolist():
        kind = Kind(int(accounts.kind[place])).name.lower()
        fen = int(rows.left_fen[stopped & (rows.account == place)].sum())
        yield {**(name(place) or {}), "name": accounts.name[place], "kind": kind, "stopped_fen": fen}
