"""Relief and return over HTTP, on orders a bank has carried out: the order desk's helpers with these routers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from sqlalchemy import text

from rongdun.domains import cases, oversight, restitution
from rongdun.domains import desk as desks
from rongdun.domains.cases import CaseDraft, Person, Victim
from rongdun.domains.exchange import Outcome
from rongdun.domains.stop_payment.model import Order
from rongdun.entrypoints.bootstrap import Centre
from rongdun.kernel.clock import FixedClock
from rongdun.kernel.scope import Actor, SubjectRef
from rongdun.runtime import problems
from rongdun.runtime.audit import write_entries
from rongdun.runtime.crypto import Vault
from rongdun.runtime.db import Database
from rongdun.runtime.live import write_signals
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import AuditDraft, Services, Uow
from tests.domains.stop_payment.desk import BANK, CITY, GULOU, NOON, Desk, officer

HANDLER = (
    "case.read",
    "case.write",
    "order.read",
    "order.draft",
    "relief.read",
    "relief.write",
    "return.read",
    "return.draft",
    "return.execute",
    "return.receipt",
)
COUNTY = (
    "order.read",
    "order.review",
    "freeze.approve_county",
    "case.approve",
    "case.read",
    "relief.read",
    "relief.write",
    "relief.decide",
    "return.read",
)
CARD = "6299991000000000036"


@dataclass
class Counter(Desk):
    """The desk of relief and return."""

    handler: Actor = field(default_factory=lambda: officer(GULOU, *HANDLER, name="演示·高十七"))
    second: Actor = field(default_factory=lambda: officer(GULOU, *HANDLER, name="演示·郭十八"))
    county: Actor = field(default_factory=lambda: officer(GULOU, *COUNTY, name="演示·翁二十二"))
    head: Actor = field(
        default_factory=lambda: officer(
            CITY, "return.read", "return.approve", "relief.read", "relief.decide", name="演示·魏二十四"
        )
    )
    bank: Actor = field(
        default_factory=lambda: officer(
            BANK, "relief.read", "relief.write", "return.read", "return.receipt", name="演示·卢二十六"
        )
    )

    def get(self, path: str, status: int = 200, *, by: Actor | None = None, **params: Any) -> Any:
        """Ask for something as the handler, or somebody else."""
        return self.call("GET", path, status, by=by or self.handler, params=params)

    def post(self, path: str, body: Any, status: int = 200, *, by: Actor | None = None) -> Any:
        """Send something."""
        return self.call("POST", path, status, by=by or self.handler, json=body)

    def put(self, path: str, body: Any, status: int = 200) -> Any:
        """Write something."""
        return self.call("PUT", path, status, by=self.handler, json=body)

    def case_of(self, losses: dict[str, int]) -> SubjectRef:
        """Return a filed case of the county with these victims and what each lost, in fen."""
        victims = [
            Victim(
                person=Person(name=name, institution="演示建设银行", account=CARD, phone="19900000001"),
                loss_fen=fen,
            )
            for name, fen in losses.items()
        ]
        draft = CaseDraft(
            unit_path=GULOU, unit_name="演示鼓楼分局", fraud_type="02", story="演示", victims=victims
        )
        with self.centre.transact(self.handler) as uow:
            case = cases.open_case(uow, draft)
            case_id, number = case.id, case.number
        self.file(case_id)
        return SubjectRef("case", str(case_id), number)

    def frozen_for(self, losses: dict[str, int], held_fen: int, **changes: Any) -> Order:
        """Return a freeze the bank has carried out for such a case."""
        order = self.sent("freeze", subject=changes.pop("subject", None) or self.case_of(losses), **changes)
        self.answer(order, Outcome.DONE, held_fen=held_fen, balance_fen=held_fen)
        return self.order(order)

    def enrol(self, *officers: Actor) -> None:
        """Put officers among the users of their unit, so that they can be chosen."""
        row = text(
            "insert into users (id, login, name, unit_id, unit_path, scope_path, roles, password_hash,"
            " password_changed_at, must_change_password, created_at, updated_at)"
            " select :id, :login, :name, id, path, path, '{case_handler}', 'x', :now, false, :now, :now"
            " from units where path = :path"
        )
        with self.centre.transact() as uow:
            for one in officers:
                values = {"id": one.user_id, "login": str(one.user_id), "name": one.name}
                uow.session.execute(row, {**values, "path": one.unit_path, "now": uow.now})

    def drafted(self, losses: dict[str, int], held_fen: int, **changes: Any) -> Any:
        """Return a return that has just been begun out of such a freeze."""
        order = self.frozen_for(losses, held_fen, **changes)
        return self.post("/api/returns", {"order_id": str(order.id)}, 201)

    def step(self, found: Any, action: str, status: int = 200, *, by: Actor | None = None) -> Any:
        """Take a step that needs nothing."""
        body = {"version": found["version"], "action": action}
        return self.post(f"/api/returns/{found['id']}/step", body, status, by=by)

    def act_on(
        self, found: Any, what: str, status: int = 200, *, by: Actor | None = None, **body: Any
    ) -> Any:
        """Take a step of its own endpoint on the version that is shown."""
        return self.post(
            f"/api/returns/{found['id']}/{what}", {"version": found["version"], **body}, status, by=by
        )

    def complete(self, found: Any, **changes: Any) -> Any:
        """Complete every claim and take the return to where it can be reckoned."""
        everything = [one["code"] for one in found["materials"]]
        for claim in found["claims"]:
            body = {
                "version": found["version"],
                "notified": True,
                "applied": True,
                "materials": everything,
                "verified": True,
                "loss_fen": claim["loss_fen"],
                **changes,
            }
            found = self.put(f"/api/returns/{found['id']}/claims/{claim['id']}", body)
        for action in ("notify", "apply", "complete"):
            found = self.step(found, action)
        return found

    def reckoned(self, losses: dict[str, int], held_fen: int, **changes: Any) -> Any:
        """Return a return that was reckoned without a trace, and so pro rata."""
        found = self.complete(self.drafted(losses, held_fen, **changes))
        return self.act_on(found, "reckon")

    def clocks_of(self, subject_id: str) -> dict[str, str | None]:
        """Return the clocks of a record by rule, and how each ended."""
        with self.centre.transact() as uow:
            rows = uow.session.execute(
                text("select rule_key, outcome from deadlines where subject_id = :id"), {"id": subject_id}
            )
            return {key: outcome for key, outcome in rows}

    def held(self, order_id: UUID | str) -> int:
        """Return what an order holds now."""
        with self.centre.transact() as uow:
            found: int = uow.session.execute(
                text("select held_fen from orders where id = :id"), {"id": order_id}
            ).scalar_one()
            return found


@pytest.fixture
def desk(db: Database, tmp_path: Path) -> Iterator[Counter]:
    clock = FixedClock(NOON)
    recorded: list[AuditDraft] = []

    def note(uow: Uow) -> None:
        recorded.extend(uow.entries)

    settings = Settings(data_dir=tmp_path, audit_chains=1)
    services = Services(settings, db, clock, Vault.ephemeral(), (note, write_entries, write_signals))
    desk: Counter

    def authenticate(request: Request, uow: Uow) -> Actor:
        assert desk.actor is not None
        return desk.actor

    centre = Centre(services, authenticate)
    app = FastAPI()
    app.state.gate = centre
    problems.install(app)
    for router in (
        restitution.relief_router,
        restitution.returns_router,
        restitution.return_claims_router,
        restitution.return_papers_router,
        oversight.router,
        desks.router,
    ):
        app.include_router(router)
    with TestClient(app) as client:
        desk = Counter(centre, clock, client, recorded)
        desk.seed()
        yield desk
