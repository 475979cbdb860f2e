"""The database is killed again and again while officers work: what was acknowledged is there, in one chain."""

import os
import random
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError, OperationalError

from rongdun.entrypoints.bootstrap import Centre
from rongdun.kernel.clock import SystemClock
from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.audit import Evidence, reader, verify_all, write_entries
from rongdun.runtime.crypto import Vault
from rongdun.runtime.db import Database
from rongdun.runtime.localpg import LocalServer, start
from rongdun.runtime.schema import migrate
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import Services
from rongdun.runtime.web import Authenticator

KILLS = 20
OFFICERS = 4


@pytest.fixture
def settings(postgres_dir: Path) -> Settings:
    """An installation whose database keeps what it promises (nothing is switched off for speed)."""
    directory = Path(tempfile.mkdtemp(dir=postgres_dir))
    directory.chmod(0o711)
    return Settings(data_dir=directory / "var")


@pytest.fixture
def server(settings: Settings) -> Iterator[LocalServer]:
    with start(settings) as server:
        migrate(server.owner_dsn)
        yield server


@dataclass
class Officers:
    """Threads that each put one thing after another on record, and remember what was acknowledged."""

    centre: Centre
    acknowledged: list[str] = field(default_factory=list)
    failures: int = 0
    done: threading.Event = field(default_factory=threading.Event)

    def work(self, name: str) -> None:
        number = 0
        while not self.done.is_set():
            number += 1
            case = f"{name}-{number}"
            try:
                with self.centre.transact() as uow:
                    uow.record("case.change", SubjectRef("case", case, case), unit_path="cn.fj.fz.")
            except DBAPIError as error:
                assert isinstance(error, OperationalError) or error.connection_invalidated, error
                self.failures += 1
                time.sleep(0.01)
            else:
                self.acknowledged.append(case)


def test_killed_twenty_times_under_load_nothing_acknowledged_is_lost(
    server: LocalServer, settings: Settings, tmp_path: Path
) -> None:
    seed = int(os.environ.get("RONGDUN_TEST_SEED") or random.SystemRandom().randrange(2**32))
    print(f"RONGDUN_TEST_SEED={seed}")
    chance = random.Random(seed)
    database = Database(server.app_dsn, pool=OFFICERS)
    services = Services(settings, database, SystemClock(), cast(Vault, None), (write_entries,))
    officers = Officers(Centre(services, cast(Authenticator, None)))
    threads = [threading.Thread(target=officers.work, args=[f"officer{n}"]) for n in range(OFFICERS)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(KILLS):
            before = len(officers.acknowledged)
            time.sleep(chance.uniform(0.02, 0.25))
            os.kill(server.pid, signal.SIGKILL)
            while server.running():
                time.sleep(0.001)
            assert server.ensure_running()
            _wait_for_work(officers, before)
    finally:
        officers.done.set()
        for thread in threads:
            thread.join()
        database.close()
    assert officers.failures, "the load felt the kills"
    _all_is_there(server, settings, officers.acknowledged)


def _wait_for_work(officers: Officers, before: int) -> None:
    """Officers go on by themselves within half a minute after the server is back."""
    for _ in range(3000):
        if len(officers.acknowledged) > before:
            return
        time.sleep(0.01)
    raise AssertionError("nobody could work after the database came back")


def _all_is_there(server: LocalServer, settings: Settings, acknowledged: list[str]) -> None:
    with psycopg.connect(server.owner_dsn) as connection:
        kept = [row[0] for row in connection.execute("select subject_id from audit_entries")]
    assert set(acknowledged) <= set(kept)
    assert len(kept) == len(set(kept)), "nothing was written twice"
    # A commit may have reached the disk just before its acknowledgement could reach the officer.
    assert len(kept) - len(acknowledged) <= KILLS * OFFICERS
    with reader(server.app_dsn) as connection:
        report = verify_all(connection, Evidence(settings.audit_roots, {}))
    assert report.faults == []
    assert report.entries == len(kept)
