"""Between the supervisor and its children: when to begin, whether it still lives, and how the start went.

A child's standard input is a pipe that only the supervisor holds. ``go`` on it means that the database is
ready; its end means that the supervisor is gone, even by ``kill -9``, and the child ends too. On standard
output the child answers ``{"ready": true}``, or what kept it from starting.
"""

import gc
import json
import os
import signal
import sys
import threading
from typing import Any

from rongdun.kernel.errors import DomainError, Text

GO = b"g"

GRACE_S = 10.0
"""Time an abandoned child has to finish what is under way."""


class Told(DomainError):
    """What a child process reported about its own failed start."""

    code = "child_failed"


class Lifeline:
    """The child's end of the line.

    Until the process is ready nothing it makes is garbage: collecting only begins then, which saves a
    sixth of the start.
    """

    def __init__(self) -> None:
        gc.disable()

    def wait_for_go(self) -> None:
        """Wait until the supervisor says that the database is ready; leave when it is gone first."""
        if os.read(0, 1) != GO:
            sys.exit(0)
        threading.Thread(target=self._watch, name="lifeline", daemon=True).start()

    def ready(self) -> None:
        """Tell the supervisor that the start is over."""
        gc.freeze()
        gc.enable()
        self._say({"ready": True})

    def failed(self, error: DomainError) -> None:
        """Tell the supervisor what kept this process from starting."""
        self._say({"message": error.message, "action": error.action})

    def _watch(self) -> None:
        while os.read(0, 1):
            pass
        last_resort = threading.Timer(GRACE_S, os._exit, [1])
        last_resort.daemon = True
        last_resort.start()
        os.kill(os.getpid(), signal.SIGTERM)

    def _say(self, what: dict[str, Any]) -> None:
        try:
            sys.stdout.write(json.dumps(what, ensure_ascii=False) + "\n")
            sys.stdout.flush()
        except BrokenPipeError:
            pass  # nobody listens any more; the watch ends this process


def heard(line: str) -> Told | None:
    """Return the failure that a child's line reports, or None when it says that it is ready."""
    said = json.loads(line)
    if said.get("ready"):
        return None
    return Told(Text(*said["message"]), action=Text(*said["action"]))
