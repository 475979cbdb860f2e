"""In by login and password; and the answers to whoever tries what is not theirs."""

from datetime import timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher

from rongdun.domains.people import passwords
from rongdun.domains.people.passwords import hash_password
from tests.domains.people.conftest import Desk

PASSWORD = "four-quiet-banyans"
LOGIN = "/api/auth/login"
SHIPPED = passwords._HASHER
"""The hasher as shipped; the other tests use one that costs next to nothing."""

WRONG = {"login": "chen1", "password": "another-long-guess"}


@pytest.fixture
def chen(desk: Desk) -> Desk:
    """The desk, with somebody who signs in by password."""
    desk.user("chen1", "intake_officer", password_hash=hash_password(PASSWORD))
    return desk


def enter(desk: Desk, status: int = 200, *, login: str = "chen1", password: str = PASSWORD) -> dict[str, Any]:
    answer: dict[str, Any] = desk.call("POST", LOGIN, status, json={"login": login, "password": password})
    if status == 200 and answer["me"]:
        desk.csrf = answer["me"]["csrf"]
    return answer


def test_right_password_signs_in_and_says_who_one_is(chen: Desk) -> None:
    answer = enter(chen, login=" Chen1 ")
    assert answer["state"] == "signed_in"
    me = chen.call("GET", "/api/auth/me", 200)
    assert me == answer["me"]
    assert me["user"]["login"] == "chen1"
    assert me["user"]["unit"]["path"] == "cn.fj.fz.gulou."
    assert me["user"]["unit"]["name"] == "演示·鼓楼分局"
    assert "deadline.act" in me["permissions"]
    assert "user.write" not in me["permissions"]
    assert me["second_factor"] == {"totp": False, "passkeys": 0}
    assert me["demo"] is False
    assert me["session_expires_at"] == "2026-03-02T17:00:00Z"  # thirteen hours after noon in Shanghai


def test_wrong_password_and_unknown_login_get_the_same_answer(chen: Desk) -> None:
    wrong = enter(chen, 401, password="another-long-guess")
    unknown = enter(chen, 401, login="nobody9", password="another-long-guess")
    assert wrong == unknown
    assert wrong["code"] == "bad_credentials"
    assert not chen.client.cookies


def test_unknown_login_costs_a_hash_too(chen: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    verified = []
    real = passwords._HASHER.hashers[0].verify

    def watch(password: str, hash: str) -> bool:
        verified.append(hash)
        return real(password, hash)

    monkeypatch.setattr(passwords._HASHER.hashers[0], "verify", watch)
    enter(chen, 401, login="nobody9")
    enter(chen, 401, password="another-long-guess")
    assert len(verified) == 2
    assert verified[0] != verified[1]


def test_five_wrong_answers_lock_for_a_quarter_of_an_hour(chen: Desk) -> None:
    for _ in range(4):
        enter(chen, 401, password="another-long-guess")
    locked = enter(chen, 423, password="another-long-guess")
    assert locked["code"] == "locked"
    assert locked["extra"]["locked_until"] == "2026-03-02T04:15:00+00:00"
    assert enter(chen, 423)["extra"] == locked["extra"]
    chen.clock.advance(timedelta(minutes=15))
    assert enter(chen)["state"] == "signed_in"


def test_a_login_nobody_has_locks_just_so(chen: Desk) -> None:
    answers = [enter(chen, status, login="nobody9") for status in (401, 401, 401, 401, 423, 423)]
    for _ in range(4):
        enter(chen, 401, password="another-long-guess")
    assert enter(chen, 423, password="another-long-guess") == answers[4] == answers[5]
    chen.clock.advance(timedelta(minutes=15))
    assert enter(chen, 401, login="nobody9") == answers[0]


def test_signing_in_forgets_earlier_slips(chen: Desk) -> None:
    for _ in range(3):
        for _ in range(4):
            enter(chen, 401, password="another-long-guess")
        chen.sign_out()
        assert enter(chen)["state"] == "signed_in"
        chen.sign_out()


def test_one_address_may_not_try_many_logins(chen: Desk) -> None:
    for number in range(30):
        enter(chen, 401, login=f"guess{number}")
    refused = enter(chen, 429)
    assert refused["code"] == "address_blocked"
    assert refused["extra"]["retry_after_s"] == 600
    chen.clock.advance(timedelta(minutes=10))
    assert enter(chen)["state"] == "signed_in"


def test_a_disabled_account_learns_so_only_with_its_password(desk: Desk) -> None:
    desk.user("gone1", "analyst", password_hash=hash_password(PASSWORD), disabled_at=desk.clock.now())
    assert enter(desk, 401, login="gone1", password="another-long-guess")["code"] == "bad_credentials"
    assert enter(desk, 403, login="gone1")["code"] == "account_disabled"
    assert not desk.client.cookies


def test_an_account_without_password_cannot_be_guessed(desk: Desk) -> None:
    desk.user("remote1", "analyst")
    enter(desk, 401, login="remote1", password="x")


def test_a_costlier_hash_replaces_a_cheaper_one_at_the_next_sign_in(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_HASHER", SHIPPED)
    cheap = PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
    desk.user("chen1", "analyst", password_hash=cheap)
    enter(desk)
    now = desk.read_user("chen1").password_hash
    assert now != cheap
    assert now.startswith("$argon2id$v=19$m=65536,t=3,p=4$")  # RFC 9106, the second recommendation
    desk.sign_out()
    enter(desk)


def test_keyboards_that_compose_differently_give_one_password(desk: Desk) -> None:
    desk.user("chen1", "analyst", password_hash=hash_password("café-au-lait-42-ﬁn"))
    enter(desk, password="cafe\u0301-au-lait-42-fin")


def test_another_site_cannot_sign_anybody_in(chen: Desk) -> None:
    body = {"login": "chen1", "password": PASSWORD}
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://evil.test"},
        {"Origin": "null"},
    ):
        assert chen.call("POST", LOGIN, 403, json=body, headers=headers)["code"] == "cross_site"
    chen.call(
        "POST",
        LOGIN,
        200,
        json=body,
        headers={"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"},
    )
    chen.sign_out()
    chen.call("POST", LOGIN, 200, json=body, headers={"Origin": "http://testserver"})


def test_everything_is_on_record_and_no_secret_is(chen: Desk) -> None:
    enter(chen, 401, password="another-long-guess")
    enter(chen, 401, login="my-password-in-the-wrong-box")
    for _ in range(4):
        chen.client.post(LOGIN, json=WRONG)
    chen.clock.advance(timedelta(minutes=15))
    enter(chen)
    rows = chen.trail()
    actions = [row.action for row in rows if row.action.startswith("auth.")]
    assert actions.count("auth.failed") == 6
    assert actions.count("auth.locked") == 1
    assert actions[-1] == "auth.signed_in"
    locked = chen.trail("auth.locked")[0]
    assert locked.subject_kind == "user"
    assert locked.actor_id is None
    assert locked.ip == "testclient"
    signed_in = chen.trail("auth.signed_in")[0]
    assert signed_in.actor_login == "chen1"
    assert signed_in.session is not None
    assert signed_in.unit_path == "cn.fj.fz.gulou."
    written = " ".join(str(vars(row)) for row in rows)
    for secret in (PASSWORD, "another-long-guess", "my-password-in-the-wrong-box", chen.csrf):
        assert secret not in written
    assert chen.client.cookies["rongdun"] not in written


def test_odd_input_is_refused_with_the_field(chen: Desk) -> None:
    for body, field in (
        ({"login": "", "password": "x"}, "login"),
        ({"login": "x", "password": "y" * 1025}, "password"),
        ({"login": "x"}, "password"),
        ({"login": "x", "password": "y", "more": 1}, "more"),
    ):
        assert chen.call("POST", LOGIN, 422, json=body)["fields"][0]["path"] == field
    enter(chen, 401, login="a\x00b' or 1=1 --", password="\x00\uffff")
