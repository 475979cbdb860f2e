"""The policy desk over HTTP: whoever ``desk.actor`` is calls it; three people of the city may draft and confirm."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from rongdun.domains.policy import router
from rongdun.entrypoints.bootstrap import Centre
from rongdun.kernel.clock import FixedClock
from rongdun.kernel.ids import new_id
from rongdun.kernel.scope import Actor, Scope
from rongdun.runtime import problems
from rongdun.runtime.audit import write_entries
from rongdun.runtime.crypto import Vault
from rongdun.runtime.db import Database
from rongdun.runtime.live import write_signals
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import Services, Uow

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""Monday 2 March 2026, nine in the morning in Shanghai."""

RULES = "/api/policy/rules"
CHANGES = "/api/policy/changes"


def person(name: str, *permissions: str, path: str = "cn.fj.fz.") -> Actor:
    """Return somebody of the unit at ``path``."""
    return Actor(
        user_id=new_id(),
        login=name,
        name=f"演示·{name}",
        unit_id=new_id(),
        unit_path=path,
        roles=frozenset({"policy"}),
        permissions=frozenset(permissions),
        scope=Scope.subtree(path),
        session_id=new_id(),
        ip="127.0.0.1",
    )


@dataclass
class Desk:
    """The application under test, and the people who use it."""

    centre: Centre
    clock: FixedClock
    client: TestClient
    maker: Actor
    colleague: Actor
    checker: Actor
    actor: Actor

    def get(self, path: str, status: int = 200, **params: Any) -> Any:
        """Call the API; return the JSON answer."""
        answer = self.client.get(path, params=params)
        assert answer.status_code == status, answer.text
        return answer.json()

    def post(self, path: str, body: dict[str, Any], status: int = 200) -> Any:
        """Call the API; return the JSON answer."""
        answer = self.client.post(path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    def patch(self, path: str, body: dict[str, Any], status: int = 200) -> Any:
        """Call the API; return the JSON answer."""
        answer = self.client.patch(path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    def draft(self, **fields: Any) -> Any:
        """Let the maker draft a change: 72 hours of a stop from May on, unless ``fields`` say otherwise."""
        self.actor = self.maker
        body = {"key": "stop.validity", "value": 72, "effective_from": "2026-05-01", **fields}
        return self.post(CHANGES, body, 201)

    def step(self, change: Any, action: str, status: int = 200, *, by: Actor, note: str = "") -> Any:
        """Let ``by`` take a step on the version of ``change`` that is shown."""
        self.actor = by
        body = {"version": change["version"], "note": note}
        return self.post(f"{CHANGES}/{change['id']}/{action}", body, status)

    def confirmed(self, **fields: Any) -> Any:
        """Draft, submit and confirm a change."""
        submitted = self.step(self.draft(**fields), "submit", by=self.maker)
        return self.step(submitted, "confirm", by=self.checker)

    def value(self, key: str, on: str) -> Any:
        """Return the value of ``key`` on a day as the API tells it, or None when there is none."""
        self.actor = self.maker
        items = self.get(RULES, on=on, filter=f"key:eq:{key}")["items"]
        return items[0]["value"] if items else None


@pytest.fixture
def desk(db: Database, tmp_path: Path) -> Iterator[Desk]:
    """The policy desk with the shipped rules."""
    clock = FixedClock(NOW)
    settings = Settings(data_dir=tmp_path, audit_chains=1)
    services = Services(settings, db, clock, Vault.ephemeral(), (write_signals, write_entries))

    def authenticate(request: Request, uow: Uow) -> Actor:
        return found.actor

    centre = Centre(services, authenticate)
    app = FastAPI()
    app.state.gate = centre
    problems.install(app)
    app.include_router(router)
    maker = person("陈一", "policy.read", "policy.draft")
    colleague = person("林二", "policy.read", "policy.draft", "policy.confirm")
    checker = person("黄三", "policy.read", "policy.confirm")
    with TestClient(app) as client:
        found = Desk(centre, clock, client, maker, colleague, checker, maker)
        yield found
