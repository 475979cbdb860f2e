"""Prevents the door without a key, and the key without a door: permissions and roles that exist on one side only."""

import tomllib
from collections.abc import Iterator
from typing import Any

from fastapi.routing import APIRoute

from rongdun.entrypoints.routes import ROUTERS
from rongdun.runtime.search import searchers
from rongdun.runtime.web import PUBLIC, SIGNED_IN
from tests.architecture.source import SRC

OPEN_TO_ALL = {
    "/api/auth/options": "what the sign-in page offers",
    "/api/auth/login": "signing in",
    "/api/auth/second-factor": "signing in, second step",
    "/api/auth/password": "changing a temporary password, before the session is whole",
    "/api/auth/passkeys/login/begin": "signing in by passkey",
    "/api/auth/passkeys/login/finish": "signing in by passkey",
    "/api/auth/oidc/start": "signing in by the unified sign-on",
    "/api/auth/oidc/callback": "signing in by the unified sign-on",
    "/api/exchange/inbound/{code}": "an institution's message: its signature is checked at the door",
    "/api/auth/logout": "signing out, also of a session that is over",
    "/health/live": "asked by whoever watches the process",
    "/health/ready": "asked by whoever balances load",
    "/metrics": "scraped by whoever watches; answers this machine alone",
}
"""Paths that anybody may call, signed in or not, and why."""


def test_every_route_says_who_may_call_it() -> None:
    routes = list(_routes())
    assert len(routes) > 30
    assert [route.path for route in routes if not _permission(route)] == []


def test_what_is_open_to_everybody_is_few_and_named() -> None:
    assert {route.path for route in _routes() if _permission(route) == PUBLIC} == OPEN_TO_ALL.keys()


def test_every_permission_that_is_asked_for_is_in_the_table() -> None:
    asked = {_permission(route) for route in _routes()} | {searcher.permission for searcher in searchers()}
    asked |= set(_table("topics.toml")["topics"].values())
    assert asked - _permissions() - {PUBLIC, SIGNED_IN} == set()


def test_every_permission_in_the_table_opens_something() -> None:
    written = "\n".join(path.read_text("utf-8") for path in SRC.rglob("*.py"))
    assert {name for name in _permissions() if f'"{name}"' not in written} == set()


def test_roles_hold_permissions_of_the_table_and_demonstration_users_have_roles_of_it() -> None:
    roles = _table("roles.toml")["roles"]
    held = {permission for role in roles.values() for permission in role["permissions"]}
    assert held == _permissions(), "a permission no role holds, or one that is not in the table"
    users = _table("demo/users.toml")
    used = {role for user in users["user"] for role in user["roles"]}
    assert used
    assert used - roles.keys() == set()


def _routes() -> Iterator[APIRoute]:
    return (route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute))


def _permission(route: APIRoute) -> str:
    permission: str = (route.openapi_extra or {}).get("x-permission", "")
    return permission


def _permissions() -> set[str]:
    return set(_table("roles.toml")["permissions"])


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((SRC / "data" / name).read_text("utf-8"))
