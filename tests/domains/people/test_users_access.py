"""Disabling, enabling, unlocking and resetting; and somebody who administers always remains."""

import threading
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from rongdun.domains.people import access, users
from rongdun.domains.people.errors import LastAdministrator
from rongdun.domains.people.model import Passkey, RecoveryCode
from rongdun.domains.people.passwords import check
from rongdun.kernel.scope import Actor, Scope
from rongdun.runtime.authz import permissions_of
from tests.domains.people.conftest import DONGJIE, FUZHOU, GULOU, NOON, Desk
from tests.domains.people.offices import ended, open_offices, signals, unit_id


@pytest.fixture
def city(desk: Desk) -> Desk:
    return open_offices(desk)


def act(city: Desk, user: Any, verb: str, status: int = 200, version: int = 1) -> Any:
    return city.call("POST", f"/api/users/{user}/{verb}", status, json={"version": version})


def test_a_disabled_account_is_out_at_once(city: Desk) -> None:
    user = city.user("handler", "case_handler", unit=GULOU)
    session = city.sign_in("handler")
    city.call("GET", "/api/units", 200)
    city.sign_in("admin")
    shown = act(city, user, "disable")
    assert (shown["state"], shown["version"]) == ("disabled", 2)
    assert ended(city, session) == "disabled"
    assert signals(city, "session.ended") == [(str(session), "")]
    assert city.trail("user.disable")[0].subject_label == "演示·handler"
    assert act(city, user, "disable", version=2)["version"] == 2
    assert act(city, user, "enable", version=2)["state"] == "active"
    assert ended(city, session) == "disabled"


def test_an_account_of_a_closed_unit_stays_closed(city: Desk) -> None:
    user = city.user("station", "station_police", unit=DONGJIE, disabled_at=NOON)
    city.call("PATCH", f"/api/units/{unit_id(city, DONGJIE)}", 200, json={"version": 1, "active": False})
    assert act(city, user, "enable", 409)["code"] == "unit_closed"


def test_unlocking_forgets_the_failures(city: Desk) -> None:
    until = NOON + timedelta(minutes=15)
    user = city.user("handler", "case_handler", unit=GULOU, locked_until=until, failed_logins=5)
    assert act(city, user, "unlock")["state"] == "active"
    assert city.read_user("handler").failed_logins == 0
    (entry,) = city.trail("user.unlock")
    assert (entry.before, entry.after) == ({"failed_logins": 5}, {"failed_logins": 0})


def test_a_reset_password_is_new_temporary_and_shown_once(city: Desk) -> None:
    user = city.user("handler", "case_handler", unit=GULOU, password_hash="old", failed_logins=3)
    session = city.sign_in("handler")
    city.sign_in("admin")
    answer = act(city, user, "reset-password")
    assert answer["user"]["state"] == "must_change_password"
    assert check(answer["temporary_password"], city.read_user("handler").password_hash).fits
    assert ended(city, session) == "password_reset"
    (entry,) = city.trail("user.reset_password")
    assert answer["temporary_password"] not in f"{entry.before}{entry.after}{entry.note}"
    again = act(city, user, "reset-password", version=2)
    assert again["temporary_password"] != answer["temporary_password"]


def test_an_act_on_what_has_changed_since_is_refused(city: Desk) -> None:
    user = city.user("handler", "case_handler", unit=GULOU)
    act(city, user, "disable")
    assert act(city, user, "reset-password", 409)["code"] == "stale_version"


def test_an_unknown_user_is_not_found(city: Desk) -> None:
    city.user("far", "administrator", unit="cn.fj.")
    assert act(city, city.read_user("far").id, "disable", 404)["code"] == "not_found"


def manager(city: Desk, login: str) -> tuple[Actor, UUID]:
    user = city.read_user(login)
    actor = Actor(
        user_id=user.id,
        login=login,
        name=user.name,
        unit_id=user.unit_id,
        unit_path=user.unit_path,
        roles=frozenset({"administrator"}),
        permissions=permissions_of(["administrator"]),
        scope=Scope.subtree(FUZHOU),
    )
    return actor, user.id


def test_an_administrator_elsewhere_counts_and_the_last_one_stays(city: Desk) -> None:
    # The acting administrator was disabled a moment ago: only admin2, and one of the province, remain.
    (actor, me), admin2 = manager(city, "admin"), city.read_user("admin2").id
    far = city.user("far", "administrator", unit="cn.fj.")
    with city.centre.transact() as uow:
        access.disable(uow, me, version=1)
    with city.centre.transact(actor) as uow:
        access.disable(uow, admin2, version=1)
        access.enable(uow, admin2, version=2)
        assert uow.session.connection().exec_driver_sql("show rongdun.scope_low").scalar() == FUZHOU
    with city.centre.transact() as uow:
        access.disable(uow, far, version=1)
    with pytest.raises(LastAdministrator) as refused, city.centre.transact(actor) as uow:
        access.disable(uow, admin2, version=3)
    assert refused.value.rule is not None
    assert refused.value.rule.key == "people.last_administrator"
    assert city.read_user("admin2").disabled_at is None


def test_two_administrators_cannot_disable_each_other(city: Desk) -> None:
    (first, first_id), (second, second_id) = manager(city, "admin"), manager(city, "admin2")
    failures: list[Exception] = []

    def back() -> None:
        try:
            with city.centre.transact(second) as uow:
                access.disable(uow, first_id, version=1)
        except LastAdministrator as error:
            failures.append(error)

    with city.centre.transact(first) as uow:
        access.disable(uow, second_id, version=1)
        other = threading.Thread(target=back)
        other.start()
        other.join(0.5)
        assert other.is_alive(), "the second waits until the first is decided"
    other.join(10)
    assert len(failures) == 1
    assert city.read_user("admin").disabled_at is None
    assert city.read_user("admin2").disabled_at is not None


def test_the_last_administrator_keeps_the_role(city: Desk) -> None:
    actor, me = manager(city, "admin")
    admin2 = city.read_user("admin2").id
    with city.centre.transact() as uow:
        access.disable(uow, me, version=1)
    with pytest.raises(LastAdministrator), city.centre.transact(actor) as uow:
        users.update(uow, admin2, version=1, fields={"roles": ["auditor"]})
    assert city.read_user("admin2").roles == ["administrator"]


def test_a_lost_second_factor_is_taken_away_with_its_codes_and_keys(city: Desk) -> None:
    user = city.user("handler", "case_handler", unit=GULOU, totp_secret=b"sealed", totp_since=NOON)
    _give_factors(city, user)
    session = city.sign_in("handler")
    city.sign_in("admin")
    shown = act(city, user, "reset-factors")
    assert shown["second_factor"] is False
    assert _factors(city, user) == (0, 0)
    assert ended(city, session) == "factors_reset"
    (entry,) = city.trail("user.reset_factors")
    assert entry.before == {"totp": True, "passkeys": 1}
    assert act(city, user, "reset-factors", version=2)["version"] == 2


def _give_factors(city: Desk, user: UUID) -> None:
    with city.centre.transact() as uow:
        uow.session.add(RecoveryCode(user_id=user, code_hash=b"c" * 32, created_at=NOON))
        key = Passkey(
            user_id=user, credential_id=b"id", public_key=b"key", sign_count=0, name="演示", created_at=NOON
        )
        uow.session.add(key)


def _factors(city: Desk, user: UUID) -> tuple[int, int]:
    with city.centre.transact() as uow:
        codes = uow.session.scalars(select(RecoveryCode).where(RecoveryCode.user_id == user)).all()
        keys = uow.session.scalars(select(Passkey).where(Passkey.user_id == user)).all()
        return len(codes), len(keys)


def test_nobody_takes_away_their_own_second_factor_here(city: Desk) -> None:
    admin = city.read_user("admin")
    assert act(city, admin.id, "reset-factors", 409, version=admin.version)["code"] == "not_oneself"
