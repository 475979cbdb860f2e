"""People over HTTP: real sessions, real audit; the clock stands still until `desk.clock` is moved."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import select

from rongdun.domains import people
from rongdun.domains.people import passwords
from rongdun.domains.people.model import SignInSession, Unit, User
from rongdun.domains.people.tokens import csrf_of, new_token, token_hash
from rongdun.entrypoints.bootstrap import Centre
from rongdun.kernel.clock import FixedClock
from rongdun.kernel.ids import new_id
from rongdun.runtime import problems
from rongdun.runtime.audit import write_entries
from rongdun.runtime.audit.model import AuditEntry
from rongdun.runtime.crypto import Vault
from rongdun.runtime.db import Database
from rongdun.runtime.live import write_signals
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import Services, Uow

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
FUZHOU = "cn.fj.fz."
GULOU = "cn.fj.fz.gulou."
DONGJIE = "cn.fj.fz.gulou.dongjie."
CANGSHAN = "cn.fj.fz.cangshan."
URL = "http://testserver"

TREE = {
    "cn.fj.": ("province", "演示·福建省"),
    "cn.fj.fz.": ("city", "演示·福州市局"),
    "cn.fj.fz.gulou.": ("county", "演示·鼓楼分局"),
    "cn.fj.fz.gulou.dongjie.": ("station", "演示·东街派出所"),
    "cn.fj.fz.cangshan.": ("county", "演示·仓山分局"),
}
"""The units every test finds, parents first."""


@dataclass
class Desk:
    """The application under test."""

    app: FastAPI
    centre: Centre
    clock: FixedClock
    client: TestClient
    csrf: str = ""
    units: dict[str, UUID] = field(default_factory=dict)

    def call(self, method: str, path: str, status: int, **options: Any) -> Any:
        """Call the API as a page of the centre would; return the JSON answer, or None for an empty one."""
        headers = {"X-CSRF-Token": self.csrf, **options.pop("headers", {})}
        answer = self.client.request(method, path, headers=headers, follow_redirects=False, **options)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def unit(self, path: str, kind: str, name: str) -> UUID:
        """Create a unit; the one above must be there."""
        with self.centre.transact() as uow:
            unit = _unit(uow, path, kind, name, self.units)
        self.units[path] = unit.id
        return unit.id

    def user(
        self,
        login: str,
        *roles: str,
        unit: str = GULOU,
        scope: str | None = None,
        password_hash: str = "",
        **more: Any,
    ) -> UUID:
        """Create a user of the unit at ``unit`` who sees the subtree of ``scope`` (default: the unit's)."""
        with self.centre.transact() as uow:
            row = _user(uow, login, roles, unit_id=self.units[unit], unit_path=unit)
            row.scope_path = scope or unit
            row.password_hash = password_hash
            for name, value in more.items():
                setattr(row, name, value)
            uow.session.add(row)
        return row.id

    def read_user(self, login: str) -> User:
        """Return a user as the database has them."""
        with self.centre.transact() as uow:
            return uow.session.scalars(select(User).where(User.login == login)).one()

    def sign_in(self, login: str) -> UUID:
        """Open a full session for ``login`` in this client, without the way in; return the session's id."""
        token = new_token()
        with self.centre.transact() as uow:
            user = uow.session.scalars(select(User).where(User.login == login)).one()
            row = _session(uow, user, token)
            uow.session.add(row)
        self.carry(token)
        return row.id

    def carry(self, token: str) -> None:
        """Let this client hold ``token`` and nothing else."""
        self.client.cookies.clear()
        self.client.cookies.set("rongdun", token)
        self.csrf = csrf_of(token)

    def sign_out(self) -> None:
        """Forget the session in this client only."""
        self.client.cookies.clear()
        self.csrf = ""

    def trail(self, action: str = "") -> list[AuditEntry]:
        """Return what stands on record of ``action`` (default: all of it), in the order of writing."""
        with self.centre.transact() as uow:
            found = select(AuditEntry).order_by(AuditEntry.at, AuditEntry.chain, AuditEntry.seq)
            return [row for row in uow.session.scalars(found) if not action or row.action == action]


def _unit(uow: Uow, path: str, kind: str, name: str, units: dict[str, UUID]) -> Unit:
    head, _, code = path[:-1].rpartition(".")
    unit = Unit(id=new_id(), parent_id=units.get(f"{head}."), kind=kind, code=code, path=path, name=name)
    unit.created_at = unit.updated_at = uow.now
    uow.session.add(unit)
    return unit


def _user(uow: Uow, login: str, roles: tuple[str, ...], *, unit_id: UUID, unit_path: str) -> User:
    return User(
        id=new_id(),
        login=login,
        name=f"演示·{login}",
        unit_id=unit_id,
        unit_path=unit_path,
        roles=list(roles),
        password_changed_at=uow.now,
        must_change_password=False,
        created_at=uow.now,
        updated_at=uow.now,
    )


def _session(uow: Uow, user: User, token: str) -> SignInSession:
    return SignInSession(
        id=new_id(),
        user_id=user.id,
        unit_path=user.unit_path,
        token_hash=token_hash(token),
        stage="full",
        created_at=uow.now,
        last_seen_at=uow.now,
        expires_at=uow.now + timedelta(hours=uow.settings.session_hours),
        ip="127.0.0.1",
        user_agent="演示浏览器",
    )


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let password hashes cost next to nothing; what they cost in truth has a test of its own."""
    cheap = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1),))
    monkeypatch.setattr(passwords, "_HASHER", cheap)
    passwords._nobodys_hash.cache_clear()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The settings of the centre under test; a test module may shadow this fixture."""
    return Settings(data_dir=tmp_path, public_url=URL, audit_chains=1)


@pytest.fixture
def desk(db: Database, settings: Settings) -> Iterator[Desk]:
    """A centre with the units of :data:`TREE` and nobody in them."""
    clock = FixedClock(NOON)
    services = Services(settings, db, clock, Vault.ephemeral(), (write_entries, write_signals))
    centre = Centre(services, people.authenticate)
    app = FastAPI()
    app.state.gate = centre
    problems.install(app)
    app.include_router(people.auth_router)
    app.include_router(people.router)
    with TestClient(app, base_url=URL) as client:
        desk = Desk(app, centre, clock, client)
        for path, (kind, name) in TREE.items():
            desk.unit(path, kind, name)
        yield desk
