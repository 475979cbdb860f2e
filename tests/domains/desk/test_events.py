"""Live updates over a real connection: a server on a port of its own, read line by line."""

import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import cast
from uuid import UUID

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from rongdun.kernel.scope import NOBODY, Actor, SubjectRef
from rongdun.runtime.live import LiveHub
from tests.domains.desk.conftest import GULOU, Desk, officer


@dataclass
class Server:
    """The desk behind a real web server with a running hub."""

    desk: Desk
    url: str

    def publish(self, subject: str) -> None:
        """Commit one signal."""
        with self.desk.centre.transact() as uow:
            uow.publish("deadline", SubjectRef("deadline", subject), GULOU)


def _serve(app: FastAPI) -> tuple[uvicorn.Server, threading.Thread]:
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", timeout_graceful_shutdown=2))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        threading.Event().wait(0.01)
    return server, thread


@pytest.fixture
def server(desk: Desk) -> Iterator[Server]:
    sessions: dict[UUID, Actor] = {}

    def recheck(actor: Actor) -> Actor | None:
        return sessions.get(cast(UUID, actor.session_id), actor)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with LiveHub(desk.centre.services.database.dsn, recheck=recheck).running() as hub:
            await hub.listening.wait()
            app.state.live = hub
            yield

    desk.actor = officer(GULOU, "deadline.read")
    desk.app.router.lifespan_context = lifespan
    running, thread = _serve(desk.app)
    port = running.servers[0].sockets[0].getsockname()[1]
    yield Server(desk, f"http://127.0.0.1:{port}")
    running.should_exit = True
    thread.join()


def _events(lines: Iterator[str], count: int) -> list[dict[str, str]]:
    events: list[dict[str, str]] = []
    current: dict[str, str] = {}
    for line in lines:
        if line:
            key, _, value = line.partition(": ")
            current[key] = value
        else:
            events.append(current)
            current = {}
            if len(events) == count:
                break
    return events


def test_a_change_reaches_an_open_screen_and_one_that_comes_back(server: Server) -> None:
    with httpx.Client(base_url=server.url, timeout=10) as client:
        with client.stream("GET", "/api/events") as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            lines = answer.iter_lines()
            [hello] = _events(lines, 1)
            server.publish("one")
            [change] = _events(lines, 1)
        assert (hello["event"], change["event"]) == ("hello", "change")
        assert '"id": "one"' in change["data"]
        server.publish("two")
        with client.stream("GET", "/api/events", headers={"Last-Event-ID": change["id"]}) as answer:
            _, missed = _events(answer.iter_lines(), 2)
        assert '"id": "two"' in missed["data"]


def test_open_streams_hold_no_database_connection(server: Server) -> None:
    engine = server.desk.centre.services.database.engine
    with (
        httpx.Client(base_url=server.url, timeout=10) as client,
        client.stream("GET", "/api/events") as first,
        client.stream("GET", "/api/events") as second,
    ):
        open_lines = [answer.iter_lines() for answer in (first, second)]
        for lines in open_lines:
            _events(lines, 1)
        assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_a_closed_page_is_forgotten(server: Server) -> None:
    hub: LiveHub = server.desk.app.state.live
    with httpx.Client(base_url=server.url, timeout=10) as client:
        with client.stream("GET", "/api/events") as answer:
            lines = answer.iter_lines()
            _events(lines, 1)
            assert hub.open_screens == 1
        for _ in range(200):
            if hub.open_screens == 0:
                break
            threading.Event().wait(0.01)
        assert hub.open_screens == 0


def test_who_is_not_signed_in_hears_nothing(server: Server) -> None:
    server.desk.actor = NOBODY
    assert httpx.get(f"{server.url}/api/events").status_code == 401


def test_without_a_hub_the_stream_says_that_it_is_not_available(desk: Desk) -> None:
    assert desk.call("GET", "/api/events", 503)["code"] == "unavailable"


@pytest.mark.parametrize("last", ["abc", "-1", "99999999999999999999"])
def test_a_last_id_that_is_none_is_refused(desk: Desk, last: str) -> None:
    desk.call("GET", "/api/events", 422, headers={"Last-Event-ID": last})
