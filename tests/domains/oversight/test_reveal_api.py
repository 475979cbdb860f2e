"""A masked field in clear: for a purpose, on record, within an allowance, and nowhere else."""

from datetime import timedelta

import psycopg
import pytest

from rongdun.kernel.scope import Scope
from rongdun.runtime.policies import codes
from tests.domains.oversight.conftest import PHONE, Desk, actor


def ask(person: str, **changes: object) -> dict[str, object]:
    """Return a request to reveal ``person``'s phone."""
    body = {
        "subject": {"kind": "person", "id": person},
        "field": "phone",
        "purpose": "contact_victim",
        "note": "",
    }
    return {**body, **changes}


def test_the_value_is_shown_and_the_showing_is_on_record(desk: Desk, person: str) -> None:
    shown = desk.post("/api/reveal", ask(person, note="回访"))
    assert (shown["value"], shown["expires_s"]) == (PHONE, 30)
    [entry] = desk.trail("reveal")
    assert entry["id"] == shown["audit_id"]
    assert entry["actor"]["id"] == str(desk.actor.user_id)
    assert entry["subject"] == {"kind": "person", "id": "p1", "label": "演示·陈一"}
    assert (entry["purpose"], entry["note"]) == ("contact_victim", "回访")
    assert entry["purpose_name"] == {"zh": "联系被害人", "en": "Contacting a victim"}
    assert entry["scope_path"] == "cn.fj.fz.gulou."
    assert entry["after"] == {"field": "phone", "present": True}


def test_the_value_is_nowhere_in_the_database(desk: Desk, person: str, owner_dsn: str) -> None:
    desk.post("/api/reveal", ask(person, note=f"核对 {PHONE}"))
    with psycopg.connect(owner_dsn) as connection:
        rows = connection.execute("select e::text from audit_entries e").fetchall()
    assert rows
    assert not any(PHONE in row[0] for row in rows)


def test_the_purpose_must_be_one_of_the_list(desk: Desk, person: str) -> None:
    refusal = desk.post("/api/reveal", ask(person, purpose="curiosity"), 422)
    assert [field["path"] for field in refusal["fields"]] == ["purpose"]
    assert desk.trail("reveal") == []


def test_some_purposes_need_a_note(desk: Desk, person: str) -> None:
    for note in ("", "   ", "abc"):
        refusal = desk.post("/api/reveal", ask(person, purpose="audit", note=note), 422)
        assert [field["path"] for field in refusal["fields"]] == ["note"]
    assert desk.post("/api/reveal", ask(person, purpose="audit", note="季度抽查"))["value"] == PHONE


def test_the_list_on_offer_is_the_policy_tables(desk: Desk) -> None:
    offered = desk.get("/api/reveal/purposes")
    with desk.centre.services.database.session(Scope.everything()) as session:
        stored = codes(session, "access.reveal_purposes", on=desk.clock.now().date())
    assert [item["code"] for item in offered["items"]] == [entry.code for entry in stored]
    assert [item["code"] for item in offered["items"] if item["note_required"]] == ["audit"]
    assert (offered["limit_per_hour"], offered["used_last_hour"]) == (60, 0)


def test_without_the_fields_permission_nothing_is_shown(desk: Desk, person: str) -> None:
    desk.actor = actor("cn.fj.fz.", "audit.read")
    assert desk.post("/api/reveal", ask(person), 403)["extra"] == {"permission": "person.reveal"}


def test_beyond_the_scope_the_record_does_not_exist(desk: Desk, person: str) -> None:
    desk.actor = actor("cn.fj.fz.cangshan.", "person.reveal")
    assert desk.post("/api/reveal", ask(person), 404)["code"] == "not_found"


@pytest.mark.parametrize("changes", [{"field": "password"}, {"subject": {"kind": "case", "id": "1"}}])
def test_only_declared_fields_can_be_revealed(desk: Desk, person: str, changes: dict[str, object]) -> None:
    assert desk.post("/api/reveal", ask(person, **changes), 404)["code"] == "not_found"


def test_one_hours_allowance_runs_out_and_comes_back(desk: Desk, person: str, owner_dsn: str) -> None:
    _allow(owner_dsn, 2)
    desk.post("/api/reveal", ask(person))
    desk.clock.advance(timedelta(minutes=20))
    desk.post("/api/reveal", ask(person))
    desk.clock.advance(timedelta(minutes=20))
    refusal = desk.post("/api/reveal", ask(person), 429)
    assert (refusal["code"], refusal["extra"]["limit"]) == ("reveal_limit_reached", 2)
    assert 20 * 60 <= refusal["extra"]["retry_after_s"] <= 20 * 60 + 1
    assert desk.get("/api/reveal/purposes")["used_last_hour"] == 2
    [refused] = desk.trail("reveal.refused")
    assert refused["after"] == {"field": "phone", "limit": 2}
    desk.clock.advance(timedelta(seconds=refusal["extra"]["retry_after_s"]))
    assert desk.post("/api/reveal", ask(person))["value"] == PHONE


def test_the_allowance_is_counted_for_each_user(desk: Desk, person: str, owner_dsn: str) -> None:
    _allow(owner_dsn, 1)
    desk.post("/api/reveal", ask(person))
    desk.post("/api/reveal", ask(person), 429)
    desk.actor = actor("cn.fj.fz.gulou.", "person.reveal")
    assert desk.post("/api/reveal", ask(person))["value"] == PHONE


def test_a_visitor_is_asked_to_sign_in(nobody: Desk, person: str) -> None:
    assert nobody.post("/api/reveal", ask(person), 401)["code"] == "unauthenticated"
    assert nobody.get("/api/reveal/purposes", 401)["code"] == "unauthenticated"


def _allow(owner_dsn: str, count: int) -> None:
    with psycopg.connect(owner_dsn) as connection:
        connection.execute("alter table policy_rules disable trigger user")
        connection.execute(
            "update policy_rules set value = %s where key = 'access.reveal_limit_per_hour'", (str(count),)
        )
        connection.execute("alter table policy_rules enable trigger user")
