"""The built web pages: every address that is no endpoint shows the application, which finds its own way."""

from importlib import resources
from pathlib import Path

from fastapi import FastAPI, Response
from fastapi.responses import FileResponse, PlainTextResponse
from starlette.staticfiles import StaticFiles

from rongdun.kernel.errors import NotFound

_NOT_BUILT = (
    "网页尚未构建,请运行 make setup\nThe web pages have not been built: run make setup in the checkout\n"
)
_NO_PAGES = ("api/", "health/", "assets/")


def web_dist() -> Path:
    """Return the directory of the built web pages."""
    return Path(str(resources.files("rongdun").joinpath("web_dist")))


def serve_pages(app: FastAPI) -> None:
    """Add the pages to ``app``, behind every other route."""
    root = web_dist()
    if (root / "assets").is_dir():
        app.mount("/assets", StaticFiles(directory=root / "assets"), name="assets")

    @app.get("/{path:path}", include_in_schema=False)
    def page(path: str) -> Response:
        if path.startswith(_NO_PAGES):
            raise NotFound()
        wanted = (root / path).resolve()
        if path and wanted.is_file() and wanted.is_relative_to(root):
            return FileResponse(wanted)
        if not (root / "index.html").is_file():
            return PlainTextResponse(_NOT_BUILT, status_code=503)
        return FileResponse(root / "index.html")
