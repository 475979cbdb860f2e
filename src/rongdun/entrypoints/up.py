"""``rongdun up``: one command from nothing to a centre that serves, and from there to a clean stop."""

import os
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING

from rongdun import __version__
from rongdun.entrypoints import preflight
from rongdun.entrypoints.children import Child, ChildFailed, Kind
from rongdun.entrypoints.console import Progress
from rongdun.entrypoints.guard import Guard
from rongdun.entrypoints.stop import Stop
from rongdun.entrypoints.supervisor import stop_all, watch
from rongdun.kernel.errors import Text
from rongdun.runtime.settings import Settings

if TYPE_CHECKING:
    from rongdun.entrypoints.prepare import FirstAdministrator
    from rongdun.runtime.localpg import Dsns, LocalServer

READY_WITHIN_S = 120.0
"""A slow machine's first import of everything takes a minute; past this something hangs."""

LOG_KEPT_BYTES = 16 * 2**20
"""A log file larger than this is put aside (once) at the next start."""

WORKER = Kind(("worker",), Text("后台进程", "worker"), grace_s=7.0)
STAGE = Text("演练城市", "drill's city")


class _Stopped(Exception):
    """Somebody wants to stop while the centre is still starting."""


def run(settings: Settings) -> int:
    """Start the centre and keep it running until Ctrl-C or SIGTERM; return the exit code."""
    progress = Progress(locale=settings.locale)
    progress.step(Text(f"榕盾 {__version__} 启动", f"Rongdun {__version__} starts"))
    with Stop().on_signals() as stop:
        house = _House(settings, progress, stop)
        try:
            house.open()
            house.keep()
        except _Stopped:
            pass
        finally:
            house.close()
    return 0


@dataclass
class _House:
    """Everything one ``up`` has opened, in the order in which it is closed again."""

    settings: Settings
    progress: Progress
    stop: Stop
    children: list[Child] = field(default_factory=list)
    server: "_GuardedServer | None" = None
    opened: ExitStack = field(default_factory=ExitStack)

    def open(self) -> None:
        """Start everything; return when the first page answers. Raises what keeps it from starting.

        The web process begins to load its code first and is ready last; what this process loads for the
        database comes after that, and the worker's code after the database, so that two cores suffice.
        A demonstration's city comes last: nobody waits for it.
        """
        listener = self._check()
        stage = self._stage()
        web = self._web(listener)
        web.spawn()
        self._prepare()
        self._go_on()
        worker = self._child(WORKER)
        worker.spawn()
        for child in self.children:
            child.go()
        self._wait_ready(web, worker)
        if stage is not None:
            self.children.append(stage)
            stage.spawn()
            stage.go()

    def keep(self) -> None:
        """Watch over what runs until somebody wants to stop."""
        if sys.stderr.isatty():
            place = self.settings.data_dir / "log"
            self.progress.step(Text(f"日志写入 {place}", "where the log is written; Ctrl-C stops everything"))
        self.progress.started()
        watch(self.children, self.server, self.stop, self.progress)
        self.progress.blank()
        self.progress.stopping()

    def close(self) -> None:
        """Stop what was started, web first, database last."""
        self.opened.close()
        if self.children or self.server is not None:
            stop_all(self.children, self.server, self.stop, self.progress)

    def _check(self) -> int:
        free = preflight.check_data_dir(self.settings.data_dir)
        self.progress.good(
            Text(
                f"数据目录 {self.settings.data_dir}，可用 {free / 1024:.1f} GiB",
                f"data directory, {free / 1024:.1f} GiB free",
            )
        )
        listener = preflight.listen_on(self.settings.host, self.settings.port)
        self.opened.callback(listener.close)
        return listener.fileno()

    def _web(self, listen_fd: int) -> Child:
        command = ("http", str(listen_fd))
        return self._child(Kind(command, Text("网页进程", "web process"), grace_s=7.0), listen_fd)

    def _stage(self) -> Child | None:
        """Return the child that plays banks and callers, listening where the others are told; demonstrations only."""
        if not (self.settings.demo and self.settings.drill):
            return None
        listener = self.opened.enter_context(socket.create_server(("127.0.0.1", 0)))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self.settings = replace(self.settings, drill_url=url)
        fd = listener.fileno()
        log = self.opened.enter_context(_log(self.settings, "stage"))
        kind = Kind(("stage", str(fd)), STAGE, grace_s=7.0)
        return Child(kind, child_environ(self.settings), log=log, pass_fds=[fd])

    def _child(self, kind: Kind, *fds: int) -> Child:
        log = self.opened.enter_context(_log(self.settings, kind.command[0]))
        self.children.append(Child(kind, child_environ(self.settings), log=log, pass_fds=fds))
        return self.children[-1]

    def _prepare(self) -> None:
        from rongdun.entrypoints.prepare import prepare

        admin = prepare(self.settings, self._database(), self.progress)
        if admin is not None:
            _introduce(admin, self.progress)

    def _database(self) -> "Dsns":
        from rongdun.runtime.localpg import check_external, databases, start

        self._go_on()
        if self.settings.dsn:
            dsns = databases(self.settings)
            check_external(dsns)
            self.progress.good(Text("已连接所配置的数据库", "connected to the configured database"))
            return dsns
        self.progress.step(Text("正在启动数据库", "Starting the database"))
        server = start(self.settings, report=self.progress.step)
        self.server = _GuardedServer(server)
        self.progress.good(Text("数据库已就绪", "the database is ready"))
        return server.dsns

    def _wait_ready(self, web: Child, worker: Child) -> None:
        web.wait_ready(READY_WITHIN_S, self.stop)
        self._go_on()
        status = _first_page(self.settings)
        if status >= 500:
            self.progress.warn(
                Text(
                    "网页尚未构建，只有接口可用：请运行 make setup", "web pages are not built: run make setup"
                )
            )
        url = self.settings.public_url
        self.progress.good(Text(f"榕盾已启动：{url}", "Rongdun answers"))
        worker.wait_ready(READY_WITHIN_S, self.stop)
        self._go_on()
        self.progress.good(
            Text("后台进程已就绪，时限有人看守", "the worker is ready and watches the deadlines")
        )

    def _go_on(self) -> None:
        if self.stop.asked:
            raise _Stopped()


class _GuardedServer:
    """The centre's own database server, which a guard ends if this process is killed."""

    def __init__(self, server: "LocalServer") -> None:
        self._server = server
        self._guard = Guard()
        self._guard.watch(server.pid)

    def running(self) -> bool:
        """Tell whether the server's process lives."""
        return self._server.running()

    def ensure_running(self) -> bool:
        """Start the server if it does not run; tell whether that was necessary."""
        started = self._server.ensure_running()
        self._guard.watch(self._server.pid)
        return started

    def stop(self) -> None:
        """Stop the server, then the guard."""
        self._server.stop()
        self._guard.leave()


def with_options(
    settings: Settings, *, demo: bool, host: str | None, port: int | None, data_dir: Path | None
) -> Settings:
    """Return ``settings`` with what the command line says; the public address follows unless it was set."""
    changed = replace(
        settings,
        demo=demo or settings.demo,
        host=host or settings.host,
        port=port or settings.port,
        data_dir=data_dir.expanduser().resolve() if data_dir else settings.data_dir,
    )
    if settings.public_url == Settings.__dataclass_fields__["public_url"].default:
        changed = replace(changed, public_url=preflight.url_of(changed))
    return changed


def child_environ(settings: Settings) -> dict[str, str]:
    """Return the environment of the children: this process's, and what the command line changed."""
    return {
        **os.environ,
        "RONGDUN_DATA_DIR": str(settings.data_dir),
        "RONGDUN_HOST": settings.host,
        "RONGDUN_PORT": str(settings.port),
        "RONGDUN_PUBLIC_URL": settings.public_url,
        "RONGDUN_DRILL_URL": settings.drill_url,
        "PYTHONUNBUFFERED": "1",
    }


@contextmanager
def _log(settings: Settings, name: str) -> Iterator[IO[bytes] | None]:
    """Open where a child's log lines go: a file when somebody watches, else this process's standard error."""
    if not sys.stderr.isatty():
        yield None
        return
    path = settings.data_dir / "log" / f"{name}.log"
    path.parent.mkdir(mode=0o700, exist_ok=True)
    if path.exists() and path.stat().st_size > LOG_KEPT_BYTES:
        path.replace(path.with_suffix(".log.1"))
    with path.open("ab") as log:
        yield log


def _first_page(settings: Settings) -> int:
    """Ask for the first page as a browser would; return the status."""
    from http.client import HTTPConnection

    host = preflight.url_of(settings).removeprefix("http://").rpartition(":")[0].strip("[]")
    connection = HTTPConnection(host, settings.port, timeout=30)
    try:
        connection.request("GET", "/", headers={"Connection": "close"})
        return connection.getresponse().status
    except OSError as error:
        raise ChildFailed(
            Text(f"首页没有应答（{error}）", f"The first page did not answer ({error})"),
        ) from error
    finally:
        connection.close()


def _introduce(admin: "FirstAdministrator", progress: Progress) -> None:
    progress.good(
        Text(
            "已建立首位管理员，临时密码只显示这一次，首次登录须更换",
            "the first administrator; this password is shown once and must be changed at the first sign-in",
        )
    )
    shown: Sequence[tuple[str, str]] = (("账号 login   ", admin.login), ("密码 password", admin.password))
    progress.show(shown)
