"""What the three roles must not be able to do, whatever the application is talked into sending."""

from collections.abc import Callable

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from rongdun.runtime.localpg import Dsns, check_external
from rongdun.runtime.localpg.dsns import ADMIN, local_dsn
from rongdun.runtime.localpg.errors import ExternalDatabaseUnfit
from rongdun.runtime.settings import Settings

DENIED = psycopg.errors.InsufficientPrivilege

APP_MUST_NOT = [
    "alter table audit_entries add column loose text",
    "alter table audit_entries disable trigger all",
    "alter table audit_entries disable row level security",
    "alter table outbox no force row level security",
    "drop table outbox",
    "truncate outbox",
    "drop policy outbox_scope on outbox",
    "create table mine (a int)",
    "create schema mine",
    "create role mine superuser",
    "alter role rongdun_app bypassrls",
    "alter role rongdun_app superuser",
    "set role rongdun_owner",
    "set role rongdun_admin",
    "set session authorization rongdun_owner",
    "set session_replication_role = replica",
    "create function public.rongdun_in_scope(path text) returns boolean language sql as 'select true'",
    "copy outbox to program 'id'",
    "select pg_read_file('/etc/passwd')",
    "select rolpassword from pg_authid",
    "create temporary table audit_entries (a int)",
]


@pytest.mark.parametrize("statement", APP_MUST_NOT)
def test_the_application_must_not(app_dsn: str, statement: str) -> None:
    with psycopg.connect(app_dsn) as connection:
        with pytest.raises((DENIED, psycopg.errors.InvalidParameterValue)):
            connection.execute(statement.encode())
        connection.rollback()


def test_switching_row_security_off_makes_the_query_fail_and_not_see_more(
    app_dsn: str, owner_dsn: str
) -> None:
    with psycopg.connect(app_dsn) as connection:
        connection.execute("set row_security = off")
        with pytest.raises(DENIED, match="row-level security"):
            connection.execute("select * from outbox")


def test_neither_role_gets_into_the_servers_other_databases(app_dsn: str, read_dsn: str) -> None:
    for dsn in (app_dsn, read_dsn):
        for database in ("postgres", "template1"):
            with pytest.raises(psycopg.OperationalError, match="permission denied"):
                psycopg.connect(make_conninfo(dsn, dbname=database))


def test_analysis_cannot_write_even_when_it_says_it_may(read_dsn: str) -> None:
    with psycopg.connect(read_dsn, autocommit=True) as connection:
        assert connection.execute("show default_transaction_read_only").fetchone() == ("on",)
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            connection.execute("delete from installation")
        connection.execute("set default_transaction_read_only = off")
        for statement in (
            "delete from installation",
            "insert into installation values (true, 'demo', now())",
        ):
            with pytest.raises(DENIED):
                connection.execute(statement.encode())


def test_analysis_that_runs_too_long_is_ended(read_dsn: str) -> None:
    with psycopg.connect(read_dsn) as connection:
        assert connection.execute("show statement_timeout").fetchone() == ("1min",)


def test_analysis_does_not_see_who_may_sign_in_or_what_is_sealed(read_dsn: str) -> None:
    with psycopg.connect(read_dsn) as connection:
        readable = connection.execute(
            "select table_name from information_schema.table_privileges where grantee = 'rongdun_read'"
        ).fetchall()
    assert not {row[0] for row in readable} & {"users", "sessions", "data_keys", "audit_entries"}


def test_the_centres_own_roles_pass_the_check_for_configured_ones(
    owner_dsn: str, app_dsn: str, read_dsn: str
) -> None:
    check_external(Dsns(owner_dsn, app_dsn, read_dsn))


@pytest.fixture
def refused(owner_dsn: str, app_dsn: str, read_dsn: str) -> Callable[..., ExternalDatabaseUnfit]:
    """Check a configuration with one thing wrong."""

    def check(**changed: str) -> ExternalDatabaseUnfit:
        with pytest.raises(ExternalDatabaseUnfit) as error:
            check_external(Dsns(owner_dsn, app_dsn, read_dsn)._replace(**changed))
        return error.value

    return check


def test_an_application_that_owns_the_tables_is_refused(
    refused: Callable[..., ExternalDatabaseUnfit], owner_dsn: str
) -> None:
    assert "rongdun_owner owns" in refused(app=owner_dsn).message.en


def test_a_superuser_as_application_is_refused(
    refused: Callable[..., ExternalDatabaseUnfit], postgres: Settings, database_name: str
) -> None:
    message = refused(app=local_dsn(postgres, ADMIN, database=database_name)).message
    assert "rongdun_admin 是超级用户" in message.zh
    assert "rongdun_admin is a superuser" in message.en


@pytest.mark.parametrize("role", ["owner", "app", "read"])
def test_a_database_that_cannot_be_reached_is_named_by_its_setting(
    refused: Callable[..., ExternalDatabaseUnfit], role: str
) -> None:
    error = refused(**{role: "host=/nonexistent dbname=x user=y"})
    assert {"owner": "RONGDUN_OWNER_DSN", "app": "RONGDUN_DSN", "read": "RONGDUN_READ_DSN"}[
        role
    ] in error.message.zh
