"""The web process: every router, the error shapes, the live line, and the built web pages."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI

from rongdun import __version__
from rongdun.entrypoints.bootstrap import Centre
from rongdun.entrypoints.headers import Headers
from rongdun.entrypoints.limits import BodyLimit
from rongdun.entrypoints.openapi import describe
from rongdun.entrypoints.pages import serve_pages
from rongdun.entrypoints.routes import ROUTERS
from rongdun.runtime import problems
from rongdun.runtime.live import LiveHub
from rongdun.runtime.observe import Observe


def create_app(centre: Centre) -> FastAPI:
    """Return the ASGI application of ``centre``."""
    app = FastAPI(
        title="榕盾 Rongdun",
        version=__version__,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_listening,
    )
    app.state.gate = centre
    problems.install(app)
    for router in ROUTERS:
        app.include_router(router)
    app.add_middleware(BodyLimit)
    app.add_middleware(Headers)
    app.add_middleware(Observe)
    serve_pages(app)
    app.openapi = partial(describe, app)  # type: ignore[method-assign]
    return app


@asynccontextmanager
async def _listening(app: FastAPI) -> AsyncIterator[None]:
    """Hear the database's signals for as long as the process serves."""
    centre: Centre = app.state.gate
    app.state.live = LiveHub(centre.services.database.dsn, recheck=centre.recheck)
    async with app.state.live.running():
        yield
