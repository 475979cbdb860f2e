"""A session from its opening to its several ends."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from rongdun.domains import people
from rongdun.domains.people.model import CaseTeamMember
from rongdun.domains.people.passwords import hash_password
from rongdun.kernel.ids import new_id
from rongdun.kernel.scope import NOBODY
from tests.domains.people.conftest import CANGSHAN, FUZHOU, GULOU, Desk

PASSWORD = "four-quiet-banyans"
ME = "/api/auth/me"


def enter(desk: Desk, login: str = "chen1") -> str:
    """Sign in by password; return the new token."""
    answer = desk.call("POST", "/api/auth/login", 200, json={"login": login, "password": PASSWORD})
    desk.csrf = answer["me"]["csrf"]
    return str(desk.client.cookies["rongdun"])


@pytest.fixture
def chen(desk: Desk) -> Desk:
    """The desk, with somebody who is signed in."""
    desk.user("chen1", "intake_officer", password_hash=hash_password(PASSWORD))
    enter(desk)
    return desk


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(chen: Desk) -> None:
    chen.sign_out()
    answer = chen.client.post("/api/auth/login", json={"login": "chen1", "password": PASSWORD})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "path=/" in cookie
    assert "max-age" not in cookie  # forgotten when the browser closes
    assert "secure" not in cookie


def test_half_an_hour_without_use_ends_it(chen: Desk) -> None:
    chen.clock.advance(timedelta(minutes=29, seconds=59))
    chen.call("GET", ME, 200)
    chen.clock.advance(timedelta(minutes=29, seconds=59))
    chen.call("GET", ME, 200)
    chen.clock.advance(timedelta(minutes=30))
    assert chen.call("GET", ME, 401)["code"] == "unauthenticated"


def test_thirteen_hours_end_it_however_busy(chen: Desk) -> None:
    for _ in range(38):
        chen.clock.advance(timedelta(minutes=20))
        chen.call("GET", ME, 200)
    chen.clock.advance(timedelta(minutes=19, seconds=59))
    chen.call("GET", ME, 200)
    chen.clock.advance(timedelta(seconds=1))
    chen.call("GET", ME, 401)


def test_its_last_use_is_written_once_a_minute(chen: Desk) -> None:
    start = chen.clock.now()
    seen = ""
    for _ in range(3):
        chen.clock.advance(timedelta(seconds=25))
        seen = chen.call("GET", "/api/auth/sessions", 200)[0]["last_seen_at"]
    assert seen == (start + timedelta(seconds=75)).isoformat().replace("+00:00", "Z")
    chen.clock.advance(timedelta(seconds=50))
    assert chen.call("GET", "/api/auth/sessions", 200)[0]["last_seen_at"] == seen


def test_signing_in_again_gives_a_new_token_and_ends_the_old_session(chen: Desk) -> None:
    old = chen.client.cookies["rongdun"]
    new = enter(chen)
    assert new != old
    assert len(chen.call("GET", "/api/auth/sessions", 200)) == 1
    chen.carry(old)
    chen.call("GET", ME, 401)


def test_a_planted_token_is_never_taken_over(chen: Desk) -> None:
    chen.carry("planted-by-somebody-else")
    answer = chen.client.post("/api/auth/login", json={"login": "chen1", "password": PASSWORD})
    assert answer.status_code == 200
    assert "rongdun=" in answer.headers["set-cookie"]
    assert "planted" not in answer.headers["set-cookie"]
    chen.carry("planted-by-somebody-else")
    chen.call("GET", ME, 401)


def test_signing_out_ends_it_on_the_server(chen: Desk) -> None:
    token = chen.client.cookies["rongdun"]
    chen.call("POST", "/api/auth/logout", 204)
    chen.carry(token)
    chen.call("GET", ME, 401)
    chen.call("POST", "/api/auth/logout", 204)
    assert len(chen.trail("auth.signed_out")) == 1


@pytest.mark.parametrize("sent", ["", "wrong", "名"])
def test_a_change_without_the_pages_token_is_refused(chen: Desk, sent: str) -> None:
    headers = {b"X-CSRF-Token": sent.encode()}
    for method, path in (("POST", "/api/auth/totp/begin"), ("DELETE", f"/api/auth/sessions/{new_id()}")):
        refused = chen.client.request(method, path, headers=headers)
        assert refused.status_code == 403
        assert refused.json()["code"] == "csrf_failed"
    chen.call("GET", ME, 200)


def test_the_token_of_another_session_does_not_do(chen: Desk) -> None:
    foreign = chen.csrf
    enter(chen)
    chen.call("POST", "/api/auth/totp/begin", 403, headers={"X-CSRF-Token": foreign})
    chen.call("POST", "/api/auth/totp/begin", 200)


def test_one_ends_ones_other_session_and_it_is_out_at_once(chen: Desk) -> None:
    first = chen.client.cookies["rongdun"]
    chen.sign_out()
    enter(chen)
    rows = chen.call("GET", "/api/auth/sessions", 200)
    assert [row["current"] for row in rows].count(True) == 1
    other = next(row for row in rows if not row["current"])
    assert other["user_agent"] == "testclient"
    chen.call("DELETE", f"/api/auth/sessions/{other['id']}", 204)
    chen.call("GET", ME, 200)
    chen.carry(first)
    chen.call("GET", ME, 401)


def test_other_peoples_sessions_take_a_permission_and_the_scope(chen: Desk) -> None:
    chen_id = chen.read_user("chen1").id
    chen.user("admin1", "administrator", unit=FUZHOU)
    chen.user("admin2", "administrator", unit=CANGSHAN)
    chen.user("plain1", "analyst", unit=GULOU)
    found: list[dict[str, str]] = []
    for login, status in (("plain1", 403), ("admin2", 404), ("admin1", 200)):
        chen.sign_in(login)
        found = chen.call("GET", "/api/auth/sessions", status, params={"user_id": str(chen_id)})
    session_id = found[0]["id"]
    for login, status in (("plain1", 404), ("admin2", 404), ("admin1", 204)):
        chen.sign_in(login)
        chen.call("DELETE", f"/api/auth/sessions/{session_id}", status)
    revoked = chen.trail("auth.session_revoked")
    assert [row.actor_login for row in revoked] == ["admin1"]
    assert revoked[0].after == {"user_id": str(chen_id)}


def test_who_is_disabled_is_out_with_the_next_click(chen: Desk) -> None:
    with chen.centre.transact() as uow:
        user = uow.session.merge(chen.read_user("chen1"))
        user.disabled_at = uow.now
    chen.call("GET", ME, 401)


def test_what_one_may_do_follows_ones_roles_at_once(chen: Desk) -> None:
    with chen.centre.transact() as uow:
        uow.session.merge(chen.read_user("chen1")).roles = ["auditor"]
    assert "audit.read" in chen.call("GET", ME, 200)["permissions"]


def test_a_stream_asks_whether_its_session_lives(chen: Desk) -> None:
    session_id = chen.call("GET", "/api/auth/sessions", 200)[0]["id"]
    listener = replace(NOBODY, session_id=UUID(session_id))
    with chen.centre.transact() as uow:
        now = people.recheck(uow, listener)
    assert now is not None
    assert now.login == "chen1"
    chen.clock.advance(timedelta(minutes=30))
    with chen.centre.transact() as uow:
        assert people.recheck(uow, listener) is None
        assert people.recheck(uow, NOBODY) is None


def test_nobody_is_asked_to_sign_in_first(desk: Desk) -> None:
    for method, path in (
        ("GET", ME),
        ("GET", "/api/auth/sessions"),
        ("GET", "/api/auth/passkeys"),
        ("POST", "/api/auth/totp/begin"),
        ("POST", "/api/auth/passkeys/register/begin"),
    ):
        assert desk.call(method, path, 401)["code"] == "unauthenticated"


def test_whoever_serves_on_a_case_sees_it_until_they_leave_the_team(chen: Desk) -> None:
    user = chen.read_user("chen1").id
    serving, left = new_id(), new_id()
    then = chen.clock.now()
    with chen.centre.transact() as uow:
        uow.session.add(CaseTeamMember(case_id=serving, user_id=user, joined_at=then))
        uow.session.add(CaseTeamMember(case_id=left, user_id=user, joined_at=then, left_at=then))
    session = chen.sign_in("chen1")
    with chen.centre.transact() as uow:
        now = people.recheck(uow, replace(NOBODY, session_id=session))
    assert now is not None
    assert now.scope.teams == (serving,)
