"""The worker process: watches the deadlines, delivers the outbox, runs the jobs, and says that it lives."""

import asyncio
import os
import signal
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from rongdun import __version__
from rongdun.adapters.banks import CHANNEL, the_orders
from rongdun.domains import exchange
from rongdun.entrypoints.bootstrap import Centre
from rongdun.entrypoints.exchange import bank_transport, files_tick, inbox_tick
from rongdun.entrypoints.jobs import JOBS
from rongdun.kernel.clock import monotonic
from rongdun.kernel.ids import new_id
from rongdun.runtime import deadlines, outbox, workers
from rongdun.runtime.jobs import JobQueue, Work
from rongdun.runtime.logs import describe, get_logger
from rongdun.runtime.loops import Tick, Wake, listen, run_loop
from rongdun.runtime.metrics import LOOP_FAULTS, snapshot

_log = get_logger("worker")

LANES = 96
"""Messages carried at once: one slow partner must not hold up every other, and what ends together is settled together.

Measured on a backlog (``benchmarks/bench_exchange.py``): one courier of 96 lanes sends a fifth more than one of
64, which sends half as many again as two of 16.
"""

GRACE_S = 20.0
"""Time to finish what is under way after a stop; then the process ends and others take its work over."""

FAULT_EVERY_S = 60.0
"""A loop that keeps failing is put on record this often."""


@dataclass(slots=True)
class _Faults:
    """Faults of loops that wait to be put on record: the database may be what failed."""

    waiting: dict[str, str] = field(default_factory=dict)
    told: dict[str, float] = field(default_factory=dict)

    def note(self, loop: str, error: BaseException) -> None:
        LOOP_FAULTS.labels(loop).inc()
        if monotonic() - self.told.get(loop, -FAULT_EVERY_S) >= FAULT_EVERY_S:
            self.told[loop] = monotonic()
            self.waiting[loop] = describe(error)

    def take(self) -> dict[str, str]:
        taken, self.waiting = self.waiting, {}
        return taken


class Worker:
    """One worker process; any number may run against one database."""

    def __init__(self, centre: Centre, dsn: str) -> None:
        self.identity = workers.Identity(new_id(), f"{socket.gethostname()}:{os.getpid()}", __version__)
        self._centre = centre
        self._dsn = dsn
        self._queue = JobQueue(dsn, JOBS, Work(centre.transact, centre.services))
        self._faults = _Faults()
        self._wakes: dict[str, Wake] = {}
        self._threads: list[threading.Thread] = []
        self._courier: outbox.Courier | None = None

    async def run(self, stopping: asyncio.Event, *, on_ready: Callable[[], None] = lambda: None) -> None:
        """Work until ``stopping`` is set; then finish what is under way and leave."""
        with self._centre.transact() as uow:
            workers.start(uow, self.identity)
        self._start_threads()
        jobs = asyncio.create_task(self._queue.run())
        on_ready()
        await stopping.wait()
        await self._leave(jobs)

    async def _leave(self, jobs: "asyncio.Task[None]") -> None:
        _log.info("stopping", worker=self.identity.name)
        last_resort = threading.Timer(GRACE_S, os._exit, [1])
        last_resort.daemon = True
        last_resort.start()
        for wake in self._wakes.values():
            wake.stop()
        jobs.cancel()
        await asyncio.gather(jobs, return_exceptions=True)
        for thread in self._threads:
            await asyncio.to_thread(thread.join)
        if self._courier is not None:
            await asyncio.to_thread(self._courier.leave)
        with self._centre.transact() as uow:
            workers.stop(uow, self.identity)
        last_resort.cancel()

    def _start_threads(self) -> None:
        for name, tick in self._loops().items():
            self._wakes[name] = wake = Wake()
            self._spawn(name, run_loop, name, tick, wake, on_fault=self._faults.note)
        rung = {
            deadlines.LOOP: self._wakes["sweeper"],
            outbox.LOOP: self._wakes["courier"],
            exchange.LOOP: self._wakes["inbox"],
        }
        self._wakes["listener"] = Wake()
        self._spawn("listener", listen, self._dsn, rung, self._wakes["listener"])

    def _loops(self) -> Mapping[str, Tick]:
        services = self._centre.services
        transact, name = self._centre.transact, self.identity.name
        orders = the_orders()
        transports: dict[str, outbox.Transport] = {
            CHANNEL: bank_transport(self._centre, orders),
            outbox.LIVE: outbox.LiveNotices(transact),
            outbox.FILE_DROP: outbox.FileDrop(services.settings.data_dir / "outgoing"),
        }
        sweeper = deadlines.Sweeper(transact=transact, worker=name)
        self._courier = outbox.Courier(transact, transports, name, outbox.Plan(lanes=LANES))
        return {
            "beat": self._beat,
            "sweeper": sweeper.tick,
            "inbox": inbox_tick(self._centre, orders),
            "files": files_tick(self._centre, orders),
            "courier": self._courier.tick,
        }

    def _spawn(self, name: str, target: Callable[..., None], *args: object, **options: object) -> None:
        thread = threading.Thread(target=target, args=args, kwargs=options, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _beat(self) -> float:
        faults = self._faults.take()
        with self._centre.transact() as uow:
            workers.beat(uow, self.identity, snapshot())
            for loop, fault in faults.items():
                workers.tell(uow, "fault", self.identity.name, detail={"loop": loop, "fault": fault})
        return workers.BEAT_EVERY_S


def run_worker(centre: Centre, dsn: str, *, on_ready: Callable[[], None] = lambda: None) -> None:
    """Run a worker on the database at ``dsn`` (the application role's) until SIGTERM or SIGINT."""
    asyncio.run(_run_until_signalled(Worker(centre, dsn), on_ready))


async def _run_until_signalled(worker: Worker, on_ready: Callable[[], None]) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    await worker.run(stopping, on_ready=on_ready)
