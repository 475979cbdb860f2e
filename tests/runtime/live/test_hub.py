"""The hub: who hears what, and nothing missed when the line, the screen or the database fails."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from rongdun.kernel.errors import TooManyRequests
from rongdun.kernel.scope import Scope
from rongdun.runtime.live import SESSION_ENDED
from rongdun.runtime.live.hub import QUEUE, STREAMS_PER_SESSION
from rongdun.runtime.live.stream import REPLAY
from tests.runtime.live.conftest import CITY, GULOU, XIAMEN, Newsroom, listener

Run = Callable[[Coroutine[Any, Any, None]], None]


def _cut_the_line(newsroom: Newsroom) -> None:
    """End the hub's connection as a restart of the database would."""
    with psycopg.connect(newsroom.db.dsn, autocommit=True) as connection:
        cut = connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and application_name = 'rongdun-live'"
        ).fetchall()
    assert cut == [(True,)]


def test_a_screen_hears_what_its_scope_and_permissions_cover(newsroom: Newsroom, run: Run) -> None:
    async def scenario() -> None:
        async with newsroom.hub() as hub:
            city = newsroom.listen(hub, listener(CITY, "deadline.read"))
            gulou = newsroom.listen(hub, listener(GULOU, "deadline.read", "audit.read"))
            without = newsroom.listen(hub, listener(CITY, "audit.read"))
            for listening in (city, gulou, without):
                assert (await listening.next()).name == "hello"
            await asyncio.to_thread(newsroom.publish, "1", path=CITY)
            await asyncio.to_thread(newsroom.publish, "2", path=GULOU)
            await asyncio.to_thread(newsroom.publish, "3", path=XIAMEN)
            await asyncio.to_thread(newsroom.publish, "4", path="")
            await asyncio.to_thread(newsroom.publish, "5", topic="audit", path=GULOU)
            await asyncio.to_thread(newsroom.publish, "6", path=GULOU)
            assert [(await city.change())["subject"]["id"] for _ in range(4)] == ["1", "2", "4", "6"]
            assert [(await gulou.change())["subject"]["id"] for _ in range(4)] == ["2", "4", "5", "6"]
            assert (await without.change())["subject"]["id"] == "5"

    run(scenario())


def test_ids_grow_and_say_what_changed(newsroom: Newsroom, run: Run) -> None:
    async def scenario() -> None:
        async with newsroom.hub() as hub:
            listening = newsroom.listen(hub, listener(CITY, "deadline.read"))
            hello = await listening.next()
            await asyncio.to_thread(newsroom.publish, "a", "b")
            first, second = await listening.next(), await listening.next()
            assert int(hello.id) < int(first.id) < int(second.id)
            assert first.body == {
                "id": int(first.id),
                "topic": "deadline",
                "subject": {"kind": "deadline", "id": "a"},
                "unit_path": GULOU,
            }

    run(scenario())


def test_who_comes_back_is_told_exactly_what_came_meanwhile(newsroom: Newsroom, run: Run) -> None:
    newsroom.publish("before")

    async def scenario() -> None:
        async with newsroom.hub() as hub:
            actor = listener(CITY, "deadline.read")
            first = newsroom.listen(hub, actor)
            last = int((await first.next()).id)
            await asyncio.to_thread(newsroom.publish, "one")
            await asyncio.to_thread(newsroom.publish, "elsewhere", path=XIAMEN)
            await asyncio.to_thread(newsroom.publish, "two")
            back = newsroom.listen(hub, actor, last_id=last)
            await asyncio.to_thread(newsroom.publish, "three")
            assert (await back.next()).name == "hello"
            assert [(await back.change())["subject"]["id"] for _ in range(3)] == ["one", "two", "three"]
            with pytest.raises(TimeoutError):
                await back.next(0.3)

    run(scenario())


@pytest.mark.parametrize("away", ["long", "beyond_what_is_kept", "before_a_restore"])
def test_who_was_away_too_long_reads_everything_anew(newsroom: Newsroom, run: Run, away: str) -> None:
    newsroom.publish("first")
    if away == "long":
        newsroom.publish(*(str(number) for number in range(REPLAY + 1)))
    if away == "beyond_what_is_kept":
        newsroom.publish("second", "third")
        with newsroom.db.session(Scope.everything()) as session:
            session.execute(text("delete from live_events where subject_id <> 'third'"))
            session.commit()

    async def scenario() -> None:
        async with newsroom.hub() as hub:
            last = 9_999 if away == "before_a_restore" else 1
            listening = newsroom.listen(hub, listener(CITY, "deadline.read"), last_id=last)
            hello = await listening.next()
            anew = await listening.next()
            assert (anew.name, anew.body, anew.id) == ("change", None, hello.id)
            await asyncio.to_thread(newsroom.publish, "next")
            assert (await listening.change())["subject"]["id"] == "next"

    run(scenario())


def test_a_database_that_goes_away_and_comes_back_costs_no_signal(newsroom: Newsroom, run: Run) -> None:
    async def scenario() -> None:
        async with newsroom.hub() as hub:
            listening = newsroom.listen(hub, listener(CITY, "deadline.read"))
            await listening.next()
            for round in range(3):
                await asyncio.to_thread(_cut_the_line, newsroom)
                await asyncio.to_thread(newsroom.publish, f"while away {round}")
                assert (await listening.change())["subject"]["id"] == f"while away {round}"
                await asyncio.wait_for(hub.listening.wait(), 5)

    run(scenario())


def test_ids_turned_back_by_a_restore_make_screens_read_anew(newsroom: Newsroom, run: Run) -> None:
    newsroom.publish("a", "b", "c")

    async def scenario() -> None:
        async with newsroom.hub() as hub:
            listening = newsroom.listen(hub, listener(CITY, "deadline.read"))
            await listening.next()
            with newsroom.db.session(Scope.everything()) as session:
                session.execute(text("delete from live_events where subject_id <> 'a'"))
                session.commit()
            await asyncio.to_thread(_cut_the_line, newsroom)
            assert await listening.change() is None

    run(scenario())


def test_a_screen_that_does_not_keep_up_holds_a_bounded_queue(newsroom: Newsroom, run: Run) -> None:
    async def scenario() -> None:
        async with newsroom.hub() as hub:
            slow = newsroom.listen(hub, listener(CITY, "deadline.read"))
            await slow.next()
            await asyncio.to_thread(newsroom.publish, *(str(number) for number in range(QUEUE + 1)))
            while hub.cursor < QUEUE + 1:
                await asyncio.sleep(0.02)
            await asyncio.to_thread(newsroom.publish, "unheard: it is part of what is read anew")
            while hub.cursor < QUEUE + 2:
                await asyncio.sleep(0.02)
            assert await slow.change() is None
            await asyncio.to_thread(newsroom.publish, "after")
            assert (await slow.change())["subject"]["id"] == "after"

    run(scenario())


def test_a_session_that_ends_takes_its_streams_with_it_at_once(newsroom: Newsroom, run: Run) -> None:
    async def scenario() -> None:
        async with newsroom.hub() as hub:
            ending = listener(CITY, "deadline.read")
            first, second = newsroom.listen(hub, ending), newsroom.listen(hub, ending)
            staying = newsroom.listen(hub, listener(CITY, "deadline.read"))
            for listening in (first, second, staying):
                await listening.next()
            await asyncio.to_thread(newsroom.publish, str(ending.session_id), topic=SESSION_ENDED, path="")
            for listening in (first, second):
                assert (await listening.next()).name == "end"
                with pytest.raises(StopAsyncIteration):
                    await listening.next()
            assert hub.open_screens == 1
            await asyncio.to_thread(newsroom.publish, "on")
            assert (await staying.change())["subject"]["id"] == "on"

    run(scenario())


def test_a_session_that_expires_is_found_by_the_heartbeat(newsroom: Newsroom, run: Run) -> None:
    async def scenario() -> None:
        async with newsroom.hub() as hub:
            listening = newsroom.listen(hub, listener(CITY, "deadline.read"), heartbeat=0.05)
            assert [(await listening.next()).name for _ in range(3)] == ["hello", "ping", "ping"]
            newsroom.actors.clear()
            while (event := await listening.next()).name == "ping":
                pass
            assert event.name == "end"

    run(scenario())


def test_a_permission_taken_away_silences_within_a_heartbeat(newsroom: Newsroom, run: Run) -> None:
    async def scenario() -> None:
        async with newsroom.hub() as hub:
            actor = listener(CITY, "deadline.read")
            listening = newsroom.listen(hub, actor, heartbeat=0.05)
            await listening.next()
            newsroom.sign_in(replace(actor, permissions=frozenset()))
            assert [(await listening.next()).name for _ in range(2)] == ["ping", "ping"]
            await asyncio.to_thread(newsroom.publish, "secret")
            assert {(await listening.next()).name for _ in range(5)} == {"ping"}

    run(scenario())


def test_one_session_opens_only_so_many_streams(newsroom: Newsroom, run: Run) -> None:
    async def scenario() -> None:
        async with newsroom.hub() as hub:
            actor = listener(CITY)
            opened = [newsroom.listen(hub, actor) for _ in range(STREAMS_PER_SESSION)]
            with pytest.raises(TooManyRequests):
                newsroom.listen(hub, actor)
            hub.leave(opened[0].screen)
            newsroom.listen(hub, actor)

    run(scenario())


def test_stopping_the_process_closes_every_stream_but_ends_no_session(newsroom: Newsroom, run: Run) -> None:
    async def scenario() -> None:
        async with newsroom.hub() as hub:
            listening = newsroom.listen(hub, listener(CITY))
            await listening.next()
        with pytest.raises(StopAsyncIteration):
            await listening.next()

    run(scenario())
