"""The worker as a process of its own: it does its work on time, outlives lost connections, and ends cleanly."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from rongdun.entrypoints.bootstrap import Centre
from rongdun.entrypoints.jobs import JOBS
from rongdun.kernel.clock import SystemClock
from rongdun.kernel.deadline import Term, Unit
from rongdun.kernel.scope import NOBODY, Scope, SubjectRef
from rongdun.runtime.audit import write_entries
from rongdun.runtime.crypto import Vault
from rongdun.runtime.db import Database
from rongdun.runtime.deadlines import Deadline, open_deadline
from rongdun.runtime.health import readiness
from rongdun.runtime.jobs import defer
from rongdun.runtime.live import write_signals
from rongdun.runtime.outbox import FILE_DROP, OutboxMessage, send
from rongdun.runtime.policies import seed_policies
from rongdun.runtime.policies.seedfile import shipped_files
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import Services
from rongdun.runtime.workers import WorkerEvent

CHILD = """
import sys
from pathlib import Path
from rongdun.entrypoints.bootstrap import Centre
from rongdun.entrypoints.worker import run_worker
from rongdun.kernel.clock import SystemClock
from rongdun.runtime import logs
from rongdun.runtime.audit import write_entries
from rongdun.runtime.crypto import Vault
from rongdun.runtime.db import Database
from rongdun.runtime.live import write_signals
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import Services

dsn, data_dir = sys.argv[1:]
logs.configure()
services = Services(Settings(data_dir=Path(data_dir)), Database(dsn), SystemClock(), Vault.ephemeral(),
                    (write_entries, write_signals))
run_worker(Centre(services, None), dsn, on_ready=lambda: print("ready", flush=True))
"""


@pytest.fixture
def centre(db: Database, tmp_path: Path) -> Centre:
    services = Services(
        Settings(data_dir=tmp_path), db, SystemClock(), Vault.ephemeral(), (write_entries, write_signals)
    )
    centre = Centre(services, lambda request, uow: NOBODY)
    with centre.transact() as uow:
        seed_policies(uow.session, now=uow.now, rules=dict(shipped_files())["report.toml"])
    return centre


@pytest.fixture
def worker(centre: Centre) -> Iterator["subprocess.Popen[str]"]:
    services = centre.services
    arguments = [services.database.dsn, str(services.settings.data_dir)]
    process = subprocess.Popen([sys.executable, "-c", CHILD, *arguments], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def _open_due_in(centre: Centre, number: str, seconds: float) -> None:
    """Open a deadline of one minute that began so long ago that it is due in ``seconds``."""
    with centre.transact() as uow:
        open_deadline(
            uow,
            rule_key="report.entry",
            subject=SubjectRef("report", number),
            unit_path="cn.fj.fz.",
            start=uow.now - timedelta(seconds=60 - seconds),
            term=Term(1, Unit.MINUTE),
        )


def _until(look: Callable[[], Any], *, within_s: float) -> Any:
    """Return what ``look`` finds as soon as it finds something."""
    give_up = time.monotonic() + within_s
    while time.monotonic() < give_up:
        if found := look():
            return found
        time.sleep(0.02)
    raise AssertionError(f"not within {within_s} s")


def _missed(centre: Centre, number: str) -> Callable[[], Deadline | None]:
    def look() -> Deadline | None:
        with centre.transact() as uow:
            return uow.session.scalar(select(Deadline).filter_by(subject_id=number, state="missed"))

    return look


@pytest.mark.usefixtures("worker")
def test_deadlines_messages_and_jobs_are_done_within_two_seconds(centre: Centre, tmp_path: Path) -> None:
    _open_due_in(centre, "1", 1.0)
    with centre.transact() as uow:
        send(
            uow,
            channel=FILE_DROP,
            kind="stop_order",
            payload={"order": "演示-1"},
            idempotency_key="a",
            unit_path="cn.fj.fz.",
            partner_path="cn.fj.fz.bank_a.",
        )
        number = defer(uow, next(job for job in JOBS if job.name == "desk.forget"))
    missed = _until(_missed(centre, "1"), within_s=5)
    assert 0 <= (missed.missed_at - missed.due_at).total_seconds() < 2
    _until(lambda: list((tmp_path / "outgoing").rglob("*.json")), within_s=2)

    def job_done() -> bool:
        with centre.transact() as uow:
            query = text("select status from procrastinate_jobs where id = :id")
            return str(uow.session.execute(query, {"id": number}).scalar_one()) == "succeeded"

    _until(job_done, within_s=5)


@pytest.mark.usefixtures("worker")
def test_readiness_sees_the_worker(centre: Centre, tmp_path: Path) -> None:
    report = readiness(centre.services.database, centre.services.clock, tmp_path)
    (check,) = (check for check in report.checks if check.name == "worker")
    assert check.state == "good"


def test_a_worker_told_to_stop_ends_cleanly_and_says_so(
    worker: "subprocess.Popen[str]", centre: Centre
) -> None:
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=15) == 0
    with centre.transact() as uow:
        kinds = uow.session.scalars(select(WorkerEvent.kind).order_by(WorkerEvent.id)).all()
        running = uow.session.execute(text("select count(*) from workers where stopped_at is null"))
    assert list(kinds) == ["started", "stopped"]
    assert running.scalar_one() == 0


@pytest.mark.usefixtures("worker")
def test_a_worker_that_loses_every_connection_carries_on(centre: Centre) -> None:
    database = centre.services.database
    for number in range(3):
        with database.session(Scope.everything()) as session:
            session.execute(
                text(
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                    " where datname = current_database() and pid <> pg_backend_pid()"
                )
            )
        _open_due_in(centre, str(number), 0.5)
        missed = _until(_missed(centre, str(number)), within_s=10)
        assert (missed.missed_at - missed.due_at).total_seconds() < 5
    with centre.transact() as uow:
        sent = uow.session.scalars(select(OutboxMessage.state)).all()
    assert len(sent) == 3


def test_a_killed_worker_is_noticed_and_its_successor_marks_what_was_missed(
    worker: "subprocess.Popen[str]", centre: Centre, db: Database, tmp_path: Path
) -> None:
    _until(lambda: _ticked(centre), within_s=5)
    worker.kill()
    worker.wait()
    _open_due_in(centre, "1", 0.2)
    time.sleep(6)
    late = subprocess.Popen(
        [sys.executable, "-c", CHILD, db.dsn, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    try:
        # Loading the program takes as long as it takes on a busy machine; what counts comes after.
        assert late.stdout
        assert late.stdout.readline() == "ready\n"
        missed = _until(_missed(centre, "1"), within_s=15)
    finally:
        late.kill()
        late.communicate()
    assert missed.missed_while_down is True
    assert missed.late_by_s > 5


def _ticked(centre: Centre) -> datetime | None:
    with centre.transact() as uow:
        found = uow.session.execute(text("select ticked_at from sweeper_pulse")).scalar_one_or_none()
    return found if found and datetime.now(UTC) - found < timedelta(seconds=5) else None
