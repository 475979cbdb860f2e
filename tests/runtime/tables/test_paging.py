"""Paging: whatever the order, each row is met exactly once, and totals are exact until they say otherwise."""

from itertools import pairwise
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from rongdun.kernel.errors import Invalid
from tests.runtime.tables.conftest import SPEC, Odd, OddTable

SORTABLE = sorted(SPEC.sortable())
KEYS = st.lists(st.sampled_from([f"{sign}{name}" for name in SORTABLE for sign in ("", "-")]), max_size=4)


def _in_order(first: Any, second: Any, *, descending: bool) -> bool:
    if first is None or second is None:
        return second is None
    return bool(first >= second if descending else first <= second)


def _comparable(row: Odd, name: str) -> Any:
    value = getattr(row, name)
    return value.encode() if isinstance(value, str) else value


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(keys=KEYS, size=st.integers(1, 200))
def test_paging_through_any_order_meets_each_row_once(odd: OddTable, keys: list[str], size: int) -> None:
    met: list[Odd] = []
    pages = -(-len(odd.rows) // size)
    for number in range(1, pages + 2):
        page = odd.page(page=number, size=size, sort=",".join(keys))
        assert (page.total, page.total_capped) == (len(odd.rows), False)
        met += page.items
    assert len(met) == len(odd.rows)
    assert {row.id for row in met} == {row.id for row in odd.rows}


@pytest.mark.parametrize("name", SORTABLE)
@pytest.mark.parametrize("descending", [False, True])
def test_rows_come_in_the_order_asked_for_with_nothing_last(
    odd: OddTable, name: str, descending: bool
) -> None:
    rows = odd.all(sort=f"{'-' if descending else ''}{name}")
    for first, second in pairwise(rows):
        values = _comparable(first, name), _comparable(second, name)
        assert _in_order(*values, descending=descending), values


def test_without_an_order_the_tables_own_is_used(odd: OddTable) -> None:
    moments = [row.at for row in odd.all()]
    assert moments == sorted(moments, reverse=True)


def test_later_keys_order_what_earlier_ones_leave_equal(odd: OddTable) -> None:
    rows = odd.all(sort="state,-at")
    assert [(row.state, -row.at.timestamp()) for row in rows] == sorted(
        (row.state, -row.at.timestamp()) for row in odd.rows
    )


def test_rows_of_several_columns_stay_rows(odd: OddTable) -> None:
    page = odd.page(select(Odd.id, Odd.name, Odd.name.label("again")), size=1)
    assert page.items[0].again == page.items[0].name
    assert page.map(lambda row: row.name).items == [page.items[0].name]


@pytest.mark.parametrize(("rows", "total", "capped"), [(1_000, 1_000, False), (1_001, 1_000, True)])
def test_totals_are_exact_to_ten_thousand_and_say_so_beyond(
    empty_odd: OddTable, owner_dsn: str, rows: int, total: int, capped: bool
) -> None:
    with psycopg.connect(owner_dsn) as connection:
        connection.execute(
            "insert into odd select gen_random_uuid(), 'n', null, 1, now(), true, 'open', 'cn.'"
            " from generate_series(1, %s)",
            (rows,),
        )
    page = empty_odd.page(page=2, size=3)
    assert (len(page.items), page.total, page.total_capped) == (3, total, capped)


def test_an_export_is_whole_or_is_refused(empty_odd: OddTable, owner_dsn: str) -> None:
    with psycopg.connect(owner_dsn) as connection:
        connection.execute(
            "insert into odd select gen_random_uuid(), 'n', null, n, now(), n = 1, 'open', 'cn.'"
            " from generate_series(1, 50001) as n",
        )
    with pytest.raises(Invalid) as refusal:
        empty_odd.all()
    assert "50000" in refusal.value.message.zh
    assert len(empty_odd.all(filter=("done:eq:false",), page=7, size=2)) == 50_000


@pytest.mark.parametrize("sort", ["nobody", "note", "shown", "name;drop table odd", "at desc", "--at-"])
def test_an_unknown_order_is_refused_naming_the_known_ones(odd: OddTable, sort: str) -> None:
    with pytest.raises(Invalid) as refusal:
        odd.page(sort=sort)
    [field] = refusal.value.fields
    assert field.path == "sort"
    assert all(name in field.message.en for name in SORTABLE)


def test_pages_too_deep_to_count_to_are_refused(odd: OddTable) -> None:
    assert odd.page(page=500, size=200).items == []
    with pytest.raises(Invalid) as refusal:
        odd.page(page=501, size=200)
    assert refusal.value.fields[0].path == "page"
