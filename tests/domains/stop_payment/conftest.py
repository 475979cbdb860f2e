"""The order desk: a centre of its own with units, institutions and people, and its clock in the test's hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from rongdun.domains import oversight, stop_payment
from rongdun.entrypoints.bootstrap import Centre
from rongdun.kernel.clock import FixedClock
from rongdun.kernel.scope import Actor
from rongdun.runtime import problems
from rongdun.runtime.audit import write_entries
from rongdun.runtime.crypto import Vault
from rongdun.runtime.db import Database
from rongdun.runtime.live import write_signals
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import AuditDraft, Services, Uow
from tests.domains.stop_payment.desk import NOON, Desk


@pytest.fixture
def desk(db: Database, tmp_path: Path) -> Iterator[Desk]:
    clock = FixedClock(NOON)
    recorded: list[AuditDraft] = []

    def note(uow: Uow) -> None:
        recorded.extend(uow.entries)

    settings = Settings(data_dir=tmp_path, audit_chains=1)
    services = Services(settings, db, clock, Vault.ephemeral(), (note, write_entries, write_signals))
    desk: Desk

    def authenticate(request: Request, uow: Uow) -> Actor:
        assert desk.actor is not None
        return desk.actor

    centre = Centre(services, authenticate)
    app = FastAPI()
    app.state.gate = centre
    problems.install(app)
    for router in (*getattr(stop_payment, "ROUTERS", ()), oversight.router):
        app.include_router(router)
    with TestClient(app) as client:
        desk = Desk(centre, clock, client, recorded)
        desk.seed()
        yield desk
