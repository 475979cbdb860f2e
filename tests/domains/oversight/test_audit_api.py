"""The auditor's search: inside the scope, itself on record, and able to show what was tampered with."""

from datetime import timedelta

import psycopg
import pytest

from rongdun.domains.oversight import JOBS, service
from rongdun.runtime.jobs import Work
from tests.domains.oversight.conftest import Desk, actor


def subjects(answer: dict[str, list[dict[str, dict[str, str]]]]) -> list[str]:
    """Return the subject ids of a page."""
    return [item["subject"]["id"] for item in answer["items"]]


def test_the_table_filters_by_who_what_whom_and_when(desk: Desk) -> None:
    officer = actor("cn.fj.fz.gulou.dongjie.", login="chen")
    desk.change(1, by=officer)
    desk.clock.advance(timedelta(hours=1))
    desk.change(2)
    desk.change(3, unit_path="cn.fj.fz.cangshan.")
    assert subjects(desk.get("/api/audit", filter="actor_login:eq:chen")) == ["1"]
    assert subjects(desk.get("/api/audit", filter="subject_id:eq:2")) == ["2"]
    assert subjects(desk.get("/api/audit", filter="at:lt:2026-03-02T01:30:00Z")) == ["1"]
    assert subjects(desk.get("/api/audit", filter="unit_path:like:cn.fj.fz.gulou.")) == ["1"]
    assert subjects(desk.get("/api/audit", filter="scope_path:like:cn.fj.fz.cangshan.")) == ["3"]
    newest_first = desk.get("/api/audit", filter="action:eq:case.change")
    assert subjects(newest_first)[-1] == "1"
    assert subjects(desk.get("/api/audit", q="演示案件2")) == ["2"]


def test_an_entry_says_who_as_what_from_where(desk: Desk) -> None:
    officer = actor("cn.fj.fz.gulou.", login="chen")
    desk.change(1, by=officer)
    [item] = desk.get("/api/audit", filter="actor_login:eq:chen")["items"]
    assert item["actor"] == {
        "id": str(officer.user_id),
        "login": "chen",
        "name": "演示·审计",
        "roles": ["auditor"],
        "unit_path": "cn.fj.fz.gulou.",
    }
    assert (item["ip"], item["session"]) == ("127.0.0.1", str(officer.session_id))
    assert (item["before"], item["after"]) == (None, {"n": 1})


def test_an_auditor_sees_their_own_subtree_and_nothing_beyond(desk: Desk) -> None:
    hidden = desk.change(1, by=actor("cn.fj.xm.", login="lin"), unit_path="cn.fj.xm.")
    desk.change(2, by=actor("cn.fj.xm.", login="lin"), unit_path="cn.fj.fz.gulou.")
    desk.change(3, by=actor("cn.fj.fz.", login="chen"), unit_path="cn.fj.xm.")
    assert set(subjects(desk.get("/api/audit", filter="action:eq:case.change"))) == {"2", "3"}
    assert desk.get(f"/api/audit/{hidden}", 404)["code"] == "not_found"


def test_looking_at_the_audit_is_on_record(desk: Desk) -> None:
    entry = desk.change(1)
    desk.get("/api/audit", q="陈 19900001234", filter="action:eq:case.change")
    desk.get(f"/api/audit/{entry}")
    [search] = desk.trail("audit.search")
    assert search["actor"]["login"] == "auditor"
    assert search["after"]["q"] == "陈 199****1234"
    assert search["after"]["filter"] == ["action:eq:case.change"]
    [read] = desk.trail("audit.read")
    assert read["subject"] == {"kind": "audit", "id": entry, "label": "case.change"}


def test_an_entry_comes_with_its_neighbours_and_its_check(desk: Desk) -> None:
    desk.change(1)
    entry = desk.change(2)
    desk.change(3, by=actor("cn.fj.xm."), unit_path="cn.fj.xm.")
    detail = desk.get(f"/api/audit/{entry}")
    assert detail["check"] == {"intact": True, "fault": None}
    assert (detail["alg"], detail["root"]) == ("sm3", None)
    previous, following = detail["previous"], detail["next"]
    assert previous["visible"] is True
    assert desk.get(f"/api/audit/{previous['id']}")["entry"]["hash"] == detail["prev_hash"]
    assert following == {
        "seq": detail["entry"]["seq"] + 1,
        "visible": False,
        "id": None,
        "at": None,
        "action": None,
    }


def test_the_first_entry_has_nothing_before_it(desk: Desk) -> None:
    detail = desk.get(f"/api/audit/{desk.change(1)}")
    assert detail["entry"]["seq"] == 1
    assert detail["previous"] is None
    assert detail["prev_hash"] == "00" * 32


def _tamper(owner_dsn: str, statement: str) -> None:
    with psycopg.connect(owner_dsn) as connection:
        connection.execute("alter table audit_entries disable trigger all")
        connection.execute(statement)
        connection.execute("alter table audit_entries enable trigger all")


def test_a_tampered_entry_is_shown_as_such(desk: Desk, owner_dsn: str) -> None:
    entry, other = desk.change(1), desk.change(2)
    _tamper(owner_dsn, f"update audit_entries set subject_id = '9' where id = '{entry}'")
    check = desk.get(f"/api/audit/{entry}")["check"]
    assert check["intact"] is False
    assert (check["fault"]["kind"], check["fault"]["entry_id"]) == ("altered", entry)
    assert check["fault"]["message"] == {"zh": "内容被改动", "en": "its content was altered"}
    assert desk.get(f"/api/audit/{other}")["check"]["intact"] is True


SPAN = {"since": "2026-03-02T00:00:00Z", "until": "2026-03-03T00:00:00+08:00"}


def test_a_span_is_verified_on_request_and_that_is_on_record(desk: Desk, owner_dsn: str) -> None:
    entry = desk.change(1)
    desk.change(2)
    whole = desk.post("/api/audit/verify", SPAN)
    assert (whole["intact"], whole["chains"], whole["faults"]) == (True, 1, [])
    assert whole["entries"] >= 2
    _tamper(owner_dsn, f"update audit_entries set note = 'x' where id = '{entry}'")
    broken = desk.post("/api/audit/verify", SPAN)
    assert [(fault["kind"], fault["entry_id"]) for fault in broken["faults"]] == [("altered", entry)]
    assert [item["after"]["faults"] for item in desk.trail("audit.verify")] == [0, 1]


def test_verification_sees_entries_the_auditor_may_not_read(desk: Desk, owner_dsn: str) -> None:
    entry = desk.change(1, by=actor("cn.fj.xm."), unit_path="cn.fj.xm.")
    _tamper(owner_dsn, f"update audit_entries set note = 'x' where id = '{entry}'")
    assert desk.post("/api/audit/verify", SPAN)["intact"] is False


def test_a_span_too_long_for_one_request_is_refused_with_a_way_out(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.change(1)
    monkeypatch.setattr(service, "LONGEST_SPAN", 0)
    refusal = desk.post("/api/audit/verify", SPAN, 409)
    assert refusal["code"] == "span_too_long"
    assert refusal["extra"]["limit"] == 0
    assert "rongdun audit verify" in refusal["action"]["zh"]


def test_an_empty_span_is_refused_at_its_field(desk: Desk) -> None:
    refusal = desk.post("/api/audit/verify", {"since": SPAN["until"], "until": SPAN["since"]}, 422)
    assert [field["path"] for field in refusal["fields"]] == ["until"]


def test_roots_are_listed_with_their_standing(desk: Desk, owner_dsn: str) -> None:
    entry = desk.change(1)
    desk.clock.advance(timedelta(days=2))
    [sign_roots] = JOBS
    sign_roots.run(Work(desk.centre.transact, desk.centre.services))
    items = desk.get("/api/audit/roots")["items"]
    assert [(item["day"], item["late"], item["authentic"]) for item in items] == [
        ("2026-03-03", False, True),
        ("2026-03-02", True, True),
    ]
    assert items[1]["entries"] >= 1
    assert desk.get(f"/api/audit/{entry}")["root"]["day"] == "2026-03-02"
    with psycopg.connect(owner_dsn) as connection:
        connection.execute("alter table audit_roots disable trigger all")
        connection.execute("update audit_roots set body = replace(body, 'true', 'false')")
    assert [item["authentic"] for item in desk.get("/api/audit/roots")["items"]] == [True, False]


def test_the_export_is_a_sheet_and_on_record(desk: Desk) -> None:
    desk.change(1)
    answer = desk.client.get("/api/audit/export.xlsx", params={"filter": "action:eq:case.change"})
    assert answer.status_code == 200
    assert answer.content[:2] == b"PK"
    assert [item["after"]["rows"] for item in desk.trail("table.export")] == [1]


@pytest.mark.parametrize(
    "path", ["/api/audit", "/api/audit/roots", f"/api/audit/{'0' * 8}-0000-7000-8000-000000000000"]
)
def test_only_auditors_may_look(desk: Desk, path: str) -> None:
    desk.actor = actor("cn.fj.fz.", "audit.verify")
    assert desk.get(path, 403)["extra"] == {"permission": "audit.read"}


def test_reading_does_not_include_verifying(desk: Desk) -> None:
    desk.actor = actor("cn.fj.fz.", "audit.read")
    assert desk.post("/api/audit/verify", SPAN, 403)["extra"] == {"permission": "audit.verify"}
