"""The workers' records: beats, ends, and what the duty desk must see."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from rongdun.entrypoints.bootstrap import Centre
from rongdun.kernel.clock import FixedClock
from rongdun.kernel.ids import new_id
from rongdun.kernel.scope import NOBODY
from rongdun.runtime import workers
from rongdun.runtime.crypto import Vault
from rongdun.runtime.db import Database
from rongdun.runtime.live import write_signals
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import Services
from rongdun.runtime.workers import WorkerRow

NOON = datetime(2026, 7, 1, 4, tzinfo=UTC)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def centre(db: Database, clock: FixedClock, tmp_path: Path) -> Centre:
    services = Services(Settings(data_dir=tmp_path), db, clock, Vault.ephemeral(), (write_signals,))
    return Centre(services, lambda request, uow: NOBODY)


def _identity(name: str) -> workers.Identity:
    return workers.Identity(new_id(), name, "0.1.0")


def test_a_beat_moves_on_without_forgetting_when_the_worker_started(
    centre: Centre, clock: FixedClock
) -> None:
    identity = _identity("host:1")
    for number in range(3):
        with centre.transact() as uow:
            workers.beat(uow, identity, {"n": number})
        clock.advance(timedelta(seconds=5))
    with centre.transact() as uow:
        row = uow.session.scalars(select(WorkerRow)).one()
    assert (row.started_at, row.beat_at, row.figures) == (NOON, NOON + timedelta(seconds=10), {"n": 2})


def test_workers_long_gone_are_forgotten_when_a_new_one_starts(centre: Centre, clock: FixedClock) -> None:
    with centre.transact() as uow:
        workers.start(uow, _identity("old"))
    clock.advance(timedelta(days=7, seconds=1))
    with centre.transact() as uow:
        workers.start(uow, _identity("new"))
        assert uow.session.scalars(select(WorkerRow.name)).all() == ["new"]


def test_trouble_is_a_notice_and_a_live_signal_and_a_start_is_neither(centre: Centre) -> None:
    with centre.transact() as uow:
        workers.tell(uow, "started", "w")
        workers.tell(uow, "clock_jump", "w", seconds=-3600.0)
    with centre.transact() as uow:
        found = workers.notices(uow.session, since=NOON - timedelta(hours=1))
        topics = uow.session.execute(text("select topic from live_events")).scalars().all()
    assert [(event.kind, event.seconds) for event in found] == [("clock_jump", -3600.0)]
    assert topics == ["duty.notice"]


def test_old_trouble_is_no_longer_shown(centre: Centre, clock: FixedClock) -> None:
    with centre.transact() as uow:
        workers.tell(uow, "outage", "w", seconds=10.0)
    with centre.transact() as uow:
        assert workers.notices(uow.session, since=NOON + timedelta(seconds=1)) == []
