"""Transfers of one moment: the bank's own order, then incoming before outgoing, then content."""

import random
from typing import NamedTuple

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rongdun.analytics.tracing.order import UNKNOWN, in_order, place_in


class Row(NamedTuple):
    payer: int
    payee: int
    time: int
    key: int
    payer_place: int = UNKNOWN
    payee_place: int = UNKNOWN


def order(rows: list[Row]) -> list[int]:
    payer, payee, time, key, payer_place, payee_place = (
        np.array([row[column] for row in rows], np.int64) for column in range(6)
    )
    found = in_order(payer.astype(np.int32), payee.astype(np.int32), time, payer_place, payee_place, key)
    return [int(at) for at in found]


def place(sheet: int, row: int) -> int:
    return int(place_in(np.array([sheet]), np.array([row]))[0])


def test_money_passes_through_a_chain_of_one_second() -> None:
    assert order([Row(3, 4, 9, key=1), Row(2, 3, 9, key=2), Row(1, 2, 9, key=3)]) == [2, 1, 0]


def test_the_banks_list_outweighs_incoming_before_outgoing() -> None:
    out = Row(2, 3, 9, key=2, payer_place=place(0, 10))
    into = Row(1, 2, 9, key=1, payee_place=place(0, 11))
    assert order([into, out]) == [1, 0]
    elsewhere = into._replace(payee_place=place(1, 11))
    assert order([elsewhere, out]) == [0, 1], "rows of two lists do not compare"


def test_time_comes_before_all() -> None:
    assert order([Row(2, 3, 5, key=1), Row(1, 2, 6, key=0)]) == [0, 1]


def test_a_circle_starts_inside_and_what_hangs_on_it_follows() -> None:
    hanging, forth, back = Row(2, 3, 9, key=0), Row(1, 2, 9, key=1), Row(2, 1, 9, key=2)
    assert order([hanging, forth, back]) == [1, 0, 2]


def test_contradicting_lists_fall_back_on_content() -> None:
    one = Row(1, 2, 9, key=7, payer_place=place(0, 1), payee_place=place(1, 2))
    two = Row(1, 2, 9, key=5, payer_place=place(0, 2), payee_place=place(1, 1))
    assert order([one, two]) == [1, 0]


def test_a_thousand_transfers_of_one_day_keep_their_list() -> None:
    rows = [Row(1, 2, 9, key=(row * 7919) % 1009, payer_place=place(3, row)) for row in range(1000)]
    assert order(rows) == list(range(1000))


Drawn = list[tuple[int, int, int, bool, bool]]
ROWS = st.lists(
    st.tuples(st.integers(-1, 5), st.integers(-1, 5), st.integers(0, 2), st.booleans(), st.booleans()),
    max_size=14,
)


def listed(drawn: Drawn) -> list[Row]:
    """Rows whose places in their accounts' lists follow one common order, so that no two lists contradict."""
    rows = []
    for number, (payer, payee, time, by_payer, by_payee) in enumerate(drawn):
        key = (number * 7) % 15
        one = place(0, number) if by_payer else UNKNOWN
        two = place(0, number) if by_payee else UNKNOWN
        rows.append(Row(payer, payee, time, key, one, two))
    return rows


@settings(max_examples=150, deadline=None)
@given(ROWS, st.randoms())
def test_the_order_of_input_rows_does_not_matter(drawn: Drawn, chance: random.Random) -> None:
    rows = listed(drawn)
    shuffled = list(rows)
    chance.shuffle(shuffled)
    assert [rows[at] for at in order(rows)] == [shuffled[at] for at in order(shuffled)]


@settings(max_examples=150, deadline=None)
@given(ROWS)
def test_lists_are_kept(drawn: Drawn) -> None:
    rows = listed(drawn)
    happened = [rows[at] for at in order(rows)]
    assert [row.time for row in happened] == sorted(row.time for row in rows)
    for account in range(6):
        places: list[tuple[int, int]] = []
        for row in happened:
            own = {
                row.payer: row.payer_place,
                **({row.payee: row.payee_place} if row.payee != row.payer else {}),
            }
            if own.get(account, UNKNOWN) != UNKNOWN:
                places.append((row.time, own[account]))
        assert places == sorted(places)
