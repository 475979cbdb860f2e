"""Loops go on whatever fails, sleep no longer than they must, and stop when told."""

import threading
import time

import pytest
from sqlalchemy import text

from rongdun.kernel.scope import Scope
from rongdun.runtime import loops
from rongdun.runtime.db import Database
from rongdun.runtime.loops import Wake, listen, run_loop, wake_on_commit


def _ignore(name: str, error: BaseException) -> None:
    pass


def test_a_round_that_fails_is_told_and_the_next_one_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "FIRST_PAUSE_S", 0.001)
    wake, rounds, told = Wake(), [0], []

    def tick() -> float:
        rounds[0] += 1
        if rounds[0] == 3:
            wake.stop()
        elif rounds[0] < 3:
            raise ConnectionError("gone")
        return 0.0

    run_loop("test", tick, wake, on_fault=lambda name, error: told.append((name, str(error))))
    assert rounds == [3]
    assert told == [("test", "gone"), ("test", "gone")]


def test_a_bell_ends_the_sleep_at_once() -> None:
    wake, rounds = Wake(), [0]

    def tick() -> float:
        rounds[0] += 1
        return 60.0

    thread = threading.Thread(target=run_loop, args=("test", tick, wake), kwargs={"on_fault": _ignore})
    started = time.monotonic()
    thread.start()
    while rounds[0] < 1:
        time.sleep(0.001)
    wake.ring()
    while rounds[0] < 2:
        time.sleep(0.001)
    wake.stop()
    thread.join(timeout=5)
    assert not thread.is_alive()
    assert time.monotonic() - started < 5


def test_a_bell_rung_before_the_sleep_is_not_lost() -> None:
    wake = Wake()
    wake.ring()
    started = time.monotonic()
    wake.sleep(60)
    assert time.monotonic() - started < 5


def test_a_commit_rings_the_loop_it_names_and_a_rollback_rings_none(db: Database) -> None:
    rung, other, own = Wake(), Wake(), Wake()
    thread = threading.Thread(target=listen, args=(db.dsn, {"outbox": rung, "sweeper": other}, own))
    thread.start()
    try:
        _wait_for_listener(db)
        with db.session(Scope.nothing()) as session:
            wake_on_commit(session, "sweeper")
            session.rollback()
        with db.session(Scope.nothing()) as session:
            wake_on_commit(session, "outbox")
            session.commit()
        assert rung._rung.wait(timeout=5)
        assert not other._rung.is_set()
    finally:
        own.stop()
        thread.join(timeout=5)
    assert not thread.is_alive()


def _wait_for_listener(db: Database) -> None:
    give_up = time.monotonic() + 5
    query = text("select count(*) from pg_stat_activity where query like 'listen%' and state = 'idle'")
    while time.monotonic() < give_up:
        with db.session(Scope.nothing()) as session:
            if session.execute(query).scalar_one():
                return
        time.sleep(0.02)
