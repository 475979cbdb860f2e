"""A newsroom: writers that publish in transactions, and one hub with screens that listen."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import pytest

from rongdun.entrypoints.bootstrap import Centre
from rongdun.kernel.clock import FixedClock
from rongdun.kernel.ids import new_id
from rongdun.kernel.scope import Actor, Scope, SubjectRef
from rongdun.runtime.crypto import Vault
from rongdun.runtime.db import Database
from rongdun.runtime.live import LiveHub, Screen, replay_since, stream, write_signals
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import Services
from rongdun.runtime.web import Authenticator

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
CITY = "cn.fj.fz."
GULOU = "cn.fj.fz.gulou."
XIAMEN = "cn.fj.xm."


def listener(path: str, *permissions: str) -> Actor:
    """Return somebody of the unit at ``path`` with a session."""
    return Actor(
        user_id=new_id(),
        login="listener",
        name="演示·听",
        unit_id=new_id(),
        unit_path=path,
        roles=frozenset(),
        permissions=frozenset(permissions),
        scope=Scope.subtree(path),
        session_id=new_id(),
    )


@dataclass
class Event:
    """One server-sent event as a browser would parse it (WHATWG HTML §9.2.6)."""

    name: str = "message"
    id: str = ""
    data: list[str] = field(default_factory=list)

    @property
    def body(self) -> Any:
        return json.loads("\n".join(self.data))


def parse(block: bytes) -> Event:
    """Parse one block of the stream."""
    event = Event()
    for line in block.decode().strip("\n").split("\n"):
        key, _, value = line.partition(": ")
        if key == "event":
            event.name = value
        elif key == "id":
            event.id = value
        elif key == "data":
            event.data.append(value)
    return event


class Listening:
    """An open stream, read event by event."""

    def __init__(self, screen: Screen, blocks: AsyncIterator[bytes]) -> None:
        self.screen = screen
        self._blocks = blocks

    async def next(self, within: float = 5.0) -> Event:
        """Return the next event; :class:`TimeoutError` when there is none."""
        return parse(await asyncio.wait_for(anext(self._blocks), within))

    async def change(self, within: float = 5.0) -> Any:
        """Return the data of the next ``change``, stepping over pings."""
        while (event := await self.next(within)).name != "change":
            assert event.name == "ping", event
        return event.body


@dataclass
class Newsroom:
    """The database with its writers, and who is still signed in."""

    db: Database
    centre: Centre
    clock: FixedClock
    actors: dict[UUID, Actor] = field(default_factory=dict)

    def publish(self, *subjects: str, topic: str = "deadline", path: str = GULOU) -> None:
        """Publish one signal for each subject, in one transaction."""
        with self.centre.transact() as uow:
            for subject in subjects:
                uow.publish(topic, SubjectRef("deadline", subject), path)

    def recheck(self, actor: Actor) -> Actor | None:
        """Return who that session belongs to now."""
        return self.actors.get(cast(UUID, actor.session_id))

    def sign_in(self, actor: Actor) -> Actor:
        """Give ``actor`` a session that lasts."""
        self.actors[cast(UUID, actor.session_id)] = actor
        return actor

    @asynccontextmanager
    async def hub(self) -> AsyncIterator[LiveHub]:
        """Run a hub that hears the database."""
        async with LiveHub(self.db.dsn, recheck=self.recheck).running() as hub:
            await asyncio.wait_for(hub.listening.wait(), 5)
            yield hub

    def listen(
        self, hub: LiveHub, actor: Actor, *, last_id: int | None = None, heartbeat: float = 15.0
    ) -> Listening:
        """Open a stream for ``actor``."""
        screen = hub.join(self.sign_in(actor))
        replay = replay_since(self.db, screen, last_id)
        return Listening(screen, stream(hub, screen, replay, heartbeat=heartbeat))


@pytest.fixture
def newsroom(db: Database, tmp_path: Path) -> Newsroom:
    clock = FixedClock(NOON)
    services = Services(Settings(data_dir=tmp_path), db, clock, cast(Vault, None), (write_signals,))
    return Newsroom(db, Centre(services, cast(Authenticator, None)), clock)


@pytest.fixture
def run() -> Callable[[Coroutine[Any, Any, None]], None]:
    """Run one test's coroutine, which must end within half a minute."""

    def within(work: Coroutine[Any, Any, None]) -> None:
        asyncio.run(asyncio.wait_for(work, 30))

    return within
