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

from rongdun.adapters.banks.signing import Verifier, fault_of
from rongdun.adapters.banks.simulator.banks import Banks, Entry
from rongdun.adapters.banks.simulator.faults import Faults
from rongdun.adapters.banks.simulator.sender import Sender
from rongdun.adapters.banks.wire import Acknowledged
from rongdun.adapters.banks.xml import MOST_BYTES
from rongdun.domains.exchange import Malformed, StatusRequest
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
    (both signed by the centre); what begins with ``/control/`` is for whoever runs it. Each institution speaks in the
    wire profile that the sender of its answers has for it.
    """

    banks: Banks
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
        written = b"<Respon" if wrong == "garbled" else self.sender.dialect_of(code).write_ack(ack)
        return 200 if wrong == "garbled" else status, written

    def _accepted(
        self, code: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Acknowledged]:
        now = self.clock.now()
        fault = fault_of(self.centre, headers, "POST", path, body, now)
        if fault is not None:
            self.refused += 1
            return 401, Acknowledged("200004", fault.zh)
        try:
            asked = self.sender.dialect_of(code).read_asked(body)
        except Malformed as error:
            self.refused += 1
            return 422, Acknowledged("200001", error.message.zh)
        if isinstance(asked, StatusRequest):
            return 200, Acknowledged(self._told_again(code, asked, now), "", asked.message_id)
        return 200, Acknowledged(self.banks.accept(code, asked, now), "", f"R{asked.application_id}")

    def _told_again(self, code: str, asked: StatusRequest, now: datetime) -> str:
        """Answer the question what became of an instruction; return the platform's return code."""
        reply = self.banks.status(code, asked.application_id, now)
        if reply is None:
            return "200010"
        self.sender.post(reply, self.faults_of(code).answer(self.chance))
        return "100000"

    def _orders(
        self, code: str, path: str, query: Mapping[str, str], headers: Mapping[str, str]
    ) -> tuple[int, bytes]:
        now, faults = self.clock.now(), self.faults_of(code)
        if fault_of(self.centre, headers, "GET", path, b"", now) is not None:
            return 401, b""
        if self.chance.random() < faults.book_closed:
            return 503, b""
        start, end = (datetime.fromisoformat(query[name]) for name in ("start", "end"))
        lines = [line_of(entry) for entry in self.banks.lines(code, start, end)]
        kept = [line for line in lines if self.chance.random() >= faults.book_missing]
        made_up = [
            _made_up(code, number, start + (end - start) / 2) for number in range(int(faults.book_extra))
        ]
        return 200, _json({"orders": [*kept, *made_up]})

    def _give_back(self, application_id: str) -> tuple[int, bytes]:
        """Let an institution send the money of a stop back to the payer's, where its wire profile can say so."""
        reply = self.banks.give_back(application_id, self.clock.now())
        if reply is None or not self.sender.dialect_of(reply.institution).asks_status:
            return 409, b""
        self.sender.post(reply, "")
        return 200, _json({"returned_fen": reply.returned_fen})

    def _control(self, path: str, body: bytes) -> tuple[int, bytes]:
        if path == "/control/faults":
            told = json.loads(body)
            for code in told.pop("institutions", [""]):
                self.faults[code] = Faults().told(told)
            return 200, _json({"faults": sorted(self.faults)})
        if path == "/control/return":
            return self._give_back(str(json.loads(body)["application_id"]))
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


def _made_up(code: str, number: int, at: datetime) -> dict[str, Any]:
    """Return a line about an instruction that nobody ever sent."""
    fixed = {"institution": code, "kind": "stop", "copies": 1, "done": 1, "outcome": "done", "answers": 1}
    told = {"application_id": f"MADE-UP-{code}-{number}", "received_at": at.isoformat(), "held_fen": 100}
    return {**fixed, **told}


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
