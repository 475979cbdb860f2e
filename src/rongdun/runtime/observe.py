"""Every request has an id, a log line and a place in the metrics; none of them shows what was asked for."""

import re
from uuid import uuid4

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rongdun.kernel.clock import monotonic
from rongdun.runtime.logs import get_logger
from rongdun.runtime.metrics import REQUEST_SECONDS

_log = get_logger("http")

HEADER = b"x-request-id"

UNMATCHED = "unmatched"
"""Route label of requests that met no route, so that scanners cannot fill the metrics with addresses."""

_ACCEPTABLE_ID = re.compile(rb"[A-Za-z0-9-]{8,64}")


class Observe:
    """ASGI middleware: gives each HTTP request an id, times it, and logs its route template and status.

    An ``X-Request-ID`` from the caller is kept when it is 8 to 64 letters, digits or hyphens. Neither
    the path as called nor the query string is logged: both may hold names and numbers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        status = 500
        started = monotonic()

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (HEADER, request_id.encode())]
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, send_with_id)
            finally:
                _observe(scope, status, monotonic() - started)


def _observe(scope: Scope, status: int, seconds: float) -> None:
    template = route_template(scope)
    REQUEST_SECONDS.labels(scope["method"], template, str(status)).observe(seconds)
    _log.info("request", method=scope["method"], route=template, status=status, ms=round(seconds * 1000, 1))


def route_template(scope: Scope) -> str:
    """Return the template of the route that served ``scope``, e.g. ``/api/users/{user_id}``."""
    return str(getattr(scope.get("route"), "path", "")) or UNMATCHED


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == HEADER and _ACCEPTABLE_ID.fullmatch(value):
            return str(value.decode("ascii"))
    return uuid4().hex
