"""The duty desk over HTTP: whoever `desk.actor` is calls it, and the test moves the clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from rongdun.domains.duty import router
from rongdun.entrypoints.bootstrap import Centre
from rongdun.kernel.clock import FixedClock
from rongdun.kernel.ids import new_id
from rongdun.kernel.policy import PolicyRule
from rongdun.kernel.scope import Actor, Scope, SubjectRef
from rongdun.runtime import problems
from rongdun.runtime.audit import write_entries
from rongdun.runtime.crypto import Vault
from rongdun.runtime.db import Database
from rongdun.runtime.deadlines import Sweeper, open_deadline
from rongdun.runtime.live import write_signals
from rongdun.runtime.policies import seed_policies
from rongdun.runtime.policies.seedfile import shipped_files
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import Services, Uow
from tests.conftest import TEMPLATE

NOON = datetime(2026, 7, 1, 4, tzinfo=UTC)


def actor(path: str, *permissions: str) -> Actor:
    """Return somebody of the unit at ``path``."""
    return Actor(
        user_id=new_id(),
        login="leader",
        name="演示·值班长",
        unit_id=new_id(),
        unit_path=path,
        roles=frozenset({"duty_leader"}),
        permissions=frozenset(permissions),
        scope=Scope.subtree(path),
    )


@dataclass
class Desk:
    """The application under test."""

    centre: Centre
    clock: FixedClock
    client: TestClient
    actor: Actor

    def open(self, number: str, rule_key: str = "stop.validity", **options: Any) -> str:
        """Open a deadline as the system; return its id."""
        path = options.pop("unit_path", "cn.fj.fz.")
        with self.centre.transact() as uow:
            subject = SubjectRef("stop_order", number, f"FZ-{number}")
            row = open_deadline(uow, rule_key=rule_key, subject=subject, unit_path=path, **options)
            return str(row.id)

    def sweep(self) -> None:
        """Let a sweeper look once."""
        Sweeper(self.centre.transact, "w1", database_now=lambda _: self.clock.now()).tick()

    def get(self, path: str, status: int = 200, **params: Any) -> Any:
        """Call the API; return the JSON answer."""
        answer = self.client.get(path, params=params)
        assert answer.status_code == status, answer.text
        return answer.json()

    def act(self, deadline_id: str, verb: str, status: int = 200, **body: Any) -> Any:
        """Act on a deadline in its present version; return the JSON answer."""
        if "version" not in body:
            body["version"] = self.get(f"/api/deadlines/{deadline_id}")["version"]
        answer = self.client.post(f"/api/deadlines/{deadline_id}/{verb}", json=body)
        assert answer.status_code == status, answer.text
        return answer.json()


def _rules() -> list[PolicyRule]:
    wanted = ("stop.toml", "report.toml", "clues.toml")
    return [rule for name, rules in shipped_files() if name in wanted for rule in rules]


@pytest.fixture(scope="session")
def template() -> str:
    """Duty has rules of its own."""
    return TEMPLATE


@pytest.fixture
def desk(db: Database, tmp_path: Path) -> Iterator[Desk]:
    """The duty desk, called by the city's duty leader."""
    clock = FixedClock(NOON)
    settings = Settings(data_dir=tmp_path, audit_chains=1)
    services = Services(settings, db, clock, Vault.ephemeral(), (write_entries, write_signals))

    desk: Desk

    def authenticate(request: Request, uow: Uow) -> Actor:
        return desk.actor

    centre = Centre(services, authenticate)
    with centre.transact() as uow:
        seed_policies(uow.session, now=uow.now, rules=_rules())
    app = FastAPI()
    app.state.gate = centre
    problems.install(app)
    app.include_router(router)
    with TestClient(app) as client:
        desk = Desk(centre, clock, client, actor("cn.fj.fz.", "deadline.read", "deadline.act"))
        yield desk
