"""Creating and changing users, and the two pairs of eyes over it."""

from typing import Any

import pytest

from rongdun.domains.people.passwords import check
from tests.domains.people.conftest import CANGSHAN, DONGJIE, FUZHOU, GULOU, Desk
from tests.domains.people.offices import (
    BANK,
    CENTRE,
    PHONE,
    ended,
    new_user,
    open_offices,
    problem_fields,
    signals,
    unit_id,
)


@pytest.fixture
def city(desk: Desk) -> Desk:
    return open_offices(desk)


def change(city: Desk, user: str, status: int = 200, **fields: Any) -> Any:
    return city.call("PATCH", f"/api/users/{user}", status, json={"version": 1, **fields})


def test_a_new_user_gets_a_password_nobody_can_read_again(city: Desk) -> None:
    made = new_user(city, GULOU, "case_handler")
    password, user = made["temporary_password"], made["user"]
    assert len(password.replace("-", "")) >= 16
    assert not set(password) & set("0o1lIO")
    assert (user["state"], user["unit"]["path"], user["scope_path"]) == ("must_change_password", GULOU, GULOU)
    assert check(password, city.read_user("chen").password_hash).fits
    assert city.read_user("chen").password_hash.startswith("$argon2id$")
    (entry,) = city.trail("user.create")
    assert (entry.actor_login, entry.scope_path, (entry.after or {})["login"]) == ("admin", GULOU, "chen")
    assert password not in str(entry.after)
    assert "temporary_password" not in city.call("GET", f"/api/users/{user['id']}", 200)
    assert signals(city, "user") == [(user["id"], GULOU)]


WRONG: list[tuple[dict[str, Any], list[str]]] = [
    ({"login": "Chen"}, ["login"]),
    ({"login": "c"}, ["login"]),
    ({"login": "-chen"}, ["login"]),
    ({"login": "陈一"}, ["login"]),
    ({"name": "  "}, ["name"]),
    ({"roles": []}, ["roles"]),
    ({"roles": ["case_handler", "emperor"]}, ["roles"]),
    ({"phone": "87654321"}, ["phone"]),
    ({"id_number": "350100190001010013"}, ["id_number"]),
    ({"unit_id": ""}, ["unit_id"]),
    (
        {"login": "", "name": "", "roles": [], "phone": "1", "unit_id": None},
        ["login", "name", "roles", "phone", "unit_id"],
    ),
]


def test_what_is_wrong_is_marked_all_at_once(city: Desk) -> None:
    for fields, wrong in WRONG:
        assert problem_fields(new_user(city, GULOU, "case_handler", 422, **fields)) == wrong, fields
    assert city.trail("user.create") == []


def test_a_login_is_given_once_also_when_it_is_disabled_or_elsewhere(city: Desk) -> None:
    first = new_user(city, GULOU, "case_handler")["user"]
    city.call("POST", f"/api/users/{first['id']}/disable", 200, json={"version": 1})
    answer = new_user(city, CANGSHAN, "case_handler", 409)
    assert (answer["code"], problem_fields(answer)) == ("login_taken", ["login"])
    city.user("faraway", "administrator", unit="cn.fj.")
    assert new_user(city, GULOU, "case_handler", 409, login="faraway")["code"] == "login_taken"


def test_a_role_is_given_only_where_it_belongs(city: Desk) -> None:
    refused = new_user(city, GULOU, "bank_liaison", 409)
    assert (refused["code"], refused["rule"]["key"]) == ("role_out_of_place", "people.role_belongs_in_unit")
    assert "驻点银行联络员" in refused["message"]["zh"]
    assert "银行、支行、网点" in refused["message"]["zh"]
    assert problem_fields(refused) == ["roles"]
    assert new_user(city, GULOU, "administrator", 409)["code"] == "role_out_of_place"
    new_user(city, BANK, "bank_liaison")


@pytest.mark.parametrize("beside", ["auditor", "duty_leader"])
def test_administrator_and_auditor_stand_alone(city: Desk, beside: str) -> None:
    refused = new_user(city, FUZHOU, "", 409, roles=["administrator", beside])
    assert refused["rule"]["key"] == "people.duties_apart"
    assert "GB/T 22239" in refused["rule"]["legal_basis"]


def test_people_of_the_centre_see_the_city_and_others_their_own_unit(city: Desk) -> None:
    assert new_user(city, CENTRE, "intake_officer")["user"]["scope_path"] == FUZHOU
    named = new_user(city, CENTRE, "analyst", login="lin", scope_unit_id=unit_id(city, CENTRE))
    assert named["user"]["scope_path"] == CENTRE
    wider = new_user(city, DONGJIE, "dissuader", login="huang", scope_unit_id=unit_id(city, GULOU))
    assert wider["user"]["scope"]["name"] == "演示·鼓楼分局"


def test_a_scope_lies_on_the_way_up(city: Desk) -> None:
    answer = new_user(city, DONGJIE, "dissuader", 422, scope_unit_id=unit_id(city, CANGSHAN))
    assert problem_fields(answer) == ["scope_unit_id"]


def test_nobody_gives_more_than_they_see(city: Desk) -> None:
    city.user("small", "administrator", unit=CENTRE)
    city.user("wide", "intake_officer", unit=CENTRE, scope=FUZHOU)
    city.sign_in("small")
    beyond = new_user(city, GULOU, "case_handler", 409)
    assert (beyond["code"], problem_fields(beyond)) == ("beyond_own_scope", ["unit_id"])
    beyond = new_user(city, CENTRE, "analyst", 409, scope_unit_id=unit_id(city, FUZHOU))
    assert (beyond["rule"]["key"], problem_fields(beyond)) == ("people.within_own_scope", ["scope_unit_id"])
    assert new_user(city, CENTRE, "analyst")["user"]["scope_path"] == CENTRE
    wide = str(city.read_user("wide").id)
    for verb in ("disable", "reset-password"):
        answer = city.call("POST", f"/api/users/{wide}/{verb}", 409, json={"version": 1})
        assert answer["code"] == "beyond_own_scope"


def test_nobody_is_put_into_a_closed_unit(city: Desk) -> None:
    city.call("PATCH", f"/api/units/{unit_id(city, DONGJIE)}", 200, json={"version": 1, "active": False})
    answer = new_user(city, DONGJIE, "station_police", 409)
    assert (answer["code"], problem_fields(answer)) == ("unit_closed", ["unit_id"])


def test_a_move_ends_the_sessions_and_takes_the_scope_along(city: Desk) -> None:
    user = str(city.user("handler", "case_handler", unit=GULOU))
    session = city.sign_in("handler")
    city.sign_in("admin")
    roles: dict[str, Any] = {"roles": ["case_handler"], "name": "演示·handler"}
    moved = change(city, user, unit_id=unit_id(city, CANGSHAN), **roles)
    assert (moved["unit"]["path"], moved["scope_path"], moved["version"]) == (CANGSHAN, CANGSHAN, 2)
    assert ended(city, session) == "unit_changed"
    assert signals(city, "session.ended") == [(str(session), "")]
    assert {path for _, path in signals(city, "user")} == {GULOU, CANGSHAN}
    (entry,) = city.trail("user.update")
    assert entry.before == {"unit_path": GULOU, "scope_path": GULOU}
    assert entry.after == {"unit_path": CANGSHAN, "scope_path": CANGSHAN}


def test_other_roles_end_the_sessions_and_a_new_name_does_not(city: Desk) -> None:
    user = str(city.user("handler", "case_handler", unit=GULOU))
    session = city.sign_in("handler")
    city.sign_in("admin")
    same: dict[str, Any] = {"unit_id": unit_id(city, GULOU), "roles": ["case_handler"]}
    assert change(city, user, name="演示·改名", **same)["name"] == "演示·改名"
    assert ended(city, session) == ""
    both = ["publicity_officer", "case_handler", "case_handler"]
    assert change(city, user, version=2, roles=both)["roles"] == ["case_handler", "publicity_officer"]
    assert ended(city, session) == "roles_changed"


def test_a_move_is_refused_where_the_role_does_not_belong(city: Desk) -> None:
    user = str(city.user("handler", "case_handler", unit=GULOU))
    assert change(city, user, 409, unit_id=unit_id(city, BANK))["code"] == "role_out_of_place"
    moved = change(city, user, unit_id=unit_id(city, BANK), roles=["bank_liaison"])
    assert (moved["unit"]["path"], moved["roles"]) == (BANK, ["bank_liaison"])


def test_a_number_is_changed_and_removed_even_when_its_mask_stays(city: Desk) -> None:
    user = new_user(city, GULOU, "case_handler", phone=PHONE)["user"]["id"]
    changed = change(city, user, phone="19911111001")
    assert (changed["phone"], changed["version"]) == ("199****1001", 2)
    assert change(city, user, version=2, phone=None)["phone"] is None
    row = city.read_user("chen")
    assert (row.phone, row.phone_blind, row.version) == (None, None, 3)


def test_the_second_of_two_editors_is_shown_the_difference(city: Desk) -> None:
    user = str(city.user("handler", "case_handler", unit=GULOU))
    change(city, user, name="演示·甲改", roles=["publicity_officer"])
    mine: dict[str, Any] = {
        "name": "演示·乙改",
        "unit_id": unit_id(city, GULOU),
        "roles": ["publicity_officer"],
        "phone": PHONE,
    }
    answer = change(city, user, 409, **mine)
    assert answer["code"] == "stale_version"
    assert answer["extra"]["changed"] == ["name"]
    assert (answer["extra"]["current"]["name"], answer["extra"]["yours"]["name"]) == (
        "演示·甲改",
        "演示·乙改",
    )
    assert PHONE not in str(answer)
    assert change(city, user, version=2, **mine)["name"] == "演示·乙改"


def test_nobody_decides_over_themselves(city: Desk) -> None:
    me = str(city.read_user("admin").id)
    for fields in ({"roles": ["auditor"]}, {"unit_id": unit_id(city, CENTRE)}):
        refused = change(city, me, 409, **fields)
        assert (refused["rule"]["key"], problem_fields(refused)[0]) == (
            "people.not_oneself",
            next(iter(fields)),
        )
    for verb in ("disable", "enable", "unlock", "reset-password"):
        refused = city.call("POST", f"/api/users/{me}/{verb}", 409, json={"version": 1})
        assert refused["code"] == "not_oneself"
    same: dict[str, Any] = {"roles": ["administrator"], "unit_id": unit_id(city, FUZHOU)}
    assert change(city, me, name="演示·本人", **same)["name"] == "演示·本人"
