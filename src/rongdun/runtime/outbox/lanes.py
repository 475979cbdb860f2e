"""Carrying several messages at once: threads that wait for receivers while the courier claims and settles."""

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import NamedTuple

from rongdun.kernel.clock import monotonic
from rongdun.runtime.outbox.transport import Outgoing

GATHER_S = 0.02
"""So long, in seconds, endings are gathered to be settled in one transaction."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one attempt ended: ``sent``, ``failed`` (again later) or ``refused`` (never)."""

    kind: str
    receipt: str = ""
    error: str = ""
    after_s: float = 0.0


class Ended(NamedTuple):
    """A message, how its attempt ended, and how long that took in seconds."""

    message: Outgoing
    outcome: Outcome
    took_s: float


@dataclass(slots=True)
class Lanes:
    """So many messages at once; each call of ``carry`` must end by itself."""

    count: int
    carry: Callable[[Outgoing], Outcome]
    _pool: ThreadPoolExecutor | None = None
    _under_way: set["Future[Ended]"] = field(default_factory=set)

    @property
    def free(self) -> int:
        """How many more may start now."""
        return self.count - len(self._under_way)

    def start(self, message: Outgoing) -> None:
        """Let a message go."""
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self.count, "lane")
        self._under_way.add(self._pool.submit(self._timed, message))

    def ended(self) -> list[Ended]:
        """Return what has ended, after waiting a moment for at least half of what is under way."""
        end, done = monotonic() + GATHER_S, set[Future[Ended]]()
        enough = max(1, len(self._under_way) // 2)
        while len(done) < enough and (left := end - monotonic()) > 0 and self._under_way:
            finished, self._under_way = wait(self._under_way, left, FIRST_COMPLETED)
            done |= finished
        return [each.result() for each in done]

    def rest(self) -> list[Ended]:
        """Wait for everything under way, and return it; no message may start any more."""
        if self._pool is not None:
            self._pool.shutdown(wait=True)
        done, self._under_way = self._under_way, set()
        return [each.result() for each in done]

    def _timed(self, message: Outgoing) -> Ended:
        started = monotonic()
        outcome = self.carry(message)
        return Ended(message, outcome, monotonic() - started)
