"""Victims' transfers placed in a sub-ledger: each is an observed incoming transfer, or an arrival that is assumed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np

from rongdun.analytics.tracing.model import (
    HOUR,
    NOBODY,
    Accounts,
    Arrivals,
    End,
    Int64s,
    Kind,
    Seed,
    SubLedger,
    Transfers,
)

TOLERANCE: Final = HOUR // 2
"""How far a reported moment may lie from the bank's own, in microseconds; both directions."""


def place(
    subledger: SubLedger, seeds: Sequence[Seed], tolerance: int = TOLERANCE, at: Int64s | None = None
) -> tuple[SubLedger, Arrivals]:
    """Return the sub-ledger with each seed as one of its transfers, and which transfer brings whose money.

    A seed is the observed transfer into its account of exactly its amount that is nearest in time within ``tolerance``;
    a transfer serves one seed, the nearest pairs are joined first. A seed that finds none is added as an arrival from
    nobody at its own time, before whatever else happens in that moment, and marked as assumed. Seeds after ``as_of``
    have not happened yet and are left out. ``at`` names the seeds' accounts where the caller knows them (aliases);
    ``NOBODY`` and no ``at``: by institution and number, else by a number that is one account's only. An account the
    sub-ledger does not know is added: we have no statement of it.
    """
    known = [seed for seed in seeds if seed.time <= subledger.as_of]
    given = None if at is None else at[[seed.time <= subledger.as_of for seed in seeds]]
    accounts, account = _accounts(subledger.accounts, known, given)
    transfer = _matched(subledger.transfers, known, account, tolerance, len(accounts))
    transfers, transfer, assumed = _with_assumed(subledger.transfers, known, account, transfer)
    victims = list(dict.fromkeys(seed.victim for seed in known))
    number = {victim: place for place, victim in enumerate(victims)}
    order = np.argsort(transfer, kind="stable")
    arrivals = Arrivals(
        victims,
        transfer[order].astype(np.int32),
        np.array([number[seed.victim] for seed in known], np.int32)[order],
        np.array([seed.amount_fen for seed in known], np.int64)[order],
        assumed[order],
    )
    return SubLedger(accounts, transfers, subledger.as_of), arrivals


def _accounts(accounts: Accounts, seeds: Sequence[Seed], at: Int64s | None) -> tuple[Accounts, Int64s]:
    """Return the accounts with those added that only seeds name, and each seed's account."""
    by_number: dict[str, list[int]] = defaultdict(list)
    found = np.full(len(seeds), NOBODY, np.int64) if at is None else at.astype(np.int64)
    if (found == NOBODY).any():  # reading every number costs more than the rest: only where one is looked for
        for place, number in enumerate(accounts.number):
            by_number[number].append(place)
    added: dict[tuple[str, str], int] = {}
    for row, seed in enumerate(seeds):
        if found[row] == NOBODY:
            found[row] = _named(accounts, by_number[seed.account], seed.institution)
        if found[row] == NOBODY:
            key = (seed.institution, seed.account)
            found[row] = added.setdefault(key, len(accounts) + len(added))
    return (_with_unknown(accounts, list(added)) if added else accounts), found


def _named(accounts: Accounts, places: Sequence[int], institution: str) -> int:
    """Return the account of a number and an institution, or the only one (the only observed one) of the number."""
    same = [place for place in places if accounts.institution[place] == institution]
    observed = [place for place in places if accounts.observed[place]]
    for candidates in (same, places, observed):
        if len(candidates) == 1:
            return candidates[0]
    return NOBODY


def _with_unknown(accounts: Accounts, added: Sequence[tuple[str, str]]) -> Accounts:
    def more(values: Any, value: int) -> Any:
        return np.append(values, np.full(len(added), value, values.dtype))

    return Accounts(
        institution=[*accounts.institution, *(institution for institution, _ in added)],
        number=[*accounts.number, *(number for _, number in added)],
        name=[*accounts.name, *("" for _ in added)],
        kind=more(accounts.kind, Kind.UNKNOWN),
        observed=more(accounts.observed, False),
        hub=more(accounts.hub, False),
        opening_fen=more(accounts.opening_fen, 0),
        opening_known=more(accounts.opening_known, False),
        observed_until=more(accounts.observed_until, 0),
        since=None if accounts.since is None else more(accounts.since, 0),
    )


def _matched(
    transfers: Transfers, seeds: Sequence[Seed], account: Int64s, tolerance: int, accounts: int
) -> Int64s:
    """Return the observed transfer of each seed, ``NOBODY`` where there is none."""
    candidates = _candidates(transfers, seeds, account, accounts)
    order = sorted(range(len(seeds)), key=lambda row: (seeds[row].time, seeds[row].victim, row))
    pairs = [
        (abs(time - seeds[row].time), place, rank, row)
        for rank, row in enumerate(order)
        for place, time in candidates[int(account[row]), seeds[row].amount_fen]
        if abs(time - seeds[row].time) <= tolerance
    ]
    found, taken = np.full(len(seeds), NOBODY, np.int64), set()
    for _, place, _, row in sorted(pairs):
        if found[row] == NOBODY and place not in taken:
            found[row] = place
            taken.add(place)
    return found


def _candidates(
    transfers: Transfers, seeds: Sequence[Seed], account: Int64s, accounts: int
) -> dict[tuple[int, int], list[tuple[int, int]]]:
    """Return by account and amount the transfers that may be a seed: place and time."""
    seeded = np.zeros(accounts + 1, np.bool_)
    seeded[account] = True
    amounts = np.array(sorted({seed.amount_fen for seed in seeds}), np.int64)
    rows = np.flatnonzero(seeded[transfers.payee] & ~transfers.refund)
    rows = rows[np.isin(transfers.amount_fen[rows], amounts)]
    out: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    columns = (transfers.payee[rows], transfers.amount_fen[rows], rows, transfers.time[rows])
    for payee, amount, place, time in zip(*(column.tolist() for column in columns), strict=True):
        out[payee, amount].append((place, time))
    return out


def _with_assumed(
    transfers: Transfers, seeds: Sequence[Seed], account: Int64s, transfer: Int64s
) -> tuple[Transfers, Int64s, Any]:
    """Return the transfers with an arrival for each seed that has none, and where each seed's transfer stands now."""
    assumed = transfer == NOBODY
    rows = np.flatnonzero(assumed)
    times = np.array([seed.time for seed in seeds], np.int64)
    amounts = np.array([seed.amount_fen for seed in seeds], np.int64)
    rows = rows[np.lexsort((amounts[rows], account[rows], times[rows]))]
    before = np.searchsorted(transfers.time, times[rows], "left")
    place = transfer + np.searchsorted(before, transfer, "right")
    place[rows] = before + np.arange(len(rows))
    if not len(rows):
        return transfers, place, assumed
    inserted = replace(
        transfers,
        payer=np.insert(transfers.payer, before, NOBODY),
        payee=np.insert(transfers.payee, before, account[rows].astype(np.int32)),
        amount_fen=np.insert(transfers.amount_fen, before, amounts[rows]),
        time=np.insert(transfers.time, before, times[rows]),
        end=np.insert(transfers.end, before, np.int8(End.FOLLOWED)),
        refund=np.insert(transfers.refund, before, False),
        books=np.insert(transfers.books, before, np.int8(0)),
        row=np.insert(transfers.row, before, NOBODY),
    )
    return inserted, place, assumed
