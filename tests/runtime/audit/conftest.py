"""An audit with a few entries, and hands that can reach under it as the database's owner."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from rongdun.kernel.scope import SYSTEM, Scope, SubjectRef
from rongdun.runtime.audit import (
    Evidence,
    Report,
    append,
    reader,
    sign_daily_root,
    trusted_keys,
    verify_all,
)
from rongdun.runtime.db import Database
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import AuditDraft

START = datetime(2025, 3, 1, 2, 0, 0, 123456, tzinfo=UTC)


def draft(number: int, **changes: Any) -> AuditDraft:
    """Return an entry about case ``number``."""
    subject = SubjectRef("case", str(number), f"演示案件{number}")
    values = {"actor": SYSTEM, "action": "case.change", "subject": subject, "unit_path": "cn.fj.fz."}
    return AuditDraft(**{**values, "after": {"状态": "已立案", "n": number}, **changes})


@dataclass
class Memory:
    """The audit under test."""

    db: Database
    owner_dsn: str
    settings: Settings

    def write(
        self, *drafts: AuditDraft, now: datetime = START, chains: int = 1, algorithm: str = "sm3"
    ) -> None:
        """Append ``drafts`` in one transaction."""
        with self.db.session(Scope.everything()) as session:
            append(session, drafts, now=now, algorithm=algorithm, chains=chains)
            session.commit()

    def fill(self, count: int, *, now: datetime = START) -> None:
        """Append ``count`` entries to chain 0, each in its own transaction."""
        for number in range(1, count + 1):
            self.write(draft(number), now=now)

    def sign(self, now: datetime) -> list[str]:
        """Sign what is due at ``now``; return the days."""
        with self.db.session(Scope.everything()) as session:
            days = sign_daily_root(session, settings=self.settings, now=now)
            session.commit()
        return [day.isoformat() for day in days]

    def verify(self) -> Report:
        """Check everything."""
        evidence = Evidence(self.settings.audit_roots, trusted_keys(self.settings.keys))
        with reader(self.db.dsn) as connection:
            return verify_all(connection, evidence)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return what ``query`` finds, read as the owner."""
        with psycopg.connect(self.owner_dsn) as connection:
            return connection.execute(query).fetchall()

    def tamper(self, *statements: str) -> None:
        """Change the audit as its owner can who first switches its triggers off."""
        tables = ("audit_entries", "audit_heads", "audit_roots")
        with psycopg.connect(self.owner_dsn) as connection:
            for table in tables:
                connection.execute(f"alter table {table} disable trigger all")
            for statement in statements:
                connection.execute(statement)
            for table in tables:
                connection.execute(f"alter table {table} enable trigger all")


@pytest.fixture
def memory(db: Database, owner_dsn: str, tmp_path: Path) -> Memory:
    """An empty audit."""
    return Memory(db, owner_dsn, Settings(data_dir=tmp_path))
