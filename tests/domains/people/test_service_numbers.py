"""Police number and work phone: sealed, masked, entered by whom they may be, missed where instructions need them."""

from typing import Any

import pytest

from rongdun.domains.people.numbers import open_number
from rongdun.runtime.reveal import revealable
from tests.domains.people.conftest import CANGSHAN, GULOU, Desk
from tests.domains.people.offices import BANK, CENTRE, new_user, open_offices, problem_fields

POLICE, WORK = "991004", "0591-99991004"


@pytest.fixture
def city(desk: Desk) -> Desk:
    return open_offices(desk)


def test_the_administrator_enters_them_and_sees_them_masked_ever_after(city: Desk) -> None:
    user = new_user(city, CENTRE, "stop_officer")["user"]
    assert user["not_on_orders"] == ["police_number", "work_phone"]
    body = {"version": user["version"], "police_number": POLICE, "work_phone": WORK}
    after = city.call("PATCH", f"/api/users/{user['id']}", 200, json=body)
    assert (after["police_number"], after["work_phone"]) == ("****04", "0591****1004")
    assert after["not_on_orders"] == []
    row = city.read_user("chen")
    assert row.police_number is not None and POLICE.encode() not in row.police_number
    with city.centre.transact() as uow:
        assert open_number(uow.vault, row, "work_phone") == "059199991004"
    (entry,) = city.trail("user.update")
    assert POLICE not in str(entry.after) and "9999" not in str(entry.after)
    removed = {"version": after["version"], "police_number": ""}
    again = city.call("PATCH", f"/api/users/{user['id']}", 200, json=removed)
    assert (again["police_number"], again["not_on_orders"]) == (None, ["police_number"])


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"police_number": "12"}, ["police_number"]),
        ({"police_number": "警0012345"}, ["police_number"]),
        ({"work_phone": "87654321"}, ["work_phone"]),
    ],
)
def test_what_is_no_such_number_is_refused_at_its_field(
    city: Desk, fields: dict[str, str], wrong: list[str]
) -> None:
    refused = new_user(city, CENTRE, "stop_officer", 422, **fields)
    assert problem_fields(refused) == wrong


def test_who_is_named_on_no_instruction_misses_none(city: Desk) -> None:
    assert new_user(city, BANK, "bank_liaison")["user"]["not_on_orders"] == []


def test_they_are_shown_in_clear_with_a_purpose_to_whoever_may_see_the_user(city: Desk) -> None:
    user = new_user(city, CENTRE, "stop_officer", police_number=POLICE, work_phone=WORK)["user"]["id"]
    for field, clear in (("police_number", POLICE), ("work_phone", "059199991004")):
        declared = revealable("user", field)
        assert declared is not None and declared.permission == "user.reveal"
        with city.centre.transact() as uow:
            shown = declared.loader(uow, user)
        assert shown is not None and shown.value == clear


def numbers(city: Desk, **body: Any) -> Any:
    status = body.pop("status", 200)
    method = "PUT" if body else "GET"
    options = {"json": body} if body else {}
    return city.call(method, "/api/auth/numbers", status, **options)


def test_an_officer_enters_their_own_work_phone_and_no_police_number(city: Desk) -> None:
    city.user("stop9", "stop_officer", unit=CENTRE)
    city.sign_in("stop9")
    before = numbers(city)
    assert (before["police_number"], before["not_on_orders"]) == (None, ["police_number", "work_phone"])
    after = numbers(city, version=before["version"], work_phone=WORK)
    assert (after["work_phone"], after["not_on_orders"]) == ("0591****1004", ["police_number"])
    numbers(city, version=after["version"], police_number=POLICE, status=422)
    assert problem_fields(numbers(city, version=after["version"], work_phone="1", status=422)) == [
        "work_phone"
    ]
    (entry,) = city.trail("user.update")
    assert (entry.actor_login, list(entry.after or {})) == ("stop9", ["work_phone"])
    assert "9999" not in str(entry.after)
    assert numbers(city, version=before["version"], work_phone=WORK, status=409)["code"] == "stale_version"
    gone = numbers(city, version=after["version"], work_phone="")
    assert gone["work_phone"] is None


def test_one_sees_and_changes_only_ones_own(city: Desk) -> None:
    city.user("gu", "case_handler", unit=GULOU)
    city.user("cang", "case_handler", unit=CANGSHAN)
    city.sign_in("gu")
    numbers(city, version=1, work_phone=WORK)
    city.sign_in("cang")
    assert numbers(city)["work_phone"] is None
    assert city.read_user("cang").work_phone is None
