"""Metrics for Prometheus: what this process measures, what the workers measured, what the database holds."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import RowMapping, text
from sqlalchemy.exc import SQLAlchemyError

from rongdun.kernel.clock import Clock
from rongdun.kernel.scope import Scope
from rongdun.runtime.db import Database

WEB = CollectorRegistry()
"""What the web process measures itself."""

WORKER = CollectorRegistry()
"""What a worker process measures; it travels to the web process in the worker's heartbeat row."""

REQUEST_SECONDS = Histogram(
    "rongdun_request_seconds",
    "Time to answer a request, by method, route template and status",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
    registry=WEB,
)
SWEEPER_LATE_SECONDS = Histogram(
    "rongdun_sweeper_late_seconds",
    "From the moment a deadline's step was due to the moment it was fired, outages left out",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 5, 30),
    registry=WORKER,
)
SWEEPER_STEPS = Counter(
    "rongdun_sweeper_steps", "Escalation steps fired, by what they were", ["kind"], registry=WORKER
)
CLOCK_JUMPS = Counter(
    "rongdun_clock_jumps", "Jumps of the wall clock a worker noticed", ["direction"], registry=WORKER
)
LOOP_FAULTS = Counter(
    "rongdun_loop_faults", "Rounds of a worker's loop that failed", ["loop"], registry=WORKER
)
OUTBOX_ATTEMPTS = Counter(
    "rongdun_outbox_attempts", "Attempts to deliver a message", ["channel", "outcome"], registry=WORKER
)
OUTBOX_SECONDS = Histogram("rongdun_outbox_seconds", "Time a transport took", ["channel"], registry=WORKER)
JOBS_RUN = Counter("rongdun_jobs", "Background jobs that ended", ["task", "outcome"], registry=WORKER)
POOL_IN_USE = Gauge(
    "rongdun_db_connections_in_use", "Database connections this process is using", registry=WEB
)

WORKER_FRESH = timedelta(seconds=60)
"""Figures of a worker that has not beaten for longer are no longer shown."""

_FIGURES = text("select name, figures from workers where stopped_at is null and beat_at > :since")


class _Number(NamedTuple):
    """A gauge counted in the database; the query yields ``n`` and, with a label, ``label``."""

    name: str
    about: str
    query: str
    label: str | None = None


_NUMBERS = (
    _Number(
        "rongdun_outbox_messages",
        "Messages not settled, by state",
        """
        select state as label, count(*) as n from outbox
        where state in ('pending', 'sending', 'dead') group by state
        """,
        "state",
    ),
    _Number(
        "rongdun_outbox_oldest_seconds",
        "Age of the oldest message that waits to be sent",
        """
        select coalesce(extract(epoch from :now - min(created_at)), 0) as n
        from outbox where state = 'pending'
        """,
    ),
    _Number(
        "rongdun_deadlines_open",
        "Deadlines not closed, by level",
        "select level as label, count(*) as n from deadlines where closed_at is null group by level",
        "level",
    ),
    _Number(
        "rongdun_deadlines_unswept",
        "Deadlines with a step that is due and that no sweeper has fired yet",
        "select count(*) as n from deadlines where next_step_at <= :now",
    ),
    _Number(
        "rongdun_jobs_waiting",
        "Background jobs that are not done, by state",
        """
        select status::text as label, count(*) as n from procrastinate_jobs
        where status in ('todo', 'doing', 'failed') group by status
        """,
        "state",
    ),
    _Number(
        "rongdun_worker_beat_age_seconds",
        "Seconds since the newest heartbeat of any worker",
        "select extract(epoch from :now - max(beat_at)) as n from workers where stopped_at is null",
    ),
    _Number(
        "rongdun_clock_difference_seconds",
        "This process's clock minus the database's",
        "select extract(epoch from :now - clock_timestamp()) as n",
    ),
)


@dataclass(frozen=True, slots=True)
class DatabaseFigures(Collector):
    """Reads figures out of the database when Prometheus asks, in one transaction."""

    database: Database
    clock: Clock

    def collect(self) -> Iterable[Metric]:
        """Yield gauges counted now, then what fresh workers reported with their heartbeat."""
        now = self.clock.now()
        with self.database.session(Scope.everything()) as session:
            for number in _NUMBERS:
                rows = session.execute(text(number.query), {"now": now}).mappings().all()
                yield _gauge(number, rows)
            reports = session.execute(_FIGURES, {"since": now - WORKER_FRESH}).all()
        yield from _merge((name, figures) for name, figures in reports)


def snapshot(registry: CollectorRegistry = WORKER) -> dict[str, Any]:
    """Return all samples of ``registry`` as JSON: family name → type, help, samples."""
    return {
        family.name: {
            "type": family.type,
            "help": family.documentation,
            "samples": [
                [sample.name, sample.labels, sample.value]
                for sample in family.samples
                if not sample.name.endswith("_created")
            ],
        }
        for family in registry.collect()
    }


def exposition(database: Database, clock: Clock) -> bytes:
    """Return the text page Prometheus reads: the process, the workers, the database.

    When the database does not answer, the process's own figures are shown and ``rongdun_database_up`` is 0.
    """
    POOL_IN_USE.set(_in_use(database))
    return generate_latest(WEB) + _database_page(database, clock)


def _database_page(database: Database, clock: Clock) -> bytes:
    registry = CollectorRegistry(auto_describe=False)
    up = Gauge("rongdun_database_up", "1 when the database answers", registry=registry)
    figures = DatabaseFigures(database, clock)
    families = _try(lambda: list(figures.collect()))
    up.set(0 if families is None else 1)
    page = generate_latest(registry)
    if families is None:
        return page
    return page + generate_latest(_Fixed(families))


class _Fixed(CollectorRegistry):
    """A registry of families that have already been collected."""

    def __init__(self, families: list[Metric]) -> None:
        super().__init__(auto_describe=False)
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return iter(self._families)


def _try(collect: Callable[[], list[Metric]]) -> list[Metric] | None:
    try:
        return collect()
    except SQLAlchemyError:
        return None


def _in_use(database: Database) -> int:
    pool: Any = database.engine.pool
    return int(pool.checkedout())


def _gauge(number: _Number, rows: Sequence[RowMapping]) -> Metric:
    family = GaugeMetricFamily(number.name, number.about, labels=[number.label] if number.label else [])
    for row in rows:
        if row["n"] is not None:
            family.add_metric([row["label"]] if number.label else [], float(row["n"]))
    return family


def _merge(reports: Iterable[tuple[str, dict[str, Any]]]) -> Iterable[Metric]:
    families: dict[str, Metric] = {}
    for worker, figures in reports:
        for name, report in figures.items():
            family = families.setdefault(name, Metric(name, report["help"], report["type"]))
            for sample, labels, value in report["samples"]:
                family.add_sample(sample, {**labels, "worker": worker}, value)
    return families.values()
