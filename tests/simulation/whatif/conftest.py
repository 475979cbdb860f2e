"""The what-if desk over HTTP: whoever ``desk.actor`` is calls it, and a worker plays what waits when told to."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from rongdun.entrypoints.bootstrap import Centre
from rongdun.kernel.clock import FixedClock
from rongdun.kernel.ids import new_id
from rongdun.kernel.scope import Actor, Scope
from rongdun.runtime import problems
from rongdun.runtime.audit import write_entries
from rongdun.runtime.crypto import Vault
from rongdun.runtime.db import Database
from rongdun.runtime.jobs import JobQueue, Work
from rongdun.runtime.live import write_signals
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import AuditDraft, Services, Uow
from rongdun.simulation import whatif
from tests.domains.calling import Calling

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
CENTRE = "cn.fj.fz.centre."
GULOU = "cn.fj.fz.gulou."
ASKED: dict[str, Any] = {
    "title": "人手翻倍会怎样",
    "a": {"policy": "none", "delay": 10, "officers": 1},
    "b": {"policy": "tier", "delay": 10, "officers": 2},
    "worlds": 2,
    "cases": 1,
    "seed": 2000,
}
"""As small as a question may be."""


def leader(path: str = CENTRE, *permissions: str) -> Actor:
    """Return somebody of the unit at ``path``, who may run worlds unless told otherwise."""
    return Actor(
        user_id=new_id(),
        login="leader",
        name="演示·何十二",
        unit_id=new_id(),
        unit_path=path,
        roles=frozenset(),
        permissions=frozenset(permissions or ("twin.read", "twin.run")),
        scope=Scope.subtree(path),
        session_id=new_id(),
        unit_name="演示单位",
    )


@dataclass
class Desk(Calling):
    """The application under test, a worker, and what its transactions put on record and signalled."""

    centre: Centre
    clock: FixedClock
    client: TestClient
    actor: Actor
    recorded: list[AuditDraft] = field(default_factory=list)
    signalled: list[str] = field(default_factory=list)

    @property
    def work(self) -> Work:
        """What a job is given."""
        return Work(self.centre.transact, self.centre.services)

    def start(self, status: int = 201, **changes: Any) -> Any:
        """Ask the small question, or one with changes."""
        return self.post("/api/twin/runs", {**ASKED, **changes}, status)

    def play(self) -> None:
        """Let a worker do what waits."""
        queue = JobQueue(self.centre.services.database.dsn, whatif.JOBS, self.work)
        asyncio.run(queue.run_what_waits())

    def one(self, found: Any) -> Any:
        """Return a run as it stands now."""
        return self.get(f"/api/twin/runs/{found['id']}")


@pytest.fixture
def desk(db: Database, tmp_path: Path) -> Iterator[Desk]:
    clock = FixedClock(NOON)
    recorded: list[AuditDraft] = []
    signalled: list[str] = []

    def note(uow: Uow) -> None:
        recorded.extend(uow.entries)
        signalled.extend(signal.topic for signal in uow.signals)

    settings = Settings(data_dir=tmp_path, audit_chains=1)
    services = Services(settings, db, clock, Vault.ephemeral(), (note, write_entries, write_signals))

    desk: Desk

    def authenticate(request: Request, uow: Uow) -> Actor:
        return desk.actor

    centre = Centre(services, authenticate)
    app = FastAPI()
    app.state.gate = centre
    problems.install(app)
    app.include_router(whatif.router)
    with TestClient(app) as client:
        desk = Desk(centre, clock, client, leader(), recorded, signalled)
        yield desk
