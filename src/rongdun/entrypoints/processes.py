"""The web process and the worker process, on their own or as children of the supervisor."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from rongdun.entrypoints.console import say, tell_error
from rongdun.entrypoints.lifeline import Lifeline
from rongdun.kernel.errors import DomainError
from rongdun.runtime import installation
from rongdun.runtime.localpg import Dsns, databases, reach
from rongdun.runtime.settings import Settings


def run_http(settings: Settings, *, listen_fd: int | None, lifeline: Lifeline | None) -> None:
    """Serve the centre until SIGTERM or SIGINT; ``listen_fd`` is a socket that already listens."""
    from rongdun.entrypoints.bootstrap import build
    from rongdun.entrypoints.http import create_app
    from rongdun.entrypoints.preflight import listen_on, url_of
    from rongdun.entrypoints.serve import serve

    listener = socket.socket(fileno=listen_fd) if listen_fd else listen_on(settings.host, settings.port)
    with _database(settings, lifeline) as (known, dsns):
        centre = build(known, app_dsn=dsns.app)
        try:
            url = url_of(known)
            on_ready = lifeline.ready if lifeline else lambda: say(f"服务地址 {url}", f"Serving at {url}")
            serve(create_app(centre), known, listener=listener, on_ready=on_ready)
        finally:
            centre.close()


def run_worker(settings: Settings, *, lifeline: Lifeline | None) -> None:
    """Watch the deadlines, deliver messages and run jobs until SIGTERM or SIGINT."""
    from rongdun.entrypoints import worker
    from rongdun.entrypoints.bootstrap import build

    with _database(settings, lifeline) as (known, dsns):
        centre = build(known, app_dsn=dsns.app)
        try:
            on_ready = lifeline.ready if lifeline else lambda: say("后台进程已就绪", "The worker is ready")
            worker.run_worker(centre, dsns.app, on_ready=on_ready)
        finally:
            centre.close()


@contextmanager
def _database(settings: Settings, lifeline: Lifeline | None) -> Iterator[tuple[Settings, Dsns]]:
    """Have a database fit to work on, and the settings with the kind of installation it holds."""
    if lifeline is not None:
        lifeline.wait_for_go()
        yield _known(settings, databases(settings))
        return
    with reach(settings) as dsns:
        yield _known(settings, dsns)


def _known(settings: Settings, dsns: Dsns) -> tuple[Settings, Dsns]:
    found = installation.look(dsns.app)
    installation.require_current(found)
    return replace(settings, demo=found.kind == installation.DEMO), dsns


@contextmanager
def told_upwards(lifeline: Lifeline | None) -> Iterator[None]:
    """Tell the supervisor, too, what kept this process from starting."""
    try:
        yield
    except DomainError as error:
        if lifeline is None:
            raise
        lifeline.failed(error)
        tell_error(error)
        raise SystemExit(1) from None
