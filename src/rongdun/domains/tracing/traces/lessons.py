"""A trace of a case that is over, as advice learns from it: what every believed rule says, side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from rongdun.domains.tracing.traces import store
from rongdun.domains.tracing.traces.results import Opened, read_once
from rongdun.domains.tracing.traces.told import NOBODY, Told, ToldAccount
from rongdun.runtime.uow import Uow

if TYPE_CHECKING:
    from rongdun.analytics.tracing.advice.fit import Closed
    from rongdun.analytics.tracing.model import Accounts, Attribution, Holdings, Rule, Shares, Transfers

_Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What orders established, by address: since when a measure held an account, whose money turned out to lie there.

    ``confirmed``: the victims' fen, and the moment (µs) at which it lay there.
    """

    held_at: Mapping[str, int] = field(default_factory=dict)
    confirmed: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A closed case to learn from; ``digest`` changes with what any rule says."""

    closed: "Closed"
    digest: str


def lesson_of(uow: Uow, case_id: UUID, found: Found) -> Lesson | None:
    """Return what the newest computed trace of a case teaches; None where the actor sees none that was computed."""
    from rongdun.analytics.tracing.advice.prior import BELIEVED

    traces = store.traces_for(uow.session, uow.actor.scope, [case_id])
    computed = [(one.computed_at, one.id, one) for one in traces if one.computed_at is not None]
    if not computed:
        return None
    trace = max(computed, key=lambda one: one[:2])[2]
    opened = {rule: read_once(uow, trace, rule.value) for rule in BELIEVED}
    there = {rule: one for rule, one in opened.items() if one is not None}
    if len(there) < len(opened):
        return None
    return Lesson(_closed(there, found), "".join(one.digest for one in there.values()))


def _closed(opened: "Mapping[Rule, Opened]", found: Found) -> "Closed":
    """Return the rules' results over one list of accounts; each rule has its own stretch of the list of transfers.

    The end of the sub-ledger is left at 0: how far an account was seen is what its own statement shows.
    """
    from rongdun.analytics.tracing.advice.fit import Closed
    from rongdun.analytics.tracing.model import SubLedger

    places: dict[_Key, int] = {}
    accounts: list[ToldAccount] = []
    keys: dict[str, _Key] = {}
    for one in opened.values():
        for place, address in enumerate(one.addresses):
            key = keys.setdefault(address, one.told.key_of(place))
            if places.setdefault(key, len(accounts)) == len(accounts):
                accounts.append(one.told.accounts[place])
    told = [one.told for one in opened.values()]
    starts = _starts(told)
    return Closed(
        sub=SubLedger(_accounts(accounts), _transfers(told, places), 0),
        found={
            rule: _attribution(rule, one.told, places, start)
            for (rule, one), start in zip(opened.items(), starts, strict=True)
        },
        confirmed={keys[at]: fen for at, (fen, _) in found.confirmed.items() if at in keys},
        confirmed_at={keys[at]: moment for at, (_, moment) in found.confirmed.items() if at in keys},
        held_at={keys[at]: moment for at, moment in found.held_at.items() if at in keys},
    )


def _starts(told: Sequence[Told]) -> list[int]:
    starts = [0]
    for one in told[:-1]:
        starts.append(starts[-1] + len(one.transfers))
    return starts


def _accounts(told: Sequence[ToldAccount]) -> "Accounts":
    import numpy as np

    from rongdun.analytics.tracing.model import Accounts, Kind

    nothing = np.zeros(len(told), np.int64)
    return Accounts(
        institution=[one.institution for one in told],
        number=[one.number for one in told],
        name=[one.name for one in told],
        kind=np.array([Kind[one.kind.upper()] for one in told], np.int8),
        observed=np.array([one.observed for one in told], np.bool_),
        hub=np.array([one.hub for one in told], np.bool_),
        opening_fen=nothing,
        opening_known=np.array([one.opening == "known" for one in told], np.bool_),
        observed_until=np.array([one.observed_until for one in told], np.int64),
    )


def _transfers(told: Sequence[Told], places: Mapping[_Key, int]) -> "Transfers":
    import numpy as np

    from rongdun.analytics.tracing.model import PAYEE_BOOK, PAYER_BOOK, End, Transfers

    rows = [(one, moved) for one in told for moved in one.transfers]
    books = {"none": 0, "payer": PAYER_BOOK, "payee": PAYEE_BOOK, "both": PAYER_BOOK | PAYEE_BOOK}
    return Transfers(
        payer=np.array([_place(one, moved.payer, places) for one, moved in rows], np.int32),
        payee=np.array([_place(one, moved.payee, places) for one, moved in rows], np.int32),
        amount_fen=np.array([moved.amount_fen for _, moved in rows], np.int64),
        time=np.array([moved.time for _, moved in rows], np.int64),
        end=np.array([End[moved.end.upper()] for _, moved in rows], np.int8),
        refund=np.zeros(len(rows), np.bool_),
        books=np.array([books[moved.books] for _, moved in rows], np.int8),
        row=np.full(len(rows), -1, np.int64),
    )


def _place(one: Told, place: int, places: Mapping[_Key, int]) -> int:
    return NOBODY if place == NOBODY else places[one.key_of(place)]


def _attribution(rule: "Rule", told: Told, places: Mapping[_Key, int], start: int) -> "Attribution":
    from rongdun.analytics.tracing.model import Attribution, Totals

    sums = told.totals
    totals = Totals(sums.seeds_fen, sums.left_fen, sums.ended_fen, sums.frontier_fen, sums.limit_fen)
    return Attribution(rule, _holdings(told, places), _shares(told, start), totals)


def _holdings(told: Told, places: Mapping[_Key, int]) -> "Holdings":
    import numpy as np

    from rongdun.analytics.tracing.model import End, Holdings

    rows = told.holdings
    return Holdings(
        account=np.array([_place(told, one.account, places) for one in rows], np.int32),
        victim=np.array([one.victim for one in rows], np.int32),
        tier=np.array([one.tier for one in rows], np.int32),
        in_fen=np.array([one.in_fen for one in rows], np.int64),
        out_fen=np.array([one.out_fen for one in rows], np.int64),
        left_fen=np.array([one.left_fen for one in rows], np.int64),
        first_in=np.array([one.first_in for one in rows], np.int64),
        last_out=np.array([one.last_out for one in rows], np.int64),
        held=np.array([float(one.dwell_s) * one.in_fen * 1_000_000 for one in rows], np.float64),
        end=np.array([End[one.end.upper()] for one in rows], np.int8),
    )


def _shares(told: Told, start: int) -> "Shares":
    import numpy as np

    from rongdun.analytics.tracing.model import End, Shares

    rows = [
        (start + at, victim, fen, end)
        for at, moved in enumerate(told.transfers)
        for (victim, fen), end in zip(moved.shares, moved.ends, strict=True)
    ]
    return Shares(
        transfer=np.array([row[0] for row in rows], np.int32),
        victim=np.array([row[1] for row in rows], np.int32),
        fen=np.array([row[2] for row in rows], np.int64),
        end=np.array([End[row[3].upper()] for row in rows], np.int8),
    )
