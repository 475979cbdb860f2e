"""The wire: server-sent events (WHATWG HTML §9.2) for one screen."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError
from starlette.concurrency import run_in_threadpool

from rongdun.kernel.clock import monotonic
from rongdun.kernel.scope import Scope
from rongdun.runtime.db import Database
from rongdun.runtime.live.hub import LiveHub, Screen
from rongdun.runtime.live.signals import LiveEvent, events_since, kept_ids

HEARTBEAT_S = 15.0
REPLAY = 500
"""Signals replayed one by one to a screen that comes back; past that it reads everything anew."""

SEARCHED = 5_000
"""Signals of the whole centre looked through for them."""

RETRY_MS = 2_000
"""How long a browser waits before it calls again."""


@dataclass(frozen=True, slots=True)
class Replay:
    """What a screen missed: the signals in order, or ``missed`` when they are too many or forgotten.

    ``last_id`` is where the screen then stands.
    """

    events: Sequence[LiveEvent]
    missed: bool
    last_id: int


def replay_since(database: Database, screen: Screen, last_id: int | None) -> Replay:
    """Return what ``screen`` missed since ``last_id`` (None: just opened, it missed nothing).

    Call it after the screen joined its hub: what happens in between is then in the queue or here, and the
    growing ids tell which was sent already.
    """
    with database.session(Scope.everything()) as session:
        low, high = kept_ids(session)
        if last_id is None:
            return Replay((), False, high)
        if last_id > high or last_id < low - 1:
            return Replay((), True, high)
        events = events_since(session, last_id, limit=SEARCHED + 1)
    heard = [event for event in events if screen.may_hear(event)]
    if len(events) > SEARCHED or len(heard) > REPLAY:
        return Replay((), True, high)
    return Replay(heard, False, events[-1].id if events else last_id)


async def stream(
    hub: LiveHub, screen: Screen, replay: Replay, *, heartbeat: float = HEARTBEAT_S
) -> AsyncIterator[bytes]:
    """Yield the stream of ``screen`` until its session or the process ends: first what it missed, then what happens.

    Events: ``change`` (data: ``{id, topic, subject: {kind, id}, unit_path}``, or ``null``: read everything
    anew), ``ping`` every ``heartbeat`` seconds while the process itself hears the database, ``end``
    when the session is over. While the database is away the stream is silent, which the page can tell.
    """
    last_id = replay.last_id
    try:
        yield f"retry: {RETRY_MS}\nid: {last_id}\nevent: hello\ndata: {{}}\n\n".encode()
        for event in replay.events:
            yield _change(event)
        if replay.missed:
            yield _anew(last_id)
        due = monotonic() + heartbeat
        while not screen.closing:
            events, missed = await screen.take(max(0.0, due - monotonic()))
            for event in events:
                if event.id > last_id:
                    last_id = event.id
                    yield _change(event)
            if missed:
                last_id = max(last_id, hub.cursor)
                yield _anew(last_id)
            if monotonic() >= due:
                due = monotonic() + heartbeat
                await _recheck(hub, screen)
                if hub.listening.is_set():
                    yield b"event: ping\ndata: {}\n\n"
        if screen.session_over:
            yield b"event: end\ndata: {}\n\n"
    finally:
        hub.leave(screen)


async def _recheck(hub: LiveHub, screen: Screen) -> None:
    """Refresh what the listener may hear; a database that is away leaves them as they were."""
    with suppress(DBAPIError):
        actor = await run_in_threadpool(hub.recheck, screen.actor)
        if actor is None:
            screen.end()
        else:
            screen.actor = actor


def _change(event: LiveEvent) -> bytes:
    data = {
        "id": event.id,
        "topic": event.topic,
        "subject": {"kind": event.subject_kind, "id": event.subject_id},
        "unit_path": event.unit_path,
    }
    return f"id: {event.id}\nevent: change\ndata: {json.dumps(data)}\n\n".encode()


def _anew(last_id: int) -> bytes:
    return f"id: {last_id}\nevent: change\ndata: null\n\n".encode()
