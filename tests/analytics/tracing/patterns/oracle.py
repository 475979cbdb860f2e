"""The patterns once more in plain Python, straight from their definitions: slow, short, the judge of the kernels."""

from collections.abc import Iterator
from itertools import pairwise, permutations
from typing import NamedTuple

import numpy as np

from rongdun.analytics.tracing.patterns.flows import Flows, flows_of


class Row(NamedTuple):
    """One transfer; the accounts are numbers, -1 stands for nobody."""

    payer: int
    payee: int
    fen: int
    time: int


def flows(rows: list[Row], accounts: int) -> Flows:
    columns = list(zip(*rows, strict=True)) if rows else [(), (), (), ()]
    kinds = (np.int32, np.int32, np.int64, np.int64)
    payer, payee, fen, time = (np.array(column, kind) for column, kind in zip(columns, kinds, strict=True))
    return flows_of(payer, payee, fen, time, accounts)


def moving(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row.payer != row.payee]


def fan(rows: list[Row], side: str, account: int, window: int, least: int) -> tuple[int, int]:
    own, other = ("payee", "payer") if side == "in" else ("payer", "payee")
    mine = [(row.time, getattr(row, other)) for row in moving(rows) if getattr(row, own) == account]
    widths = [
        len({party for then, party in mine if now - window <= then <= now and party >= 0}) for now, _ in mine
    ]
    return max(widths, default=0), sum(width >= least for width in widths)


def passing(rows: list[Row], account: int, window: int, percent: int) -> tuple[int, int]:
    found = []
    for row in moving(rows):
        out = [paid for paid in moving(rows) if paid.payer == account]
        paid = sum(one.fen for one in out if row.time <= one.time <= row.time + window)
        if row.payee == account and out and paid * 100 >= row.fen * percent:
            found.append(row.fen)
    return len(found), sum(found)


def cycles(rows: list[Row], hub: set[int], window: int, longest: int) -> list[tuple[int, ...]]:
    """Return the accounts of each cycle. All orders of all subsets are tried."""
    usable = [
        (place, row)
        for place, row in enumerate(rows)
        if row.payer != row.payee and not {row.payer, row.payee} & (hub | {-1})
    ]
    found: dict[frozenset[int], tuple[int, ...]] = {}
    for length in range(2, longest + 1):
        for chosen in permutations(usable, length):
            walked = [row for _, row in chosen]
            if _is_cycle(walked, window):
                found[frozenset(place for place, _ in chosen)] = tuple(row.payer for row in walked)
    return list(found.values())


def _is_cycle(walked: list[Row], window: int) -> bool:
    after = [*walked[1:], walked[0]]
    joined = all(one.payee == two.payer for one, two in zip(walked, after, strict=True))
    rising = all(one.time <= two.time for one, two in pairwise(walked))
    different = len({row.payer for row in walked}) == len(walked)
    return joined and rising and different and walked[-1].time - walked[0].time <= window


def scatters(
    rows: list[Row], hub: set[int], window: int, least: int
) -> Iterator[tuple[int, int, frozenset[int]]]:
    """Yield source, end and the accounts between, once for each payment from which they are enough."""
    usable = [row for row in moving(rows) if not {row.payer, row.payee} & (hub | {-1})]
    for anchor in usable:
        between: dict[int, set[int]] = {}
        until = anchor.time + window
        for one in usable:
            for two in usable:
                joined = one.payer == anchor.payer and one.payee == two.payer and two.payee != anchor.payer
                if joined and anchor.time <= one.time <= two.time <= until:
                    between.setdefault(two.payee, set()).add(one.payee)
        for end, middles in between.items():
            if len(middles) >= least:
                yield anchor.payer, end, frozenset(middles)
