"""The worker's hold on the process that plays worlds: asks for one after the other, and ends it at any moment."""

import json
import select
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any, Final

from rongdun.kernel.clock import monotonic
from rongdun.simulation.whatif.settings import Side, Tally

LOOK_EVERY_S: Final = 2.0
"""How often whoever waits for a world looks whether it is still wanted."""

WORLD_MOST_S: Final = 300.0
"""A world takes a second or two; one that takes so long never ends."""

_COMMAND: Final = (sys.executable, "-P", "-m", "rongdun.simulation.whatif.player")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a world gave: the sums of each side, and its story as JSON, if it can be watched."""

    tallies: list[Tally]
    story: dict[str, Any] | None


class PlayerLost(Exception):
    """The process ended, or took too long for a world."""


class Stopped(Exception):
    """Nobody wants the world any more."""


class Player:
    """A process that plays worlds under the given sides; a context manager that ends it on leaving."""

    def __init__(self, sides: tuple[Side, Side], cases: int) -> None:
        self._asked = json.dumps({"sides": [one.as_json() for one in sides], "cases": cases})

    def __enter__(self) -> "Player":
        """Start the process; its first world waits until it has loaded. Raises :class:`PlayerLost`."""
        self._process = subprocess.Popen(
            _COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True, text=True
        )
        try:
            self._say(self._asked)
        except PlayerLost:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """End the process, in the midst of a world too."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(BrokenPipeError):
                    stream.close()

    def world(self, seed: int, wanted: Callable[[], bool]) -> Answer:
        """Return what both sides gave in the world of ``seed``.

        ``wanted`` is asked at once and every two seconds meanwhile. Raises :class:`Stopped` when it says no, and
        :class:`PlayerLost`.
        """
        assert self._process.stdout
        self._say(str(seed))
        self._wait(self._process.stdout, wanted)
        line = self._process.stdout.readline()
        if not line.endswith("\n"):
            raise PlayerLost
        tallies, story = json.loads(line)
        return Answer([Tally(**one) for one in tallies], story)

    def _wait(self, answer: IO[str], wanted: Callable[[], bool]) -> None:
        until = monotonic() + WORLD_MOST_S
        while wanted():
            if select.select([answer], [], [], LOOK_EVERY_S)[0]:
                return
            if monotonic() > until:
                raise PlayerLost
        raise Stopped

    def _say(self, line: str) -> None:
        assert self._process.stdin
        try:
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()
        except BrokenPipeError as error:
            raise PlayerLost from error
