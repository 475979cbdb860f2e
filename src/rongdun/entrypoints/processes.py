"""The web process and the worker process, on their own or as children of the supervisor.

The supervisor starts ``python -m rongdun.entrypoints.processes http <socket>`` or ``… worker``: a child needs
no command line, and is ready sooner without one.
"""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from rongdun.entrypoints.console import say, tell_error
from rongdun.entrypoints.lifeline import Lifeline
from rongdun.kernel.errors import DomainError
from rongdun.runtime.settings import Settings

if TYPE_CHECKING:
    from rongdun.runtime.localpg import Dsns


def run_http(*, listen_fd: int | None = None, lifeline: Lifeline | None = None) -> None:
    """Serve the centre until SIGTERM or SIGINT; ``listen_fd`` is a socket that already listens."""
    from rongdun.entrypoints.bootstrap import build
    from rongdun.entrypoints.http import create_app
    from rongdun.entrypoints.preflight import listen_on, url_of
    from rongdun.entrypoints.serve import serve

    settings = _with_logs()
    listener = socket.socket(fileno=listen_fd) if listen_fd else listen_on(settings.host, settings.port)
    with _database(settings, lifeline) as (known, dsns):
        centre = build(known, app_dsn=dsns.app)
        try:
            url = url_of(known)
            on_ready = lifeline.ready if lifeline else lambda: say(f"服务地址 {url}", f"Serving at {url}")
            serve(create_app(centre), known, listener=listener, on_ready=on_ready)
        finally:
            centre.close()


def run_worker(*, lifeline: Lifeline | None = None) -> None:
    """Watch the deadlines, deliver messages and run jobs until SIGTERM or SIGINT."""
    from rongdun.entrypoints import worker
    from rongdun.entrypoints.bootstrap import build

    with _database(_with_logs(), lifeline) as (known, dsns):
        centre = build(known, app_dsn=dsns.app)
        try:
            on_ready = lifeline.ready if lifeline else lambda: say("后台进程已就绪", "The worker is ready")
            worker.run_worker(centre, dsns.app, on_ready=on_ready)
        finally:
            centre.close()


def run_stage(*, listen_fd: int, lifeline: Lifeline | None = None) -> None:
    """Play the demonstration's banks and callers until SIGTERM or SIGINT; ``listen_fd`` is a socket that listens."""
    from rongdun.entrypoints import drill_stage
    from rongdun.entrypoints.bootstrap import build

    with _database(_with_logs(), lifeline) as (known, dsns):
        centre = build(known, app_dsn=dsns.app)
        try:
            ready = lifeline.ready if lifeline else lambda: None
            drill_stage.serve(centre, socket.socket(fileno=listen_fd), on_ready=ready)
        finally:
            centre.close()


@contextmanager
def _database(settings: Settings, lifeline: Lifeline | None) -> Iterator[tuple[Settings, "Dsns"]]:
    """Have a database fit to work on, and the settings with the kind of installation it holds."""
    from rongdun.runtime.localpg import databases, reach

    if lifeline is not None:
        lifeline.wait_for_go()
        yield _known(settings, databases(settings))
        return
    with reach(settings) as dsns:
        yield _known(settings, dsns)


def _known(settings: Settings, dsns: "Dsns") -> tuple[Settings, "Dsns"]:
    from rongdun.runtime import installation

    found = installation.look(dsns.app)
    installation.require_current(found)
    return replace(settings, demo=found.kind == installation.DEMO), dsns


def _with_logs() -> Settings:
    from rongdun.runtime import logs

    settings = Settings.from_env()
    logs.configure(settings.log_level)
    return settings


def main(arguments: list[str]) -> int:
    """Run a child of the supervisor; what keeps it from starting is told to the supervisor, too."""
    lifeline = Lifeline()
    try:
        if arguments[0] == "http":
            run_http(listen_fd=int(arguments[1]), lifeline=lifeline)
        elif arguments[0] == "stage":
            run_stage(listen_fd=int(arguments[1]), lifeline=lifeline)
        else:
            run_worker(lifeline=lifeline)
    except DomainError as error:
        lifeline.failed(error)
        tell_error(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
