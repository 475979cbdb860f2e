"""The money desk over HTTP: whoever ``desk.actor`` is calls it, and a worker runs what waits when told to."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from rongdun.analytics.ledger.ledger import Ledger
from rongdun.domains import desk as desks
from rongdun.domains import oversight, tracing
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
from tests.analytics.statements.making import PLAIN, REPLY, csv_bytes, row
from tests.domains.calling import Calling

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
CITY = "cn.fj.fz."
GULOU = "cn.fj.fz.gulou."
TAIJIANG = "cn.fj.fz.taijiang."
IMPORTER = ("ledger.read", "ledger.import", "file.upload", "file.read")
TRACER = (*IMPORTER, "trace.read", "trace.run")


def officer(path: str = GULOU, *permissions: str, name: str = "演示·陈一") -> Actor:
    """Return somebody of the unit at ``path``, who may import unless told otherwise."""
    return Actor(
        user_id=new_id(),
        login="officer",
        name=name,
        unit_id=new_id(),
        unit_path=path,
        roles=frozenset(),
        permissions=frozenset(permissions or IMPORTER),
        scope=Scope.subtree(path),
        session_id=new_id(),
        unit_name="演示单位",
    )


def statement(*minutes: int, start: int = 100_000, amount: int = 10_000, **changes: str) -> bytes:
    """A reply of 交易明细信息: money going out at these minutes past noon, each balance following the last."""
    rows, balance = [], start
    for minute in minutes:
        balance -= amount
        cells = {
            "交易时间": f"20250301{12 + minute // 60:02d}{minute % 60:02d}00",
            "交易金额": f"{amount / 100:.2f}",
            "交易余额": f"{balance / 100:.2f}",
            "交易流水号": f"S{minute:05d}",
        }
        rows.append(row(**{**cells, **changes}))
    return csv_bytes(REPLY, rows)


DIRTY = csv_bytes(
    REPLY,
    [
        row(交易流水号="D1"),
        row(交易流水号="D2", 交易时间="前天下午"),
        row(交易流水号="D3", 交易金额="一百元"),
        row(交易流水号="D4", 交易金额="88.00", 交易余额="8677.43"),
    ],
)
"""Two good rows, one without a time, one without an amount."""

UNKNOWN = csv_bytes(
    ["记账日", "卡片号码", "发生金额", "结余", "收/支别", "对家", "对家账户"],
    [
        [
            "2025-03-01 12:00:00",
            PLAIN["交易卡号"],
            "100.00",
            "900.00",
            "支出",
            "演示丙",
            "6299991000000000036",
        ],
        [
            "2025-03-01 12:05:00",
            PLAIN["交易卡号"],
            "50.00",
            "950.00",
            "收入",
            "演示丁",
            "6299991000000000036",
        ],
    ],
)
"""Headings of no layout."""


@dataclass
class Desk(Calling):
    """The application under test, a worker, and what its transactions put on record."""

    centre: Centre
    clock: FixedClock
    client: TestClient
    actor: Actor
    recorded: list[AuditDraft] = field(default_factory=list)

    @property
    def ledger(self) -> Ledger:
        """The ledger as it lies on disk."""
        return Ledger(self.centre.services.settings.data_dir / "ledger")

    def upload(self, content: bytes, name: str = "a.csv") -> str:
        """Upload a file; return its hash."""
        answer = self.call("POST", "/api/files", 201, params={"name": name}, content=content)
        return str(answer["sha256"])

    def send(self, files: dict[str, bytes], status: int = 201, **more: Any) -> Any:
        """Upload files and import them under these paths; nothing is read yet."""
        dropped = [
            {"sha256": self.upload(content, path.rpartition("/")[2]), "path": path}
            for path, content in files.items()
        ]
        return self.post("/api/imports", {"files": dropped, **more}, status)

    def work(self) -> None:
        """Let a worker do what waits."""
        services = self.centre.services
        queue = JobQueue(services.database.dsn, tracing.JOBS, Work(self.centre.transact, services))
        asyncio.run(queue.run_what_waits())

    def imported(self, files: dict[str, bytes], **more: Any) -> Any:
        """Import files and let the worker read them; return the import."""
        sent = self.send(files, **more)
        self.work()
        return self.get(f"/api/imports/{sent['id']}")

    def step(self, found: Any, action: str, status: int = 200, **more: Any) -> Any:
        """Take a step on the version of an import that is shown."""
        return self.post(
            f"/api/imports/{found['id']}/{action}", {"version": found["version"], **more}, status
        )

    def accounts(self, **params: Any) -> list[Any]:
        """Return the accounts the actor sees."""
        found: list[Any] = self.get("/api/ledger/accounts", **params)["items"]
        return found

    def statement(self, account: Any, **params: Any) -> Any:
        """Return a page of an account's statement."""
        return self.get(f"/api/ledger/accounts/{account['id']}/statement", **params)


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
    for router in (
        desks.router,
        tracing.router,
        tracing.layouts_router,
        tracing.ledger_router,
        tracing.traces_router,
        tracing.trace_accounts_router,
        tracing.trace_exports_router,
        oversight.router,
    ):
        app.include_router(router)
    with TestClient(app) as client:
        desk = Desk(centre, clock, client, officer(), recorded)
        yield desk
