"""Finding units and users in the one search, and seeing a user's number in clear."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from rongdun.domains.people.searcher import find_units, find_users
from rongdun.kernel.scope import SYSTEM, Actor, Scope
from rongdun.runtime.reveal import revealable
from tests.domains.people.conftest import CANGSHAN, DONGJIE, GULOU, Desk
from tests.domains.people.offices import ID_NUMBER, PHONE, new_user, open_offices


@pytest.fixture
def city(desk: Desk) -> Desk:
    return open_offices(desk)


def within(path: str) -> Actor:
    return replace(SYSTEM, scope=Scope.subtree(path))


def found(city: Desk, find: Any, q: str, path: str = "cn.") -> list[tuple[str, str, str]]:
    with city.centre.transact(within(path)) as uow:
        return [(hit.label.zh, hit.sub.zh, hit.route) for hit in find(uow, q, 6)]


def test_units_are_found_by_name_with_where_they_stand(city: Desk) -> None:
    station = f"/people/units?id={city.units[DONGJIE]}"
    assert found(city, find_units, "东街") == [("演示·东街派出所", "派出所 演示·鼓楼分局", station)]
    assert found(city, find_units, "东街", CANGSHAN) == []


def test_users_are_found_by_name_login_unit_or_whole_phone(city: Desk) -> None:
    user = new_user(city, GULOU, "case_handler", phone=PHONE)["user"]["id"]
    hit = ("演示·陈一", "chen · 演示·鼓楼分局", f"/people/users/{user}")
    for q in ("陈一", "chen", "鼓楼", PHONE, "+86 199 0000 1001"):
        assert found(city, find_users, q) == [hit], q
    for q in (PHONE[:8], "19900001002", "1001"):
        assert found(city, find_users, q) == [], q
    assert found(city, find_users, PHONE, CANGSHAN) == []


def test_a_users_numbers_are_revealed_inside_the_scope_only(city: Desk) -> None:
    user = new_user(city, GULOU, "case_handler", phone=PHONE, id_number=ID_NUMBER)["user"]["id"]
    for field, clear in (("phone", PHONE), ("id_number", ID_NUMBER)):
        declared = revealable("user", field)
        assert declared is not None
        assert declared.permission == "user.reveal"
        with city.centre.transact(within(GULOU)) as uow:
            shown = declared.loader(uow, user)
            assert shown is not None
            assert (shown.value, shown.subject.label, shown.unit_path) == (clear, "演示·陈一", GULOU)
            assert declared.loader(uow, "no-id") is None
        with city.centre.transact(within(CANGSHAN)) as uow:
            assert declared.loader(uow, user) is None


def test_somebody_without_a_number_reveals_nothing(city: Desk) -> None:
    user = UUID(str(city.user("handler", "case_handler", unit=GULOU)))
    declared = revealable("user", "phone")
    assert declared is not None
    with city.centre.transact() as uow:
        shown = declared.loader(uow, str(user))
    assert shown is not None
    assert shown.value is None
