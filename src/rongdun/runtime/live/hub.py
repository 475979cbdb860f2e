"""One LISTEN connection for the whole web process, and a queue for every open screen."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from rongdun.kernel.errors import Text, TooManyRequests
from rongdun.kernel.scope import Actor
from rongdun.runtime.live.signals import CHANNEL, SINCE, LiveEvent
from rongdun.runtime.live.topics import SESSION_ENDED, may_hear
from rongdun.runtime.logs import describe, get_logger

_log = get_logger("live")

QUEUE = 256
"""Signals waiting for one slow screen; more than that and it is told to read everything anew."""

STREAMS_PER_SESSION = 12
BATCH = 1_000
CONNECTION = "rongdun-live"
"""Name under which the database lists the hub's connection."""

IDLE_S = 15.0
"""Without a notification the hub looks for itself this often, which also finds a dead connection."""

ANSWER_S = 30.0
FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 5.0

_SCOPE = "select set_config('rongdun.scope_low', '', false), set_config('rongdun.scope_high', '~', false)"
_NEWEST = "select coalesce(max(id), 0) from live_events"


class Screen:
    """One open stream: who listens, and what waits to be sent. ``None`` in the queue means: read anew."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.closing = False
        self.session_over = False
        self._waiting: list[LiveEvent] = []
        self._missed = False
        self._news = asyncio.Event()

    def may_hear(self, event: LiveEvent) -> bool:
        """Tell whether the listener may hear of ``event``."""
        return may_hear(self.actor, topic=event.topic, unit_path=event.unit_path)

    def offer(self, event: LiveEvent) -> None:
        """Queue ``event`` when its listener may hear of it; an overfull queue becomes one «read anew»."""
        if self._missed or not self.may_hear(event):
            return
        self._waiting.append(event)
        if len(self._waiting) > QUEUE:
            self.miss()
        self._news.set()

    def miss(self) -> None:
        """Drop what waits: something was missed, the screen must read everything anew."""
        self._waiting.clear()
        self._missed = True
        self._news.set()

    def end(self) -> None:
        """End the stream: its session is over."""
        self.session_over = True
        self.close()

    def close(self) -> None:
        """Close the stream: the process stops, the screen may call another one."""
        self.closing = True
        self._news.set()

    async def take(self, timeout: float) -> tuple[Sequence[LiveEvent], bool]:
        """Wait up to ``timeout`` seconds; return what waits and whether something was missed."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), timeout)
        self._news.clear()
        taken, missed = self._waiting, self._missed
        self._waiting, self._missed = [], False
        return taken, missed


class LiveHub:
    """Listens for committed signals and hands them to the open screens of this process."""

    def __init__(self, dsn: str, *, recheck: Callable[[Actor], Actor | None]) -> None:
        """``recheck`` returns the actor as they are now, or None when their session is over (blocking)."""
        self._dsn = dsn
        self.recheck = recheck
        self.cursor = 0
        self.listening = asyncio.Event()
        self._screens: set[Screen] = set()
        self._known = False

    @asynccontextmanager
    async def running(self) -> AsyncIterator["LiveHub"]:
        """Listen for as long as the block lasts; then close every stream."""
        task = asyncio.create_task(self._run())
        try:
            yield self
        finally:
            self.close()
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def close(self) -> None:
        """Close every open stream, so that the process can stop."""
        for screen in tuple(self._screens):
            screen.close()

    def join(self, actor: Actor) -> Screen:
        """Open a screen for ``actor``; :class:`TooManyRequests` when the session has too many already."""
        own = sum(screen.actor.session_id == actor.session_id for screen in self._screens)
        if own >= STREAMS_PER_SESSION:
            raise TooManyRequests(
                Text("打开的页面过多", "Too many pages are open"),
                action=Text("请关闭不用的页面", "Close the pages you do not need"),
            )
        screen = Screen(actor)
        self._screens.add(screen)
        return screen

    def leave(self, screen: Screen) -> None:
        """Forget a screen that was closed."""
        self._screens.discard(screen)

    @property
    def open_screens(self) -> int:
        """How many streams are open in this process."""
        return len(self._screens)

    async def _run(self) -> None:
        pause = FIRST_PAUSE_S
        while True:
            try:
                await self._listen()
            except Exception as error:  # noqa: BLE001 - whatever fails, somebody must go on listening
                if self.listening.is_set():
                    pause = FIRST_PAUSE_S
                _log.warning("live_lost", fault=describe(error), again_in_s=pause)
            self.listening.clear()
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)

    async def _listen(self) -> None:
        connection = await psycopg.AsyncConnection.connect(
            self._dsn, autocommit=True, connect_timeout=10, application_name=CONNECTION
        )
        async with connection:
            await connection.execute(_SCOPE)
            await connection.execute(f"listen {CHANNEL}")
            await self._find_place(connection)
            await self._catch_up(connection)
            self.listening.set()
            while True:
                async for _ in connection.notifies(timeout=IDLE_S, stop_after=1):
                    pass
                await self._catch_up(connection)

    async def _find_place(self, connection: psycopg.AsyncConnection) -> None:
        """Stand at the newest signal the first time, and again after a restore that turned ids back."""
        row = await (await connection.execute(_NEWEST)).fetchone()
        assert row is not None
        turned_back = row[0] < self.cursor
        if not self._known or turned_back:
            self.cursor, self._known = row[0], True
        if turned_back:
            for screen in self._screens:
                screen.miss()

    async def _catch_up(self, connection: psycopg.AsyncConnection) -> None:
        async with asyncio.timeout(ANSWER_S), connection.cursor(row_factory=class_row(LiveEvent)) as cursor:
            while True:
                await cursor.execute(SINCE, {"after": self.cursor, "limit": BATCH})
                events = await cursor.fetchall()
                for event in events:
                    self._hand_out(event)
                if len(events) < BATCH:
                    return

    def _hand_out(self, event: LiveEvent) -> None:
        self.cursor = event.id
        for screen in tuple(self._screens):
            if event.topic == SESSION_ENDED:
                if screen.actor.session_id == _uuid(event.subject_id):
                    screen.end()
            else:
                screen.offer(event)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
