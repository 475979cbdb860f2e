"""A sweeper killed at any instruction leaves nothing lost and nothing doubled."""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from rongdun.entrypoints.bootstrap import Centre
from rongdun.kernel.clock import FixedClock
from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.deadlines import Deadline, DeadlineEvent, Sweeper, open_deadline
from rongdun.runtime.outbox import OutboxMessage

COUNT = 300

CHILD = """
import sys, threading
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from rongdun.entrypoints.bootstrap import Centre
from rongdun.kernel.clock import FixedClock
from rongdun.runtime.audit import write_entries
from rongdun.runtime.db import Database
from rongdun.runtime.deadlines import Sweeper
from rongdun.runtime.live import write_signals
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import Services

dsn, data_dir, moment, hang = sys.argv[1:]
services = Services(Settings(data_dir=Path(data_dir)), Database(dsn), FixedClock(datetime.fromisoformat(moment)),
                    None, (write_entries, write_signals))
centre = Centre(services, None)

@contextmanager
def hang_before_commit(*actor):
    with centre.transact(*actor) as uow:
        yield uow
        if uow.entries:
            uow.finish()
            print("written, not committed", flush=True)
            threading.Event().wait()

sweeper = Sweeper(transact=hang_before_commit if hang == "hang" else centre.transact, worker="child", batch=7,
                  database_now=lambda _: services.clock.now())
print("ready", flush=True)
while True:
    sweeper.tick()
"""


@contextmanager
def _child(centre: Centre, clock: FixedClock, *, hang: bool) -> Iterator["subprocess.Popen[str]"]:
    settings = centre.services.settings
    arguments = [centre.services.database.dsn, str(settings.data_dir), clock.now().isoformat()]
    process = subprocess.Popen(
        [sys.executable, "-c", CHILD, *arguments, "hang" if hang else "run"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()


@pytest.fixture
def due(centre: Centre, clock: FixedClock) -> None:
    """Open deadlines whose due moment has just passed."""
    with centre.transact() as uow:
        for number in range(COUNT):
            subject = SubjectRef("stop_order", str(number))
            open_deadline(uow, rule_key="stop.validity", subject=subject, unit_path="cn.fj.fz.")
    clock.set(datetime(2026, 7, 3, 4, 0, 1, tzinfo=UTC))


def _missed(centre: Centre) -> int:
    with centre.transact() as uow:
        return uow.session.scalar(select(func.count()).where(Deadline.state == "missed")) or 0


def _assert_each_once(centre: Centre) -> None:
    with centre.transact() as uow:
        events = uow.session.scalar(select(func.count()).where(DeadlineEvent.kind == "missed"))
        messages = uow.session.scalar(select(func.count(OutboxMessage.id)))
    assert (_missed(centre), events, messages) == (COUNT, COUNT, COUNT)


def _finish(sweeper: Callable[..., Sweeper], centre: Centre) -> None:
    heir = sweeper("heir")
    give_up = time.monotonic() + 30
    while _missed(centre) < COUNT and time.monotonic() < give_up:
        heir.tick()


@pytest.mark.usefixtures("due")
def test_killed_between_writing_and_committing_the_next_sweeper_does_it_all(
    centre: Centre, clock: FixedClock, sweeper: Callable[..., Sweeper]
) -> None:
    with _child(centre, clock, hang=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "written, not committed\n"
    assert _missed(centre) == 0
    _finish(sweeper, centre)
    _assert_each_once(centre)


@pytest.mark.usefixtures("due")
def test_killed_again_and_again_at_random_the_work_is_finished_once(
    centre: Centre, clock: FixedClock, sweeper: Callable[..., Sweeper]
) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    chance = random.Random(seed)
    done = []
    for _ in range(4):
        with _child(centre, clock, hang=False):
            time.sleep(chance.uniform(0.01, 0.2))
        done.append(_missed(centre))
    assert done == sorted(done)
    _finish(sweeper, centre)
    _assert_each_once(centre)
