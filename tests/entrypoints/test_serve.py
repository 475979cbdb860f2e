"""How the web process speaks HTTP: whom it believes, what it gives away, what it refuses to read."""

import http.client
import socket
import threading
from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI, Request, Response

from rongdun.entrypoints.preflight import listen_on
from rongdun.entrypoints.serve import LONGEST_HEAD, Server, server_config
from rongdun.runtime.settings import Settings

Ask = Callable[[dict[str, str]], http.client.HTTPResponse]


@pytest.fixture(params=["", "127.0.0.1", "203.0.113.9,127.0.0.1", "203.0.113.9"])
def trusted(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _app() -> FastAPI:
    app = FastAPI()

    @app.get("/who")
    def who(request: Request, response: Response) -> dict[str, str]:
        response.headers["X-Port"] = str(request.url.port)
        return {"host": request.client.host if request.client else "", "scheme": request.url.scheme}

    return app


@pytest.fixture
def ask(trusted: str) -> Iterator[Ask]:
    """Ask a server that trusts ``trusted`` who the caller is."""
    app, started = _app(), threading.Event()
    listener = listen_on("127.0.0.1", 0)
    port = listener.getsockname()[1]
    server = Server(server_config(app, Settings(trusted_proxies=trusted)), app, started.set)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    assert started.wait(20)
    opened: list[http.client.HTTPConnection] = []

    def asking(headers: dict[str, str]) -> http.client.HTTPResponse:
        opened.append(http.client.HTTPConnection("127.0.0.1", port, timeout=10))
        opened[-1].request("GET", "/who", headers=headers)
        return opened[-1].getresponse()

    yield asking
    for connection in opened:
        connection.close()
    server.should_exit = True
    thread.join()


def test_forwarded_addresses_are_believed_from_trusted_proxies_alone(ask: Ask, trusted: str) -> None:
    answer = ask({"X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "https"})
    told = answer.read().decode()
    assert ("198.51.100.7" in told) == ("127.0.0.1" in trusted)
    assert ('"https"' in told) == ("127.0.0.1" in trusted)


@pytest.mark.parametrize("trusted", [""])
def test_answers_tell_the_time_and_no_server(ask: Ask) -> None:
    answer = ask({})
    assert answer.headers["Date"].endswith("GMT")
    assert "Server" not in answer.headers
    answer.read()


@pytest.mark.parametrize("trusted", [""])
def test_an_endless_head_is_refused(ask: Ask) -> None:
    port = ask({}).headers["X-Port"]
    with socket.create_connection(("127.0.0.1", int(port)), timeout=10) as line:
        line.sendall(b"GET /who HTTP/1.1\r\n")
        line.sendall(b"X-Long: " + b"a" * (LONGEST_HEAD + 1024))
        assert line.recv(64).startswith(b"HTTP/1.1 400")
