"""Drafts and saved views: each person's own, sealed at rest, and forgotten in time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from rongdun.domains.desk import prune_drafts
from rongdun.domains.desk.service import MAX_DRAFTS, MAX_VIEWS
from rongdun.kernel.scope import NOBODY, Scope
from tests.domains.desk.conftest import Desk, officer

FORM = "/api/drafts/intake.report:new"
VIEW = {"table": "deadlines", "name": "今晚到期", "state": {"sort": "due_at", "filter": ["state:eq:running"]}}


def test_a_draft_comes_back_as_it_was_left(desk: Desk) -> None:
    value = {"受害人": "演示·陈一", "金额": 500_000, "账号": ["6222", None], "急": True, "嵌": {"套": [1.5]}}
    kept = desk.call("PUT", FORM, 200, json={"value": value})
    assert kept == {"form_key": "intake.report:new", "value": value, "saved_at": "2026-03-02T04:00:00Z"}
    assert desk.call("GET", FORM, 200) == kept
    desk.clock.advance(timedelta(minutes=3))
    desk.call("PUT", FORM, 200, json={"value": "短"})
    again = desk.call("GET", FORM, 200)
    assert (again["value"], again["saved_at"]) == ("短", "2026-03-02T04:03:00Z")
    desk.call("DELETE", FORM, 204)
    assert desk.call("GET", FORM, 404)["code"] == "no_draft"
    desk.call("DELETE", FORM, 204)


def test_nobody_reads_the_draft_of_another(desk: Desk) -> None:
    desk.call("PUT", FORM, 200, json={"value": 1})
    desk.actor = officer()
    assert desk.call("GET", FORM, 404)["code"] == "no_draft"
    desk.call("DELETE", FORM, 204)
    desk.call("PUT", FORM, 200, json={"value": 2})
    assert desk.call("GET", FORM, 200)["value"] == 2
    with desk.centre.services.database.session(Scope.subtree("cn."), actor_id=desk.actor.user_id) as session:
        assert session.execute(text("select count(*) from drafts")).scalar_one() == 1, "row security"


def test_drafts_and_views_are_sealed_in_the_database(desk: Desk, owner_dsn: str) -> None:
    desk.call("PUT", FORM, 200, json={"value": {"phone": "19900001234"}})
    desk.call("POST", "/api/views", 201, json={**VIEW, "state": {"q": "19900001234"}})
    with psycopg.connect(owner_dsn) as connection:
        for table in ("drafts", "saved_views"):
            [row] = connection.execute(f"select t::text, t.*::text from {table} t").fetchall()
            assert "19900001234" not in str(row)
            assert b"19900001234".hex() not in str(row)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b'{"value": NaN}', 422, "invalid"),
        (b'{"value": "\\ud800"}', 422, "invalid"),
        (b'{"value": 1, "user_id": "x"}', 422, "invalid"),
        (b"{}", 422, "invalid"),
        (b'{"value": "' + b"a" * 300_000 + b'"}', 413, "draft_too_large"),
    ],
)
def test_what_cannot_be_kept_is_refused(desk: Desk, body: bytes, status: int, code: str) -> None:
    headers = {"Content-Type": "application/json"}
    assert desk.call("PUT", FORM, status, content=body, headers=headers)["code"] == code


@pytest.mark.parametrize("key", ["-x", "a b", "a%00b", "x" * 121, "表单"])
def test_form_keys_are_plain(desk: Desk, key: str) -> None:
    desk.call("PUT", f"/api/drafts/{key}", 422, json={"value": 1})


def test_two_pages_of_one_person_keep_the_same_form(desk: Desk) -> None:
    def keep(number: int) -> int:
        status: int = desk.client.put(FORM, json={"value": number}).status_code
        return status

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(keep, range(12))) == {200}
    assert desk.call("GET", FORM, 200)["value"] in range(12)


def test_only_so_many_drafts_are_kept(desk: Desk) -> None:
    for number in range(MAX_DRAFTS):
        desk.call("PUT", f"/api/drafts/f{number}", 200, json={"value": number})
    assert desk.call("PUT", "/api/drafts/more", 409, json={"value": 1})["code"] == "too_many_drafts"
    desk.call("PUT", "/api/drafts/f0", 200, json={"value": "still"})


def test_drafts_are_forgotten_thirty_days_after_the_last_touch(desk: Desk) -> None:
    desk.call("PUT", "/api/drafts/old", 200, json={"value": 1})
    desk.clock.advance(timedelta(days=29))
    desk.call("PUT", "/api/drafts/young", 200, json={"value": 1})
    desk.clock.advance(timedelta(days=1, seconds=1))
    with desk.centre.transact() as uow:
        assert prune_drafts(uow) == 1
    desk.call("GET", "/api/drafts/old", 404)
    desk.call("GET", "/api/drafts/young", 200)


def test_a_view_is_kept_listed_replaced_and_removed(desk: Desk) -> None:
    first = desk.call("POST", "/api/views", 201, json=VIEW)
    assert {key: first[key] for key in VIEW} == VIEW
    changed = {**VIEW, "state": {"sort": "-due_at"}}
    assert desk.call("POST", "/api/views", 201, json=changed)["id"] == first["id"]
    desk.call("POST", "/api/views", 201, json={**VIEW, "name": "另一个"})
    desk.call("POST", "/api/views", 201, json={**VIEW, "table": "users"})
    listed = desk.call("GET", "/api/views", 200, params={"table": "deadlines"})
    assert sorted(view["name"] for view in listed) == ["今晚到期", "另一个"]
    assert {"sort": "-due_at"} in [view["state"] for view in listed]
    desk.call("DELETE", f"/api/views/{first['id']}", 204)
    desk.call("DELETE", f"/api/views/{first['id']}", 404)
    assert len(desk.call("GET", "/api/views", 200, params={"table": "deadlines"})) == 1


def test_nobody_sees_or_removes_the_views_of_another(desk: Desk) -> None:
    own = desk.call("POST", "/api/views", 201, json=VIEW)
    desk.actor = officer()
    assert desk.call("GET", "/api/views", 200, params={"table": "deadlines"}) == []
    desk.call("DELETE", f"/api/views/{own['id']}", 404)


def test_only_so_many_views_of_one_table_are_kept(desk: Desk) -> None:
    for number in range(MAX_VIEWS):
        desk.call("POST", "/api/views", 201, json={**VIEW, "name": str(number)})
    assert desk.call("POST", "/api/views", 409, json=VIEW)["code"] == "too_many_views"


@pytest.mark.parametrize(
    "change",
    [{"name": ""}, {"name": "a\x00b"}, {"name": "长" * 61}, {"table": "Dead lines"}, {"state": {"a": 1}}],
)
def test_views_that_make_no_sense_are_refused(desk: Desk, change: dict[str, Any]) -> None:
    assert desk.call("POST", "/api/views", 422, json={**VIEW, **change})["fields"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", FORM),
        ("PUT", FORM),
        ("DELETE", FORM),
        ("GET", "/api/views?table=x"),
        ("GET", "/api/search?q=a"),
    ],
)
def test_who_is_not_signed_in_has_none_of_it(desk: Desk, method: str, path: str) -> None:
    desk.actor = NOBODY
    desk.call(method, path, 401, json={"value": 1} if method == "PUT" else None)
