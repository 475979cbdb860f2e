"""A worker killed in the midst of an import: nothing half in, nothing twice, nothing that hangs."""

import asyncio
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from rongdun.domains import tracing
from rongdun.domains.tracing.jobs import SWEEP
from rongdun.runtime.jobs import JobQueue, Work
from tests.domains.tracing.conftest import DIRTY, Desk, statement

CHILD = """
import asyncio, sys, threading
from datetime import datetime
from pathlib import Path
from rongdun.domains import tracing
from rongdun.domains.tracing import reading
from rongdun.entrypoints.bootstrap import Centre
from rongdun.kernel.clock import FixedClock
from rongdun.runtime.audit import write_entries
from rongdun.runtime.crypto import Vault
from rongdun.runtime.db import Database
from rongdun.runtime.jobs import JobQueue, Work
from rongdun.runtime.live import write_signals
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import Services

dsn, data_dir, moment, hang = sys.argv[1:]
settings = Settings(data_dir=Path(data_dir), audit_chains=1)
clock = FixedClock(datetime.fromisoformat(moment))
services = Services(settings, Database(dsn), clock, Vault.ephemeral(), (write_entries, write_signals))
centre = Centre(services, None)

def hangs(*_):
    print("in the ledger, not in the database", flush=True)
    threading.Event().wait()

if hang == "hang":
    reading.settle = hangs
print("ready", flush=True)
asyncio.run(JobQueue(dsn, tracing.JOBS, Work(centre.transact, services)).run_what_waits())
print("done", flush=True)
"""


@contextmanager
def _child(desk: Desk, *, hang: bool) -> Iterator["subprocess.Popen[str]"]:
    services = desk.centre.services
    arguments = [services.database.dsn, str(services.settings.data_dir), desk.clock.now().isoformat()]
    process = subprocess.Popen(
        [sys.executable, "-c", CHILD, *arguments, "hang" if hang else "run"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        assert _line(process) == "ready"
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()


def _line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout
    while line := process.stdout.readline():
        if not line.startswith("20"):
            return line.strip()
    return ""


def _taken_over(desk: Desk) -> int:
    services = desk.centre.services
    queue = JobQueue(services.database.dsn, tracing.JOBS, Work(desk.centre.transact, services))

    async def take_over() -> int:
        async with queue.app.open_async():
            return await queue.take_over(silent_for_s=0)

    return asyncio.run(take_over())


def _assert_whole(desk: Desk, sent: Any) -> None:
    found = desk.get(f"/api/imports/{sent['id']}")
    counts = [found[name] for name in ("rows", "taken", "duplicates", "rejected", "blank")]
    assert (found["state"], counts) == ("IMPORTED_WITH_REJECTS", [34, 32, 0, 2, 0])
    status = desk.ledger.status()
    assert (status.observations, len(status.imports)) == (32, 1)
    assert desk.accounts()[0]["rows"] == 32


@pytest.fixture
def sent(desk: Desk) -> Any:
    return desk.send({"a.csv": statement(*range(30)), "脏.csv": DIRTY})


def test_killed_between_ledger_and_database_the_import_is_settled_not_read_twice(
    desk: Desk, sent: Any
) -> None:
    with _child(desk, hang=True) as process:
        assert _line(process) == "in the ledger, not in the database"
    assert desk.get(f"/api/imports/{sent['id']}")["state"] == "READING"
    assert desk.accounts() == []
    assert _taken_over(desk) >= 1
    desk.work()
    _assert_whole(desk, sent)


def test_killed_between_ledger_and_database_and_cancelled_nothing_stays(desk: Desk, sent: Any) -> None:
    with _child(desk, hang=True) as process:
        assert _line(process) == "in the ledger, not in the database"
    found = desk.get(f"/api/imports/{sent['id']}")
    desk.step(found, "cancel")
    assert desk.ledger.status().observations == 32
    _taken_over(desk)
    desk.work()
    assert desk.ledger.status().observations == 0
    assert desk.get(f"/api/imports/{sent['id']}")["state"] == "CANCELLED"


def test_killed_again_and_again_at_random_the_import_ends_once(desk: Desk, sent: Any) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    chance = random.Random(seed)
    for _ in range(3):
        with _child(desk, hang=False):
            time.sleep(chance.uniform(0.05, 1.2))
        _taken_over(desk)
    desk.work()
    _assert_whole(desk, sent)


def test_an_import_whose_reader_fell_silent_fails_with_words_and_can_be_tried_again(
    desk: Desk, sent: Any
) -> None:
    with _child(desk, hang=True) as process:
        assert _line(process) == "in the ledger, not in the database"
    desk.clock.advance(timedelta(minutes=16))
    SWEEP.run(Work(desk.centre.transact, desk.centre.services))
    failed = desk.get(f"/api/imports/{sent['id']}")
    assert (failed["state"], failed["error"]["zh"][:4]) == ("FAILED", "读取中断")
    assert desk.accounts() == []
    _taken_over(desk)
    desk.step(failed, "retry")
    desk.work()
    _assert_whole(desk, sent)


def test_an_import_nobody_began_to_read_is_given_up_after_a_day(desk: Desk, sent: Any) -> None:
    work = Work(desk.centre.transact, desk.centre.services)
    desk.clock.advance(timedelta(hours=2))
    SWEEP.run(work)
    assert desk.get(f"/api/imports/{sent['id']}")["state"] == "RECEIVED"
    desk.clock.advance(timedelta(hours=23))
    SWEEP.run(work)
    assert desk.get(f"/api/imports/{sent['id']}")["state"] == "FAILED"


def test_cancelled_while_it_is_read_the_reading_stops(
    desk: Desk, sent: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rongdun.domains.tracing import watch

    cancelled: list[str] = []
    told = watch.Watch.tell

    def cancel_first(own: watch.Watch) -> None:
        if not cancelled:
            shown = desk.get(f"/api/imports/{sent['id']}")
            cancelled.append(desk.step(shown, "cancel")["state"])
        told(own)

    monkeypatch.setattr(watch.Watch, "tell", cancel_first)
    desk.work()
    assert cancelled == ["CANCELLED"]
    assert desk.get(f"/api/imports/{sent['id']}")["state"] == "CANCELLED"
    assert desk.ledger.directory.joinpath("versions").exists() is False


def test_a_file_lost_from_the_store_fails_the_import_in_words(desk: Desk, sent: Any) -> None:
    for path in (desk.centre.services.settings.files).glob("??/??/*"):
        path.unlink()
    desk.work()
    failed = desk.get(f"/api/imports/{sent['id']}")
    assert (failed["state"], failed["error"]["zh"]) == ("FAILED", "文件内容不在存储中")
    assert [action["action"] for action in failed["actions"]] == ["retry"]
