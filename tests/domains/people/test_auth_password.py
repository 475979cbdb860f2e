"""Changing one's password, freely or because it was handed over."""

from datetime import timedelta
from typing import Any

import pytest

from rongdun.domains.people.password_rules import fault
from rongdun.domains.people.passwords import hash_password, temporary_password
from tests.domains.people.conftest import Desk

OLD = "four-quiet-banyans"
NEW = "rain-over-the-min-river"
PATH = "/api/auth/password"


def enter(desk: Desk, password: str, status: int = 200) -> dict[str, Any]:
    body = {"login": "chen1", "password": password}
    answer: dict[str, Any] = desk.call("POST", "/api/auth/login", status, json=body)
    desk.csrf = (answer.get("me") or {}).get("csrf", "")
    return answer


def change(desk: Desk, current: str, new: str, status: int = 200) -> dict[str, Any]:
    answer: dict[str, Any] = desk.call("POST", PATH, status, json={"current": current, "new": new})
    if status == 200:
        desk.csrf = answer["me"]["csrf"]
    return answer


@pytest.fixture
def chen(desk: Desk) -> Desk:
    desk.user("chen1", "intake_officer", password_hash=hash_password(OLD))
    return desk


def test_a_new_password_gives_a_new_token_and_ends_every_other_session(chen: Desk) -> None:
    enter(chen, OLD)
    elsewhere = chen.client.cookies["rongdun"]
    chen.sign_out()
    enter(chen, OLD)
    before = chen.client.cookies["rongdun"]
    expires = chen.call("GET", "/api/auth/me", 200)["session_expires_at"]
    chen.clock.advance(timedelta(minutes=5))
    answer = change(chen, OLD, NEW)
    assert answer["state"] == "signed_in"
    assert answer["me"]["session_expires_at"] == expires
    assert chen.client.cookies["rongdun"] != before
    chen.call("GET", "/api/auth/me", 200)
    for stolen in (elsewhere, before):
        chen.carry(stolen)
        chen.call("GET", "/api/auth/me", 401)
    chen.sign_out()
    enter(chen, OLD, 401)
    enter(chen, NEW)
    assert [row.action for row in chen.trail("auth.password_changed")] == ["auth.password_changed"]


def test_the_present_password_is_asked_for_and_guessing_it_locks(chen: Desk) -> None:
    enter(chen, OLD)
    for _ in range(4):
        wrong = change(chen, "a-guess-at-the-desk", NEW, 422)
        assert wrong["code"] == "wrong_password"
        assert wrong["fields"][0]["path"] == "current"
    assert change(chen, "a-guess-at-the-desk", NEW, 423)["code"] == "locked"
    change(chen, OLD, NEW, 423)
    chen.call("GET", "/api/auth/me", 200)  # a lock keeps out; it does not throw out


def test_a_change_needs_the_pages_token(chen: Desk) -> None:
    enter(chen, OLD)
    body = {"current": OLD, "new": NEW}
    assert chen.call("POST", PATH, 403, json=body, headers={"X-CSRF-Token": ""})["code"] == "csrf_failed"


def test_a_handed_over_password_opens_only_the_way_to_an_own_one(desk: Desk) -> None:
    given = temporary_password()
    desk.user("chen1", "analyst", password_hash=hash_password(given), must_change_password=True)
    assert enter(desk, given) == {"state": "password_change_needed", "me": None}
    desk.call("GET", "/api/auth/me", 401)
    partial = desk.client.cookies["rongdun"]
    assert change(desk, given, given, 422)["fields"][0]["path"] == "new"
    assert change(desk, given, NEW)["state"] == "signed_in"
    desk.call("GET", "/api/auth/me", 200)
    desk.carry(partial)
    desk.call("GET", "/api/auth/me", 401)
    desk.sign_out()
    enter(desk, given, 401)
    assert enter(desk, NEW)["state"] == "signed_in"


def test_another_site_cannot_finish_a_half_open_sign_in(desk: Desk) -> None:
    desk.user("chen1", "analyst", password_hash=hash_password(OLD), must_change_password=True)
    enter(desk, OLD)
    body = {"current": OLD, "new": NEW}
    refused = desk.call("POST", PATH, 403, json=body, headers={"Sec-Fetch-Site": "cross-site"})
    assert refused["code"] == "cross_site"


def test_nobody_changes_a_password_without_a_session(desk: Desk) -> None:
    assert change(desk, OLD, NEW, 401)["code"] == "unauthenticated"


def test_who_is_disabled_meanwhile_gets_no_further(desk: Desk) -> None:
    desk.user("chen1", "analyst", password_hash=hash_password(OLD), must_change_password=True)
    enter(desk, OLD)
    with desk.centre.transact() as uow:
        uow.session.merge(desk.read_user("chen1")).disabled_at = uow.now
    assert change(desk, OLD, NEW, 403)["code"] == "account_disabled"


def test_a_weak_password_is_refused_with_the_reason(chen: Desk) -> None:
    enter(chen, OLD)
    refused = change(chen, OLD, "short-one-1", 422)
    assert refused["code"] == "weak_password"
    assert refused["fields"] == [
        {
            "path": "new",
            "message": {"zh": "密码至少 12 个字符", "en": "A password has at least 12 characters"},
        }
    ]
    same = change(chen, OLD, OLD, 422)
    assert "相同" in same["fields"][0]["message"]["zh"]


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Password!Password!",
        "P@ssw0rd2026",
        "123456789012",
        "987654321098",
        "qwertyuiop12",
        "abcdefghijklm",
        "aaaaaaaaaaaaaaa",
        "abababababab",
        "admin-admin-2026",
        "woaini1314520",
        "fuzhougongan110",
        "my-chen1-passphrase",
        "I-am-演示-forever",
        "榕盾是最好的系统真的吗",
        "welcome-to-rongdun",
        "elevenchars",
    ],
)
def test_what_is_tried_first_is_refused(password: str) -> None:
    assert fault(password, shortest=12, login="chen1", name="演示·陈一") is not None


@pytest.mark.parametrize(
    "password",
    [
        "four-quiet-banyans",
        "839201748365",
        "一二三四五六七八九十甲乙",
        "correct horse battery staple",
        "xqzvkwjhgpbt",
    ],
)
def test_no_kind_of_character_is_asked_for(password: str) -> None:
    assert fault(password, shortest=12, login="chen1", name="演示·陈一") is None


def test_a_long_password_is_judged_at_once() -> None:
    assert fault("abc123" * 170 + "!", shortest=12, login="chen1", name="陈一") is not None
    assert fault("abc123" * 170 + "z", shortest=12, login="chen1", name="陈一") is None
