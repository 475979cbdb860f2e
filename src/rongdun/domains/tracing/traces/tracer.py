"""The one place where a trace meets the computation: what is asked of it, and what it says in a trace's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from rongdun.domains.tracing.traces.findings import ByHand, Choice
from rongdun.domains.tracing.traces.seeds import Seed
from rongdun.domains.tracing.traces.told import (
    NOBODY,
    Told,
    ToldAccount,
    ToldHolding,
    ToldStop,
    ToldTotals,
    ToldTransfer,
)

if TYPE_CHECKING:
    from rongdun.analytics.ledger.ledger import Ledger
    from rongdun.analytics.tracing import by_hand as hands
    from rongdun.analytics.tracing import model
    from rongdun.analytics.tracing.trace import Asked, Trace

_MINUTE = 60_000_000
_EVIDENCE = ("hand", "assumed", "one_sided", "two_sided")
"""How well a transfer is evidenced, the weakest first."""

_BOOKS = ("none", "payer", "payee", "both")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be traced: over which imports, from which seeds, how far, with which decisions by hand."""

    seeds: tuple[Seed, ...]
    imports: frozenset[int]
    depth: int
    window_hours: int
    delta_minutes: int
    as_of: datetime | None
    choices: tuple[Choice, ...]
    by_hand: tuple[ByHand, ...]


@dataclass(frozen=True, slots=True)
class Traced:
    """What every rule says, and the version of the ledger it was computed on."""

    ledger_version: int
    results: tuple[Told, ...]


def trace(ledger: "Ledger", order: Order) -> Traced:
    """Follow the money of ``order.seeds`` in ``ledger`` by every rule; what is read is read once.

    Raises what a trace may: ``SeveralAccounts`` (a number without its institution), ``SeedTooLarge``, ``NoLedger``.
    """
    from rongdun.analytics.tracing.by_hand import ground_with
    from rongdun.analytics.tracing.index.narrowed import open_narrowed
    from rongdun.analytics.tracing.model import Rule
    from rongdun.analytics.tracing.trace import attributed, latest

    index = open_narrowed(ledger.directory, order.imports)
    seeds = _seeds(order.seeds)
    added = [_hand(one) for one in order.by_hand]
    last = max([latest(index, seeds), *(one.time for one in added)])
    as_of = last if order.as_of is None else _micros(order.as_of)
    asked = {rule: _asked(order, rule, as_of) for rule in Rule}
    ground = ground_with(index, seeds, asked[Rule.FIFO], added)
    found = (attributed(index, ground, seeds, asked[rule]) for rule in Rule)
    return Traced(index.manifest.version, tuple(told_of(one) for one in found))


def told_of(found: "Trace") -> Told:
    """Return a rule's result as a trace keeps it: only accounts and transfers that carried victims' money."""
    transfers = _transfers(found)
    holdings = found.attribution.holdings
    named = {int(place) for place in holdings.account}
    sides = {side for one in transfers for side in (one.payer, one.payee) if side != NOBODY}
    kept = sorted(named | sides)
    place = {account: at for at, account in enumerate(kept)} | {NOBODY: NOBODY}
    totals = found.attribution.totals
    return Told(
        rule=found.attribution.rule.value,
        as_of=found.asked.as_of,
        victims=list(found.arrivals.victims),
        totals=ToldTotals(
            totals.seeds_fen, totals.left_fen, totals.ended_fen, totals.frontier_fen, totals.limit_fen
        ),
        accounts=[_account(found.subledger.accounts, account) for account in kept],
        holdings=_holdings(found, transfers, place),
        transfers=[_moved(one, place) for one in transfers],
        stops=[ToldStop(place[stop.account], stop.reason) for stop in found.stops if stop.account in place],
    )


def _seeds(seeds: Sequence[Seed]) -> "list[model.Seed]":
    from rongdun.analytics.tracing.model import Seed as Followed

    return [
        Followed(one.victim, one.institution, one.account, one.amount_fen, _micros(one.moment))
        for one in seeds
    ]


def _asked(order: Order, rule: "model.Rule", as_of: int) -> "Asked":
    from rongdun.analytics.tracing.index.hubs import HubPolicy
    from rongdun.analytics.tracing.model import HOUR, Bounds
    from rongdun.analytics.tracing.trace import Asked

    follow = {(one.institution, one.number): one.hub == "follow" for one in order.choices if one.hub}
    own = {
        (one.institution, one.number): one.delta_minutes * _MINUTE
        for one in order.choices
        if one.delta_minutes
    }
    bounds = Bounds(order.depth, order.window_hours * HOUR, order.delta_minutes * _MINUTE)
    return Asked(rule, bounds, HubPolicy(follow=follow), as_of, own)


def _hand(one: ByHand) -> "hands.ByHand":
    from rongdun.analytics.tracing import by_hand as hands

    return hands.ByHand(hands.Party(*one.payer), hands.Party(*one.payee), one.amount_fen, _micros(one.time))


def _micros(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000_000)


def _account(accounts: "model.Accounts", place: int) -> ToldAccount:
    from rongdun.analytics.tracing.model import Kind

    return ToldAccount(
        institution=accounts.institution[place],
        number=accounts.number[place],
        name=accounts.name[place],
        observed=bool(accounts.observed[place]),
        opening="known" if accounts.opening_known[place] else "assumed",
        observed_until=int(accounts.observed_until[place]),
        hub=bool(accounts.hub[place]),
        kind=Kind(int(accounts.kind[place])).name.lower(),
    )


def _transfers(found: "Trace") -> list[ToldTransfer]:
    """Return the transfers that carried money, in order; parties are still places in the sub-ledger."""
    from rongdun.analytics.tracing.by_hand import by_hand_of
    from rongdun.analytics.tracing.model import End

    moved, shares = found.subledger.transfers, found.attribution.shares
    parts: dict[int, list[tuple[int, int, str]]] = {}
    rows = zip(
        shares.transfer.tolist(),
        shares.victim.tolist(),
        shares.fen.tolist(),
        shares.end.tolist(),
        strict=True,
    )
    for transfer, victim, fen, end in rows:
        parts.setdefault(transfer, []).append((victim, fen, End(end).name.lower()))
    return [
        ToldTransfer(
            payer=int(moved.payer[at]),
            payee=int(moved.payee[at]),
            time=int(moved.time[at]),
            amount_fen=int(moved.amount_fen[at]),
            end=next((end for _, _, end in told if end not in ("followed", "retained")), "followed"),
            books=_BOOKS[int(moved.books[at])],
            hand=by_hand_of(int(moved.row[at])) is not None,
            shares=[(victim, fen) for victim, fen, _ in told],
            ends=[end for _, _, end in told],
        )
        for at, told in sorted(parts.items())
    ]


def _moved(one: ToldTransfer, place: dict[int, int]) -> ToldTransfer:
    return ToldTransfer(
        payer=place[one.payer],
        payee=place[one.payee],
        time=one.time,
        amount_fen=one.amount_fen,
        end=one.end,
        books=one.books,
        hand=one.hand,
        shares=one.shares,
        ends=one.ends,
    )


def _holdings(found: "Trace", transfers: list[ToldTransfer], place: dict[int, int]) -> list[ToldHolding]:
    from rongdun.analytics.tracing.model import End

    seen = _confidences(transfers)
    rows = found.attribution.holdings
    return [
        ToldHolding(
            account=place[int(rows.account[at])],
            victim=int(rows.victim[at]),
            tier=int(rows.tier[at]),
            in_fen=int(rows.in_fen[at]),
            out_fen=int(rows.out_fen[at]),
            left_fen=int(rows.left_fen[at]),
            end=End(int(rows.end[at])).name.lower(),
            first_in=int(rows.first_in[at]),
            last_out=int(rows.last_out[at]),
            dwell_s=_dwell(float(rows.held[at]), int(rows.in_fen[at])),
            confidence=seen.get((int(rows.account[at]), int(rows.victim[at])), ""),
        )
        for at in range(len(rows))
    ]


def _dwell(held: float, in_fen: int) -> int:
    return round(held / in_fen / 1_000_000) if in_fen else 0


def _confidences(transfers: list[ToldTransfer]) -> dict[tuple[int, int], str]:
    """Return how well what brought a victim's money to an account is evidenced: the weakest of it decides."""
    weakest: dict[tuple[int, int], str] = {}
    for one in transfers:
        told = "hand" if one.hand else {"both": "two_sided", "none": "assumed"}.get(one.books, "one_sided")
        for victim, _ in one.shares:
            key = (one.payee, victim)
            weakest[key] = min(told, weakest.get(key, told), key=_EVIDENCE.index)
    return weakest
