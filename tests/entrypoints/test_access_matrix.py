"""Who may call what: every endpoint is called as every role and as nobody, and answers as the kept table says.

The table ``access_matrix.csv`` is read by people: a change of it is a change of somebody's rights. Each row is an
endpoint, the permission it declares, and the roles it lets in (``*`` for whoever is signed in, ``public`` for all).
"""

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from fastapi import Request
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from sqlalchemy import text

from rongdun.entrypoints.bootstrap import Centre
from rongdun.entrypoints.docs import LIFECYCLES
from rongdun.entrypoints.http import create_app
from rongdun.entrypoints.routes import ROUTERS
from rongdun.kernel.clock import FixedClock
from rongdun.kernel.ids import new_id
from rongdun.kernel.scope import NOBODY, Actor, Scope
from rongdun.runtime.audit import write_entries
from rongdun.runtime.authz import permissions, permissions_of, roles
from rongdun.runtime.crypto import Vault
from rongdun.runtime.db import Database
from rongdun.runtime.live import write_signals
from rongdun.runtime.policies import seed_policies
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import Services, Uow
from rongdun.runtime.web import PUBLIC, SIGNED_IN
from rongdun.simulation.demo_city import demo_city
from rongdun.simulation.demo_people import seed_demo_people
from tests.entrypoints.lifespan import not_listening

TABLE = Path(__file__).with_name("access_matrix.csv")
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CITY = "cn.fj.fz."

NEEDS_MORE = ("/api/auth/me", "/api/events", "/health/ready")
"""They need a session, a listening process or a worker; their own tests call them with one."""

EVERY_ROLE = tuple(role.key for role in roles())


class Endpoint(NamedTuple):
    """A method and an address, and the permission the route declares."""

    method: str
    path: str
    permission: str


class Row(NamedTuple):
    """An endpoint of the kept table and whom it lets in."""

    endpoint: Endpoint
    allowed: frozenset[str]


def endpoints() -> list[Endpoint]:
    """Return every endpoint of the product, as its routers declare it."""
    return sorted(
        Endpoint(method, route.path, str((route.openapi_extra or {}).get("x-permission", "")))
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    )


def kept() -> list[Row]:
    """Return the kept table."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return [
        Row(Endpoint(row["method"], row["path"], row["permission"]), frozenset(row["roles"].split()))
        for row in rows
    ]


class House:
    """The application, called as ``actor``."""

    def __init__(self, db: Database, data_dir: Path) -> None:
        services = Services(
            Settings(data_dir=data_dir),
            db,
            FixedClock(NOW),
            Vault.ephemeral(),
            (write_entries, write_signals),
        )
        self.actor = NOBODY
        centre = Centre(services, self._authenticate)
        with centre.transact() as uow:
            seed_policies(uow.session, now=NOW)
            seed_demo_people(uow)
        with centre.transact() as uow:
            found = uow.session.execute(text("select id, unit_id, login from users")).all()
        self.people = {login: (user_id, unit_id) for user_id, unit_id, login in found}
        self.app = create_app(centre)
        self.app.router.lifespan_context = not_listening
        self.client = TestClient(self.app, raise_server_exceptions=False)

    def _authenticate(self, request: Request, uow: Uow) -> Actor:
        return self.actor

    def status(self, endpoint: Endpoint, actor: Actor) -> int:
        """Call ``endpoint`` with an empty body as ``actor``; return the status."""
        self.actor = actor
        address = endpoint.path
        for part in ("{sha256}", "{form_key}", "{key}"):
            address = address.replace(part, "a" * 64)
        while "{" in address:
            start, end = address.index("{"), address.index("}")
            address = address[:start] + str(new_id()) + address[end + 1 :]
        return self.client.request(endpoint.method, address).status_code

    def person(self, role: str, allowed: frozenset[str] | None = None) -> Actor:
        """Return the demonstration's user of ``role``, who may do what it gives (or what is ``allowed``)."""
        user = next(user for user in demo_city().users if role in user.roles)
        user_id, unit_id = self.people[user.login]
        return replace(
            _person(role), user_id=user_id, unit_id=unit_id, permissions=allowed or permissions_of([role])
        )


def _person(role: str) -> Actor:
    return Actor(
        user_id=None,
        login=role,
        name="演示·甲",
        unit_id=None,
        unit_path=CITY,
        roles=frozenset({role}),
        permissions=permissions_of([role]),
        scope=Scope.subtree(CITY),
        session_id=new_id(),
        ip="127.0.0.1",
    )


@pytest.fixture
def house(db: Database, tmp_path: Path) -> Iterator[House]:
    """The whole application on a database with the shipped rules."""
    house = House(db, tmp_path)
    with house.client:
        yield house


def test_every_endpoint_declares_who_may_call_it() -> None:
    known = {PUBLIC, SIGNED_IN, *(permission.key for permission in permissions())}
    assert [endpoint for endpoint in endpoints() if endpoint.permission not in known] == []


def test_the_kept_table_lists_every_endpoint_with_its_permission() -> None:
    assert [row.endpoint for row in kept()] == endpoints()


def test_every_permission_opens_something_or_guards_a_field_or_a_step() -> None:
    guarding = {"user.reveal", "user.sessions"}
    steps = {
        who
        for tables in LIFECYCLES.values()
        for table in tables
        for step in table.transitions
        for who in step.who
    }
    used = {endpoint.permission for endpoint in endpoints()} | guarding | steps
    assert {permission.key for permission in permissions()} - used == set()


def test_each_endpoint_lets_in_exactly_the_roles_of_the_table(house: House) -> None:
    people = {role: house.person(role) for role in EVERY_ROLE}
    wrong = [
        f"{row.endpoint.method} {row.endpoint.path} as {role}: {status}"
        for row in kept()
        if "public" not in row.allowed
        for role, person in people.items()
        for status in [house.status(row.endpoint, person)]
        if (status not in (401, 403)) != (role in row.allowed or "*" in row.allowed)
    ]
    assert wrong == []


def test_nobody_gets_past_the_door_without_signing_in(house: House) -> None:
    wrong = [
        f"{row.endpoint.method} {row.endpoint.path}: {status}"
        for row in kept()
        for status in [house.status(row.endpoint, NOBODY)]
        if (status == 401) == ("public" in row.allowed) and "/auth/" not in row.endpoint.path
    ]
    assert wrong == []


def test_no_endpoint_breaks_on_an_empty_call(house: House) -> None:
    actor = house.person("auditor", frozenset(permission.key for permission in permissions()))
    broken = [
        f"{endpoint.method} {endpoint.path}: {status}"
        for endpoint in endpoints()
        for status in [house.status(endpoint, actor)]
        if status >= 500 and endpoint.path not in NEEDS_MORE
    ]
    assert broken == []
