"""The stage over HTTP, beside the simulated banks: the next call, and the one that is on.

For the centre on the same machine only; the address is known to nobody else.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from rongdun.adapters.banks.simulator.server import Receive, Send, Simulator
from rongdun.kernel.errors import DomainError
from rongdun.simulation.drill.stage import Stage
from rongdun.simulation.drill.told import CURRENT, NEXT, Call


class StageDoor:
    """An ASGI application: the drill's own paths, everything else is the banks'."""

    def __init__(self, simulator: Simulator, stage: Stage) -> None:
        self._simulator, self._stage = simulator, stage
        self._call: Call | None = None

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Serve one connection."""
        path = str(scope.get("path", ""))
        if scope["type"] != "http" or path not in (NEXT, CURRENT):
            await self._simulator(scope, receive, send)
            return
        status, told = await self._answer(path)
        body = json.dumps(told, ensure_ascii=False, default=str).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, path: str) -> tuple[int, Any]:
        if path == NEXT:
            try:
                self._call = await asyncio.to_thread(self._stage.next_call)
            except DomainError as error:
                return 503, {"message": error.message._asdict(), "action": error.action._asdict()}
        return 200, asdict(self._call) if self._call else None
