"""The web server's settings, and a stop that does not wait for open streams."""

import asyncio
import socket
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from rongdun.runtime.settings import Settings

GRACE_S = 5
"""Time for requests under way after a stop; streams are closed at once."""

KEEP_ALIVE_S = 20
"""Longer than a person pauses between clicks, shorter than a proxy's own limit."""

LONGEST_HEAD = 32 * 1024
"""Bytes of a request's line and headers: room for cookies and a single sign-on's answer, no more."""


class Server(uvicorn.Server):
    """uvicorn, except that live streams are closed when it is told to stop, not after the time is up."""

    def __init__(self, config: uvicorn.Config, app: FastAPI, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._app = app
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start listening, then say so."""
        await super().startup(sockets)
        self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close every open stream, then let uvicorn finish the requests under way."""
        live = getattr(self._app.state, "live", None)
        if live is not None:
            live.close()
        await super().shutdown(sockets)


def server_config(app: FastAPI, settings: Settings) -> uvicorn.Config:
    """Return how the web process serves ``app``.

    Forwarded addresses are believed from ``trusted_proxies`` only. Requests are logged by the
    application, without what was asked for. The ``Date`` header is the time the screens' clocks follow.
    """
    return uvicorn.Config(
        app,
        http="h11",  # the quicker parser, which simulators take, has no bound for a request's head
        host=settings.host,
        port=settings.port,
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=True,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies or None,
        timeout_graceful_shutdown=GRACE_S,
        timeout_keep_alive=KEEP_ALIVE_S,
        h11_max_incomplete_event_size=LONGEST_HEAD,
        ws="none",
        lifespan="on",
    )


def serve(app: FastAPI, settings: Settings, *, listener: socket.socket, on_ready: Callable[[], None]) -> None:
    """Serve ``app`` on ``listener`` until SIGTERM or SIGINT."""
    server = Server(server_config(app, settings), app, on_ready)
    asyncio.run(server.serve(sockets=[listener]))
