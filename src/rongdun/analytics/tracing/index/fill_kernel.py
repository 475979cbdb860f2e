"""Lay transfers out account by account, compiled: count them, put each into both lists, order each list by time."""

import numpy as np

from rongdun.analytics.tracing.index.columns import Bytes, Places
from rongdun.analytics.tracing.index.compiled import Records, entry, helper
from rongdun.analytics.tracing.index.layout import INCOMING
from rongdun.analytics.tracing.model import Int32s, Int64s


@entry
def count(side: Int32s, degree: Int64s) -> None:
    """Add to each account's degree how often it stands in ``side``."""
    for account in side:
        if account >= 0:
            degree[account] += 1


@entry
def fill(
    out: Records,
    cursor: Int64s,
    first: int,
    base: int,
    sides: tuple[Int32s, Int32s],
    money: tuple[Int64s, Int64s],
    marks: tuple[Bytes, Bytes],
    places: tuple[Places, Places],
    traits: Places,
) -> None:
    """Put a part of the transfers into the lists of the accounts ``first`` … ``first + len(cursor) - 1``.

    ``cursor`` says where in ``out`` each list goes on; ``base`` is the row number of the part's first transfer.
    """
    payer, payee = sides
    width = len(cursor)
    for at in range(len(payer)):
        one, two = payer[at], payee[at]
        own = np.int64(one) - first
        if one >= 0 and 0 <= own < width:
            _put(out[cursor[own]], at, base, two, money, marks, places[0], places[1], traits, 0)
            cursor[own] += 1
        own = np.int64(two) - first
        if two >= 0 and 0 <= own < width:
            _put(out[cursor[own]], at, base, one, money, marks, places[1], places[0], traits, INCOMING)
            cursor[own] += 1


@helper
def _put(
    record: Records,
    at: int,
    base: int,
    other: int,
    money: tuple[Int64s, Int64s],
    marks: tuple[Bytes, Bytes],
    own_places: Places,
    other_places: Places,
    traits: Places,
    way: int,
) -> None:
    record.amount = money[0][at]
    record.time = money[1][at]
    record.other = other
    record.row = base + at
    record.own_place = own_places[at]
    record.other_place = other_places[at]
    record.end = marks[0][at]
    record.bits = marks[1][at] | way
    trait = traits[other] if other >= 0 else 0
    record.standing = trait & 0xFF
    record.degree = trait >> 8


@entry
def order(out: Records, starts: Int64s) -> None:
    """Order each list by time where it is not; ``starts`` has one more than there are lists."""
    for place in range(len(starts) - 1):
        begin, end = starts[place], starts[place + 1]
        for at in range(begin + 1, end):
            if out[at].time < out[at - 1].time:
                _ordered(out[begin:end])
                break


@helper
def _ordered(rows: Records) -> None:
    times = np.empty(len(rows), np.int64)
    for at in range(len(rows)):
        times[at] = rows[at].time
    places = np.argsort(times, kind="mergesort")
    kept_rows = rows.copy()
    for at in range(len(rows)):
        rows[at] = kept_rows[places[at]]
