"""Passkeys: added by somebody signed in, and a way in by themselves."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from rongdun.domains.people.passwords import hash_password
from rongdun.runtime.settings import Settings
from tests.domains.people.authenticator import USER_PRESENT, Authenticator, encode
from tests.domains.people.conftest import Desk

ORIGIN = "https://rongdun.fz.test"
PASSKEYS = "/api/auth/passkeys"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A centre reached by name over TLS (the test's client itself stands behind the proxy)."""
    return Settings(data_dir=tmp_path, public_url=ORIGIN, audit_chains=1)


@pytest.fixture
def chen(desk: Desk) -> Desk:
    desk.user("chen1", "intake_officer", password_hash=hash_password("four-quiet-banyans"))
    desk.sign_in("chen1")
    return desk


@pytest.fixture
def device() -> Authenticator:
    return Authenticator(ORIGIN)


def add(desk: Desk, device: Authenticator, status: int = 201) -> Any:
    options = desk.call("POST", f"{PASSKEYS}/register/begin", 200)
    body = {"name": "演示·手机", "credential": device.make(options)}
    return desk.call("POST", f"{PASSKEYS}/register/finish", status, json=body)


def enter(desk: Desk, device: Authenticator, status: int = 200) -> Any:
    options = desk.call("POST", f"{PASSKEYS}/login/begin", 200)
    return finish(desk, device.sign(options), status)


def finish(desk: Desk, credential: dict[str, Any], status: int) -> Any:
    answer = desk.call("POST", f"{PASSKEYS}/login/finish", status, json={"credential": credential})
    if status == 200:
        desk.csrf = answer["me"]["csrf"]
    return answer


def test_a_passkey_is_added_and_signs_in_by_itself(chen: Desk, device: Authenticator) -> None:
    added = add(chen, device)
    assert chen.call("GET", PASSKEYS, 200) == [added]
    assert added["last_used_at"] is None
    chen.sign_out()
    answer = enter(chen, device)
    assert answer["state"] == "signed_in"
    assert answer["me"]["user"]["login"] == "chen1"
    assert answer["me"]["second_factor"] == {"totp": False, "passkeys": 1}
    assert chen.call("GET", PASSKEYS, 200)[0]["last_used_at"] is not None
    assert chen.trail("auth.signed_in")[0].after == {"by": "passkey", "user_agent": "testclient"}
    assert [row.subject_label for row in chen.trail("auth.passkey_added")] == ["演示·手机"]


def test_the_browser_is_asked_for_a_key_that_knows_its_owner(chen: Desk, device: Authenticator) -> None:
    options = chen.call("POST", f"{PASSKEYS}/register/begin", 200)
    assert options["rp"] == {"id": "rongdun.fz.test", "name": "榕盾 Rongdun"}
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["excludeCredentials"] == []
    add(chen, device)
    again = chen.call("POST", f"{PASSKEYS}/register/begin", 200)
    assert [one["id"] for one in again["excludeCredentials"]] == [encode(device.credential_id)]
    chen.sign_out()
    asked = chen.call("POST", f"{PASSKEYS}/login/begin", 200)
    assert asked["userVerification"] == "required"
    assert asked["allowCredentials"] == []  # whoever asks learns of nobody's keys


def test_an_answer_counts_once(chen: Desk, device: Authenticator) -> None:
    add(chen, device)
    chen.sign_out()
    options = chen.call("POST", f"{PASSKEYS}/login/begin", 200)
    ceremony = chen.client.cookies["rongdun-ceremony"]
    answer = device.sign(options)
    finish(chen, answer, 200)
    chen.sign_out()
    chen.client.cookies.set("rongdun-ceremony", ceremony)
    assert finish(chen, answer, 401)["code"] == "passkey_refused"
    chen.sign_out()
    chen.client.cookies.set("rongdun-ceremony", ceremony)
    finish(chen, device.sign(options), 401)
    assert len(chen.trail("auth.passkey_refused")) == 2


def test_a_failed_answer_closes_the_ceremony_too(chen: Desk, device: Authenticator) -> None:
    add(chen, device)
    chen.sign_out()
    options = chen.call("POST", f"{PASSKEYS}/login/begin", 200)
    good = device.sign(options)
    forged = {**good, "response": {**good["response"], "signature": encode(b"0" * 70)}}
    finish(chen, forged, 401)
    finish(chen, good, 401)


def test_the_answer_belongs_to_the_browser_that_was_asked(chen: Desk, device: Authenticator) -> None:
    add(chen, device)
    chen.sign_out()
    options = chen.call("POST", f"{PASSKEYS}/login/begin", 200)
    chen.sign_out()
    finish(chen, device.sign(options), 401)
    chen.call("POST", f"{PASSKEYS}/login/begin", 200)
    finish(chen, device.sign(options), 401)


def test_five_minutes_are_the_longest_anybody_looks_for_a_key(chen: Desk, device: Authenticator) -> None:
    add(chen, device)
    chen.sign_out()
    options = chen.call("POST", f"{PASSKEYS}/login/begin", 200)
    chen.clock.advance(timedelta(minutes=5))
    finish(chen, device.sign(options), 401)


@pytest.mark.parametrize("fault", ["origin", "unverified", "copied", "stranger", "handle"])
def test_what_does_not_hold_is_refused(chen: Desk, device: Authenticator, fault: str) -> None:
    add(chen, device)
    chen.sign_out()
    enter(chen, device)
    chen.sign_out()
    if fault == "origin":
        device.origin = "https://rongdun.fz.test.evil.test"
    elif fault == "unverified":
        device.flags = USER_PRESENT
    elif fault == "copied":
        device.count = 0  # a copy of the key that has not counted along
    elif fault == "stranger":
        device.credential_id = b"unknown-to-anybody"
    else:
        device.user_handle = bytes(16)
    assert enter(chen, device, 401)["code"] == "passkey_refused"
    assert "rongdun" not in chen.client.cookies


def test_registration_holds_to_the_same(chen: Desk, device: Authenticator) -> None:
    device.flags = USER_PRESENT
    assert add(chen, device, 422)["code"] == "passkey_not_added"
    device = Authenticator("https://evil.test")
    add(chen, device, 422)
    assert chen.call("GET", PASSKEYS, 200) == []


def test_one_key_belongs_to_one_person(chen: Desk, device: Authenticator) -> None:
    add(chen, device)
    chen.user("lin2", "analyst")
    chen.sign_in("lin2")
    add(chen, device, 422)
    options = chen.call("POST", f"{PASSKEYS}/register/begin", 200)
    ceremony = chen.client.cookies["rongdun-ceremony"]
    chen.sign_in("chen1")
    chen.client.cookies.set("rongdun-ceremony", ceremony)
    body = {"name": "别人的", "credential": Authenticator(ORIGIN).make(options)}
    chen.call("POST", f"{PASSKEYS}/register/finish", 422, json=body)


def test_nobody_removes_somebody_elses(chen: Desk, device: Authenticator) -> None:
    added = add(chen, device)
    chen.user("lin2", "administrator")
    chen.sign_in("lin2")
    chen.call("DELETE", f"{PASSKEYS}/{added['id']}", 404)
    chen.sign_in("chen1")
    chen.call("DELETE", f"{PASSKEYS}/{added['id']}", 204)
    assert chen.call("GET", PASSKEYS, 200) == []
    chen.sign_out()
    enter(chen, device, 401)
    assert [row.actor_login for row in chen.trail("auth.passkey_removed")] == ["chen1"]


def test_guessing_passwords_does_not_lock_the_passkey_out(chen: Desk, device: Authenticator) -> None:
    add(chen, device)
    chen.sign_out()
    for status in (401, 401, 401, 401, 423):
        chen.call("POST", "/api/auth/login", status, json={"login": "chen1", "password": "a-guess"})
    assert enter(chen, device)["state"] == "signed_in"


def test_a_disabled_owner_stays_out(chen: Desk, device: Authenticator) -> None:
    add(chen, device)
    chen.sign_out()
    with chen.centre.transact() as uow:
        uow.session.merge(chen.read_user("chen1")).disabled_at = uow.now
    assert enter(chen, device, 403)["code"] == "account_disabled"


def test_rubbish_is_refused(chen: Desk) -> None:
    chen.sign_out()
    good = {"id": "AA", "rawId": "AA", "type": "public-key"}
    response = {"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA"}
    chen.call("POST", f"{PASSKEYS}/login/begin", 200)
    finish(chen, {**good, "response": response}, 401)
    finish(chen, {**good, "rawId": "A", "response": response}, 401)
    finish(chen, {**good, "rawId": "!!", "response": response}, 422)
    finish(chen, {**good, "response": {}}, 422)
