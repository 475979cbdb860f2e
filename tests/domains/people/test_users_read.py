"""The table of users: within the scope, numbers masked, states by the clock."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from rongdun.domains.people.store import users_in
from rongdun.domains.people.views import state_of
from rongdun.kernel.scope import Scope
from tests.domains.people.conftest import CANGSHAN, DONGJIE, FUZHOU, GULOU, NOON, Desk
from tests.domains.people.offices import ID_NUMBER, PHONE, new_user, open_offices
from tests.domains.people.sheets import cells


@pytest.fixture
def city(desk: Desk) -> Desk:
    """The offices, and people in every state."""
    open_offices(desk)
    desk.user("station", "station_police", unit=DONGJIE, last_login_at=NOON - timedelta(days=3))
    desk.user("handler", "case_handler", unit=GULOU, locked_until=NOON + timedelta(minutes=5))
    desk.user("former", "case_handler", unit=CANGSHAN, disabled_at=NOON, locked_until=NOON + timedelta(1))
    desk.user("fresh", "case_handler", "publicity_officer", unit=CANGSHAN, must_change_password=True)
    desk.user("late", "approver_county", unit=CANGSHAN, locked_until=NOON - timedelta(seconds=1))
    return desk


def logins(answer: Any) -> list[str]:
    return [item["login"] for item in answer["items"]]


def test_states_by_the_clock_on_screen_and_in_the_database(city: Desk) -> None:
    items = city.call("GET", "/api/users", 200, params={"sort": "login"})["items"]
    assert {item["login"]: item["state"] for item in items} == {
        "admin": "active",
        "admin2": "active",
        "former": "disabled",
        "fresh": "must_change_password",
        "handler": "locked",
        "late": "active",
        "station": "active",
    }
    assert {item["login"] for item in items if item["locked_until"]} == {"handler", "former"}
    city.clock.advance(timedelta(minutes=6))
    handler = city.read_user("handler")
    assert city.call("GET", f"/api/users/{handler.id}", 200)["state"] == "active"
    assert state_of(handler, city.clock.now()) == "active"
    assert logins(city.call("GET", "/api/users", 200, params={"filter": "state:eq:locked"})) == []


TABLE: list[tuple[dict[str, Any], list[str]]] = [
    ({"filter": "state:eq:locked"}, ["handler"]),
    ({"filter": "state:in:disabled,must_change_password"}, ["former", "fresh"]),
    ({"sort": "-state,login", "size": 2}, ["fresh", "handler"]),
    ({"filter": "role:eq:case_handler"}, ["former", "fresh", "handler"]),
    ({"filter": "role:in:publicity_officer,station_police"}, ["fresh", "station"]),
    ({"filter": "unit_path:like:cn.fj.fz.gulou."}, ["handler", "station"]),
    ({"filter": "unit:like:仓山"}, ["former", "fresh", "late"]),
    ({"filter": "last_login_at:ge:2026-02-01"}, ["station"]),
    ({"filter": "last_login_at:null:true", "q": "admin"}, ["admin", "admin2"]),
    ({"q": "东街"}, ["station"]),
    ({"q": "仓山 late"}, ["late"]),
    ({"q": "演示·fresh"}, ["fresh"]),
]


def test_the_table_filters_sorts_and_searches(city: Desk) -> None:
    for params, expected in TABLE:
        asked = {"sort": "login", **params}
        assert logins(city.call("GET", "/api/users", 200, params=asked)) == expected, params


def test_roles_know_no_order_and_no_other_operator(city: Desk) -> None:
    city.call("GET", "/api/users", 422, params={"filter": "role:ne:auditor"})
    city.call("GET", "/api/users", 422, params={"filter": "role:eq:nobody"})
    city.call("GET", "/api/users", 422, params={"sort": "role"})


def test_numbers_are_masked_everywhere(city: Desk) -> None:
    made = new_user(city, GULOU, "case_handler", phone="+86 199-0000-1001", id_number=ID_NUMBER)
    assert (made["user"]["phone"], made["user"]["id_number"]) == ("199****1001", "350***********0012")
    user = made["user"]["id"]
    answers = [
        city.client.get("/api/users"),
        city.client.get(f"/api/users/{user}"),
        city.client.get("/api/users/export.xlsx"),
    ]
    texts = [answers[0].text, answers[1].text, "\n".join(cells(answers[2].content))]
    assert all("199****1001" in shown for shown in texts)
    assert not any(PHONE in shown or ID_NUMBER in shown for shown in texts)
    recorded = str([(entry.before, entry.after) for entry in city.trail()])
    assert "199****1001" in recorded
    assert PHONE not in recorded and ID_NUMBER not in recorded


def test_numbers_are_sealed_in_the_database(city: Desk) -> None:
    new_user(city, GULOU, "case_handler", phone=PHONE, id_number=ID_NUMBER)
    row = city.read_user("chen")
    assert row.phone and row.id_number
    assert PHONE.encode() not in row.phone and ID_NUMBER.encode() not in row.id_number
    with city.centre.transact() as uow:
        assert uow.vault.open(row.phone, f"users.phone:{row.id}") == PHONE
        assert uow.vault.open(row.id_number, f"users.id_number:{row.id}") == ID_NUMBER


def test_the_export_shows_words_and_goes_on_record(city: Desk) -> None:
    answer = city.client.get("/api/users/export.xlsx", params={"filter": "state:eq:must_change_password"})
    shown = cells(answer.content)
    assert {"演示·fresh", "待改密码", "主办民警、宣防民警", "演示·仓山分局"} <= shown
    assert "演示·station" not in shown
    assert (city.trail("table.export")[0].after or {})["rows"] == 1


def test_a_passkey_counts_as_a_second_factor_and_stays_its_owners(city: Desk) -> None:
    station = city.read_user("station")
    insert = text(
        "insert into passkeys (id, user_id, credential_id, public_key, sign_count, name, created_at)"
        " values (gen_random_uuid(), :user, 'c', 'k', 0, '演示钥匙', :now)"
    )
    with city.centre.transact() as uow:
        uow.session.execute(insert, {"user": station.id, "now": uow.now})
    items = city.call("GET", "/api/users", 200)["items"]
    assert [item["login"] for item in items if item["second_factor"]] == ["station"]
    assert city.call("GET", f"/api/users/{station.id}", 200)["second_factor"] is True
    assert "是" in cells(city.client.get("/api/users/export.xlsx").content)


def test_a_county_sees_its_own_people_only(city: Desk) -> None:
    city.user("county", "approver_county", unit=GULOU)
    city.sign_in("county")
    assert logins(city.call("GET", "/api/users", 200, params={"sort": "login"})) == [
        "county",
        "handler",
        "station",
    ]
    other = city.read_user("late").id
    assert city.call("GET", f"/api/users/{other}", 404)["code"] == "not_found"
    shown = city.call("GET", f"/api/users/{city.read_user('county').id}", 200)
    assert shown["unit"]["name"] == "演示·鼓楼分局"
    assert shown["scope"]["path"] == GULOU


def test_direct_sql_as_the_application_shows_only_the_subtree(city: Desk) -> None:
    scoped = (
        "select set_config('rongdun.scope_low', :low, true), set_config('rongdun.scope_high', :high, true)"
    )
    with city.centre.services.database.engine.begin() as connection:
        assert connection.scalar(text("select count(*) from users")) == 0
        assert connection.scalar(text("select count(*) from units")) == 0
        connection.execute(text(scoped), {"low": GULOU, "high": GULOU + "~"})
        assert set(connection.scalars(text("select login from users"))) == {"handler", "station"}
        assert set(connection.scalars(text("select path from units"))) == {GULOU, DONGJIE}
        changed = connection.execute(text("update users set name = 'x' where login = 'late'"))
        assert changed.rowcount == 0


def test_the_stores_scope_holds_without_row_security_too(city: Desk) -> None:
    with city.centre.transact() as uow:
        rows = uow.session.execute(users_in(Scope.subtree(CANGSHAN))).all()
    assert {row.User.login for row in rows} == {"former", "fresh", "late"}
    assert FUZHOU not in {row.User.unit_path for row in rows}
