"""``pg_dump`` and ``pg_restore``: the ones that fit the server, run without a password in sight."""

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from rongdun.kernel.errors import Text
from rongdun.runtime.backup.errors import BackupDiskFull, ProgramFailed, ProgramMissing
from rongdun.runtime.localpg import Binaries, installed
from rongdun.runtime.localpg.errors import about

_LOCK_WAIT = "60s"


def dump(dsn: str, target: Path, *, server: int, snapshot: str) -> None:
    """Dump the database as ``snapshot`` sees it into ``target``, which pg_restore reads.

    ``server`` is the server's major version. Raises :class:`ProgramMissing`, :class:`ProgramFailed`,
    :class:`BackupDiskFull`.
    """
    options = [
        "--format=custom",
        f"--snapshot={snapshot}",
        f"--lock-wait-timeout={_LOCK_WAIT}",
        f"--file={target}",
    ]
    _run(find("pg_dump", server), dsn, options)


def restore(dsn: str, source: Path, *, server: int) -> None:
    """Bring a dump into the empty schema at ``dsn``, all of it or nothing. Raises as :func:`dump`."""
    options = ["--single-transaction", "--exit-on-error", "--no-owner", str(source)]
    _run(find("pg_restore", server), dsn, options)


def find(name: str, server: int, found: Iterable[Binaries] | None = None) -> Path:
    """Return the program ``name`` of the server's own major version, or for pg_dump of the next newer one.

    A newer pg_restore sets what an older server does not know. Raises :class:`ProgramMissing`.
    """
    usable = [
        one for one in (installed() if found is None else found) if os.access(one.program(name), os.X_OK)
    ]
    fitting = [one for one in usable if one.major == server or (name == "pg_dump" and one.major > server)]
    if not fitting:
        raise ProgramMissing(about(ProgramMissing.message, f"{name} {server}"))
    return min(fitting, key=lambda one: one.major).program(name)


def _run(program: Path, dsn: str, options: list[str]) -> None:
    known = {key: str(value) for key, value in conninfo_to_dict(dsn).items() if value is not None}
    password = known.pop("password", "")
    command = [str(program), "--no-password", f"--dbname={make_conninfo('', **known)}", *options]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd="/", env=_environment(password)
    )
    if done.returncode != 0:
        raise _failed(program.name, done.stderr)


def _environment(password: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "RONGDUN_"))}
    return {**kept, "LC_ALL": "C", "PGPASSWORD": password}


def _failed(name: str, said: str) -> BackupDiskFull | ProgramFailed:
    if "No space left on device" in said:
        return BackupDiskFull()
    errors = [line for line in said.splitlines() if "error:" in line]
    words = (errors or said.splitlines() or ["?"])[0]
    message = Text(
        f"{ProgramFailed.message.zh}({name}):{words}", f"{ProgramFailed.message.en} ({name}): {words}"
    )
    return ProgramFailed(message, extra={"log": said})
