"""A centre on a fresh database with a clock that the test moves, and transports that do as told."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any, cast
from uuid import UUID

import pytest

from rongdun.entrypoints.bootstrap import Centre
from rongdun.kernel.clock import FixedClock
from rongdun.runtime.crypto import Vault
from rongdun.runtime.db import Database
from rongdun.runtime.outbox import Courier, Outgoing, Plan, send
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import Services
from rongdun.runtime.web import Authenticator

NOON = datetime(2026, 7, 1, 4, tzinfo=UTC)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def centre(db: Database, clock: FixedClock, tmp_path: Path) -> Centre:
    services = Services(
        settings=Settings(data_dir=tmp_path), database=db, clock=clock, vault=cast(Vault, None)
    )
    return Centre(services, cast(Authenticator, None))


class Partner:
    """A transport that keeps what it gets, and fails while it has errors left to raise."""

    def __init__(self) -> None:
        self.got: list[Outgoing] = []
        self.errors: list[Exception] = []

    def deliver(self, message: Outgoing) -> str:
        if self.errors:
            raise self.errors.pop(0)
        self.got.append(message)
        return f"R{len(self.got)}"

    @property
    def keys(self) -> list[str]:
        return [message.idempotency_key for message in self.got]


@pytest.fixture
def partner() -> Partner:
    return Partner()


@pytest.fixture
def courier(centre: Centre, partner: Partner) -> Courier:
    return make_courier(centre, partner, "w1")


def make_courier(centre: Centre, partner: Partner, worker: str, **plan: Any) -> Courier:
    return Courier(
        transact=centre.transact,
        transports={"bank": partner},
        worker=worker,
        plan=Plan(**plan),
        chance=Random(7),
    )


@pytest.fixture
def post(centre: Centre) -> Callable[..., UUID]:
    """Write a message in a transaction of its own."""

    def write(key: str, **options: Any) -> UUID:
        values = {"channel": "bank", "kind": "stop_order", "payload": {"order": key}, **options}
        with centre.transact() as uow:
            return send(uow, idempotency_key=key, unit_path="cn.fj.fz.", **values)

    return write
