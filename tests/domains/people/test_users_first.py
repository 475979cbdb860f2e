"""The first administrator of a real installation."""

from pathlib import Path

import pytest

from rongdun.domains.people import authenticate, create_first_administrator, store
from rongdun.domains.people.errors import LoginTaken
from rongdun.domains.people.first import AdministratorThere
from rongdun.domains.people.passwords import check
from rongdun.entrypoints.bootstrap import Centre
from rongdun.kernel.clock import FixedClock
from rongdun.kernel.errors import Invalid
from rongdun.runtime.audit import write_entries
from rongdun.runtime.crypto import Vault
from rongdun.runtime.db import Database
from rongdun.runtime.live import write_signals
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import Services
from tests.domains.people.conftest import FUZHOU, NOON, Desk


@pytest.fixture
def empty(db: Database, tmp_path: Path) -> Centre:
    """A centre in which there is nobody and no unit."""
    hooks = (write_entries, write_signals)
    services = Services(Settings(data_dir=tmp_path), db, FixedClock(NOON), Vault.ephemeral(), hooks)
    return Centre(services, authenticate)


def test_an_empty_installation_gets_a_root_and_somebody_to_manage_it(empty: Centre) -> None:
    with empty.transact() as uow:
        password = create_first_administrator(uow, login="admin", name="系统管理员")
    with empty.transact() as uow:
        (unit,) = store.all_units(uow.session, uow.actor.scope)
        (row,) = uow.session.execute(store.users_in(uow.actor.scope)).all()
    assert (unit.path, unit.kind, unit.parent_id) == ("cn.root.", "province", None)
    assert (row.User.login, row.User.roles, row.User.scope_path) == ("admin", ["administrator"], "cn.root.")
    assert row.User.must_change_password
    assert check(password, row.User.password_hash).fits


def test_there_is_no_second_first_one(empty: Centre) -> None:
    with empty.transact() as uow:
        create_first_administrator(uow, login="admin", name="系统管理员")
    with pytest.raises(AdministratorThere), empty.transact() as uow:
        create_first_administrator(uow, login="other", name="系统管理员")


def test_a_centre_whose_administrators_are_all_disabled_can_be_opened_again(desk: Desk) -> None:
    desk.user("admin", "administrator", unit=FUZHOU, disabled_at=NOON)
    with desk.centre.transact() as uow:
        create_first_administrator(uow, login="rescue", name="系统管理员")
    rescue = desk.read_user("rescue")
    assert (rescue.unit_path, rescue.scope_path) == ("cn.fj.", "cn.fj.")
    assert desk.trail("user.create")[0].actor_login == "system"


def test_a_login_that_is_none_or_taken_is_refused(desk: Desk) -> None:
    desk.user("admin", "administrator", unit=FUZHOU, disabled_at=NOON)
    with pytest.raises(Invalid), desk.centre.transact() as uow:
        create_first_administrator(uow, login="Admin!", name="系统管理员")
    with pytest.raises(LoginTaken), desk.centre.transact() as uow:
        create_first_administrator(uow, login="admin", name="系统管理员")
