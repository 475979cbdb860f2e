"""The desks' shared services over HTTP: whoever `desk.actor` is calls them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from rongdun.domains.desk import router
from rongdun.entrypoints.bootstrap import Centre
from rongdun.kernel.clock import FixedClock
from rongdun.kernel.ids import new_id
from rongdun.kernel.scope import Actor, Scope
from rongdun.runtime import problems
from rongdun.runtime.crypto import Vault
from rongdun.runtime.db import Database
from rongdun.runtime.live import write_signals
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import AuditDraft, Services, Uow

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
CITY = "cn.fj.fz."
GULOU = "cn.fj.fz.gulou."
XIAMEN = "cn.fj.xm."


def officer(path: str = GULOU, *permissions: str) -> Actor:
    """Return somebody of the unit at ``path`` who may handle files and ``permissions``."""
    return Actor(
        user_id=new_id(),
        login="officer",
        name="演示·陈一",
        unit_id=new_id(),
        unit_path=path,
        roles=frozenset(),
        permissions=frozenset({"file.read", "file.upload", *permissions}),
        scope=Scope.subtree(path),
        session_id=new_id(),
        unit_name="演示单位",
    )


@dataclass
class Desk:
    """The application under test, and what its transactions put on record."""

    app: FastAPI
    centre: Centre
    clock: FixedClock
    client: TestClient
    actor: Actor
    recorded: list[AuditDraft]

    def call(self, method: str, path: str, status: int, **options: Any) -> Any:
        """Call the API; return the JSON answer, or None for an empty one."""
        answer = self.client.request(method, path, **options)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def upload(self, content: bytes, name: str, status: int = 201) -> Any:
        """Upload a file."""
        return self.call("POST", "/api/files", status, params={"name": name}, content=content)


@pytest.fixture
def desk(db: Database, tmp_path: Path) -> Iterator[Desk]:
    clock = FixedClock(NOON)
    recorded: list[AuditDraft] = []

    def note(uow: Uow) -> None:
        recorded.extend(uow.entries)

    settings = Settings(data_dir=tmp_path, upload_limit_mib=1)
    services = Services(settings, db, clock, Vault.ephemeral(), (note, write_signals))

    desk: Desk

    def authenticate(request: Request, uow: Uow) -> Actor:
        return desk.actor

    centre = Centre(services, authenticate)
    app = FastAPI()
    app.state.gate = centre
    problems.install(app)
    app.include_router(router)
    with TestClient(app) as client:
        desk = Desk(app, centre, clock, client, officer(), recorded)
        yield desk
