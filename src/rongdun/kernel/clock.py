"""The only place where a wall clock is read.

Everything else receives ``now`` or a :class:`Clock`, so that a rule can be tested at its edges.
"""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
"""Civil time of the centre: legal days begin and end here."""


class Clock(Protocol):
    """Something that tells the time."""

    def now(self) -> datetime:
        """Return the present moment, timezone-aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the machine's present moment in UTC."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still until it is moved; for tests and drills."""

    def __init__(self, at: datetime) -> None:
        if at.tzinfo is None:
            raise ValueError("a clock needs a timezone-aware moment")
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        """Return the moment the clock was last set to."""
        return self._at

    def advance(self, by: timedelta) -> None:
        """Move the clock by ``by``, which may be negative (a clock that jumps back)."""
        self._at += by

    def set(self, at: datetime) -> None:
        """Set the clock to ``at`` (timezone-aware)."""
        self._at = at.astimezone(UTC)


def monotonic() -> float:
    """Return seconds on a clock that never jumps; only differences have meaning."""
    return time.monotonic()
