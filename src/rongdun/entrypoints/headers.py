"""What every answer carries: orders to the browser against framing, sniffing and foreign code, and its keeping time."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECURITY = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline';"
        " frame-ancestors 'none'; base-uri 'self'; form-action 'self'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}

_KEPT = (("/api/", "no-store"), ("/assets/", "public, max-age=31536000, immutable"))
"""Built assets carry a hash of their content in their names; answers of the API are nobody's to keep."""


class Headers:
    """ASGI middleware: sets the headers no endpoint has set itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", _kept(scope["path"], message["status"]))
            await send(message)

        await self._app(scope, receive, send_dressed)


def _kept(path: str, status: int) -> str:
    found = (words for prefix, words in _KEPT if path.startswith(prefix))
    return next(found, "no-cache") if status < 400 else "no-store"
