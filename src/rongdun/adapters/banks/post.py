"""Posting bytes over HTTP or HTTPS: kept connections, mutual TLS, and an end by itself in well under 30 s."""

import http.client
import ssl
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from queue import Empty, LifoQueue
from typing import Any, NamedTuple
from urllib.parse import SplitResult, urlsplit

from rongdun.kernel.clock import monotonic

CONNECT_S = 5.0
ANSWER_S = 15.0
"""Longest waits for a connection and for a whole answer, in seconds."""

MOST_ANSWER = 16 << 20
"""Largest answer read, in bytes: a day of 50,000 instructions fits."""


class Answer(NamedTuple):
    """What came back: the HTTP status, the body, and how long the other side asked to wait (seconds)."""

    status: int
    body: bytes
    retry_after_s: float = 0.0


class NoAnswer(Exception):
    """Nothing usable came back: no connection, a broken one, or too late."""


class _Whole(http.client.HTTPConnection):
    """Sends head and body of a request together; apart, each would wake the receiver."""

    _pieces: bytes = b""

    def send(self, data: Any) -> None:
        """Keep what a request is made of."""
        self._pieces += data

    def flush(self) -> None:
        """Send what was kept."""
        pieces, self._pieces = self._pieces, b""
        super().send(pieces)


class _WholeOverTls(_Whole, http.client.HTTPSConnection):
    """The same, over TLS."""


class Post:
    """Posts to any number of addresses; safe to share between threads, which each borrow a connection."""

    def __init__(self, *, certificate: Path | None = None, authority: Path | None = None) -> None:
        self._tls = ssl.create_default_context(cafile=str(authority) if authority else None)
        if certificate is not None:
            self._tls.load_cert_chain(str(certificate))
        self._idle: defaultdict[str, LifoQueue[_Whole]] = defaultdict(LifoQueue)

    def send(self, url: str, body: bytes, headers: Mapping[str, str], *, method: str = "POST") -> Answer:
        """Send ``body`` to ``url`` and return the answer; raises :class:`NoAnswer`.

        A kept connection that turns out closed is replaced once: what is sent is idempotent for its receiver.
        """
        place = urlsplit(url)
        path = f"{place.path or '/'}{'?' + place.query if place.query else ''}"
        try:
            return self._on_idle(place, method, path, body, headers) or self._on_new(
                place, method, path, body, headers
            )
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswer(f"{type(error).__name__} at {place.hostname}") from error

    def close(self) -> None:
        """Close the connections that are kept."""
        for waiting in self._idle.values():
            with suppress(Empty):
                while True:
                    waiting.get_nowait().close()

    def _on_idle(
        self, place: SplitResult, method: str, path: str, body: bytes, headers: Mapping[str, str]
    ) -> Answer | None:
        try:
            kept = self._idle[place.netloc].get_nowait()
        except Empty:
            return None
        with suppress(http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            return self._exchange(kept, place, method, path, body, headers)
        return None

    def _on_new(
        self, place: SplitResult, method: str, path: str, body: bytes, headers: Mapping[str, str]
    ) -> Answer:
        return self._exchange(self._connect(place), place, method, path, body, headers)

    def _connect(self, place: SplitResult) -> _Whole:
        host = place.hostname or ""
        if place.scheme == "https":
            made: _Whole = _WholeOverTls(host, place.port, timeout=CONNECT_S, context=self._tls)
        else:
            made = _Whole(host, place.port, timeout=CONNECT_S)
        made.connect()
        return made

    def _exchange(
        self,
        connection: _Whole,
        place: SplitResult,
        method: str,
        path: str,
        body: bytes,
        headers: Mapping[str, str],
    ) -> Answer:
        end = monotonic() + ANSWER_S
        try:
            _allow(connection, end)
            connection.request(method, path, body=body, headers=dict(headers))
            connection.flush()
            response = connection.getresponse()
            read = _read(connection, response, end)
            response.close()  # read1 alone leaves the connection waiting for more
        except BaseException:
            connection.close()
            raise
        if response.will_close:
            connection.close()
        else:
            self._idle[place.netloc].put(connection)
        return Answer(response.status, read, _seconds(response.headers.get("Retry-After")))


def _read(connection: http.client.HTTPConnection, response: http.client.HTTPResponse, end: float) -> bytes:
    read = bytearray()
    while block := response.read1(65_536):
        read += block
        if len(read) > MOST_ANSWER:
            raise http.client.HTTPException("the answer is too large")
        _allow(connection, end)
    return bytes(read)


def _allow(connection: http.client.HTTPConnection, end: float) -> None:
    left = end - monotonic()
    if left <= 0:
        raise TimeoutError("the answer took too long")
    if connection.sock is not None:
        connection.sock.settimeout(left)


def _seconds(text: str | None) -> float:
    return min(float(text), 3600.0) if text and text.isdigit() else 0.0
