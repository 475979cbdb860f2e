"""The three ways into the database, configured or the centre's own, and their passwords."""

import secrets
from pathlib import Path
from typing import NamedTuple

from psycopg.conninfo import make_conninfo

from rongdun.kernel.errors import Invalid, Text
from rongdun.runtime.crypto.keyfiles import read_private, write_private
from rongdun.runtime.localpg.errors import ServerNotRunning
from rongdun.runtime.localpg.layout import PORT, Layout
from rongdun.runtime.settings import Settings

DATABASE = "rongdun"
ADMIN, OWNER, APP, READ = "rongdun_admin", "rongdun_owner", "rongdun_app", "rongdun_read"
"""Superuser of the centre's own server (provisioning only); owner of all tables (migrations, backup);
the application, under row-level security; analysis, reading only."""


class Dsns(NamedTuple):
    """libpq connection strings of the three roles; ``owner`` or ``read`` may be empty when configured so."""

    owner: str
    app: str
    read: str


def databases(settings: Settings) -> Dsns:
    """Return how to reach the database of ``settings``; does not look whether anybody answers.

    Raises :class:`Invalid` when an owner or read DSN is configured without ``RONGDUN_DSN``, and
    :class:`ServerNotRunning` when the centre's own server has never been started.
    """
    if settings.dsn:
        return Dsns(settings.owner_dsn, settings.dsn, settings.read_dsn)
    if settings.owner_dsn or settings.read_dsn:
        raise _without_app_dsn()
    return Dsns(*(local_dsn(settings, role) for role in (OWNER, APP, READ)))


def local_dsn(settings: Settings, role: str, *, database: str = DATABASE) -> str:
    """Return how to reach ``database`` of the centre's own server as ``role``."""
    path = password_file(settings.keys, role)
    if not path.exists():
        raise ServerNotRunning()
    place = Layout(settings.data_dir).socket_dir
    return make_conninfo(
        host=str(place), port=PORT, dbname=database, user=role, password=read_private(path).strip()
    )


def password_file(keys: Path, role: str) -> Path:
    """Return where the password of ``role`` is kept: with the keys, never in a backup."""
    return keys / f"db-{role.removeprefix('rongdun_')}.password"


def make_password(keys: Path, role: str) -> bool:
    """Make the password of ``role`` unless it has one; tell whether it is new."""
    path = password_file(keys, role)
    if path.exists():
        return False
    write_private(path, secrets.token_urlsafe(32) + "\n")
    return True


def _without_app_dsn() -> Invalid:
    return Invalid(
        Text(
            "设置了 RONGDUN_OWNER_DSN 或 RONGDUN_READ_DSN，却没有 RONGDUN_DSN",
            "RONGDUN_OWNER_DSN or RONGDUN_READ_DSN is set, but RONGDUN_DSN is not",
        ),
        action=Text(
            "请同时设置 RONGDUN_DSN（应用角色），或全部去掉以使用本机数据库",
            "Set RONGDUN_DSN (the application's role) as well, or remove them all to use the local database",
        ),
    )
