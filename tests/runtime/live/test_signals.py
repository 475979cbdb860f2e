"""Signals are part of the change they tell of, and their ids grow in the order of commits."""

import threading
import time
import tomllib
from datetime import timedelta
from importlib import resources

import pytest
from sqlalchemy import text

from rongdun.kernel.scope import Scope, SubjectRef
from rongdun.runtime.live import permission_of, prune_signals
from rongdun.runtime.live.signals import events_since
from tests.runtime.live.conftest import CITY, GULOU, XIAMEN, Newsroom


def _kept(newsroom: Newsroom, scope: Scope | None = None) -> list[str]:
    with newsroom.db.session(scope or Scope.everything()) as session:
        return [event.subject_id for event in events_since(session, 0, limit=10_000)]


def test_a_signal_lives_and_dies_with_its_transaction(newsroom: Newsroom) -> None:
    newsroom.publish("kept", "kept", "also")
    with pytest.raises(KeyError), newsroom.centre.transact() as uow:
        uow.publish("deadline", SubjectRef("deadline", "lost"), GULOU)
        raise KeyError
    assert _kept(newsroom) == ["kept", "also"]


def test_a_topic_nobody_may_hear_of_stops_the_change_itself(newsroom: Newsroom) -> None:
    with pytest.raises(ValueError, match=r"topics\.toml"):
        newsroom.publish("x", topic="gossip")
    assert _kept(newsroom) == []


def test_row_security_shows_a_unit_only_its_own_signals(newsroom: Newsroom) -> None:
    newsroom.publish("gulou", path=GULOU)
    newsroom.publish("xiamen", path=XIAMEN)
    assert _kept(newsroom, Scope.subtree(CITY)) == ["gulou"]
    assert _kept(newsroom, Scope.nothing()) == []


def test_signals_are_forgotten_after_a_day(newsroom: Newsroom) -> None:
    newsroom.publish("old")
    newsroom.clock.advance(timedelta(hours=23, minutes=59))
    newsroom.publish("young")
    with newsroom.centre.transact() as uow:
        assert prune_signals(uow) == 0
    newsroom.clock.advance(timedelta(minutes=2))
    with newsroom.centre.transact() as uow:
        assert prune_signals(uow) == 1
    assert _kept(newsroom) == ["young"]


def test_who_asks_for_what_came_after_never_skips_one_still_under_way(newsroom: Newsroom) -> None:
    """Four writers commit at their own pace while a reader follows: it must meet every signal once."""
    written = threading.Event()
    seen: list[str] = []

    def write(writer: int) -> None:
        for number in range(25):
            with newsroom.centre.transact() as uow:
                uow.publish("deadline", SubjectRef("deadline", f"{writer}.{number}"), GULOU)
                uow.finish()
                uow.signals.clear()
                time.sleep(0.001 * (writer % 3))

    def read() -> None:
        last = 0
        while True:
            done = written.is_set()
            with newsroom.db.session(Scope.everything()) as session:
                events = events_since(session, last, limit=1_000)
            seen.extend(event.subject_id for event in events)
            last = events[-1].id if events else last
            if done and not events:
                return

    reader = threading.Thread(target=read)
    writers = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
    for thread in [reader, *writers]:
        thread.start()
    for thread in writers:
        thread.join()
    written.set()
    reader.join()
    assert sorted(seen) == sorted(f"{writer}.{number}" for writer in range(4) for number in range(25))


def test_a_signal_names_its_subject_and_never_describes_it(newsroom: Newsroom) -> None:
    with newsroom.centre.transact() as uow:
        uow.publish("deadline", SubjectRef("deadline", "7", "演示·陈一 19900001234"), GULOU)
    with newsroom.db.session(Scope.everything()) as session:
        rows = session.execute(text("select live_events::text from live_events")).scalars().all()
    assert len(rows) == 1
    assert "陈一" not in rows[0]


def test_every_topic_asks_for_a_permission_that_exists() -> None:
    source = resources.files("rongdun").joinpath("data")
    topics = tomllib.loads(source.joinpath("topics.toml").read_text("utf-8"))["topics"]
    known = tomllib.loads(source.joinpath("roles.toml").read_text("utf-8"))["permissions"]
    assert {permission_of(topic) for topic in topics} - {"signed_in"} <= set(known)
