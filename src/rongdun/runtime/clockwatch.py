"""Noticing that a clock has jumped, by three clocks that cannot all be wrong in the same way."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

TOLERANCE_S = 2.0
"""Deadlines are promised to within 2 s, so a smaller jump needs no alarm."""


@dataclass(frozen=True, slots=True)
class Jump:
    """A clock that moved otherwise than time did.

    ``seconds`` is how far it went ahead (positive) or back (negative); ``whose`` is ``machine``, when
    this machine's wall clock jumped, or ``database``, when only the database's did. ``expected`` is
    what the wall clock would have shown, ``found`` what it shows.
    """

    seconds: float
    whose: str
    expected: datetime
    found: datetime
    database_difference_s: float

    @property
    def direction(self) -> str:
        """Return ``forward`` or ``backward``."""
        return "forward" if self.seconds > 0 else "backward"


@dataclass(slots=True)
class ClockWatch:
    """Compares, between two looks, the wall clock, the monotonic clock and the database's clock.

    Time passed by the monotonic clock is taken as true. A suspended machine, whose monotonic clock
    stands still, is therefore seen as a jump forward; for deadlines it is the same thing.
    """

    monotonic: Callable[[], float]
    tolerance_s: float = TOLERANCE_S
    _wall: datetime | None = field(default=None, init=False)
    _mono: float = field(default=0.0, init=False)
    _difference: float = field(default=0.0, init=False)

    def look(self, wall: datetime, database: datetime) -> Jump | None:
        """Return the jump since the last look, if any; the first look only remembers."""
        mono = self.monotonic()
        difference = (wall - database).total_seconds()
        jump = None
        if self._wall is not None:
            expected = self._wall + timedelta(seconds=mono - self._mono)
            jump = self._judge(expected, wall, difference)
        self._wall, self._mono, self._difference = wall, mono, difference
        return jump

    def since_last_look(self) -> float | None:
        """Return the true seconds since the last look, or ``None`` before the first."""
        return None if self._wall is None else self.monotonic() - self._mono

    def _judge(self, expected: datetime, wall: datetime, difference: float) -> Jump | None:
        moved = (wall - expected).total_seconds()
        if abs(moved) > self.tolerance_s:
            return Jump(moved, "machine", expected, wall, difference)
        drift = self._difference - difference
        if abs(drift) > self.tolerance_s:
            return Jump(drift, "database", expected, wall, difference)
        return None
