"""The centre's own database server: started, waited for, started again when it dies, stopped cleanly."""

import fcntl
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import Self

import psycopg

from rongdun.kernel.clock import monotonic
from rongdun.kernel.errors import Text
from rongdun.runtime.crypto.keyfiles import read_private
from rongdun.runtime.localpg import cluster, copies
from rongdun.runtime.localpg.account import Account, server_account
from rongdun.runtime.localpg.binaries import Binaries, choose
from rongdun.runtime.localpg.config import write_config
from rongdun.runtime.localpg.dsns import ADMIN, Dsns, databases, local_dsn, make_password, password_file
from rongdun.runtime.localpg.errors import ServerInUse, ServerNotRunning
from rongdun.runtime.localpg.layout import Layout, prepare
from rongdun.runtime.localpg.progress import Report, to_log
from rongdun.runtime.localpg.provision import provision
from rongdun.runtime.localpg.trouble import (
    disk_full,
    failure,
    is_refused,
    keys_do_not_fit,
    on_disk,
)
from rongdun.runtime.settings import Settings

_POLL_S = 0.02
_TELL_EVERY_S = 5.0
_OTHER_PATIENCE_S = 60.0
"""How long a command waits for a server that another process is starting."""

_FAST_STOP_S = 120.0
"""A fast shutdown writes a checkpoint; past this the server is cut off, and recovers at the next start."""


class LocalServer:
    """A running server of this installation; leaving its ``with`` block stops it.

    Safe to use from several threads: a supervisor may call :meth:`ensure_running` while others connect.
    """

    def __init__(self, settings: Settings, options: Mapping[str, str], report: Report) -> None:
        self._settings = settings
        self._options = options
        self._report = report
        self._layout = Layout(settings.data_dir)
        self._mutex = threading.Lock()
        self._lock: int | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def dsns(self) -> Dsns:
        """The connection strings of owner, application and analysis."""
        return databases(self._settings)

    @property
    def owner_dsn(self) -> str:
        """Connection string of the role that owns the tables: migrations and backups only."""
        return self.dsns.owner

    @property
    def app_dsn(self) -> str:
        """Connection string of the application, which row-level security holds."""
        return self.dsns.app

    @property
    def read_dsn(self) -> str:
        """Connection string of analysis, which may only read."""
        return self.dsns.read

    @property
    def pid(self) -> int:
        """Process id of the postmaster started last; 0 before the first start."""
        return self._process.pid if self._process else 0

    def running(self) -> bool:
        """Tell whether the postmaster lives (it may still be recovering)."""
        return self._process is not None and self._process.poll() is None

    def ensure_running(self) -> bool:
        """Start the server again if it has died, wait until it answers; tell whether that was necessary.

        Raises as :func:`start`.
        """
        with self._mutex:
            if self.running():
                return False
            with on_disk(self._layout.data_dir):
                self._launch()
            return True

    def stop(self) -> None:
        """End the server: sessions are cut off, everything committed is on disk. Idempotent."""
        with self._mutex:
            if self._process is not None and self.running():
                self._end(self._process)
            self._release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Take the data directory, make it if there is none, and bring the server up."""
        with self._mutex:
            try:
                with on_disk(self._layout.data_dir):
                    self._launch()
                    provision(self._settings)
            except BaseException:
                if self._process is not None and self.running():
                    self._end(self._process)
                self._release()
                raise

    def _launch(self) -> None:
        account = server_account(self._layout.data_dir / "db")
        prepare(self._layout, account)
        self._hold()
        made_by = cluster.made_by(self._layout.pgdata)
        binaries = copies.reachable(choose(made_by), account, self._layout.home)
        cluster.clear_away(self._layout, self._report)
        if not cluster.has_room(self._layout):
            raise disk_full(self._layout.home)
        self._make_or_mend(account, binaries, new=made_by is None)
        write_config(self._layout, account, self._options)
        self._run(account, binaries)
        self._wait_until_ready()

    def _make_or_mend(self, account: Account, binaries: Binaries, *, new: bool) -> None:
        """Have a data directory whose superuser's password we know."""
        new_password = make_password(self._settings.keys, ADMIN)
        password = read_private(password_file(self._settings.keys, ADMIN)).strip()
        if new:
            self._report(Text("首次启动：正在建立数据库", "First start: making the database"))
            sync = self._options.get("fsync") != "off"
            cluster.initialise(self._layout, account, binaries, password, sync=sync)
        elif new_password:
            cluster.reset_password(self._layout, account, binaries, password)

    def _run(self, account: Account, binaries: Binaries) -> None:
        """Start the postmaster as our child, in a session of its own: Ctrl-C is ours to pass on in order."""
        command = [str(binaries.program("postgres")), "-D", str(self._layout.pgdata)]
        with self._layout.first_words.open("wb") as words:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=words,
                stderr=words,
                start_new_session=True,
                **account.popen_options(),
            )

    def _wait_until_ready(self) -> None:
        """Wait as long as recovery takes: a server that is cut off in recovery begins it again."""
        began = told = monotonic()
        while (said := self._ask()) is not None:
            if not self.running():
                raise failure(self._layout)
            if monotonic() - told >= _TELL_EVERY_S:
                told = monotonic()
                self._tell_waiting(told - began, said)
            time.sleep(_POLL_S)

    def _ask(self) -> str | None:
        """Return None when the server answers, else what it or the system said."""
        try:
            psycopg.connect(local_dsn(self._settings, ADMIN, database="postgres"), connect_timeout=10).close()
        except psycopg.OperationalError as error:
            if is_refused(error):
                raise keys_do_not_fit(self._settings.keys) from error
            return str(error)
        return None

    def _tell_waiting(self, seconds: float, said: str) -> None:
        last = said.strip().splitlines()[-1] if said.strip() else ""
        self._report(
            Text(
                f"数据库正在恢复未完成的写入，已 {seconds:.0f} 秒，请勿中断（{last}）",
                f"The database is recovering, {seconds:.0f} s so far; do not interrupt it ({last})",
            )
        )

    def _end(self, process: "subprocess.Popen[bytes]") -> None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(_FAST_STOP_S)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGQUIT)
            process.wait()
        cluster.wait_for_last(self._layout.pgdata)

    def _hold(self) -> None:
        if self._lock is not None:
            return
        descriptor = os.open(self._layout.lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 20).decode("ascii", "replace").strip()
            os.close(descriptor)
            raise _in_use(holder) from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode("ascii"))
        self._lock = descriptor

    def _release(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def start(
    settings: Settings, *, options: Mapping[str, str] | None = None, report: Report = to_log
) -> LocalServer:
    """Start the centre's own server on ``settings.data_dir`` and return it when it answers.

    ``options`` are further PostgreSQL settings. ``report`` hears of first start and recovery. Raises
    the errors of :mod:`rongdun.runtime.localpg.errors`; :class:`ValueError` when a DSN is configured.
    """
    if settings.dsn:
        raise ValueError("a database is configured: there is no local server to start")
    server = LocalServer(settings, options or {}, report)
    server.start()
    return server


@contextmanager
def reach(settings: Settings, *, report: Report = to_log) -> Iterator[Dsns]:
    """Have the database for one command: configured, running under ``up``, or started for the while."""
    if settings.dsn:
        yield databases(settings)
        return
    try:
        server = start(settings, report=report)
    except ServerInUse:
        yield _of_other(settings)
        return
    with server:
        yield server.dsns


def _of_other(settings: Settings) -> Dsns:
    """Return how to reach the server another process runs, once it answers; it may be just starting."""
    patience = monotonic() + _OTHER_PATIENCE_S
    while True:
        try:
            dsns = databases(settings)
            psycopg.connect(dsns.app, connect_timeout=10).close()
        except (psycopg.OperationalError, ServerNotRunning):
            if monotonic() > patience:
                raise ServerNotRunning() from None
            time.sleep(_POLL_S)
        else:
            return dsns


def _in_use(holder: str) -> ServerInUse:
    known = ServerInUse.message
    if not holder:
        return ServerInUse()
    return ServerInUse(Text(f"{known.zh}（进程 {holder}）", f"{known.en} (process {holder})"))
