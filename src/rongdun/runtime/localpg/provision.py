"""The roles and the database on the centre's own server; run at every start, so that it also repairs."""

import psycopg
from psycopg import sql

from rongdun.runtime.crypto.keyfiles import read_private
from rongdun.runtime.localpg.dsns import (
    ADMIN,
    APP,
    DATABASE,
    OWNER,
    READ,
    local_dsn,
    make_password,
    password_file,
)
from rongdun.runtime.settings import Settings

_PLAIN = "login nosuperuser nocreatedb nocreaterole noreplication nobypassrls"

_READ_STATEMENT_TIMEOUT = "60s"
"""An analysis that runs longer holds back the clearing of old rows for everybody."""

_DATABASE_GRANTS = (
    f"revoke all on database {DATABASE} from public",
    f"grant connect on database {DATABASE} to {APP}, {READ}",
    "revoke connect on database postgres from public",
    "revoke connect on database template1 from public",
    f"alter role {READ} set default_transaction_read_only = on",
    f"alter role {READ} set statement_timeout = '{_READ_STATEMENT_TIMEOUT}'",
)


def provision(settings: Settings) -> None:
    """Make or mend the three roles, their passwords and the database of a running server."""
    with psycopg.connect(local_dsn(settings, ADMIN, database="postgres"), autocommit=True) as connection:
        for role in (OWNER, APP, READ):
            _mend_role(connection, settings, role)
        if not _exists(connection, "pg_database", "datname", DATABASE):
            connection.execute(f"create database {DATABASE} owner {OWNER}")
        for statement in _DATABASE_GRANTS:
            connection.execute(statement)


def _mend_role(connection: psycopg.Connection, settings: Settings, role: str) -> None:
    new_password = make_password(settings.keys, role)
    new_role = not _exists(connection, "pg_roles", "rolname", role)
    connection.execute(f"{'create' if new_role else 'alter'} role {role} {_PLAIN}")
    if new_password or new_role:
        password = read_private(password_file(settings.keys, role)).strip()
        _set_password(connection, role, password)


def _set_password(connection: psycopg.Connection, role: str, password: str) -> None:
    """Only the verifier travels: the password itself never reaches a log of statements."""
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
    connection.execute(
        sql.SQL("alter role {} password {}").format(sql.Identifier(role), sql.Literal(verifier.decode()))
    )


def _exists(connection: psycopg.Connection, catalogue: str, column: str, name: str) -> bool:
    query = sql.SQL("select 1 from {} where {} = %s").format(
        sql.Identifier(catalogue), sql.Identifier(column)
    )
    return connection.execute(query, [name]).fetchone() is not None
