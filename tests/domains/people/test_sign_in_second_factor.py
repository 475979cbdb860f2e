"""The second factor: an authenticator's code, or a recovery code; each works once."""

from datetime import timedelta
from typing import Any

import pytest

from rongdun.domains.people.passwords import hash_password
from tests.domains.people.conftest import Desk
from tests.domains.people.oath import totp

PASSWORD = "four-quiet-banyans"
SECOND = "/api/auth/second-factor"


class Phone:
    """Somebody's authenticator, and the codes that were handed out with it."""

    def __init__(self, desk: Desk, secret: str) -> None:
        self.desk, self.secret = desk, secret
        self.recovery: list[str] = []

    def code(self, *, steps: int = 0) -> str:
        """Return the code shown now, or so many steps of thirty seconds later."""
        return totp(self.secret, int(self.desk.clock.now().timestamp()) + steps * 30)


def enter(desk: Desk, status: int = 200) -> dict[str, Any]:
    body = {"login": "chen1", "password": PASSWORD}
    answer: dict[str, Any] = desk.call("POST", "/api/auth/login", status, json=body)
    desk.csrf = (answer.get("me") or {}).get("csrf", "")
    return answer


def show(desk: Desk, code: str, status: int = 200) -> dict[str, Any]:
    answer: dict[str, Any] = desk.call("POST", SECOND, status, json={"code": code})
    if status == 200 and answer["me"]:
        desk.csrf = answer["me"]["csrf"]
    return answer


@pytest.fixture
def phone(desk: Desk) -> Phone:
    """The desk with somebody signed in whose authenticator is set up; the clock has moved on since."""
    desk.user("chen1", "intake_officer", password_hash=hash_password(PASSWORD))
    enter(desk)
    begun = desk.call("POST", "/api/auth/totp/begin", 200)
    phone = Phone(desk, begun["secret"])
    confirmed = desk.call("POST", "/api/auth/totp/confirm", 200, json={"code": phone.code()})
    phone.recovery = confirmed["recovery_codes"]
    desk.clock.advance(timedelta(minutes=2))
    return phone


def test_setting_up_shows_one_secret_in_three_ways(desk: Desk) -> None:
    desk.user("chen1", "intake_officer")
    desk.sign_in("chen1")
    begun = desk.call("POST", "/api/auth/totp/begin", 200)
    assert len(begun["secret"]) == 32  # 160 bits, RFC 4226 section 4
    assert begun["uri"].startswith("otpauth://totp/")
    assert f"secret={begun['secret']}" in begun["uri"]
    assert begun["qr_svg"].startswith("<svg ")
    assert 'xmlns="http://www.w3.org/2000/svg"' in begun["qr_svg"]
    stored = desk.read_user("chen1").totp_secret
    assert stored is not None
    assert begun["secret"].encode() not in stored
    assert desk.call("GET", "/api/auth/me", 200)["second_factor"]["totp"] is False
    wrong = desk.call("POST", "/api/auth/totp/confirm", 422, json={"code": "000000"})
    assert wrong["fields"][0]["path"] == "code"
    assert desk.call("GET", "/api/auth/me", 200)["second_factor"]["totp"] is False


def test_password_alone_opens_nothing_any_more(phone: Phone) -> None:
    desk = phone.desk
    desk.sign_out()
    assert enter(desk) == {"state": "second_factor_needed", "me": None}
    partial = desk.client.cookies["rongdun"]
    desk.call("GET", "/api/auth/me", 401)
    desk.call("GET", "/api/units", 401)
    answer = show(desk, phone.code())
    assert answer["state"] == "signed_in"
    assert answer["me"]["second_factor"]["totp"] is True
    assert desk.client.cookies["rongdun"] != partial
    desk.carry(partial)
    desk.call("GET", "/api/auth/me", 401)
    assert desk.trail("auth.signed_in")[-1].after == {"by": "totp", "user_agent": "testclient"}


@pytest.mark.parametrize(("steps", "status"), [(-2, 401), (-1, 200), (0, 200), (1, 200), (2, 401)])
def test_a_phones_clock_may_be_half_a_minute_off(phone: Phone, steps: int, status: int) -> None:
    phone.desk.sign_out()
    enter(phone.desk)
    show(phone.desk, phone.code(steps=steps), status)


def test_no_code_works_twice_nor_an_older_one(phone: Phone) -> None:
    desk = phone.desk
    used, older = phone.code(), phone.code(steps=-1)
    answer: dict[str, Any] = {}
    for code, status in ((used, 200), (used, 401), (older, 401)):
        desk.sign_out()
        enter(desk)
        answer = show(desk, code, status)
    assert answer["code"] == "bad_code"


def test_wrong_codes_lock_as_wrong_passwords_do(phone: Phone) -> None:
    desk = phone.desk
    desk.sign_out()
    for _ in range(2):
        desk.call("POST", "/api/auth/login", 401, json={"login": "chen1", "password": "not-this-one"})
    enter(desk)
    for _ in range(2):
        show(desk, "000000", 401)
    assert show(desk, "000000", 423)["extra"]["locked_until"] == "2026-03-02T04:17:00+00:00"
    show(desk, phone.code(), 423)
    enter(desk, 423)
    desk.clock.advance(timedelta(minutes=15))
    enter(desk)
    assert show(desk, phone.code())["state"] == "signed_in"


def test_the_second_step_waits_ten_minutes(phone: Phone) -> None:
    desk = phone.desk
    desk.sign_out()
    enter(desk)
    desk.clock.advance(timedelta(minutes=10))
    assert show(desk, phone.code(), 401)["code"] == "unauthenticated"
    desk.sign_out()
    assert show(desk, phone.code(), 401)["code"] == "unauthenticated"


def test_a_recovery_code_works_once_however_it_is_typed(phone: Phone) -> None:
    desk = phone.desk
    assert len(set(phone.recovery)) == 10
    first = phone.recovery[0]
    desk.sign_out()
    enter(desk)
    assert show(desk, first.replace("-", " ").upper())["state"] == "signed_in"
    desk.sign_out()
    enter(desk)
    show(desk, first, 401)
    assert show(desk, phone.recovery[1])["state"] == "signed_in"
    assert [row.after for row in desk.trail("auth.recovery_code_used")] == [{"left": 9}, {"left": 8}]


def test_recovery_codes_are_their_owners_only(phone: Phone) -> None:
    desk = phone.desk
    desk.user("lin2", "analyst", password_hash=hash_password(PASSWORD))
    desk.sign_in("lin2")
    begun = desk.call("POST", "/api/auth/totp/begin", 200)
    code = totp(begun["secret"], int(desk.clock.now().timestamp()))
    desk.call("POST", "/api/auth/totp/confirm", 200, json={"code": code})
    desk.sign_out()
    desk.call("POST", "/api/auth/login", 200, json={"login": "lin2", "password": PASSWORD})
    show(desk, phone.recovery[0], 401)


def test_giving_it_up_takes_the_password(phone: Phone) -> None:
    desk = phone.desk
    wrong = desk.call("DELETE", "/api/auth/totp", 422, json={"password": "not-this-one"})
    assert wrong["fields"][0]["path"] == "password"
    assert desk.read_user("chen1").failed_logins == 1
    desk.call("DELETE", "/api/auth/totp", 204, json={"password": PASSWORD})
    desk.call("DELETE", "/api/auth/totp", 409, json={"password": PASSWORD})
    assert desk.read_user("chen1").totp_secret is None
    desk.sign_out()
    assert enter(desk)["state"] == "signed_in"
    actions = [row.action for row in desk.trail() if "factor" in row.action]
    assert actions == ["auth.second_factor_added", "auth.second_factor_removed"]


def test_one_authenticator_at_a_time(phone: Phone) -> None:
    phone.desk.call("POST", "/api/auth/totp/begin", 409)
    phone.desk.call("POST", "/api/auth/totp/confirm", 409, json={"code": phone.code()})


def test_no_secret_and_no_code_is_on_record(phone: Phone) -> None:
    desk = phone.desk
    desk.sign_out()
    enter(desk)
    shown = phone.code()
    show(desk, "not-" + shown, 401)
    show(desk, phone.recovery[0])
    written = " ".join(str(vars(row)) for row in desk.trail())
    for secret in (phone.secret, shown, phone.recovery[0], phone.recovery[0].replace("-", "")):
        assert secret not in written
