"""Reach, sub-ledger and openings as the README defines them, in plain Python over lists; and making small indexes."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from rongdun.analytics.tracing.index.build import Material, write_index
from rongdun.analytics.tracing.index.columns import ACCOUNT_COLUMNS, Levels, Transfers, bits_of, no_levels
from rongdun.analytics.tracing.index.opened import TraceIndex
from rongdun.analytics.tracing.model import NOBODY, Kind


@dataclass(frozen=True)
class Move:
    """One transfer between accounts by place."""

    payer: int
    payee: int
    amount: int
    time: int
    end: int = 0
    books: int = 3
    refund: bool = False


@dataclass(frozen=True)
class Holder:
    """One account: is its statement here, of what kind is it, and which moments does its statement cover."""

    observed: bool = True
    kind: Kind = Kind.PERSONAL
    since: int = 0
    until: int = 0


def followed(holders: Sequence[Holder], moves: Sequence[Move], most: int) -> list[bool]:
    """Tell which accounts money is followed in."""
    degree: dict[int, int] = defaultdict(int)
    for move in moves:
        for side in (move.payer, move.payee):
            degree[side] += 1
    ends = {Kind.CRYPTO, Kind.ABROAD, Kind.MERCHANT, Kind.PAYMENT, Kind.SALARY, Kind.UTILITY, Kind.PLATFORM}
    return [
        holder.observed and holder.kind not in ends and degree[place] <= most
        for place, holder in enumerate(holders)
    ]


def reached(
    holders: Sequence[Holder],
    moves: Sequence[Move],
    starts: Sequence[tuple[int, int, int, int]],
    depth: int,
    most: int,
) -> dict[int, int]:
    """Return first arrivals of the accounts touched from (account, victim, time, deadline), walk by walk."""
    live = followed(holders, moves, most)
    first: dict[int, int] = {}

    def walk(account: int, time: int, deadline: int, hops: int) -> None:
        first[account] = min(first.get(account, time), time)
        if hops == depth - 1:
            return
        for move in moves:
            onward = move.payer == account and time <= move.time <= deadline and move.end == 0
            if onward and move.payee != NOBODY and live[move.payee]:
                walk(move.payee, move.time, deadline, hops + 1)

    for account, _, time, deadline in starts:
        if live[account]:
            walk(account, time, deadline, 0)
    return first


def rows_of(moves: Sequence[Move], first: dict[int, int], as_of: int) -> set[int]:
    """Return which transfers a sub-ledger has."""
    return {
        row
        for row, move in enumerate(moves)
        if move.time <= as_of
        and any(side in first and move.time >= first[side] for side in (move.payer, move.payee))
    }


def least_opening(account: int, moves: Sequence[Move], moment: int) -> int:
    """Return the least opening with which no moment ends below zero, plus what moved before ``moment``."""
    change: dict[int, int] = defaultdict(int)
    for move in moves:
        change[move.time] += move.amount * ((move.payee == account) - (move.payer == account))
    held, lowest = 0, 0
    for time in sorted(change):
        held += change[time]
        lowest = min(lowest, held)
    return -lowest + sum(fen for time, fen in change.items() if time < moment)


def index_of(
    folder: Path,
    holders: Sequence[Holder],
    moves: Sequence[Move],
    levels: Levels | None = None,
    group_bytes: int = 1 << 20,
) -> TraceIndex:
    """Write and open the index of a few accounts and transfers."""
    accounts = pl.DataFrame(
        [
            [
                "测试银行",
                f"6222{place:015d}",
                f"测试{place}",
                "",
                int(one.kind),
                one.observed,
                one.since,
                one.until,
            ]
            for place, one in enumerate(holders)
        ],
        schema=ACCOUNT_COLUMNS,
        orient="row",
    )
    write_index(
        Material(columns(moves), accounts, levels or no_levels(), {}), folder, 1, group_bytes=group_bytes
    )
    return TraceIndex(folder)


def columns(moves: Sequence[Move]) -> Transfers:
    """Return transfers as columns."""
    nothing = np.zeros(len(moves), np.uint16)
    return Transfers(
        np.array([move.payer for move in moves], np.int32),
        np.array([move.payee for move in moves], np.int32),
        np.array([move.amount for move in moves], np.int64),
        np.array([move.time for move in moves], np.int64),
        np.array([move.end for move in moves], np.uint8),
        bits_of(
            np.array([move.refund for move in moves], np.bool_),
            np.array([move.books for move in moves], np.int8),
        ),
        nothing,
        nothing,
    )
