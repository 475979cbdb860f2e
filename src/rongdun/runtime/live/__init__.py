"""Live updates: a change tells open screens what to read again, never what it says.

Writers call ``uow.publish(topic, subject, unit_path)``; the signal is written and notified in the same
transaction. Each web process runs one :class:`LiveHub`, which hands signals to the screens whose
permissions and scope cover them.
"""

from rongdun.runtime.live.hub import LiveHub, Screen
from rongdun.runtime.live.signals import LiveEvent, prune_signals, write_signals
from rongdun.runtime.live.stream import Replay, replay_since, stream
from rongdun.runtime.live.topics import EVERYWHERE, SESSION_ENDED, may_hear, permission_of, topics

__all__ = [
    "EVERYWHERE",
    "SESSION_ENDED",
    "LiveEvent",
    "LiveHub",
    "Replay",
    "Screen",
    "may_hear",
    "permission_of",
    "prune_signals",
    "replay_since",
    "stream",
    "topics",
    "write_signals",
]
