"""Creating, changing and closing units."""

from typing import Any

import pytest

from tests.domains.people.conftest import CANGSHAN, DONGJIE, FUZHOU, GULOU, Desk
from tests.domains.people.offices import BANK, open_offices, problem_fields, signals, unit_id


@pytest.fixture
def city(desk: Desk) -> Desk:
    return open_offices(desk)


def create(city: Desk, parent: str, status: int = 201, **fields: Any) -> Any:
    body = {
        "kind": "station",
        "code": "nanjie",
        "name": "演示·南街派出所",
        "parent_id": unit_id(city, parent),
    }
    return city.call("POST", "/api/units", status, json={**body, **fields})


def change(city: Desk, path: str, status: int = 200, **fields: Any) -> Any:
    body = {"version": 1, **fields}
    return city.call("PATCH", f"/api/units/{unit_id(city, path)}", status, json=body)


def test_a_new_unit_stands_below_its_parent_and_is_on_record(city: Desk) -> None:
    made = create(city, GULOU, short_name="南街", active=True)
    assert (made["path"], made["parent_name"], made["version"]) == (f"{GULOU}nanjie.", "演示·鼓楼分局", 1)
    assert (made["active"], made["short_name"]) == (True, "南街")
    assert city.call("GET", f"/api/units/{made['id']}", 200) == made
    (entry,) = city.trail("unit.create")
    assert (entry.actor_login, entry.subject_label, entry.scope_path) == ("admin", made["name"], made["path"])
    assert (entry.after or {})["code"] == "nanjie"
    assert signals(city, "unit") == [(made["id"], made["path"])]


def test_the_district_is_the_parents_unless_given(city: Desk) -> None:
    change(city, GULOU, district="350102")
    assert create(city, GULOU)["district"] == "350102"
    assert create(city, GULOU, code="other", name="演示·他区", district="350103")["district"] == "350103"


WRONG: list[tuple[str, dict[str, Any], list[str]]] = [
    (GULOU, {"code": "Nan-Jie"}, ["code"]),
    (GULOU, {"code": ""}, ["code"]),
    (GULOU, {"code": "a" * 21}, ["code"]),
    (GULOU, {"name": "   "}, ["name"]),
    (GULOU, {"kind": "country"}, ["kind"]),
    (GULOU, {"district": "3501"}, ["district"]),
    (GULOU, {"parent_id": None}, ["parent_id"]),
    (GULOU, {"parent_id": "019c0000-0000-7000-8000-000000000000"}, ["parent_id"]),
    ("cn.fj.", {"kind": "city"}, ["parent_id"]),
    (GULOU, {"code": "X", "name": "", "kind": "bank"}, ["name", "code", "kind"]),
]


def test_what_is_wrong_is_marked_all_at_once(city: Desk) -> None:
    for parent, fields, wrong in WRONG:
        assert problem_fields(create(city, parent, 422, **fields)) == wrong, fields


PLACES = [
    ("centre", FUZHOU, True),
    ("bank", FUZHOU, True),
    ("regulator", FUZHOU, True),
    ("branch", BANK, True),
    ("community", DONGJIE, True),
    ("station", FUZHOU, False),
    ("outlet", BANK, False),
    ("grid", DONGJIE, False),
    ("county", GULOU, False),
    ("province", FUZHOU, False),
]


def test_each_kind_has_its_place(city: Desk) -> None:
    for kind, parent, allowed in PLACES:
        answer = create(
            city, parent, 201 if allowed else 422, kind=kind, code=f"new_{kind}", name=f"演示·{kind}"
        )
        assert allowed or problem_fields(answer) == ["kind"], kind


def test_a_misplaced_kind_is_told_what_could_stand_there(city: Desk) -> None:
    message = create(city, GULOU, 422, kind="bank")["fields"][0]["message"]
    assert "派出所" in message["zh"]
    assert "Police station" in message["en"]


def test_code_and_name_are_taken_once_below_one_parent(city: Desk) -> None:
    create(city, GULOU)
    assert create(city, GULOU, 409, name="演示·别名")["code"] == "unit_code_taken"
    assert create(city, GULOU, 409, code="other")["code"] == "unit_name_taken"
    assert create(city, CANGSHAN)["path"] == f"{CANGSHAN}nanjie."


def test_the_code_of_a_closed_unit_stays_taken(city: Desk) -> None:
    change(city, DONGJIE, active=False)
    answer = create(city, GULOU, 409, code="dongjie")
    assert (answer["code"], problem_fields(answer)) == ("unit_code_taken", ["code"])


def test_a_change_is_kept_with_what_it_was(city: Desk) -> None:
    shown = change(city, GULOU, name="演示·新鼓楼", short_name="鼓楼", active=True)
    assert (shown["name"], shown["short_name"], shown["version"]) == ("演示·新鼓楼", "鼓楼", 2)
    (entry,) = city.trail("unit.update")
    assert entry.before == {"name": "演示·鼓楼分局", "short_name": ""}
    assert entry.after == {"name": "演示·新鼓楼", "short_name": "鼓楼"}


def test_a_change_that_changes_nothing_leaves_no_trace(city: Desk) -> None:
    assert change(city, GULOU, name="演示·鼓楼分局")["version"] == 1
    assert city.trail("unit.update") == []


def test_place_and_kind_cannot_be_changed(city: Desk) -> None:
    answer = change(city, GULOU, 422, code="other", kind="station", parent_id=unit_id(city, CANGSHAN))
    assert set(problem_fields(answer)) == {"code", "kind", "parent_id"}


def test_the_second_of_two_editors_is_shown_the_difference(city: Desk) -> None:
    change(city, GULOU, name="演示·甲改", short_name="甲")
    answer = change(city, GULOU, 409, name="演示·乙改", short_name="甲", active=True)
    assert answer["code"] == "stale_version"
    assert answer["extra"]["changed"] == ["name"]
    assert answer["extra"]["version"] == 2
    assert answer["extra"]["current"]["name"] == "演示·甲改"
    assert answer["extra"]["yours"]["name"] == "演示·乙改"
    assert change(city, GULOU, version=2, name="演示·乙改")["name"] == "演示·乙改"


def test_two_siblings_never_get_one_name(city: Desk) -> None:
    assert problem_fields(change(city, GULOU, 409, name="演示·仓山分局")) == ["name"]
    assert city.call("GET", f"/api/units/{unit_id(city, GULOU)}", 200)["name"] == "演示·鼓楼分局"


def test_a_unit_closes_only_when_it_is_empty(city: Desk) -> None:
    city.user("station", "station_police", unit=DONGJIE)
    change(city, DONGJIE, name_en="Demo Dongjie station")
    refused = change(city, GULOU, 409, active=False)
    assert (refused["code"], refused["rule"]["key"]) == ("unit_in_use", "people.unit_empty")
    assert refused["extra"] == {"units": 1, "users": 0}
    assert refused["message"] == {
        "zh": "该单位还有 1 个启用的下级单位（演示·东街派出所）",
        "en": "The unit still has units in use below it: 1 (Demo Dongjie station)",
    }
    refused = change(city, DONGJIE, 409, version=2, active=False)
    assert (refused["extra"], problem_fields(refused)) == ({"units": 0, "users": 1}, ["active"])
    assert "演示·station" in refused["message"]["zh"]

    user = str(city.read_user("station").id)
    city.call("POST", f"/api/users/{user}/disable", 200, json={"version": 1})
    assert change(city, DONGJIE, version=2, active=False)["active"] is False
    assert change(city, GULOU, active=False)["active"] is False


def test_nothing_new_goes_into_a_closed_unit(city: Desk) -> None:
    change(city, DONGJIE, active=False)
    change(city, GULOU, active=False)
    assert problem_fields(create(city, GULOU, 409)) == ["parent_id"]
    assert problem_fields(change(city, DONGJIE, 409, version=2, active=True)) == ["active"]
    change(city, GULOU, version=2, active=True)
    assert change(city, DONGJIE, version=2, active=True)["active"] is True


def test_a_unit_outside_the_scope_is_not_there(city: Desk) -> None:
    assert change(city, "cn.fj.", 404, name="演示·别省")["code"] == "not_found"
