"""The server's configuration, written anew at every start; ``local.conf`` beside it has the last word."""

import os
from collections.abc import Mapping
from pathlib import Path

from rongdun.runtime.localpg.account import Account
from rongdun.runtime.localpg.layout import PORT, Layout

HBA = "# Every login proves a password; there is no other way in.\nlocal all all scram-sha-256\n"

_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - the system's own, only measured
_ENOUGH_SHARED_MIB = 256

_FIXED = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "max_connections": "150",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    # Lists are answered in milliseconds; compiling their plans takes longer than running them.
    "jit": "off",
    "timezone": "UTC",
    "lc_messages": "C",
    "logging_collector": "on",
    "log_filename": "server-%a.log",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "on",
    "log_timezone": "UTC",
    "log_lock_waits": "on",
    # Values of columns are personal data: neither statements nor the details of errors are logged.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
}

_HEAD = "# 由榕盾在每次启动时写入,请勿修改;自己的设置写入同目录 local.conf。\n\
# Written at every start; put settings of your own into local.conf beside this file.\n"


def write_config(layout: Layout, account: Account, options: Mapping[str, str]) -> None:
    """Write ``postgresql.conf`` and ``pg_hba.conf``. Raises :class:`OSError`."""
    values = {
        **_FIXED,
        "unix_socket_directories": str(layout.socket_dir),
        "log_directory": str(layout.log),
        "dynamic_shared_memory_type": _shared_memory(),
        **options,
    }
    lines = [f"{name} = {_quoted(value)}\n" for name, value in values.items()]
    text = _HEAD + "".join(lines) + "include_if_exists = 'local.conf'\n"
    account.write(layout.pgdata / "postgresql.conf", text)
    account.write(layout.pgdata / "pg_hba.conf", HBA)


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _shared_memory() -> str:
    """Containers often have 64 MiB of shared memory: parallel queries then need files instead."""
    try:
        room = os.statvfs(_SHARED_MEMORY)
    except OSError:
        return "mmap"
    return "posix" if room.f_bavail * room.f_frsize >= _ENOUGH_SHARED_MIB << 20 else "mmap"
