"""Where the server's things lie, and how to reach it: one answer for every process of the installation.

``<data_dir>/db`` belongs to the server's account: ``pgdata``, ``log``, ``run`` (the socket) and copied
programs. It is a link to ``/var/lib/rongdun`` where that account cannot enter the data directory (a
checkout in root's home). The lock and the first words of the server's log lie beside it and stay ours.
"""

import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from rongdun.runtime.localpg.account import Account
from rongdun.runtime.localpg.errors import SocketUnusable, about

LONGEST_SOCKET_PATH = 107
"""Bytes of ``sockaddr_un.sun_path`` without its closing zero (Linux, unix(7))."""

PORT = 5432
"""Only part of the socket's name: the server listens on no TCP port."""

_ELSEWHERE = Path("/var/lib/rongdun")
_SHORT = Path("/tmp")  # noqa: S108 - owner and mode are checked before use


@dataclass(frozen=True, slots=True)
class Layout:
    """The places of one installation's server."""

    data_dir: Path

    @property
    def home(self) -> Path:
        """Directory of the server's account, links resolved."""
        return (self.data_dir / "db").resolve()

    @property
    def pgdata(self) -> Path:
        """PostgreSQL's data directory."""
        return self.home / "pgdata"

    @property
    def log(self) -> Path:
        """Directory of the server's logs, one file for each day of the week."""
        return self.home / "log"

    @property
    def lock(self) -> Path:
        """File whose lock says that somebody runs the server."""
        return self.data_dir / "db.lock"

    @property
    def first_words(self) -> Path:
        """What the server said before its own log was open."""
        return self.data_dir / "db-start.log"

    @property
    def socket_dir(self) -> Path:
        """Private directory of the socket: a short one when the data directory's path is too long."""
        inside = self.home / "run"
        if len(os.fsencode(inside / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET_PATH:
            return inside
        name = hashlib.sha256(os.fsencode(self.pgdata)).hexdigest()[:16]
        return _SHORT / f"rongdun-{name}"


def prepare(layout: Layout, account: Account) -> None:
    """Make the directories the server needs. Raises :class:`OSError` or :class:`SocketUnusable`."""
    data_dir = layout.data_dir
    data_dir.mkdir(mode=0o711 if account.switch else 0o700, parents=True, exist_ok=True)
    if not os.path.lexists(data_dir / "db"):
        _make_home(data_dir / "db", account)
    account.make_directory(layout.log)
    _make_socket_dir(layout.socket_dir, account)


def _make_home(home: Path, account: Account) -> None:
    if account.can("x", home.parent):
        home.mkdir(mode=0o700)
        _give(home, account)
        return
    _ELSEWHERE.mkdir(mode=0o711, parents=True, exist_ok=True)
    real = Path(tempfile.mkdtemp(prefix="db-", dir=_ELSEWHERE))
    _give(real, account)
    home.symlink_to(real)


def _give(path: Path, account: Account) -> None:
    if account.switch:
        os.chown(path, account.uid, account.gid)


def _make_socket_dir(path: Path, account: Account) -> None:
    if not os.path.lexists(path):
        account.make_directory(path)
    found = path.lstat()
    fit = stat.S_ISDIR(found.st_mode) and found.st_uid == account.uid
    if not fit or stat.S_IMODE(found.st_mode) != 0o700:
        raise SocketUnusable(about(SocketUnusable.message, path))
