"""A centre on a fresh database with the shipped rules and a clock that the test moves."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from rongdun.entrypoints.bootstrap import Centre
from rongdun.kernel.clock import FixedClock
from rongdun.kernel.policy import PolicyRule
from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.audit import write_entries
from rongdun.runtime.crypto import Vault
from rongdun.runtime.db import Database
from rongdun.runtime.deadlines import Deadline, Sweeper, open_deadline
from rongdun.runtime.live import write_signals
from rongdun.runtime.policies import seed_policies
from rongdun.runtime.policies.seedfile import shipped_files
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import Services
from rongdun.runtime.web import Authenticator


@pytest.fixture
def start() -> datetime:
    """Wednesday 1 July 2026, noon in Shanghai."""
    return datetime(2026, 7, 1, 4, tzinfo=UTC)


@pytest.fixture
def clock(start: datetime) -> FixedClock:
    return FixedClock(start)


@pytest.fixture
def centre(db: Database, clock: FixedClock, tmp_path: Path) -> Centre:
    services = Services(
        settings=Settings(data_dir=tmp_path),
        database=db,
        clock=clock,
        vault=cast(Vault, None),
        before_commit=(write_entries, write_signals),
    )
    centre = Centre(services, cast(Authenticator, None))
    with centre.transact() as uow:
        seed_policies(uow.session, now=uow.now, rules=_rules())
    return centre


def _rules() -> list[PolicyRule]:
    wanted = ("stop.toml", "freeze.toml", "report.toml", "clues.toml")
    return [rule for name, rules in shipped_files() if name in wanted for rule in rules]


@pytest.fixture
def opened(centre: Centre) -> Callable[..., Deadline]:
    """Open a stop order's 48 hours (or another rule) in a transaction of its own."""

    def open_one(number: str = "FZ-1", *, rule_key: str = "stop.validity", **options: Any) -> Deadline:
        with centre.transact() as uow:
            return open_deadline(
                uow,
                rule_key=rule_key,
                subject=SubjectRef("stop_order", number, number),
                unit_path=options.pop("unit_path", "cn.fj.fz."),
                **options,
            )

    return open_one


@pytest.fixture
def sweeper(centre: Centre, clock: FixedClock) -> Callable[..., Sweeper]:
    """Make a sweeper whose monotonic clock and database clock follow the test's clock."""

    def make(worker: str = "w1", **options: Any) -> Sweeper:
        values: dict[str, Any] = {
            "monotonic": lambda: clock.now().timestamp(),
            "database_now": lambda _: clock.now(),
            **options,
        }
        return Sweeper(transact=centre.transact, worker=worker, **values)

    return make
