"""What a browser notices and a person may not: errors in the console, requests that failed or left the machine."""

import re
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response

_HARMLESS = (
    # A form looks whether somebody left a draft of it.
    (404, r"GET .*/api/drafts/"),
    # Nobody is signed in yet: the page asks who it is.
    (401, r"GET .*/api/auth/me$"),
)
_LEFT = "net::ERR_ABORTED"
"""A page that was left gives up what it was reading."""


@dataclass
class Watch:
    """Collects what went wrong in one browser, apart from what a journey brings about on purpose."""

    origin: str
    faults: list[str] = field(default_factory=list)
    _expected: list[tuple[int | None, str]] = field(default_factory=lambda: list(_HARMLESS))
    _offline: bool = False

    def over(self, context: BrowserContext) -> "Watch":
        """Watch every page of ``context``."""
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        context.on("request", self._request)
        context.on("requestfailed", self._failed)
        context.on("response", self._response)
        return self

    def expect(self, status: int, call: str) -> None:
        """Allow answers of ``status`` to calls that match ``call``, such as ``POST .*/login``."""
        self._expected.append((status, call))

    def expect_loss(self) -> None:
        """Allow requests that reach nobody, and what a proxy or a dying server answers."""
        self._offline = True

    def _console(self, message: ConsoleMessage) -> None:
        # Refused requests are judged by their answers.
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.origin, "data:", "blob:")):
            self.faults.append(f"left the machine: {request.url}")

    def _failed(self, request: Request) -> None:
        if self._offline or request.failure in (None, _LEFT):
            return
        self.faults.append(f"failed: {request.method} {request.url}: {request.failure}")

    def _response(self, response: Response) -> None:
        if response.status < 400 or (self._offline and response.status >= 500):
            return
        call = f"{response.request.method} {response.url}"
        if not any(
            status == response.status and re.search(pattern, call) for status, pattern in self._expected
        ):
            self.faults.append(f"{response.status}: {call}")
