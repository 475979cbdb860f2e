"""Messages written with the change that causes them, and delivered until they are received. See ``README.md``."""

from rongdun.runtime.outbox.courier import Courier, Plan
from rongdun.runtime.outbox.model import OutboxAttempt, OutboxMessage
from rongdun.runtime.outbox.service import LOOP, KeyUsedForOther, abandon, hold_everything, retry, send
from rongdun.runtime.outbox.transport import (
    FILE_DROP,
    LIVE,
    FileDrop,
    LiveNotices,
    NotDelivered,
    Outgoing,
    Refused,
    Transport,
)

__all__ = [
    "FILE_DROP",
    "LIVE",
    "LOOP",
    "Courier",
    "FileDrop",
    "KeyUsedForOther",
    "LiveNotices",
    "NotDelivered",
    "OutboxAttempt",
    "OutboxMessage",
    "Outgoing",
    "Plan",
    "Refused",
    "Transport",
    "abandon",
    "hold_everything",
    "retry",
    "send",
]
