"""The demonstration's banks and callers, in a process of their own beside the centre's."""

import asyncio
import socket
from collections.abc import Callable

import uvicorn

from rongdun.adapters.banks.simulator import load_manner
from rongdun.adapters.banks.simulator.banks import Pace
from rongdun.domains.exchange import reach_at
from rongdun.entrypoints.bootstrap import Centre
from rongdun.entrypoints.preflight import url_of
from rongdun.entrypoints.twin_bank import simulator_of
from rongdun.kernel.clock import SystemClock
from rongdun.simulation.demo_institutions import demo_institutions
from rongdun.simulation.drill.server import StageDoor
from rongdun.simulation.drill.stage import Stage, manner_file


class _Server(uvicorn.Server):
    """uvicorn that says when it listens."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start listening, then say so."""
        await super().startup(sockets)
        self._on_ready()


def serve(centre: Centre, listener: socket.socket, *, on_ready: Callable[[], None]) -> None:
    """Play every institution of the demonstration on ``listener``; the centre is told where they are reached."""
    door = door_of(centre)
    _, port = listener.getsockname()
    with centre.transact() as uow:
        for each in demo_institutions():
            reach_at(uow, each.code, f"http://127.0.0.1:{port}/{each.code}/messages")
    config = uvicorn.Config(door, access_log=False, log_config=None, ws="none", lifespan="on")
    asyncio.run(_Server(config, on_ready).serve(sockets=[listener]))


def door_of(centre: Centre) -> StageDoor:
    """Return the stage and its banks as one ASGI application."""
    settings, clock = centre.services.settings, SystemClock()
    stage = Stage(clock)
    now = clock.now()
    with manner_file() as file:
        manner = load_manner(file)
    pace = Pace(now, now, 1.0)
    simulator = simulator_of(stage.book, settings, pace, url=url_of(settings), clock=clock, manner=manner)
    return StageDoor(simulator, stage)
