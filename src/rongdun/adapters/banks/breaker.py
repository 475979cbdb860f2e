"""Sparing an institution that does not answer: after a few failures it is left alone for a while, then tried once.

Without it every courier would sit waiting for a silent bank while orders for others wait behind it.
"""

from dataclasses import dataclass, field
from threading import Lock

from rongdun.kernel.clock import monotonic

AFTER = 3
"""So many failures in a row open it."""

REST_S = 10.0
"""So long nobody tries; then one does."""


@dataclass(slots=True)
class _Seen:
    failures: int = 0
    rests_until: float = 0.0


@dataclass(slots=True)
class Breaker:
    """Failures in a row by institution."""

    _seen: dict[str, _Seen] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def rest_s(self, code: str) -> float:
        """Return for how long to leave an institution alone; 0 lets the caller try.

        Whoever is let through after a rest is alone: the rest begins anew for the others.
        """
        with self._lock:
            seen = self._seen.get(code)
            if seen is None or seen.failures < AFTER:
                return 0.0
            left = seen.rests_until - monotonic()
            if left <= 0:
                seen.rests_until = monotonic() + REST_S
            return max(left, 0.0)

    def failed(self, code: str) -> None:
        """Note a failure."""
        with self._lock:
            seen = self._seen.setdefault(code, _Seen())
            seen.failures += 1
            seen.rests_until = monotonic() + REST_S

    def answered(self, code: str) -> None:
        """Note an answer, whatever it was."""
        with self._lock:
            self._seen.pop(code, None)
