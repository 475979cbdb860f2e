"""The tree and the table of units, each as far as the asker's scope."""

from typing import Any

import pytest

from tests.domains.people.conftest import CANGSHAN, DONGJIE, FUZHOU, GULOU, Desk
from tests.domains.people.offices import BANK, CENTRE, open_offices, unit_id
from tests.domains.people.sheets import cells


@pytest.fixture
def city(desk: Desk) -> Desk:
    return open_offices(desk)


def paths(answer: Any) -> list[str]:
    return [item["path"] for item in answer["items"]]


def test_the_tree_is_nested_and_begins_where_the_scope_does(city: Desk) -> None:
    (root,) = city.call("GET", "/api/units/tree", 200)
    assert (root["path"], root["name"], root["parent_name"]) == (FUZHOU, "演示·福州市局", None)
    assert [child["path"] for child in root["children"]] == [BANK, CANGSHAN, CENTRE, GULOU]
    (station,) = root["children"][3]["children"]
    assert (station["path"], station["parent_name"]) == (DONGJIE, "演示·鼓楼分局")
    assert station["children"] == []


def test_a_station_sees_itself_and_nothing_else(city: Desk) -> None:
    city.user("station", "station_police", unit=DONGJIE)
    city.sign_in("station")
    (root,) = city.call("GET", "/api/units/tree", 200)
    assert (root["path"], root["children"]) == (DONGJIE, [])
    assert paths(city.call("GET", "/api/units", 200)) == [DONGJIE]
    assert city.call("GET", f"/api/units/{unit_id(city, DONGJIE)}", 200)["parent_name"] is None
    assert city.call("GET", f"/api/units/{unit_id(city, GULOU)}", 404)["code"] == "not_found"


TABLE: list[tuple[dict[str, Any], list[str]]] = [
    ({}, [FUZHOU, BANK, CANGSHAN, CENTRE, GULOU, DONGJIE]),
    ({"sort": "-path", "size": 2}, [DONGJIE, GULOU]),
    ({"filter": "kind:in:bank,centre"}, [BANK, CENTRE]),
    ({"filter": "path:like:cn.fj.fz.gulou."}, [GULOU, DONGJIE]),
    ({"filter": "active:eq:false"}, []),
    ({"q": "东街"}, [DONGJIE]),
    ({"q": "BANK_"}, [BANK]),
    ({"sort": "kind,path"}, [BANK, CENTRE, FUZHOU, CANGSHAN, GULOU, DONGJIE]),
]


def test_the_table_filters_sorts_and_searches(city: Desk) -> None:
    for params, expected in TABLE:
        assert paths(city.call("GET", "/api/units", 200, params=params)) == expected, params


def test_children_of_one_unit(city: Desk) -> None:
    params = {"filter": f"parent_id:eq:{unit_id(city, GULOU)}"}
    assert paths(city.call("GET", "/api/units", 200, params=params)) == [DONGJIE]


def test_an_unknown_kind_is_refused_by_name(city: Desk) -> None:
    answer = city.call("GET", "/api/units", 422, params={"filter": "kind:eq:country"})
    assert "country" in answer["fields"][0]["message"]["zh"]


def test_the_export_holds_the_scope_and_goes_on_record(city: Desk) -> None:
    answer = city.client.get("/api/units/export.xlsx", params={"filter": "kind:eq:station"})
    assert answer.status_code == 200
    shown = cells(answer.content)
    assert {"演示·东街派出所", "演示·鼓楼分局", "派出所", DONGJIE} <= shown
    assert CANGSHAN not in shown
    assert (city.trail("table.export")[0].after or {})["rows"] == 1


def test_nobody_reads_without_signing_in(city: Desk) -> None:
    city.sign_out()
    for path in ("/api/units", "/api/units/names", "/api/units/tree", "/api/users", "/api/roles"):
        assert city.call("GET", path, 401)["code"] == "unauthenticated"


def test_who_may_not_write_is_told_the_permission(city: Desk) -> None:
    city.user("station", "station_police", unit=DONGJIE)
    city.sign_in("station")
    answer = city.call(
        "POST", "/api/units", 403, json={"kind": "community", "code": "c1", "name": "演示·社区"}
    )
    assert answer["extra"] == {"permission": "unit.write"}


def test_english_names_of_the_police_are_known_to_all_and_of_partners_within_ones_scope(city: Desk) -> None:
    named = {FUZHOU: "Demo City", GULOU: "Demo Gulou", CANGSHAN: "Demo Cangshan", BANK: "Demo Bank"}
    for path, name_en in named.items():
        body = {"version": 1, "name_en": name_en}
        city.call("PATCH", f"/api/units/{unit_id(city, path)}", 200, json=body)
    told = [
        {"id": unit_id(city, FUZHOU), "name": "演示·福州市局", "name_en": "Demo City"},
        {"id": unit_id(city, CANGSHAN), "name": "演示·仓山分局", "name_en": "Demo Cangshan"},
        {"id": unit_id(city, GULOU), "name": "演示·鼓楼分局", "name_en": "Demo Gulou"},
    ]
    bank = {"id": unit_id(city, BANK), "name": "演示·银行", "name_en": "Demo Bank"}
    city.user("station", "station_police", unit=DONGJIE)
    city.user("clerk", "bank_liaison", unit=BANK)
    for login, expected in (
        ("station", told),
        ("clerk", [told[0], bank, *told[1:]]),
        ("admin", [told[0], bank, *told[1:]]),
    ):
        city.sign_in(login)
        assert city.call("GET", "/api/units/names", 200) == expected, login
    city.sign_in("station")
    assert paths(city.call("GET", "/api/units", 200)) == [DONGJIE]


def test_a_closed_unit_keeps_its_english_name_for_what_it_did(city: Desk) -> None:
    body = {"version": 1, "name_en": "Demo Cangshan", "active": False}
    city.call("PATCH", f"/api/units/{unit_id(city, CANGSHAN)}", 200, json=body)
    assert [one["name_en"] for one in city.call("GET", "/api/units/names", 200)] == ["Demo Cangshan"]
