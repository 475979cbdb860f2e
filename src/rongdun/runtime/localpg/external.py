"""A configured database: new enough, and with roles that hold no more than they should."""

from collections.abc import Iterator

import psycopg

from rongdun.kernel.errors import Text
from rongdun.runtime.localpg.binaries import OLDEST_MAJOR
from rongdun.runtime.localpg.dsns import APP, READ, Dsns
from rongdun.runtime.localpg.errors import ExternalDatabaseUnfit, about

_ROLE = "select rolname, rolsuper or rolbypassrls from pg_roles where rolname = %s"
_ME = "select current_user, r.rolsuper or r.rolbypassrls from pg_roles r where r.rolname = current_user"
_OWNS = (
    "select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace"
    " where n.nspname = 'public' and c.relkind in ('r', 'p') and pg_has_role(c.relowner, 'member')"
)


def check_external(dsns: Dsns) -> None:
    """Check the configured database: reachable, version, encoding, and what its roles may do.

    Raises :class:`ExternalDatabaseUnfit` that names every shortcoming found.
    """
    faults = [*_check_app(dsns.app)]
    for dsn, variable in ((dsns.owner, "RONGDUN_OWNER_DSN"), (dsns.read, "RONGDUN_READ_DSN")):
        if dsn:
            faults += _check_reach(dsn, variable)
    if faults:
        raise ExternalDatabaseUnfit(
            Text(
                f"{ExternalDatabaseUnfit.message.zh}:{';'.join(fault.zh for fault in faults)}",
                f"{ExternalDatabaseUnfit.message.en}: {'; '.join(fault.en for fault in faults)}",
            )
        )


def _check_app(dsn: str) -> Iterator[Text]:
    try:
        with psycopg.connect(dsn, connect_timeout=10) as connection:
            yield from _faults(connection)
    except psycopg.OperationalError as error:
        yield _unreachable("RONGDUN_DSN", error)


def _faults(connection: psycopg.Connection) -> Iterator[Text]:
    major = connection.info.server_version // 10000
    if major < OLDEST_MAJOR:
        yield Text(
            f"版本是 {major}，需要 {OLDEST_MAJOR} 以上",
            f"it is version {major}, {OLDEST_MAJOR} is the oldest",
        )
    if connection.info.parameter_status("server_encoding") != "UTF8":
        yield Text("编码不是 UTF8", "its encoding is not UTF8")
    for role in (APP, READ):
        found = connection.execute(_ROLE, [role]).fetchone()
        if found is None:
            yield Text(f"没有角色 {role}", f"there is no role {role}")
        elif found[1]:
            yield _too_mighty(role)
    yield from _faults_of_login(connection)


def _faults_of_login(connection: psycopg.Connection) -> Iterator[Text]:
    me = connection.execute(_ME).fetchone()
    assert me is not None
    if me[0] != APP and me[1]:
        yield _too_mighty(me[0])
    owned = connection.execute(_OWNS).fetchone()
    if owned is not None and owned[0]:
        yield Text(
            f"应用角色 {me[0]} 是 {owned[0]} 张表的属主，行级安全管不住它",
            f"the application's role {me[0]} owns {owned[0]} tables, so row-level security does not hold it",
        )


def _check_reach(dsn: str, variable: str) -> Iterator[Text]:
    try:
        psycopg.connect(dsn, connect_timeout=10).close()
    except psycopg.OperationalError as error:
        yield _unreachable(variable, error)


def _too_mighty(role: str) -> Text:
    return Text(
        f"角色 {role} 是超级用户或可绕过行级安全",
        f"the role {role} is a superuser or bypasses row-level security",
    )


def _unreachable(variable: str, error: psycopg.OperationalError) -> Text:
    lines = str(error).strip().splitlines() or ["?"]
    return about(Text(f"{variable} 无法连接", f"{variable} cannot be reached"), lines[-1])
