"""The demonstration's units and people in a database: whole, sealed, and seeded once."""

from pathlib import Path

import pytest

from rongdun.domains.people import authenticate, store
from rongdun.domains.people.passwords import check
from rongdun.domains.people.rules import misplaced, not_alone
from rongdun.entrypoints.bootstrap import Centre
from rongdun.kernel.clock import SystemClock
from rongdun.runtime.audit import write_entries
from rongdun.runtime.crypto import Vault
from rongdun.runtime.db import Database
from rongdun.runtime.live import write_signals
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import Services
from rongdun.simulation.demo_city import demo_city
from rongdun.simulation.demo_people import seed_demo_people


@pytest.fixture
def city(db: Database, tmp_path: Path) -> Centre:
    hooks = (write_entries, write_signals)
    services = Services(Settings(data_dir=tmp_path), db, SystemClock(), Vault.ephemeral(), hooks)
    centre = Centre(services, authenticate)
    with centre.transact() as uow:
        assert seed_demo_people(uow) == (len(demo_city().units), 40)
    return centre


def test_the_city_stands_as_its_files_describe_it(city: Centre) -> None:
    with city.transact() as uow:
        units = store.all_units(uow.session, uow.actor.scope)
        rows = uow.session.execute(store.users_in(uow.actor.scope)).all()
    assert [unit.path for unit in units] == sorted(unit.path for unit in demo_city().units)
    assert {unit.path: unit.name for unit in units} == {unit.path: unit.name.zh for unit in demo_city().units}
    seen = {row.User.login: (row.Unit.path, row.User.scope_path, tuple(row.User.roles)) for row in rows}
    assert seen == {user.login: (user.unit, user.scope, user.roles) for user in demo_city().users}
    assert not any(misplaced(row.User.roles, row.Unit.kind) or not_alone(row.User.roles) for row in rows)


def test_everybody_signs_in_with_the_one_password_and_need_not_change_it(city: Centre) -> None:
    with city.transact() as uow:
        users = [row.User for row in uow.session.execute(store.users_in(uow.actor.scope))]
    assert not any(user.must_change_password for user in users)
    (hashed,) = {user.password_hash for user in users}
    assert check(demo_city().password, hashed).fits


def test_numbers_are_sealed_and_open_only_where_they_belong(city: Centre) -> None:
    phones = {user.login: user.phone for user in demo_city().users}
    numbers = {user.login: user.id_number for user in demo_city().users}
    with city.transact() as uow:
        for row in uow.session.execute(store.users_in(uow.actor.scope)):
            user = row.User
            assert uow.vault.open(user.phone, f"users.phone:{user.id}") == phones[user.login]
            assert uow.vault.open(user.id_number, f"users.id_number:{user.id}") == numbers[user.login]
            assert phones[user.login].encode() not in user.phone


def test_seeding_again_changes_nothing(city: Centre) -> None:
    with city.transact() as uow:
        user = store.users_in(uow.actor.scope)
        before = {row.User.login: row.User.version for row in uow.session.execute(user)}
        assert seed_demo_people(uow) == (0, 0)
        assert {row.User.login: row.User.version for row in uow.session.execute(user)} == before
