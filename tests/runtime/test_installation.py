"""What a start finds in a database, and what it therefore must not do."""

from pathlib import Path

import psycopg
import pytest
from alembic.script import ScriptDirectory

from rongdun.domains.people import create_first_administrator
from rongdun.entrypoints.bootstrap import Centre
from rongdun.kernel.clock import SystemClock
from rongdun.kernel.errors import DomainError
from rongdun.kernel.scope import NOBODY
from rongdun.runtime import installation, schema
from rongdun.runtime.crypto import Vault
from rongdun.runtime.db import Database
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import Services

MIGRATIONS = Path(schema.__file__).parents[1] / "migrations"


@pytest.fixture
def centre(db: Database, tmp_path: Path) -> Centre:
    services = Services(Settings(data_dir=tmp_path), db, SystemClock(), Vault.ephemeral())
    return Centre(services, lambda request, uow: NOBODY)


def test_a_migrated_database_without_people_is_fresh(app_dsn: str) -> None:
    assert installation.look(app_dsn) == ("fresh", schema.newest_revision(), "")


def test_people_without_a_mark_count_as_real_work(centre: Centre, app_dsn: str) -> None:
    with centre.transact() as uow:
        create_first_administrator(uow, login="admin", name="演示管理员")
    found = installation.look(app_dsn)
    assert found.kind == "unmarked"
    with pytest.raises(installation.RealWork):
        installation.require_kind(found, demo=True)
    installation.require_kind(found, demo=False)


@pytest.mark.parametrize("statement", ["", "create table shop (id int)", "create view shop as select 1"])
def test_an_empty_database_is_told_from_another_programs(owner_dsn: str, statement: str) -> None:
    with psycopg.connect(owner_dsn) as connection:
        connection.execute("drop schema public cascade")
        connection.execute("create schema public")
        if statement:
            connection.execute(statement)
    found = installation.look(owner_dsn)
    assert found.kind == ("foreign" if statement else "empty")
    for demo in (True, False):
        if statement:
            with pytest.raises(installation.ForeignDatabase):
                installation.require_kind(found, demo=demo)
        else:
            installation.require_kind(found, demo=demo)


@pytest.mark.parametrize(
    ("kind", "wanted", "refusal"),
    [
        ("demo", True, None),
        ("demo", False, installation.DemonstrationData),
        ("real", True, installation.RealWork),
        ("real", False, None),
        ("fresh", True, None),
        ("fresh", False, None),
    ],
)
def test_demonstration_and_real_work_keep_apart(
    kind: str, wanted: bool, refusal: type[DomainError] | None
) -> None:
    found = installation.Found(kind, schema.newest_revision())
    if refusal is None:
        installation.require_kind(found, demo=wanted)
    else:
        with pytest.raises(refusal):
            installation.require_kind(found, demo=wanted)


def test_the_mark_stays_what_it_was_first(centre: Centre, app_dsn: str) -> None:
    with centre.transact() as uow:
        assert installation.mark(uow, demo=False) is True
    with centre.transact() as uow:
        assert installation.mark(uow, demo=True) is False
        assert installation.kind_of(uow.session) == "real"
    found = installation.look(app_dsn)
    assert (found.kind, found.shipped) == ("real", installation.shipped_fingerprint())


def test_the_application_cannot_change_the_mark(centre: Centre, app_dsn: str) -> None:
    with centre.transact() as uow:
        installation.mark(uow, demo=False)
    for statement in ("update installation set kind = 'demo'", "delete from installation"):
        with psycopg.connect(app_dsn) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


def test_a_database_of_a_newer_release_is_refused() -> None:
    with pytest.raises(installation.NewerDatabase):
        installation.needs_migration(installation.Found("real", "9999"))


def test_an_older_schema_is_refused_until_it_is_migrated() -> None:
    older = installation.Found("real", schema.revisions()[0])
    assert installation.needs_migration(older)
    with pytest.raises(installation.SchemaOutdated):
        installation.require_current(older)


def test_the_newest_revision_is_the_one_alembic_would_migrate_to() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == schema.newest_revision()


def test_the_present_schema_is_read_from_the_database(owner_dsn: str) -> None:
    assert schema.current_revision(owner_dsn) == schema.newest_revision()
    with psycopg.connect(owner_dsn) as connection:
        connection.execute("drop table alembic_version")
    assert schema.current_revision(owner_dsn) == ""
