"""A centre on a fresh database, institutions over a small book, and the wire between them, on this machine."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest
import uvicorn
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI, Request
from sqlalchemy import select

from rongdun.adapters.banks import (
    BankTransport,
    Dialect,
    Places,
    Post,
    Signer,
    dialect_named,
    router,
    speak_to,
    the_orders,
)
from rongdun.adapters.banks.signing import (
    CENTRE,
    Ed25519Signer,
    Ed25519Verifier,
    load_pair,
    signed_headers,
    signer_for,
)
from rongdun.adapters.banks.simulator import Banks, Faults, MemoryBook, load_manner
from rongdun.adapters.banks.simulator.banks import Pace
from rongdun.adapters.banks.simulator.sender import Sender
from rongdun.adapters.banks.simulator.server import Simulator
from rongdun.domains.exchange import InboxMessage, Instruction, Reply, add_institution
from rongdun.entrypoints.bootstrap import Centre
from rongdun.kernel.clock import SystemClock
from rongdun.kernel.scope import NOBODY, Actor, Scope
from rongdun.runtime import problems
from rongdun.runtime.audit import write_entries
from rongdun.runtime.crypto import Vault
from rongdun.runtime.db import Database
from rongdun.runtime.live import write_signals
from rongdun.runtime.outbox import Courier, OutboxMessage, Plan, send
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import Services, Uow
from tests.adapters.banks.made import BANK, BANK_NAME, CITY, NOW, PATH, instruction


@dataclass
class Desk:
    """Stands for the desk of orders: keeps instructions, and every reply with what it did."""

    known: dict[str, Instruction] = field(default_factory=dict)
    replies: list[Reply] = field(default_factory=list)
    breaks: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def instructions_for(self, uow: Uow, application_ids: Sequence[str]) -> dict[str, Instruction]:
        return {name: self.known[name] for name in application_ids if name in self.known}

    def receive(self, uow: Uow, reply: Reply) -> str:
        with self.lock:
            if self.breaks:
                self.breaks -= 1
                raise RuntimeError("a fault of ours")
            if reply.application_id not in self.known:
                return "unknown"
            self.replies.append(reply)
            return "applied"

    def answered(self, application_id: str) -> list[Reply]:
        return [reply for reply in self.replies if reply.application_id == application_id]


def key(name: str) -> Ed25519Signer:
    return Ed25519Signer(Ed25519PrivateKey.generate(), name)


@dataclass
class Serving:
    """An ASGI application on a port of this machine."""

    server: uvicorn.Server
    thread: threading.Thread
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(10)


def serve(app: Any, *, lifespan: str = "on") -> Serving:
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", lifespan=lifespan)  # type: ignore[arg-type]
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
        assert thread.is_alive()
    return Serving(server, thread, server.servers[0].sockets[0].getsockname()[1])


@dataclass
class Town:
    """Everything under test, and the levers of a test."""

    centre: Centre
    desk: Desk
    banks: Banks
    book: MemoryBook
    simulator: Simulator
    sender: Sender
    courier: Courier
    bank_key: Ed25519Signer
    urls: dict[str, str]
    dialects: dict[str, Dialect]
    signers: dict[str, Signer]

    def order(self, application_id: str, **values: Any) -> str:
        """Write an instruction with its message, as the desk does in one transaction."""
        told = instruction(application_id, **values)
        self.desk.known[application_id] = told
        with self.centre.transact() as uow:
            send(
                uow,
                channel="bank",
                kind=told.kind.value,
                payload={"order_id": application_id, "instruction": application_id},
                order_key=told.account.number,
                idempotency_key=application_id,
                unit_path=CITY,
                partner_path=PATH,
            )
        return application_id

    def until(self, true: Callable[[], bool], *, seconds: float = 15.0) -> None:
        """Let couriers work until something is true."""
        waiter = threading.Event()
        for _ in range(int(seconds / 0.02)):
            if true():
                return
            self.courier.tick()
            waiter.wait(0.02)
        raise AssertionError("it did not come true")

    def answered(self, count: int = 1) -> None:
        """Let couriers work until so many answers have come and the banks know that they were taken."""
        self.until(lambda: len(self.desk.replies) >= count and self.sender.taken >= count, seconds=30)

    def speak_iso(self) -> None:
        """Let the bank speak ISO 20022, and everything that has no words for go by form."""
        self.dialects[BANK] = dialect_named("iso20022")
        with self.centre.transact() as uow:
            speak_to(uow, BANK, "iso20022", by_form=True)

    def post(self, told: Reply, *, signer: Signer | None = None, at: datetime | None = None) -> int:
        """Post a reply as the bank; return the HTTP status."""
        body = self.sender.dialect_of(BANK).write_reply(told)
        path, now = f"/api/exchange/inbound/{BANK}", self.centre.services.clock.now()
        headers = signed_headers(signer or self.bank_key, "POST", path, body, at or now)
        post = Post()
        try:
            return post.send(self.urls["centre"] + path, body, headers).status
        finally:
            post.close()

    def inbox(self) -> list[InboxMessage]:
        """Return what came in, in order."""
        with self.centre.services.database.session(Scope.everything()) as session:
            return list(session.scalars(select(InboxMessage).order_by(InboxMessage.seq)))

    def letters(self) -> list[OutboxMessage]:
        """Return what went out, in order."""
        with self.centre.services.database.session(Scope.everything()) as session:
            return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.seq)))

    def misbehave(self, **faults: float) -> None:
        """Tell the institutions what to do wrong from now on."""
        self.simulator.faults[""] = Faults().told(dict(faults))


@pytest.fixture
def town(db: Database, tmp_path: Path) -> Iterator[Town]:
    clock = SystemClock()
    settings = Settings(data_dir=tmp_path, audit_chains=1)
    services = Services(settings, db, clock, Vault.ephemeral(), (write_entries, write_signals))

    def nobody(request: Request, uow: Uow) -> Actor:
        return NOBODY

    centre, desk = Centre(services, nobody), Desk()
    app = FastAPI()
    app.state.gate = centre
    app.dependency_overrides[the_orders] = lambda: desk
    problems.install(app)
    app.include_router(router)
    served = serve(app, lifespan="off")
    centre_key, bank_key = load_pair(settings.keys, CENTRE, "centre"), key(BANK)
    book = MemoryBook()
    # A thousand minutes of the world in one of ours: a bank's six minutes pass in a third of a second.
    banks = Banks(book, {BANK: BANK_NAME}, load_manner().perfect(), Pace(clock.now(), NOW, 1000.0))
    dialects: dict[str, Dialect] = {"": dialect_named("national")}
    signers: dict[str, Signer] = {BANK: bank_key}
    sender = Sender(dialects, signers, key("forger"), served.url, clock)
    verifier = Ed25519Verifier(centre_key.private.public_key())
    simulator = Simulator(banks, verifier, sender, clock)
    played = serve(simulator)
    with centre.transact() as uow:
        add_institution(
            uow,
            {
                "code": BANK,
                "name": BANK_NAME,
                "kind": "bank",
                "unit_path": PATH,
                "transport": "https",
                "url": f"{played.url}/{BANK}/messages",
                "public_key": bank_key.public_text,
            },
        )
    places = Places(tmp_path / "profiles", tmp_path / "outgoing")
    sign_for = partial(signer_for, settings.keys)
    transport = BankTransport(centre.transact, desk, centre_key, Post(), places, sign_for)
    courier = Courier(
        centre.transact, {"bank": transport}, "w1", Plan(first_s=0.05, longest_s=0.3, lease_s=20), Random(7)
    )
    yield Town(
        centre,
        desk,
        banks,
        book,
        simulator,
        sender,
        courier,
        bank_key,
        {"centre": served.url, "banks": played.url},
        dialects,
        signers,
    )
    played.stop()
    served.stop()
    transport.post.close()
