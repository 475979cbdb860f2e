"""Somebody wants a running command to stop: Ctrl-C, SIGTERM, or a terminal that was closed."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stop:
    """Whether somebody wants the centre to stop, and how urgently."""

    def __init__(self) -> None:
        self._asked = 0
        self._event = threading.Event()

    @property
    def asked(self) -> bool:
        """Whether a stop was asked for."""
        return self._asked > 0

    @property
    def urgent(self) -> bool:
        """Whether it was asked for a second time."""
        return self._asked > 1

    def wait(self, seconds: float) -> bool:
        """Wait ``seconds``, or less when a stop is asked for; tell whether it was."""
        return self._event.wait(seconds)

    @contextmanager
    def on_signals(self) -> Iterator["Stop"]:
        """Take Ctrl-C, SIGTERM and a closed terminal as a wish to stop, for as long as the block lasts.

        Under ``nohup`` a closed terminal stays without effect.
        """
        kept = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        taken = [number for number in _SIGNALS if not (kept and number is signal.SIGHUP)]
        before = {number: signal.signal(number, self._note) for number in taken}
        try:
            yield self
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _note(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - what signal.signal passes
        self._asked += 1
        self._event.set()
