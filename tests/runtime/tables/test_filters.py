"""Filters: each means what Python says it means over the same rows, and nothing typed reaches SQL as SQL."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rongdun.kernel.errors import Invalid
from tests.runtime.tables.conftest import NAMES, START, Odd, OddTable

MIDNIGHT = datetime(2026, 2, 28, 16, 0, tzinfo=UTC)
"""1 March 2026 begins in Fuzhou."""

ODDLY = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize(
    ("asked", "condition"),
    [
        ("name:eq:引'号", lambda row: row.name == "引'号"),
        ("name:ne:引'号", lambda row: row.name != "引'号"),
        ("note:ne:备注", lambda row: row.note != "备注"),
        ("note:null:true", lambda row: row.note is None),
        ("note:null:false", lambda row: row.note is not None),
        ("name:like:%", lambda row: "%" in row.name),
        ("name:like:_", lambda row: "_" in row.name),
        ("name:like:\\", lambda row: "\\" in row.name),
        ("name:like:ZHANG", lambda row: "zhang" in row.name.lower()),
        ("name:in:Zhang San,zhang san", lambda row: row.name in ("Zhang San", "zhang san")),
        ("name:eq:", lambda row: row.name == ""),
        ("amount:eq:-100", lambda row: row.amount == -100),
        ("amount:gt:0", lambda row: row.amount is not None and row.amount > 0),
        ("amount:le:0", lambda row: row.amount is not None and row.amount <= 0),
        ("amount:ge:1234567890", lambda row: row.amount is not None and row.amount >= 1234567890),
        ("amount:lt:500000", lambda row: row.amount is not None and row.amount < 500000),
        ("amount:ne:0", lambda row: row.amount != 0),
        ("amount:in:0,-100", lambda row: row.amount in (0, -100)),
        ("done:eq:true", lambda row: row.done is True),
        ("done:ne:true", lambda row: row.done is not True),
        ("state:eq:open", lambda row: row.state == "open"),
        ("state:in:open,closed", lambda row: True),
        ("unit_path:eq:cn.fj.fz.", lambda row: row.unit_path == "cn.fj.fz."),
        ("unit_path:like:cn.fj.fz.", lambda row: row.unit_path in ("cn.fj.fz.", "cn.fj.fz.gulou.")),
        ("at:eq:2026-03-01", lambda row: row.at >= MIDNIGHT),
        ("at:lt:2026-03-01", lambda row: row.at < MIDNIGHT),
        ("at:le:2026-02-28", lambda row: row.at < MIDNIGHT),
        ("at:gt:2026-02-28", lambda row: row.at >= MIDNIGHT),
        ("at:ge:2026-03-01", lambda row: row.at >= MIDNIGHT),
        ("at:ne:2026-03-01", lambda row: row.at < MIDNIGHT),
        ("at:in:2026-02-28,2026-03-02", lambda row: row.at < MIDNIGHT),
        ("at:eq:2026-03-01T00:00:00+08:00", lambda row: row.at == MIDNIGHT),
        ("at:gt:2026-03-01T00:00:00", lambda row: row.at > MIDNIGHT),
        ("at:le:2026-02-28T16:00:00Z", lambda row: row.at <= MIDNIGHT),
    ],
)
def test_each_operator_means_what_it_says(
    odd: OddTable, asked: str, condition: Callable[[Odd], bool]
) -> None:
    expected = odd.expect(condition)
    assert odd.ids(asked) == expected
    assert expected, "a filter that lets nothing through shows nothing"


def test_conditions_join_and_empty_ones_do_not_count(odd: OddTable) -> None:
    expected = odd.expect(lambda row: row.done is True and row.state == "open")
    assert odd.ids("done:eq:true", "", "state:eq:open") == expected


@pytest.mark.parametrize(
    ("q", "condition"),
    [
        ("  zhang   备注 ", lambda row: "zhang" in row.name.lower() and row.note == "备注"),
        ("50%", lambda row: "50%" in row.name),
        ("drop table", lambda row: "drop table" in row.name),
        ("   ", lambda row: True),
    ],
)
def test_every_word_of_a_search_must_be_found_somewhere(
    odd: OddTable, q: str, condition: Callable[[Odd], bool]
) -> None:
    assert odd.ids(q=q) == odd.expect(condition)


@ODDLY
@given(typed=st.one_of(st.sampled_from(NAMES), st.text("%_\\'\";-aA张:,", max_size=6)))
def test_whatever_is_typed_is_looked_for_literally(odd: OddTable, typed: str) -> None:
    assert odd.ids(f"name:eq:{typed}") == odd.expect(lambda row: row.name == typed)
    assert odd.ids(f"name:like:{typed}") == odd.expect(lambda row: typed.lower() in row.name.lower())


@ODDLY
@given(text=st.text(max_size=40), op=st.sampled_from(["eq", "like", "in", "null", "lt"]))
def test_any_text_anywhere_is_a_value_or_a_refusal(odd: OddTable, text: str, op: str) -> None:
    for asked in (text, f"name:{op}:{text}", f"{text}:{op}:1", f"at:{op}:{text}", f"amount:{op}:{text}"):
        try:
            assert odd.ids(asked) <= {row.id for row in odd.rows}
        except Invalid as refusal:
            assert refusal.fields[0].path == "filter"
    assert len(odd.all()) == len(odd.rows)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("nobody:eq:1", "name"),
        ("shown:eq:1", "name"),
        ("name:lt:a", "like"),
        ("done:gt:true", "null"),
        ("state:like:op", "in"),
        ("name:exists:1", "like"),
        ("state:eq:gone", "closed"),
        ("name", "field:op:value"),
        ("name:eq", "field:op:value"),
        ("amount:eq:1.5", "whole number of fen"),
        ("amount:eq:１", "whole number of fen"),
        ("amount:eq:99999999999999999999", "whole number of fen"),
        ("id:eq:12", "UUID"),
        ("done:eq:yes", "true or false"),
        ("note:null:maybe", "true or false"),
        ("at:eq:2026-02-30", "date or time"),
        ("at:gt:9999-12-31", "date or time"),
        ("at:eq:soon", "date or time"),
        ("unit_path:like:cn.fj.%", "unit path"),
        ("name:eq:a\x00b", "control characters"),
        (f"name:eq:{'长' * 501}", "control characters"),
        (f"amount:in:{','.join('1' * 201)}", "200"),
    ],
)
def test_a_refusal_names_what_would_do(odd: OddTable, asked: str, told: str) -> None:
    with pytest.raises(Invalid) as refusal:
        odd.page(filter=(asked,))
    [field] = refusal.value.fields
    assert told in field.message.en
    assert field.message.zh


def test_only_so_many_conditions_are_taken(odd: OddTable) -> None:
    assert odd.ids(*["done:eq:true"] * 20)
    with pytest.raises(Invalid):
        odd.ids(*["done:eq:true"] * 21)


def test_the_odd_rows_do_straddle_the_day(odd: OddTable) -> None:
    assert {row.at for row in odd.rows} >= {START, MIDNIGHT, MIDNIGHT + timedelta(hours=1)}
