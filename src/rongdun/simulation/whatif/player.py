"""The child process that plays worlds: a line with what is asked, then a seed a line; it answers a line each.

A process of its own, of low priority: worlds keep a processor busy, and whoever waits can end them at any moment. It
ends when its input does, so it outlives no worker by more than a world.
"""

import json
import os
import signal
import sys
from typing import Final

_POLITE: Final = 10


def main() -> None:
    """Play what the lines of the standard input ask for, until they end."""
    # Ctrl-C and a stopping service reach every process at once; the worker decides when this one ends.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    os.nice(_POLITE)
    from rongdun.simulation.whatif.play import play
    from rongdun.simulation.whatif.settings import Side

    asked = json.loads(sys.stdin.readline())
    a, b = (Side.of(one) for one in asked["sides"])
    while line := sys.stdin.readline():
        found = play((a, b), int(line), asked["cases"])
        story = found.story.model_dump(mode="json") if found.story else None
        sys.stdout.write(json.dumps([[one.as_json() for one in found.tallies], story]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
