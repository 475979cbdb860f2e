"""Posting the simulated institutions' answers to the centre, each until it is taken, or wrongly where told so."""

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from rongdun.adapters.banks.dialects import Dialect
from rongdun.adapters.banks.post import NoAnswer, Post
from rongdun.adapters.banks.signing import Signer, signed_headers
from rongdun.domains.exchange import Malformed, Reply
from rongdun.kernel.clock import Clock

LANES = 8
"""Answers posted at once."""

TRIES = 60
"""How often an answer is tried before the institution gives up; with waits up to 5 s about five minutes."""

LATE_S = 1.0
"""How long an answer is held back that is to be overtaken, or comes again later."""


@dataclass(slots=True)
class Sender:
    """Posts answers signed by each institution's key; ``forger`` signs where a signature is to be wrong.

    ``dialects`` says in which wire profile each institution speaks; the one under ``""`` is for all others.
    """

    dialects: Mapping[str, Dialect]
    signers: Mapping[str, Signer]
    forger: Signer
    url: str
    clock: Clock
    http: Post = field(default_factory=Post)
    taken: int = 0
    given_up: int = 0
    turned_away: int = 0
    _said: set[str] = field(default_factory=set)
    _kept_back: set[str] = field(default_factory=set)
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(LANES, "sender"))
    _stopping: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def unsaid(self) -> set[str]:
        """The applications whose every answer was kept back on command."""
        return self._kept_back - self._said

    def dialect_of(self, code: str) -> Dialect:
        """Return the wire profile an institution speaks in."""
        return self.dialects.get(code) or self.dialects[""]

    def post(self, reply: Reply, fault: str) -> None:
        """Post an answer, with the fault named by :class:`Faults`; return at once."""
        if fault == "silent":
            self._kept_back.add(reply.application_id)
        else:
            self._said.add(reply.application_id)
            self._pool.submit(self._post, reply, fault)

    def stop(self) -> None:
        """Post nothing more."""
        self._stopping.set()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self.http.close()

    def counts(self) -> dict[str, int]:
        """Return how many answers were taken, given up, and turned away."""
        counts = {"taken": self.taken, "given_up": self.given_up, "turned_away": self.turned_away}
        return {**counts, "unsaid": len(self.unsaid)}

    def _post(self, reply: Reply, fault: str) -> None:
        body = self.dialect_of(reply.institution).write_reply(reply)
        path = f"/api/exchange/inbound/{reply.institution}"
        if fault == "malformed":
            self._once(reply.institution, path, body[: len(body) // 2])
        elif fault == "forged":
            self._once(reply.institution, path, body, signer=self.forger)
        elif fault == "late":
            self._stopping.wait(LATE_S)
        headers = self._until_taken(reply.institution, path, body)
        if fault == "repeated":
            for _ in range(2):
                self._once(reply.institution, path, body)
        elif fault == "replayed" and headers:
            self._stopping.wait(LATE_S)
            self._try(reply.institution, path, body, headers)

    def _until_taken(self, code: str, path: str, body: bytes) -> Mapping[str, str]:
        for attempt in range(TRIES):
            if self._stopping.is_set():
                return {}
            headers = signed_headers(self.signers[code], "POST", path, body, self.clock.now())
            if self._try(code, path, body, headers):
                with self._lock:
                    self.taken += 1
                return headers
            self._stopping.wait(min(5.0, 0.2 * 2.0 ** min(attempt, 8)))
        with self._lock:
            self.given_up += 1
        return {}

    def _once(self, code: str, path: str, body: bytes, signer: Signer | None = None) -> None:
        signer = signer or self.signers[code]
        self._try(code, path, body, signed_headers(signer, "POST", path, body, self.clock.now()))

    def _try(self, code: str, path: str, body: bytes, headers: Mapping[str, str]) -> bool:
        dialect = self.dialect_of(code)
        try:
            answer = self.http.send(f"{self.url}{path}", body, {"Content-Type": "application/xml", **headers})
            ack = dialect.read_ack(answer.body) if answer.status < 300 else None
        except (NoAnswer, Malformed):
            return False
        if ack is None or dialect.verdict(ack.code) != "taken":
            with self._lock:
                self.turned_away += 1
            return False
        return True
