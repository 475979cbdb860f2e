"""The API keeps to its own description: schemathesis makes requests from it and checks every answer."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi import Request
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import ignored_auth, positive_data_acceptance
from schemathesis.core.failures import FailureGroup
from schemathesis.schemas import APIOperation
from sqlalchemy import text

from rongdun.entrypoints.bootstrap import Centre
from rongdun.entrypoints.http import create_app
from rongdun.kernel.clock import FixedClock
from rongdun.kernel.ids import new_id
from rongdun.kernel.scope import Actor, Scope
from rongdun.runtime.audit import write_entries
from rongdun.runtime.authz import permissions
from rongdun.runtime.crypto import Vault
from rongdun.runtime.db import Database
from rongdun.runtime.live import write_signals
from rongdun.runtime.policies import seed_policies
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import Services, Uow
from rongdun.simulation.demo_deadlines import seed_demo_deadlines
from rongdun.simulation.demo_people import seed_demo_people
from tests.entrypoints.lifespan import not_listening

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CITY = "cn.fj.fz."

LASTING = ("/api/events", "/health", "/metrics")
"""A stream never ends, and the others speak to machines in other shapes; their own tests call them."""

SESSION_BOUND = "/api/auth/"
"""Signing in is a conversation over several requests; tests/domains/people holds it."""

EXAMPLES = 5
"""Requests made up for each endpoint; with 70 of them that is the most a run of all tests has time for."""


@pytest.fixture
def schema(db: Database, tmp_path: Path) -> schemathesis.BaseSchema:
    """The description of the whole API, called as somebody of the city who may do everything."""
    services = Services(
        Settings(data_dir=tmp_path, upload_limit_mib=1),
        db,
        FixedClock(NOW),
        Vault.ephemeral(),
        (write_entries, write_signals),
    )
    somebody: Actor

    def authenticate(request: Request, uow: Uow) -> Actor:
        return somebody

    centre = Centre(services, authenticate)
    with centre.transact() as uow:
        seed_policies(uow.session, now=NOW)
        seed_demo_people(uow)
        seed_demo_deadlines(uow)
    with centre.transact() as uow:
        somebody = _somebody(uow)
    app = create_app(centre)
    app.router.lifespan_context = not_listening
    return schemathesis.openapi.from_asgi("/api/openapi.json", app)


def _somebody(uow: Uow) -> Actor:
    found = uow.session.execute(text("select id, unit_id from users where login = 'auditor'")).one()
    return Actor(
        user_id=found.id,
        login="auditor",
        name="演示·甲",
        unit_id=found.unit_id,
        unit_path=CITY,
        roles=frozenset({"auditor"}),
        permissions=frozenset(permission.key for permission in permissions()),
        scope=Scope.subtree(CITY),
        session_id=new_id(),
        ip="127.0.0.1",
    )


NOT_ASKED = [ignored_auth, positive_data_acceptance]
"""Whoever calls is let in by the fixture (the access matrix tries the door), and rules refuse what a schema allows."""


def _called(operation: APIOperation[Any, Any, Any, Any]) -> bool:
    return not operation.path.startswith((*LASTING, SESSION_BOUND))


def test_every_answer_is_as_described(schema: schemathesis.BaseSchema) -> None:
    # schemathesis' own pytest plugin reaches into pytest's internals, which the installed pytest no longer has.
    described: Any = list(schema.get_all_operations())
    operations = [found.ok() for found in described]
    wrong = [told for operation in operations if _called(operation) for told in _try(operation)]
    assert wrong == [], "\n\n".join(wrong)


def _try(operation: APIOperation[Any, Any, Any, Any]) -> list[str]:
    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def call(case: Any) -> None:
        case.call_and_validate(excluded_checks=NOT_ASKED)

    try:
        call()
    except FailureGroup as group:
        return [f"{operation.label}: {failure}" for failure in group.exceptions]
    return []
