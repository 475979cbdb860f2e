"""Dead letters over HTTP: seen in scope, decided once, with a reason."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from rongdun.domains.exchange import DAY, INBOX, MESSAGE, partners_router, router
from rongdun.entrypoints.bootstrap import Centre
from rongdun.kernel.clock import FixedClock
from rongdun.kernel.ids import new_id
from rongdun.kernel.lifecycle_docs import to_markdown
from rongdun.kernel.scope import Actor, Scope
from rongdun.runtime import problems
from rongdun.runtime.audit import write_entries
from rongdun.runtime.crypto import Vault
from rongdun.runtime.db import Database
from rongdun.runtime.live import write_signals
from rongdun.runtime.outbox import Courier, NotDelivered, Outgoing, send
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import Services, Uow

NOON = datetime(2026, 7, 1, 4, tzinfo=UTC)
OFFICER = Actor(
    user_id=new_id(),
    login="stop1",
    name="演示·止付席",
    unit_id=None,
    unit_path="cn.fj.fz.",
    roles=frozenset(),
    permissions=frozenset({"outbox.read", "outbox.act"}),
    scope=Scope.subtree("cn.fj.fz."),
)


class Deaf:
    """A partner that never answers."""

    def deliver(self, message: Outgoing) -> str:
        raise NotDelivered("no answer")


@dataclass
class Desk:
    """The application under test."""

    centre: Centre
    clock: FixedClock
    client: TestClient
    actor: Actor = OFFICER

    def send(self, key: str, **options: Any) -> str:
        """Write a message to a deaf partner, with one attempt; return its id."""
        values = {"kind": "stop_order", "payload": {"order": key, "phone": "19900001234"}, **options}
        with self.centre.transact() as uow:
            return str(
                send(
                    uow,
                    channel="bank",
                    idempotency_key=key,
                    unit_path="cn.fj.fz.",
                    max_attempts=1,
                    **values,
                )
            )

    def deliver(self) -> None:
        """Let a courier try once."""
        Courier(self.centre.transact, {"bank": Deaf()}, "w1").tick()

    def get(self, path: str, status: int = 200, **params: Any) -> Any:
        """Call the API; return the JSON answer."""
        answer = self.client.get(path, params=params)
        assert answer.status_code == status, answer.text
        return answer.json()

    def decide(self, message_id: str, verb: str, status: int = 200, **body: Any) -> Any:
        """Decide about a message in its present version; return the JSON answer."""
        version = self.get(f"/api/outbox/{message_id}")["version"] if "version" not in body else None
        sent = {"version": version, "reason": "联络员已确认", **body}
        answer = self.client.post(f"/api/outbox/{message_id}/{verb}", json=sent)
        assert answer.status_code == status, answer.text
        return answer.json()


@pytest.fixture
def desk(db: Database, tmp_path: Path) -> Iterator[Desk]:
    clock = FixedClock(NOON)
    settings = Settings(data_dir=tmp_path, audit_chains=1)
    services = Services(settings, db, clock, Vault.ephemeral(), (write_entries, write_signals))

    desk: Desk

    def authenticate(request: Request, uow: Uow) -> Actor:
        return desk.actor

    app = FastAPI()
    app.state.gate = centre = Centre(services, authenticate)
    problems.install(app)
    app.include_router(router)
    app.include_router(partners_router)
    with TestClient(app) as client:
        desk = Desk(centre, clock, client)
        yield desk


def test_a_dead_letter_is_listed_with_what_went_wrong(desk: Desk) -> None:
    desk.send("a")
    desk.deliver()
    (item,) = desk.get("/api/outbox", filter="state:eq:dead")["items"]
    assert (item["attempts"], item["last_error"]) == (1, "NotDelivered: no answer")


def test_the_content_is_shown_masked_with_its_attempts_and_what_waits_behind(desk: Desk) -> None:
    first = desk.send("a", order_key="x")
    desk.send("b", order_key="x")
    desk.deliver()
    detail = desk.get(f"/api/outbox/{first}")
    assert detail["payload"] == {"order": "a", "phone": "***"}
    assert [attempt["outcome"] for attempt in detail["attempts_made"]] == ["failed"]
    assert detail["waiting_behind"] == 1


@pytest.mark.parametrize(("verb", "state"), [("retry", "pending"), ("abandon", "abandoned")])
def test_a_dead_letter_is_retried_or_abandoned_with_a_reason(verb: str, state: str, desk: Desk) -> None:
    message_id = desk.send("a")
    desk.deliver()
    answer = desk.decide(message_id, verb)
    assert (answer["state"], answer["decision_reason"]) == (state, "联络员已确认")
    assert desk.decide(message_id, verb, status=409)["rule"]["key"] == "outbox_message.state"


def test_a_decision_needs_a_reason(desk: Desk) -> None:
    message_id = desk.send("a")
    desk.deliver()
    refusal = desk.decide(message_id, "abandon", status=422, version=1, reason=" ")
    assert refusal["fields"][0]["path"] == "reason"


def test_a_message_that_still_tries_cannot_be_abandoned(desk: Desk) -> None:
    refusal = desk.decide(desk.send("a"), "abandon", status=409)
    assert refusal["rule"]["key"] == "outbox_message.state"


def test_an_expired_message_cannot_be_sent_again_only_abandoned(desk: Desk) -> None:
    message_id = desk.send("a", expires_at=NOON + timedelta(hours=1))
    desk.clock.advance(timedelta(hours=2))
    desk.deliver()
    refusal = desk.decide(message_id, "retry", status=409)
    assert refusal["rule"]["key"] == "outbox.still_of_use"
    assert desk.decide(message_id, "abandon")["state"] == "abandoned"


def test_the_second_of_two_deciders_is_told(desk: Desk) -> None:
    message_id = desk.send("a")
    desk.deliver()
    seen = desk.get(f"/api/outbox/{message_id}")["version"]
    desk.decide(message_id, "retry", version=seen)
    stale = desk.decide(message_id, "abandon", status=409, version=seen)
    assert (stale["code"], stale["extra"]["current"]["state"]) == ("stale_version", "pending")


def test_another_units_messages_are_not_found(desk: Desk) -> None:
    message_id = desk.send("a")
    desk.actor = replace(OFFICER, scope=Scope.subtree("cn.fj.xm."))
    assert desk.get("/api/outbox")["items"] == []
    desk.get(f"/api/outbox/{message_id}", status=404)


def test_reading_is_not_deciding(desk: Desk) -> None:
    message_id = desk.send("a")
    desk.deliver()
    desk.actor = replace(OFFICER, permissions=frozenset({"outbox.read"}))
    desk.decide(message_id, "abandon", status=403)


def test_the_export_is_a_workbook(desk: Desk) -> None:
    desk.send("a")
    answer = desk.client.get("/api/outbox/export.xlsx")
    assert answer.content.startswith(b"PK")


def test_the_printed_table_is_the_one_in_force() -> None:
    printed = Path(__file__).parents[3] / "docs" / "workflows" / "exchange.md"
    assert printed.read_text("utf-8") == "\n".join(map(to_markdown, (MESSAGE, INBOX, DAY)))
