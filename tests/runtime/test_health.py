"""Readiness: each check by itself, and the worst of them for the whole."""

import shutil
from collections import namedtuple
from datetime import timedelta
from pathlib import Path

import pytest

from rongdun.entrypoints.bootstrap import Centre
from rongdun.kernel.clock import FixedClock, SystemClock
from rongdun.kernel.errors import Text
from rongdun.kernel.ids import new_id
from rongdun.kernel.scope import NOBODY
from rongdun.runtime import workers
from rongdun.runtime.crypto import Vault
from rongdun.runtime.db import Database
from rongdun.runtime.health import Check, Report, readiness
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import Services

WORKER = workers.Identity(new_id(), "host:1", "0.1.0")


@pytest.fixture
def clock(db: Database) -> FixedClock:
    return FixedClock(db.database_time())


@pytest.fixture
def centre(db: Database, clock: FixedClock, tmp_path: Path) -> Centre:
    services = Services(Settings(data_dir=tmp_path), db, clock, Vault.ephemeral())
    return Centre(services, lambda request, uow: NOBODY)


def _look(centre: Centre, name: str) -> Check:
    services = centre.services
    report = readiness(services.database, services.clock, services.settings.data_dir)
    return next(check for check in report.checks if check.name == name)


def test_a_migrated_database_is_good(centre: Centre) -> None:
    assert _look(centre, "database").state == "good"
    assert _look(centre, "schema").state == "good"


def test_without_any_worker_it_says_that_nobody_watches_the_deadlines(centre: Centre) -> None:
    check = _look(centre, "worker")
    assert check.state == "poor"
    assert "无人看守" in check.words.zh


@pytest.mark.parametrize(("age_s", "state"), [(15.0, "good"), (15.1, "poor")])
def test_a_worker_that_stops_beating_is_noticed(
    age_s: float, state: str, centre: Centre, clock: FixedClock
) -> None:
    with centre.transact() as uow:
        workers.start(uow, WORKER)
    clock.advance(timedelta(seconds=age_s))
    check = _look(centre, "worker")
    assert (check.state, check.figure) == (state, age_s)


def test_a_worker_that_left_cleanly_does_not_count_as_running(centre: Centre) -> None:
    with centre.transact() as uow:
        workers.start(uow, WORKER)
        workers.stop(uow, WORKER)
    assert _look(centre, "worker").state == "poor"


@pytest.mark.parametrize("hours", [1, -1])
def test_a_clock_that_differs_from_the_databases_is_shown_with_its_difference(
    hours: int, centre: Centre, clock: FixedClock
) -> None:
    clock.advance(timedelta(hours=hours))
    check = _look(centre, "clock")
    assert check.state == "poor"
    assert isinstance(check.figure, float)
    assert check.figure == pytest.approx(hours * 3600, abs=60)


@pytest.mark.parametrize(("free_mib", "state"), [(2048, "good"), (2047, "poor"), (256, "poor"), (255, "bad")])
def test_little_disk_space_is_told_before_it_is_none(
    free_mib: int, state: str, centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(0, 0, free_mib * 2**20))
    assert _look(centre, "disk").state == state


def test_a_database_that_does_not_answer_is_told_and_not_raised(tmp_path: Path) -> None:
    nowhere = Database(f"host={tmp_path} dbname=nothing connect_timeout=1")
    report = readiness(nowhere, SystemClock(), tmp_path)
    assert [check.name for check in report.checks] == ["database", "disk"]
    assert (report.state, report.status) == ("bad", 503)


@pytest.mark.parametrize(
    ("states", "whole", "status"),
    [(["good", "good"], "good", 200), (["good", "poor"], "poor", 200), (["poor", "bad"], "bad", 503)],
)
def test_the_worst_check_is_the_state_of_the_whole(states: list[str], whole: str, status: int) -> None:
    report = Report(tuple(Check("x", state, Text("", "")) for state in states))
    assert (report.state, report.status) == (whole, status)
