"""No request may be larger than a form is; uploads have a limit of their own (``upload_limit_mib``)."""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rongdun.runtime.problems import TooLarge, render

LIMIT = 2 * 2**20
"""Bytes: a draft may be 256 KiB, a policy change with its code list less."""

UPLOADS = "/api/files"

INBOUND = "/api/exchange/inbound/"
INBOUND_LIMIT = 16 * 2**20
"""Bytes: a bank's answer to a query of transactions may hold 20,000 rows."""


class BodyLimit:
    """ASGI middleware: answers 413 to a body over the limit, announced or not, without reading the rest."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http" or scope["path"] == UPLOADS:
            await self._app(scope, receive, send)
            return
        limit = INBOUND_LIMIT if scope["path"].startswith(INBOUND) else LIMIT
        if _announced(scope) > limit:
            await render(TooLarge())(scope, receive, send)
        else:
            await self._app(scope, _counted(receive, limit), send)


def _announced(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0


def _counted(receive: Receive, limit: int) -> Receive:
    read = 0

    async def counting() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > limit:
            # FastAPI lets this one kind of error through while it reads a body.
            raise HTTPException(413)
        return message

    return counting
