"""The table of roles over HTTP, and where each role may be given."""

import re

import pytest

from rongdun.domains.people.rules import HOMES, KINDS
from rongdun.runtime.authz import permissions_of, roles
from rongdun.simulation.demo_city import demo_city
from tests.domains.people.conftest import Desk
from tests.domains.people.offices import open_offices


def test_the_table_names_every_role_and_permission_in_both_languages(desk: Desk) -> None:
    table = open_offices(desk).call("GET", "/api/roles", 200)
    known = {item["key"] for item in table["permissions"]}
    assert {"unit.write", "user.reveal", "audit.read"} <= known
    assert len(table["roles"]) == 16
    for item in table["permissions"]:
        assert re.search("[一-鿿]", item["name"]["zh"] + item["desc"]["zh"])
        assert item["name"]["en"].isascii()
    for role in table["roles"]:
        assert set(role["permissions"]) <= known
        assert role["desk"].startswith("/")


def test_duties_are_apart_in_the_table_itself() -> None:
    # 三员分立: whoever manages users reads no audit and reveals nothing; the auditor changes nothing.
    administrator, auditor = permissions_of(["administrator"]), permissions_of(["auditor"])
    assert not administrator & {"audit.read", "audit.verify", "user.reveal"}
    assert {key.partition(".")[2] for key in auditor} <= {"read", "verify", "reveal"}
    assert not any("user.write" in role.permissions for role in roles() if role.key != "administrator")


def test_every_role_has_a_home_of_a_kind_that_exists() -> None:
    assert set(HOMES) == {role.key for role in roles()}
    assert {kind for homes in HOMES.values() for kind in homes} <= set(KINDS)


def test_everybody_of_the_demonstration_is_where_their_role_belongs() -> None:
    kinds = {unit.path: unit.kind for unit in demo_city().units}
    for user in demo_city().users:
        assert all(kinds[user.unit] in HOMES[role] for role in user.roles), user.login


@pytest.mark.parametrize(
    ("role", "kinds"),
    [
        ("bank_liaison", {"bank", "branch", "outlet"}),
        ("administrator", {"province", "city", "centre"}),
        ("auditor", {"province", "city", "centre"}),
        ("station_police", {"station"}),
        ("approver_county", {"county"}),
    ],
)
def test_where_a_role_belongs(role: str, kinds: set[str]) -> None:
    assert set(HOMES[role]) == kinds
