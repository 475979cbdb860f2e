"""The simulator's HTTP side: a door for signed instructions, a control line, the institutions' own books.

Everything that touches the books runs on one event loop; only posting answers is done by threads.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any
from urllib.parse import parse_qsl

from rongdun.adapters.banks import wire
from rongdun.adapters.banks.profile import Profile
from rongdun.adapters.banks.signing import Verifier, fault_of
from rongdun.adapters.banks.simulator.banks import Banks, Entry
from rongdun.adapters.banks.simulator.faults import Faults
from rongdun.adapters.banks.simulator.sender import Sender
from rongdun.adapters.banks.wire import Acknowledged
from rongdun.adapters.banks.xml import MOST_BYTES
from rongdun.domains.exchange import Malformed
from rongdun.kernel.clock import Clock

Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

LOOK_S = 0.02
"""How often what is due is looked for, in seconds."""


class _Hang(Exception):
    """The line is closed without a word."""


@dataclass(slots=True)
class Simulator:
    """An ASGI application that plays institutions.

    ``POST /<code>/messages`` takes instructions; ``GET /<code>/orders?start=&end=`` tells the institution's own book
    (both signed by the centre); ``POST /control/faults`` and ``GET /control/status`` are for whoever runs it.
    """

    banks: Banks
    profile: Profile
    centre: Verifier
    sender: Sender
    clock: Clock
    faults: dict[str, Faults] = field(default_factory=dict)
    chance: Random = field(default_factory=lambda: Random(7))  # noqa: S311 - a simulation
    refused: int = 0

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)

    def faults_of(self, code: str) -> Faults:
        """Return how an institution misbehaves: by its own orders, else by those to all."""
        return self.faults.get(code) or self.faults.get("") or Faults()

    def work(self) -> None:
        """Do what is due by now and give the answers to the sender."""
        for reply in self.banks.due(self.clock.now()):
            self.sender.post(reply, self.faults_of(reply.institution).answer(self.chance))

    async def _live(self, receive: Receive, send: Send) -> None:
        working: asyncio.Task[None] | None = None
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                working = asyncio.create_task(self._keep_working())
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                if working is not None:
                    working.cancel()
                    with suppress(asyncio.CancelledError):
                        await working
                self.sender.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _keep_working(self) -> None:
        while True:
            self.work()
            await asyncio.sleep(LOOK_S)

    async def _serve(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        body = await _body(receive)
        path = str(scope["path"])
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        code = path.strip("/").partition("/")[0]
        try:
            if code == "control":
                status, answer = self._control(path, body)
            elif path.endswith("/orders"):
                status, answer = self._orders(code, path, _query(scope), headers)
            else:
                status, answer = await self._take(code, path, headers, body)
        except _Hang:
            return
        await _answer(send, status, answer)

    async def _take(self, code: str, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        faults = self.faults_of(code)
        wrong = faults.door(self.chance)
        if wrong == "busy":
            return 503, b""
        status, ack = self._accepted(code, path, headers, body)
        if faults.slow_s:
            await asyncio.sleep(faults.slow_s)
        if wrong == "deaf":
            raise _Hang
        return (200, b"<Respon") if wrong == "garbled" else (status, wire.write_ack(self.profile, ack))

    def _accepted(
        self, code: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Acknowledged]:
        now = self.clock.now()
        fault = fault_of(self.centre, headers, "POST", path, body, now)
        if fault is not None:
            self.refused += 1
            return 401, Acknowledged("200004", fault.zh)
        try:
            instruction = wire.read_instruction(self.profile, body)
        except Malformed as error:
            self.refused += 1
            return 422, Acknowledged("200001", error.message.zh)
        code = self.banks.accept(code, instruction, now)
        return 200, Acknowledged(code, "", f"R{instruction.application_id}")

    def _orders(
        self, code: str, path: str, query: Mapping[str, str], headers: Mapping[str, str]
    ) -> tuple[int, bytes]:
        if fault_of(self.centre, headers, "GET", path, b"", self.clock.now()) is not None:
            return 401, b""
        start, end = (datetime.fromisoformat(query[name]) for name in ("start", "end"))
        return 200, _json({"orders": [line_of(entry) for entry in self.banks.lines(code, start, end)]})

    def _control(self, path: str, body: bytes) -> tuple[int, bytes]:
        if path == "/control/faults":
            told = json.loads(body)
            for code in told.pop("institutions", [""]):
                self.faults[code] = Faults().told(told)
            return 200, _json({"faults": sorted(self.faults)})
        if path == "/control/orders":
            lines = [line_of(entry) for entry in self.banks.entries.values()]
            return 200, _json({"orders": lines, "unsaid": sorted(self.sender.unsaid)})
        return 200, _json(
            {
                "orders": len(self.banks.entries),
                "answered": sum(entry.outcome != "" for entry in self.banks.entries.values()),
                "refused": self.refused,
                **self.sender.counts(),
            }
        )


def line_of(entry: Entry) -> dict[str, Any]:
    """Return one line of an institution's own book of orders."""
    return {
        "application_id": entry.instruction.application_id,
        "institution": entry.institution,
        "kind": entry.instruction.kind.value,
        "received_at": entry.received_at.isoformat(),
        "copies": entry.copies,
        "done": entry.done,
        "outcome": entry.outcome,
        "held_fen": entry.held_fen,
        "answers": entry.answers,
    }


async def _body(receive: Receive) -> bytes:
    read = bytearray()
    while True:
        message = await receive()
        read += message.get("body", b"")
        if not message.get("more_body") or len(read) > MOST_BYTES:
            return bytes(read)


async def _answer(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"application/xml"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _query(scope: Mapping[str, Any]) -> dict[str, str]:
    return dict(parse_qsl(scope["query_string"].decode("latin-1")))


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
