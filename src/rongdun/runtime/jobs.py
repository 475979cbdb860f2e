"""Background jobs: enqueued in the transaction that wants them, run by a worker, taken over when it dies.

A domain describes its jobs as :class:`Job` values in its ``jobs.py``; ``entrypoints/worker.py`` gathers
them. Procrastinate keeps the queue in the same database, so a job exists exactly when its cause does.
"""

import asyncio
import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from procrastinate import App, PsycopgConnector, RetryStrategy, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import JobDeferrer, Status
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

from rongdun.kernel.clock import monotonic
from rongdun.runtime.logs import describe, get_logger
from rongdun.runtime.metrics import JOBS_RUN
from rongdun.runtime.uow import Services, Transact, Uow

_log = get_logger("jobs")

STALLED_AFTER_S = 30.0
"""Procrastinate's workers beat every 10 s; after three missed beats their jobs are taken over."""

CARE_EVERY_S = 15.0

KEPT_HOURS = 24 * 30
"""Ended jobs stay visible for a month."""

_LOCAL = JobManager(SyncPsycopgConnector())
"""Only ever used with the caller's own connection: its pool is never opened."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a job is given: how to open transactions, and the centre's services."""

    transact: Transact
    services: Services


@dataclass(frozen=True, slots=True)
class Job:
    """A kind of background job.

    ``run(work, **arguments)`` does it, in transactions it opens itself; it may run twice (a worker can
    die after the work and before the record) and must do no harm then. ``cron`` (UTC) makes it
    periodic. A failed job is tried ``attempts`` times in all, 4, 16, 64… seconds apart.
    """

    name: str
    run: Callable[..., None]
    cron: str | None = None
    attempts: int = 5
    queue: str = "default"


def defer(
    uow: Uow,
    job: Job,
    *,
    lock: str | None = None,
    only_one: str | None = None,
    at: datetime | None = None,
    **arguments: Any,
) -> int | None:
    """Enqueue ``job`` in the caller's transaction; return its number in the queue.

    ``arguments`` are JSON, with references and no personal data. Jobs with one ``lock`` never run at
    the same time. With ``only_one``, nothing is enqueued and ``None`` returned while a job with that
    key waits. ``at`` is the earliest moment to run.
    """
    connection = uow.session.connection().connection.driver_connection
    deferrer = configure_task(
        name=job.name,
        job_manager=_LOCAL,
        queue=job.queue,
        lock=lock,
        queueing_lock=only_one,
        schedule_at=at,
        connection=connection,
    )
    if only_one is None:
        return deferrer.defer(**arguments)
    return _defer_once(uow, deferrer, arguments)


def _defer_once(uow: Uow, deferrer: JobDeferrer, arguments: dict[str, Any]) -> int | None:
    savepoint = uow.session.begin_nested()
    uow.session.connection()  # only now is SAVEPOINT sent
    try:
        number = deferrer.defer(**arguments)
    except AlreadyEnqueued:
        savepoint.rollback()
        return None
    savepoint.commit()
    return number


class JobQueue:
    """Runs the queue's jobs in this process: Procrastinate's worker, and the care of jobs left behind."""

    def __init__(self, dsn: str, jobs: Iterable[Job], work: Work) -> None:
        self.jobs = {job.name: job for job in jobs}
        connector = PsycopgConnector(conninfo=dsn, min_size=1, max_size=4)
        self.app = App(connector=connector, periodic_defaults={"max_delay": 24 * 3600})
        for job in self.jobs.values():
            task = self.app.task(name=job.name, queue=job.queue, retry=_retries(job))(_runner(job, work))
            if job.cron:
                self.app.periodic(cron=job.cron)(task)

    async def run(self, *, concurrency: int = 2) -> None:
        """Run jobs until cancelled; then let running ones finish, for at most 10 s.

        Procrastinate's worker ends when it loses the database; it is started again until it holds.
        """
        while True:
            try:
                await self._run_once(concurrency)
            except Exception as error:  # noqa: BLE001 - whatever ended the worker, a new one must start
                _log.warning("job_worker_lost", fault=describe(error))
            await asyncio.sleep(1.0)

    async def run_what_waits(self) -> None:
        """Run the jobs that wait now, then return; for drills and tests."""
        async with self.app.open_async():
            await self.app.run_worker_async(wait=False, install_signal_handlers=False)

    async def take_over(self, *, silent_for_s: float = STALLED_AFTER_S) -> int:
        """Put jobs of workers silent for ``silent_for_s`` seconds back in the queue; return how many.

        A job that has been tried as often as it may be is marked failed instead: it may be what kills
        its workers.
        """
        manager = self.app.job_manager
        stalled = list(await manager.get_stalled_jobs(seconds_since_heartbeat=silent_for_s))
        for job in stalled:
            kind = self.jobs.get(job.task_name)
            spent = kind is None or job.attempts + 1 >= kind.attempts
            _log.warning("job_taken_over", task_name=job.task_name, job=job.id, given_up=spent)
            if spent:
                await manager.finish_job(job, Status.FAILED, delete_job=False)
            else:
                await manager.retry_job(job)
        return len(stalled)

    async def _run_once(self, concurrency: int) -> None:
        async with self.app.open_async():
            care = asyncio.create_task(self._look_after())
            try:
                await self.app.run_worker_async(
                    concurrency=concurrency, install_signal_handlers=False, shutdown_graceful_timeout=10.0
                )
            finally:
                care.cancel()

    async def _look_after(self) -> None:
        rounds_an_hour = int(3600 / CARE_EVERY_S)
        for number in itertools.count():
            try:
                await self.take_over()
                if number % rounds_an_hour == 0:
                    await self._forget_old()
            except Exception as error:  # noqa: BLE001 - care must outlive a fault of one round
                _log.warning("job_care_failed", fault=describe(error))
            await asyncio.sleep(CARE_EVERY_S)

    async def _forget_old(self) -> None:
        await self.app.job_manager.delete_old_jobs(
            KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
        )


def _retries(job: Job) -> RetryStrategy | bool:
    if job.attempts == 1:
        return False
    return RetryStrategy(max_attempts=job.attempts - 1, exponential_wait=4)


def _runner(job: Job, work: Work) -> Callable[..., None]:
    def run(timestamp: int | None = None, **arguments: Any) -> None:  # noqa: ARG001 - the schedule passes it
        started = monotonic()
        outcome = "failed"
        try:
            job.run(work, **arguments)
            outcome = "done"
        except Exception as error:
            _log.error("job_failed", task_name=job.name, fault=describe(error))
            raise
        finally:
            JOBS_RUN.labels(job.name, outcome).inc()
            _log.info("job_ended", task_name=job.name, outcome=outcome, seconds=monotonic() - started)

    return run
