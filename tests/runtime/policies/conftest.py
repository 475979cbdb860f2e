"""The shipped rules in a fresh database."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from rongdun.kernel.policy import PolicyRule
from rongdun.kernel.scope import SYSTEM
from rongdun.runtime.db import Database
from rongdun.runtime.policies import SeedReport, seed_policies

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

OpenSession = Callable[[], AbstractContextManager[Session]]
Seed = Callable[..., SeedReport]


@pytest.fixture
def open_session(db: Database) -> OpenSession:
    """Open a transaction of the system."""
    return lambda: db.session(SYSTEM.scope)


@pytest.fixture
def seed(open_session: OpenSession) -> Seed:
    """Seed the shipped rules, or those given, and commit."""

    def run(rules: Iterable[PolicyRule] | None = None) -> SeedReport:
        with open_session() as session:
            report = seed_policies(session, now=NOW, rules=rules)
            session.commit()
            return report

    return run
