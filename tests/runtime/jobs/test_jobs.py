"""Jobs exist exactly when their cause does, and outlive the worker that ran them."""

import asyncio
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

import pytest
from procrastinate.periodic import PeriodicDeferrer
from sqlalchemy import text

from rongdun.entrypoints.bootstrap import Centre
from rongdun.kernel.clock import SystemClock
from rongdun.kernel.scope import Scope
from rongdun.runtime.crypto import Vault
from rongdun.runtime.db import Database
from rongdun.runtime.jobs import Job, JobQueue, Work, defer
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import Services
from rongdun.runtime.web import Authenticator

_RAN: list[dict[str, Any]] = []


def _note(work: Work, **arguments: Any) -> None:
    with work.transact() as uow:
        _RAN.append({**arguments, "year": uow.now.year})


def _fail(work: Work) -> None:
    raise ValueError("card 6222021234567890123")


NOTE = Job("test.note", _note)
DAILY = Job("test.daily", _note, cron="5 16 * * *")
FAIL = Job("test.fail", _fail, attempts=2)
ONCE = Job("test.once", _fail, attempts=1)


@pytest.fixture
def centre(db: Database, tmp_path: Path) -> Centre:
    services = Services(
        settings=Settings(data_dir=tmp_path), database=db, clock=SystemClock(), vault=cast(Vault, None)
    )
    return Centre(services, cast(Authenticator, None))


@pytest.fixture
def queue(centre: Centre, db: Database) -> JobQueue:
    _RAN.clear()
    return JobQueue(db.dsn, (NOTE, FAIL, ONCE), Work(centre.transact, centre.services))


def _states(db: Database) -> list[tuple[str, str, int]]:
    with db.session(Scope.nothing()) as session:
        rows = session.execute(
            text("select task_name, status::text, attempts from procrastinate_jobs order by id")
        )
        return [(name, status, attempts) for name, status, attempts in rows]


def _sql(db: Database, statement: str) -> None:
    with db.session(Scope.nothing()) as session:
        session.execute(text(statement))
        session.commit()


def test_the_installed_package_is_the_one_whose_schema_was_installed() -> None:
    assert version("procrastinate") == "3.10.0", "add a migration with the package's newer sql/migrations"


def test_a_job_runs_with_the_arguments_it_was_given(centre: Centre, queue: JobQueue, db: Database) -> None:
    with centre.transact() as uow:
        defer(uow, NOTE, case="FZ-1")
    asyncio.run(queue.run_what_waits())
    assert [call["case"] for call in _RAN] == ["FZ-1"]
    assert _states(db) == [("test.note", "succeeded", 1)]


def test_a_job_of_a_rolled_back_transaction_never_existed(centre: Centre, db: Database) -> None:
    with pytest.raises(RuntimeError), centre.transact() as uow:
        defer(uow, NOTE, case="FZ-1")
        raise RuntimeError
    assert _states(db) == []


def test_a_second_job_of_its_kind_is_not_enqueued_and_the_transaction_goes_on(
    centre: Centre, db: Database
) -> None:
    with centre.transact() as uow:
        first = defer(uow, NOTE, only_one="nightly")
        second = defer(uow, NOTE, only_one="nightly")
        defer(uow, NOTE)
    assert first is not None
    assert second is None
    assert len(_states(db)) == 2


def test_a_failed_job_is_tried_again_and_a_one_time_job_is_not(
    centre: Centre, queue: JobQueue, db: Database
) -> None:
    with centre.transact() as uow:
        defer(uow, FAIL)
        defer(uow, ONCE)
    asyncio.run(queue.run_what_waits())
    assert _states(db) == [("test.fail", "todo", 1), ("test.once", "failed", 1)]
    _sql(db, "update procrastinate_jobs set scheduled_at = null")
    asyncio.run(queue.run_what_waits())
    assert _states(db)[0] == ("test.fail", "failed", 2)


def _take_over(queue: JobQueue) -> int:
    async def go() -> int:
        async with queue.app.open_async():
            return await queue.take_over()

    return asyncio.run(go())


def _left_behind(db: Database, *, silent_s: int, attempts: int = 0) -> None:
    _sql(
        db,
        "with w as (insert into procrastinate_workers (last_heartbeat)"
        f" values (now() - interval '{silent_s} seconds') returning id)"
        " insert into procrastinate_jobs (queue_name, task_name, status, worker_id, attempts)"
        f" select 'default', 'test.fail', 'doing', id, {attempts} from w",
    )


def test_a_job_of_a_worker_that_fell_silent_is_put_back(queue: JobQueue, db: Database) -> None:
    _left_behind(db, silent_s=31)
    assert _take_over(queue) == 1
    assert _states(db) == [("test.fail", "todo", 1)]


def test_a_job_of_a_worker_that_beats_is_left_alone(queue: JobQueue, db: Database) -> None:
    _left_behind(db, silent_s=20)
    assert _take_over(queue) == 0
    assert _states(db) == [("test.fail", "doing", 0)]


def test_a_job_that_may_be_killing_its_workers_is_given_up(queue: JobQueue, db: Database) -> None:
    _left_behind(db, silent_s=31, attempts=1)
    _take_over(queue)
    assert _states(db) == [("test.fail", "failed", 2)]


def test_a_daily_job_missed_for_hours_is_still_due_and_its_hour_is_utc(centre: Centre, db: Database) -> None:
    queue = JobQueue(db.dsn, [DAILY], Work(centre.transact, centre.services))
    at = datetime(2026, 7, 1, 23, 0, tzinfo=UTC)
    deferrer = PeriodicDeferrer(queue.app.periodic_registry, **queue.app.periodic_defaults)
    ((task, moment),) = deferrer.get_previous_tasks(at=at.timestamp())
    assert task.task.name == "test.daily"
    assert datetime.fromtimestamp(moment, UTC) == datetime(2026, 7, 1, 16, 5, tzinfo=UTC)
