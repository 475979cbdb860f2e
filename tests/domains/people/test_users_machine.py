"""Whatever administrators do, in whatever order: somebody who administers remains, and nobody falls out of the tree."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import text

from rongdun.domains.people import access, passwords, units, users
from rongdun.domains.people.rules import ADMINISTRATOR, AUDITOR, HOMES, KINDS
from rongdun.kernel.errors import DomainError
from rongdun.kernel.scope import SYSTEM, Actor, Scope
from rongdun.runtime.uow import Uow
from tests.domains.people.conftest import Desk
from tests.domains.people.offices import open_offices

ROLES = st.lists(st.sampled_from(sorted(HOMES)), min_size=1, max_size=2)
PICK = st.integers(0, 30)
VERBS = st.sampled_from([access.disable, access.enable, access.unlock, access.reset_password])


ENABLED = (
    "select id, login, unit_path, scope_path from users"
    " where 'administrator' = any (roles) and disabled_at is null order by login"
)


class Administration(RuleBasedStateMachine):
    """Random acts of whoever is an enabled administrator at the time; refusals are part of the game."""

    desk: Desk

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        services = self.desk.centre.services
        self.opened = ExitStack()
        session = self.opened.enter_context(services.database.session(Scope.everything()))
        self.uow = Uow(session, services, services.clock.now())

    def teardown(self) -> None:
        # Nothing was committed: the next round begins where this one did.
        self.opened.close()

    def _rows(self, statement: str) -> list[Any]:
        self.uow.act_as(SYSTEM)
        return list(self.uow.session.execute(text(statement)))

    def _actor(self, pick: int) -> Actor:
        enabled = self._rows(ENABLED)
        return _actor_of(enabled[pick % len(enabled)])

    def _seen(self, table: str, pick: int) -> tuple[UUID, int]:
        rows = self._rows(f"select id, version from {table} order by id")
        id, version = rows[pick % len(rows)]
        return id, version

    def _try(self, actor: Actor, act: Callable[[Uow], object]) -> None:
        try:
            with self.uow.session.begin_nested():
                self.uow.act_as(actor)
                act(self.uow)
        except DomainError as error:
            assert error.status in (404, 409, 422)

    @rule(actor=PICK, unit=PICK, roles=ROLES)
    def create(self, actor: int, unit: int, roles: list[str]) -> None:
        self.count += 1
        unit_id, _ = self._seen("units", unit)
        fields = {"login": f"u{self.count}", "name": "演示·某", "unit_id": unit_id, "roles": roles}
        self._try(self._actor(actor), lambda uow: users.create(uow, fields))

    @rule(actor=PICK, user=PICK, verb=VERBS)
    def act(self, actor: int, user: int, verb: Callable[..., object]) -> None:
        user_id, version = self._seen("users", user)
        self._try(self._actor(actor), lambda uow: verb(uow, user_id, version=version))

    @rule(actor=PICK, other=PICK)
    def retire_an_administrator(self, actor: int, other: int) -> None:
        retired = self._actor(other)
        assert retired.user_id is not None
        user_id, version = self._seen(f"users where id = '{retired.user_id}'", 0)
        self._try(self._actor(actor), lambda uow: access.disable(uow, user_id, version=version))

    @rule(actor=PICK, user=PICK, unit=PICK, roles=ROLES)
    def move(self, actor: int, user: int, unit: int, roles: list[str]) -> None:
        user_id, version = self._seen("users", user)
        unit_id, _ = self._seen("units", unit)
        fields = {"unit_id": unit_id, "roles": roles}
        self._try(self._actor(actor), lambda uow: users.update(uow, user_id, version=version, fields=fields))

    @rule(actor=PICK, unit=PICK, active=st.booleans())
    def turn(self, actor: int, unit: int, active: bool) -> None:
        unit_id, version = self._seen("units", unit)
        fields = {"active": active}
        self._try(self._actor(actor), lambda uow: units.update(uow, unit_id, version=version, fields=fields))

    @rule(actor=PICK, unit=PICK, kind=st.sampled_from(sorted(KINDS)))
    def found(self, actor: int, unit: int, kind: str) -> None:
        parent_id, _ = self._seen("units", unit)
        fields = {"parent_id": parent_id, "kind": kind, "code": f"x_{kind}", "name": f"演示·{kind}"}
        self._try(self._actor(actor), lambda uow: units.create(uow, fields))

    @invariant()
    def somebody_administers(self) -> None:
        assert self._rows(ENABLED)

    @invariant()
    def nobody_stands_where_they_cannot(self) -> None:
        people = (
            "select u.login, u.roles, u.unit_path, u.scope_path, u.disabled_at, n.path, n.kind, n.active"
            " from users u left join units n on n.id = u.unit_id"
        )
        for row in self._rows(people):
            assert row.unit_path == row.path, "everybody is in the tree"
            assert row.path.startswith(row.scope_path), "the scope holds the unit"
            assert all(row.kind in HOMES[role] for role in row.roles), "roles belong there"
            assert not {ADMINISTRATOR, AUDITOR} < set(row.roles), "duties are apart"
            assert row.active or row.disabled_at, "nobody works in a closed unit"

    @invariant()
    def the_tree_holds_together(self) -> None:
        orphans = (
            "select c.path from units c join units p on p.id = c.parent_id"
            " where c.path <> p.path || c.code || '.' or (c.active and not p.active)"
        )
        assert self._rows(orphans) == []


def _actor_of(row: Any) -> Actor:
    return Actor(
        user_id=row.id,
        login=row.login,
        name=row.login,
        unit_id=None,
        unit_path=row.unit_path,
        roles=frozenset({ADMINISTRATOR}),
        permissions=frozenset({"user.write", "unit.write"}),
        scope=Scope.subtree(row.scope_path),
    )


def test_whatever_administrators_do(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (users, access):
        monkeypatch.setattr(module, "hash_password", lambda password: f"hash of {len(password)}")
    assert passwords.temporary_password()
    Administration.desk = open_offices(desk)
    run_state_machine_as_test(
        Administration,
        settings=settings(
            max_examples=12,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )
