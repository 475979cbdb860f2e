"""An installation with a vault and one table of sealed values."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from rongdun.kernel.clock import SystemClock
from rongdun.kernel.scope import SYSTEM, Actor, Scope
from rongdun.runtime.audit import write_entries
from rongdun.runtime.crypto import SealedColumn, Vault, open_vault
from rongdun.runtime.db import Database
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import Services, Uow

PEOPLE = SealedColumn("sealed_people", "id", "phone", "sealed_people.phone:{id}")


@dataclass
class House:
    """One process of an installation: its vault and its transactions."""

    database: Database
    settings: Settings
    vault: Vault
    naps: list[float] = field(default_factory=list)
    meanwhile: Callable[[], None] = lambda: None

    @contextmanager
    def transact(self, actor: Actor = SYSTEM) -> Iterator[Uow]:
        """Run one transaction and commit it."""
        clock = SystemClock()
        services = Services(self.settings, self.database, clock, self.vault, (write_entries,))
        with self.database.session(actor.scope) as session:
            uow = Uow(session, services, clock.now(), actor)
            yield uow
            uow.finish()
            session.commit()

    def sleep(self, seconds: float) -> None:
        """Do not sleep, but let happen what would happen meanwhile."""
        self.naps.append(seconds)
        self.meanwhile()

    def add(self, row: int, phone: str) -> None:
        """Store a sealed phone number."""
        values = {"id": row, "phone": self.vault.seal(phone, PEOPLE.context_of(row))}
        with self.transact() as uow:
            uow.session.execute(text("insert into sealed_people values (:id, :phone)"), values)

    def blobs(self) -> dict[int, bytes]:
        """Return every stored value, sealed."""
        with self.database.session(Scope.everything()) as session:
            rows = session.execute(text("select id, phone from sealed_people where phone is not null"))
            return {row: bytes(phone) for row, phone in rows}

    def phones(self) -> dict[int, str]:
        """Return every stored phone number, opened."""
        return {row: self.vault.open(blob, PEOPLE.context_of(row)) for row, blob in self.blobs().items()}


@pytest.fixture
def another(db: Database, owner_dsn: str, tmp_path: Path) -> Callable[..., House]:
    """Open further processes of the same installation."""
    with psycopg.connect(owner_dsn) as connection:
        connection.execute("create table sealed_people (id integer primary key, phone bytea)")
        connection.execute("grant select, insert, update on sealed_people to rongdun_app")

    def open_house(**changes: str) -> House:
        settings = Settings(data_dir=tmp_path, **changes)  # type: ignore[arg-type]
        return House(db, settings, open_vault(settings, db))

    return open_house


@pytest.fixture
def house(another: Callable[..., House]) -> House:
    """The installation's first process."""
    return another()
