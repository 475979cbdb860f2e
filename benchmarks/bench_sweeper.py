"""How late does the sweeper fire, with 100,000 deadlines in the table?

Three loads in one run, on the same database and the same deadlines:

- a steady stream: steps spread evenly over a minute, as on a busy day;
- a burst: many deadlines due at one moment, as all terms of days are at midnight;
- the peer: the same steady stream as Procrastinate jobs scheduled for the moment of each step, which is how
  one would do it without a sweeper (its worker looks every 5 s unless told otherwise).

Lateness is the moment of the commit that fires a step minus the moment the step was due. The bar is 2 s.

    python benchmarks/bench_sweeper.py [--full]                        # on a server of its own
    python benchmarks/bench_sweeper.py --owner-dsn … --app-dsn …       # an empty, migrated database
"""

import argparse
import asyncio
import os
import platform
import random
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from rongdun.entrypoints.bootstrap import Centre
from rongdun.kernel.clock import SystemClock
from rongdun.kernel.scope import NOBODY
from rongdun.runtime import localpg, logs
from rongdun.runtime.audit import write_entries
from rongdun.runtime.crypto import Vault
from rongdun.runtime.db import Database
from rongdun.runtime.deadlines import Sweeper
from rongdun.runtime.jobs import Job, JobQueue, Work
from rongdun.runtime.live import write_signals
from rongdun.runtime.loops import Wake, run_loop
from rongdun.runtime.schema import migrate
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import Services

ROWS = """
insert into deadlines (id, subject_kind, subject_id, rule_key, legal_basis, certainty, name_zh, name_en, term,
  unit_path, owner_path, started_at, due_at, steps, step, next_step_at, created_at, version)
select gen_random_uuid(), 'bench', %(tag)s || number, 'stop.validity', '测试', 'D', '测试', 'Bench', '{}',
  'cn.fj.fz.', 'cn.fj.fz.', due - interval '48 hours', due,
  '[{"anchor": "after_due", "by_us": 1, "level": "overdue", "notify": ["owner"]}]', 0,
  due + interval '1 microsecond', now() - interval '1 hour', 1
from (
  select number, %(first)s::timestamptz + (%(span_s)s * number / %(count)s) * interval '1 second' as due
  from generate_series(0, %(count)s - 1) as number
) as spread
"""


@dataclass(frozen=True, slots=True)
class Load:
    """A number of deadlines, due from ``first`` on over ``span_s`` seconds."""

    tag: str
    count: int
    span_s: float


class Bench:
    """A centre on the database under test, and what its sweepers and jobs did."""

    def __init__(self, app_dsn: str, owner_dsn: str, data_dir: Path) -> None:
        self.database = Database(app_dsn)
        self.owner_dsn = owner_dsn
        services = Services(
            Settings(data_dir=data_dir),
            self.database,
            SystemClock(),
            Vault.ephemeral(),
            (write_entries, write_signals),
        )
        self.centre = Centre(services, lambda request, uow: NOBODY)
        self.late_jobs: list[float] = []

    def now(self) -> datetime:
        """Return the present moment."""
        return self.centre.services.clock.now()

    def fill(self, load: Load, *, starting_in_s: float) -> None:
        """Put the deadlines of ``load`` into the table."""
        values = {"tag": load.tag, "count": load.count, "span_s": load.span_s}
        with psycopg.connect(self.owner_dsn) as connection:
            connection.execute(ROWS, {**values, "first": self.now() + timedelta(seconds=starting_in_s)})
            connection.execute("analyze deadlines")

    @contextmanager
    def sweepers(self, number: int) -> Iterator[None]:
        """Run ``number`` sweepers, as so many workers would."""
        wakes = [Wake() for _ in range(number)]
        threads = [
            threading.Thread(
                target=run_loop,
                args=(f"w{n}", Sweeper(self.centre.transact, f"w{n}").tick, wake),
                kwargs={"on_fault": lambda name, error: print(f"  fault in {name}: {error}")},
            )
            for n, wake in enumerate(wakes)
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            for wake in wakes:
                wake.stop()
            for thread in threads:
                thread.join()

    def lateness(self, load: Load, *, within_s: float) -> list[float]:
        """Wait until every deadline of ``load`` is marked; return by how many seconds each was late."""
        query = (
            "select extract(epoch from pg_xact_commit_timestamp(xmin) - due_at)::float8 from deadlines"
            " where subject_id like %s and state = 'missed'"
        )
        give_up = time.monotonic() + within_s
        with psycopg.connect(self.owner_dsn, autocommit=True) as connection:
            while True:
                found = [row[0] for row in connection.execute(query, (load.tag + "%",))]
                if len(found) >= load.count:
                    return found
                if time.monotonic() > give_up:
                    raise SystemExit(f"{load.tag}: only {len(found)} of {load.count} after {within_s} s")
                time.sleep(0.5)

    def scheduled_jobs(self, load: Load) -> list[float]:
        """Run the load as scheduled jobs of Procrastinate; return by how many seconds each was late."""
        job = Job("bench.step", self._step)
        queue = JobQueue(self.database.dsn, [job], Work(self.centre.transact, self.centre.services))
        first = self.now() + timedelta(seconds=8)
        with psycopg.connect(self.owner_dsn) as connection:
            connection.execute(
                "insert into procrastinate_jobs (queue_name, task_name, args, scheduled_at)"
                " select 'default', 'bench.step', jsonb_build_object('due', extract(epoch from due)), due from ("
                "  select %(first)s::timestamptz + (%(span)s * n / %(count)s) * interval '1 second' as due"
                "  from generate_series(0, %(count)s - 1) as n) as spread",
                {"first": first, "span": load.span_s, "count": load.count},
            )

        async def run() -> None:
            task = asyncio.create_task(queue.run(concurrency=4))
            give_up = time.monotonic() + load.span_s + 120
            while len(self.late_jobs) < load.count and time.monotonic() < give_up:
                await asyncio.sleep(0.5)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

        asyncio.run(run())
        return self.late_jobs

    def _step(self, work: Work, *, due: float) -> None:
        with work.transact() as uow:
            late = uow.now.timestamp() - due
        self.late_jobs.append(late)


def show(name: str, late: Sequence[float]) -> None:
    """Print the percentiles of ``late``, in milliseconds."""
    cuts = statistics.quantiles(late, n=100, method="inclusive")
    p50, p95, p99 = (cuts[n - 1] * 1000 for n in (50, 95, 99))
    print(
        f"{name:<42} n {len(late):>6}  p50 {p50:>7.0f}  p95 {p95:>7.0f}  p99 {p99:>7.0f}  max {max(late) * 1000:>7.0f} ms"
    )


def main() -> None:
    """Run the three loads and print their lateness."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--owner-dsn", default=os.environ.get("RONGDUN_OWNER_DSN", ""))
    parser.add_argument("--app-dsn", default=os.environ.get("RONGDUN_DSN", ""))
    parser.add_argument("--full", action="store_true", help="100,000 deadlines, 3,000 steps a minute")
    parser.add_argument("--deadlines", type=int)
    parser.add_argument("--steady", type=int, help="steps in a minute")
    parser.add_argument("--burst", type=int, help="deadlines due at one moment")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    for name, small, full in (("deadlines", 5_000, 100_000), ("steady", 300, 3_000), ("burst", 200, 2_000)):
        if getattr(options, name) is None:
            setattr(options, name, full if options.full else small)
    logs.configure("error")
    with databases_of(options) as (app_dsn, owner_dsn):
        run(options, app_dsn, owner_dsn)


@contextmanager
def databases_of(options: argparse.Namespace) -> Iterator[tuple[str, str]]:
    """Have the database that was given, or an empty one on a server of our own."""
    if options.app_dsn:
        yield options.app_dsn, options.owner_dsn
        return
    directory = Path(tempfile.mkdtemp(prefix="rongdun-bench-", dir="/tmp"))
    directory.chmod(0o711)
    try:
        timed = {"track_commit_timestamp": "on"}
        with localpg.start(Settings(data_dir=directory / "var"), options=timed) as server:
            migrate(server.owner_dsn)
            yield server.app_dsn, server.owner_dsn
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def run(options: argparse.Namespace, app_dsn: str, owner_dsn: str) -> None:
    """Run the three loads on an empty, migrated database."""
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{options.deadlines:,} deadlines in the table, {options.workers} sweepers")
    random.seed(7)
    with TemporaryDirectory() as data_dir:
        bench = Bench(app_dsn, owner_dsn, Path(data_dir))
        bench.fill(Load("rest-", options.deadlines, 30 * 86400.0), starting_in_s=3600)
        steady = Load("steady-", options.steady, 60.0)
        bench.fill(steady, starting_in_s=5)
        with bench.sweepers(options.workers):
            late = bench.lateness(steady, within_s=180)
            show(f"sweeper, {options.steady} steps spread over a minute", late)
            burst = Load("burst-", options.burst, 0.0)
            bench.fill(burst, starting_in_s=5)
            show(f"sweeper, {options.burst} steps at one moment", bench.lateness(burst, within_s=180))
        peer = bench.scheduled_jobs(Load("peer-", options.steady, 60.0))
        show(f"Procrastinate, {options.steady} scheduled jobs, a minute", peer)
        ours = statistics.quantiles(late, n=100, method="inclusive")[98]
        theirs = statistics.quantiles(peer, n=100, method="inclusive")[98]
        print(f"p99 ratio, scheduled jobs to sweeper: {theirs / ours:.1f}")


if __name__ == "__main__":
    main()
