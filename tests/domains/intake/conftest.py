"""Intake over HTTP: whoever ``desk.actor`` is calls it; banks are known, nobody answers yet."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from sqlalchemy import text

from rongdun.domains import cases, intake, oversight, tracing
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
CITY = "cn.fj.fz."
CENTRE = "cn.fj.fz.centre."
GULOU = "cn.fj.fz.gulou."
TAIJIANG = "cn.fj.fz.taijiang."
APPROVER = ("case.read", "case.approve", "report.read")
TAKER = ("report.read", "report.write", "case.read", "case.write", "order.read", "order.draft")


def officer(path: str = CENTRE, *permissions: str, scope: str = "", name: str = "演示·陈一") -> Actor:
    """Return somebody of the unit at ``path`` who takes reports; officers of the centre see the city."""
    sees = scope or (CITY if path == CENTRE else path)
    return Actor(
        user_id=new_id(),
        login="officer",
        name=name,
        unit_id=new_id(),
        unit_path=path,
        roles=frozenset(),
        permissions=frozenset(permissions or TAKER),
        scope=Scope.subtree(sees),
        session_id=new_id(),
        unit_name="演示单位",
    )


def form(**changes: Any) -> dict[str, Any]:
    """Return the form of a consummated fraud with one transfer that can be stopped."""
    body: dict[str, Any] = {
        "source": "96110",
        "classification": "consummated",
        "fraud_type": "02",
        "story": "演示:自称客服,称要关闭百万保障,诱导转账。",
        "reporter": {"name": "演示甲", "phone": "19900000001", "relation": "本人"},
        "victim": {"name": "演示甲", "id_number": "350100190001010012", "phone": "19900000001"},
        "transfers": [transfer()],
    }
    return {**body, **changes}


def transfer(**changes: Any) -> dict[str, Any]:
    """Return a transfer as it is typed."""
    told = {
        "institution": "演示工商银行",
        "account": "6299990012345678907",
        "name": "演示乙",
        "amount": "4.98万",
        "time": "今天上午11点半",
        "out_institution": "演示建设银行",
        "out_account": "6299990200000000018",
        "out_name": "演示甲",
        "method": "mobile_bank",
    }
    return {**told, **changes}


@dataclass
class Desk(Calling):
    """The application under test, and what its transactions put on record."""

    centre: Centre
    clock: FixedClock
    client: TestClient
    actor: Actor
    recorded: list[AuditDraft] = field(default_factory=list)

    def take(self, status: int = 201, **changes: Any) -> Any:
        """Take a report; return the answer."""
        return self.post("/api/reports", form(**changes), status)

    def clocks(self, subject_id: str) -> dict[str, str]:
        """Return the clocks of a subject: rule → state."""
        with self.centre.transact() as uow:
            rows = uow.session.execute(
                text("select rule_key, state from deadlines where subject_id = :id"), {"id": subject_id}
            )
            return {key: state for key, state in rows}


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
    for router in (intake.router, cases.router, oversight.router, tracing.traces_router):
        app.include_router(router)
    with TestClient(app) as client:
        desk = Desk(centre, clock, client, officer(), recorded)
        yield desk
