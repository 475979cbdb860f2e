"""The oversight desk over HTTP: whoever `desk.actor` is calls it; a demonstration field can be revealed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from rongdun.domains.oversight import router
from rongdun.entrypoints.bootstrap import Centre
from rongdun.kernel.clock import FixedClock
from rongdun.kernel.ids import new_id
from rongdun.kernel.scope import NOBODY, SYSTEM, Actor, Scope, SubjectRef
from rongdun.runtime import problems, reveal
from rongdun.runtime.audit import write_entries
from rongdun.runtime.crypto import Vault
from rongdun.runtime.db import Database
from rongdun.runtime.reveal import Revealed, register_reveal
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import Services, Uow

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PHONE = "19900001234"


def actor(path: str, *permissions: str, login: str = "auditor") -> Actor:
    """Return somebody of the unit at ``path``."""
    return Actor(
        user_id=new_id(),
        login=login,
        name="演示·审计",
        unit_id=new_id(),
        unit_path=path,
        roles=frozenset({"auditor"}),
        permissions=frozenset(permissions),
        scope=Scope.subtree(path),
        session_id=new_id(),
        ip="127.0.0.1",
    )


@dataclass
class Desk:
    """The application under test."""

    centre: Centre
    clock: FixedClock
    client: TestClient
    actor: Actor

    def change(self, case: int, *, by: Actor = SYSTEM, unit_path: str = "cn.fj.fz.gulou.") -> str:
        """Let ``by`` change a case; return the audit entry's id."""
        with self.centre.transact(by) as uow:
            subject = SubjectRef("case", str(case), f"演示案件{case}")
            return str(uow.record("case.change", subject, unit_path=unit_path, after={"n": case}))

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

    def trail(self, action: str) -> list[dict[str, Any]]:
        """Return what stands on record of ``action``, oldest first, seen by somebody who sees all."""
        watcher = replace(actor("cn.", "audit.read"), login="watcher")
        mine, self.actor = self.actor, watcher
        found = self.get("/api/audit", filter=f"action:eq:{action}", sort="at,seq", size=200)["items"]
        self.actor = mine
        return [item for item in found if item["actor"]["login"] != "watcher"]


@pytest.fixture
def desk(db: Database, tmp_path: Path) -> Iterator[Desk]:
    """The oversight desk, called by the city's auditor."""
    clock = FixedClock(NOW)
    settings = Settings(data_dir=tmp_path, audit_chains=1)
    services = Services(settings, db, clock, Vault.ephemeral(), (write_entries,))

    desk: Desk

    def authenticate(request: Request, uow: Uow) -> Actor:
        return desk.actor

    centre = Centre(services, authenticate)
    app = FastAPI()
    app.state.gate = centre
    problems.install(app)
    app.include_router(router)
    with TestClient(app) as client:
        desk = Desk(centre, clock, client, actor("cn.fj.fz.", "audit.read", "audit.verify", "person.reveal"))
        yield desk


@pytest.fixture
def nobody(desk: Desk) -> Desk:
    """The desk, called by somebody not signed in."""
    desk.actor = NOBODY
    return desk


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> str:
    """A person of Gulou whose phone may be revealed; returns their id."""
    monkeypatch.setattr(reveal, "_fields", {})

    def load(uow: Uow, record: str) -> Revealed | None:
        path = "cn.fj.fz.gulou."
        if record != "p1" or not uow.actor.scope.covers(path):
            return None
        return Revealed(PHONE, SubjectRef("person", "p1", "演示·陈一"), path)

    register_reveal("person", "phone", load, "person.reveal")
    return "p1"
