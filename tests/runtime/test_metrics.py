"""What Prometheus reads: counted in the database, reported by workers, and there when the database is not."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from rongdun.entrypoints.bootstrap import Centre
from rongdun.kernel.clock import FixedClock, SystemClock
from rongdun.kernel.ids import new_id
from rongdun.kernel.scope import NOBODY
from rongdun.runtime import workers
from rongdun.runtime.crypto import Vault
from rongdun.runtime.db import Database
from rongdun.runtime.metrics import SWEEPER_STEPS, exposition, snapshot
from rongdun.runtime.outbox import send
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import Services

NOON = datetime(2026, 7, 1, 4, tzinfo=UTC)


@pytest.fixture
def centre(db: Database, tmp_path: Path) -> Centre:
    services = Services(Settings(data_dir=tmp_path), db, FixedClock(NOON), Vault.ephemeral())
    return Centre(services, lambda request, uow: NOBODY)


def _value(centre: Centre, name: str, **labels: str) -> float | None:
    page = exposition(centre.services.database, centre.services.clock).decode()
    for family in text_string_to_metric_families(page):
        for sample in family.samples:
            if sample.name == name and labels.items() <= sample.labels.items():
                return sample.value
    return None


def test_messages_that_wait_are_counted_with_the_age_of_the_oldest(centre: Centre) -> None:
    with centre.transact() as uow:
        for key in "ab":
            send(uow, channel="bank", kind="k", payload={}, idempotency_key=key, unit_path="cn.")
    clock = centre.services.clock
    assert isinstance(clock, FixedClock)
    clock.advance(timedelta(seconds=90))
    assert _value(centre, "rongdun_outbox_messages", state="pending") == 2
    assert _value(centre, "rongdun_outbox_oldest_seconds") == 90


def test_what_a_worker_measured_travels_with_its_heartbeat_and_goes_stale(centre: Centre) -> None:
    SWEEPER_STEPS.labels("missed").inc(3)
    identity = workers.Identity(new_id(), "host:1", "0.1.0")
    with centre.transact() as uow:
        workers.beat(uow, identity, snapshot())
    shown = _value(centre, "rongdun_sweeper_steps_total", worker="host:1", kind="missed")
    assert shown is not None
    assert shown >= 3
    clock = centre.services.clock
    assert isinstance(clock, FixedClock)
    clock.advance(timedelta(seconds=61))
    assert _value(centre, "rongdun_sweeper_steps_total", worker="host:1", kind="missed") is None


def test_without_a_database_the_page_still_answers_and_says_so(tmp_path: Path) -> None:
    nowhere = Database(f"host={tmp_path} dbname=nothing connect_timeout=1")
    page = exposition(nowhere, SystemClock()).decode()
    assert "rongdun_database_up 0.0" in page
    assert "rongdun_db_connections_in_use" in page
