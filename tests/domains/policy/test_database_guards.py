"""What the database refuses whoever asks: direct SQL as the application role, past every line of Python."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from rongdun.kernel.scope import SYSTEM, Actor

ROW = """
insert into policy_rules (id, key, name_zh, name_en, value, unit, effective_from, effective_to, legal_basis, tag,
  origin, change_id, created_at)
values (gen_random_uuid(), :key, '演示', 'demo', '1', 'hour', :begins, :ends, '演示', 'D', :origin, :change, now())
"""


def refused(desk: Any, by: Actor, sql: str, **values: Any) -> str:
    """Run ``sql`` as ``by``; return the words of the refusal."""
    with desk.centre.transact(by) as uow:
        with pytest.raises(DBAPIError) as error:
            uow.session.execute(text(sql), values)
        uow.session.rollback()
    return str(error.value.orig)


@pytest.fixture
def submitted(desk: Any) -> Any:
    return desk.step(desk.draft(), "submit", by=desk.maker)


def test_the_maker_cannot_confirm_by_direct_sql(desk: Any, submitted: Any) -> None:
    sql = (
        "update policy_changes set state = 'CONFIRMED', checker_id = :who, decided_at = now() where id = :id"
    )
    words = refused(desk, desk.maker, sql, who=desk.maker.user_id, id=submitted["id"])
    assert "checker_is_no_editor" in words


def test_the_maker_cannot_sign_as_somebody_else(desk: Any, submitted: Any) -> None:
    sql = (
        "update policy_changes set state = 'CONFIRMED', checker_id = :who, decided_at = now() where id = :id"
    )
    words = refused(desk, desk.maker, sql, who=desk.checker.user_id, id=submitted["id"])
    assert "signed by whoever takes it" in words


def test_the_maker_cannot_write_himself_out_of_the_editors(desk: Any, submitted: Any) -> None:
    sql = "update policy_changes set editors = '{}', maker_id = :other where id = :id"
    words = refused(desk, desk.maker, sql, other=desk.colleague.user_id, id=submitted["id"])
    assert "cannot be altered" in words


def test_a_draft_in_another_name_is_refused(desk: Any) -> None:
    copied = """
    insert into policy_changes select (jsonb_populate_record(null::policy_changes,
      to_jsonb(c) || jsonb_build_object('id', gen_random_uuid(), 'state', 'DRAFT'))).* from policy_changes c
    """
    desk.draft()
    assert "draft of whoever writes it" in refused(desk, desk.colleague, copied)


def test_words_under_review_cannot_be_changed(desk: Any, submitted: Any) -> None:
    sql = "update policy_changes set value = '1' where id = :id"
    assert "cannot go from SUBMITTED to SUBMITTED" in refused(desk, desk.maker, sql, id=submitted["id"])


def test_words_cannot_be_changed_on_the_way_to_the_checker(desk: Any) -> None:
    sql = "update policy_changes set value = '1', state = 'SUBMITTED' where id = :id"
    assert "only while it is a draft" in refused(desk, desk.maker, sql, id=desk.draft()["id"])


def test_nobody_writes_on_a_draft_without_being_named(desk: Any) -> None:
    sql = "update policy_changes set value = '1' where id = :id"
    assert "only a named editor" in refused(desk, desk.colleague, sql, id=desk.draft()["id"])


def test_a_decided_change_stays_decided(desk: Any) -> None:
    change = desk.confirmed()
    sql = "update policy_changes set state = 'SUBMITTED' where id = :id"
    assert "cannot go from CONFIRMED" in refused(desk, desk.checker, sql, id=change["id"])


def test_a_row_of_the_table_cannot_be_altered(desk: Any) -> None:
    sql = "update policy_rules set value = '1000' where key = 'stop.validity'"
    assert "permission denied" in refused(desk, SYSTEM, sql)


def test_a_row_cannot_be_given_more_time(desk: Any) -> None:
    sql = "update policy_rules set effective_to = '2030-01-01' where key = 'discipline.rule_version' and value = :v"
    assert "only end earlier" in refused(desk, SYSTEM, sql, v='"261-2016"')


def test_an_officer_cannot_end_a_row_without_a_confirmed_change(desk: Any, submitted: Any) -> None:
    ends = "update policy_rules set effective_to = '2026-05-01'"
    where = " where key = 'stop.validity'"
    assert "only through a confirmed change" in refused(desk, desk.checker, ends + where)
    named = ends + ", closed_by = :change" + where
    assert "is not confirmed" in refused(desk, desk.checker, named, change=submitted["id"])


def test_an_officer_cannot_add_a_row_without_a_confirmed_change(desk: Any, submitted: Any) -> None:
    new = {"key": "stop.validity", "begins": "2010-01-01", "ends": "2010-02-01"}
    words = refused(desk, desk.checker, ROW, **new, origin="seed", change=None)
    assert "only through a confirmed change" in words
    words = refused(desk, desk.checker, ROW, **new, origin="change", change=submitted["id"])
    assert "is not confirmed" in words


def test_a_confirmed_change_of_one_rule_lets_nobody_touch_another(desk: Any) -> None:
    change = desk.confirmed()
    words = refused(
        desk,
        desk.checker,
        ROW,
        key="stop.max_total",
        begins="2010-01-01",
        ends="2010-02-01",
        origin="change",
        change=change["id"],
    )
    assert "is not confirmed for stop.max_total" in words


@pytest.mark.parametrize(("begins", "ends"), [("2026-01-01", None), ("2015-01-01", "2016-06-02")])
def test_two_rows_of_one_rule_never_apply_on_one_day(desk: Any, begins: str, ends: str | None) -> None:
    new = {"key": "stop.validity", "begins": begins, "ends": ends, "origin": "seed", "change": None}
    assert "one_rule_a_day" in refused(desk, SYSTEM, ROW, **new)


def test_a_row_may_begin_on_the_day_another_ends(desk: Any) -> None:
    with desk.centre.transact() as uow:
        new = {"key": "stop.validity", "begins": "2015-01-01", "ends": "2016-06-01"}
        uow.session.execute(text(ROW), {**new, "origin": "seed", "change": None})


@pytest.mark.parametrize("table", ["policy_rules", "policy_changes"])
@pytest.mark.parametrize("verb", ["delete from", "truncate"])
def test_nothing_is_removed(desk: Any, table: str, verb: str) -> None:
    assert "permission denied" in refused(desk, SYSTEM, f"{verb} {table}")
