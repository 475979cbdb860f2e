"""The case desk over HTTP: whoever ``desk.actor`` is calls it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from rongdun.domains import cases, oversight
from rongdun.domains.cases import CaseDraft, Person, Victim
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
from rongdun.runtime.uow import AuditDraft, Services, Uow
from tests.domains.calling import Calling

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
"""Noon of a Monday in Shanghai."""
GULOU = "cn.fj.fz.gulou."
TAIJIANG = "cn.fj.fz.taijiang."
HANDLER = ("case.read", "case.write", "report.read", "report.write")
APPROVER = ("case.read", "case.approve", "report.read")


def officer(path: str = GULOU, *permissions: str, name: str = "演示·高十七") -> Actor:
    """Return somebody of the unit at ``path``; a handler unless told otherwise."""
    return Actor(
        user_id=new_id(),
        login="officer",
        name=name,
        unit_id=new_id(),
        unit_path=path,
        roles=frozenset(),
        permissions=frozenset(permissions or HANDLER),
        scope=Scope.subtree(path),
        session_id=new_id(),
        unit_name="演示单位",
    )


@dataclass
class Desk(Calling):
    """The application under test, and what its transactions put on record."""

    centre: Centre
    clock: FixedClock
    client: TestClient
    actor: Actor
    recorded: list[AuditDraft] = field(default_factory=list)

    def open_case(self, **changes: Any) -> cases.CaseRef:
        """Accept a case as ``actor``, with one victim who lost 50,000 yuan."""
        person = Person(name="演示甲", id_number="350100190001010012", phone="19900000001")
        draft = CaseDraft(
            unit_path=changes.pop("unit_path", GULOU),
            unit_name="演示单位",
            fraud_type="02",
            story="演示:自称客服,诱导转账。",
            victims=[Victim(person=person, loss_fen=5_000_000)],
            **changes,
        )
        with self.centre.transact(self.actor) as uow:
            return cases.case_of(uow, cases.open_case(uow, draft).id)


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
        return desk.actor

    centre = Centre(services, authenticate)
    app = FastAPI()
    app.state.gate = centre
    problems.install(app)
    for router in (cases.router, oversight.router):
        app.include_router(router)
    with TestClient(app) as client:
        desk = Desk(centre, clock, client, officer(), recorded)
        yield desk
