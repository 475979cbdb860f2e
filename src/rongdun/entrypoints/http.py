"""The web process: every router, the error shapes, the security headers, and the built web pages."""

from collections.abc import Awaitable, Callable
from importlib import resources
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse
from starlette.staticfiles import StaticFiles

from rongdun import __version__
from rongdun.entrypoints.bootstrap import Centre
from rongdun.entrypoints.routes import ROUTERS
from rongdun.kernel.errors import NotFound
from rongdun.runtime import problems

_HEADERS = {
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


def create_app(centre: Centre) -> FastAPI:
    """Return the ASGI application of ``centre``."""
    app = FastAPI(
        title="榕盾 Rongdun",
        version=__version__,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.gate = centre
    problems.install(app)
    for router in ROUTERS:
        app.include_router(router)
    app.middleware("http")(_secure)
    _serve_web(app)
    return app


async def _secure(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    response = await call_next(request)
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if request.url.path.startswith("/api/"):
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def web_dist() -> Path:
    """Return the directory of the built web pages."""
    return Path(str(resources.files("rongdun").joinpath("web_dist")))


def _serve_web(app: FastAPI) -> None:
    root = web_dist()
    if (root / "assets").is_dir():
        app.mount("/assets", StaticFiles(directory=root / "assets"), name="assets")

    @app.get("/{path:path}", include_in_schema=False)
    def page(path: str) -> Any:
        if path.startswith(("api/", "health/")):
            raise NotFound()
        wanted = (root / path).resolve()
        if path and wanted.is_file() and wanted.is_relative_to(root):
            return FileResponse(wanted)
        return FileResponse(root / "index.html")
