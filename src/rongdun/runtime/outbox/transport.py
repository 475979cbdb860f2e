"""How a message leaves the house: the port, what a transport may answer, and the two that need no partner."""

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol, runtime_checkable
from uuid import UUID

from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.uow import Transact

LIVE = "live"
"""Channel of notices to open screens."""

FILE_DROP = "file_drop"
"""Channel of messages laid down as files, for networks that are carried across by hand."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A claimed message, as a transport sees it. ``attempt`` counts from 1."""

    id: UUID
    channel: str
    kind: str
    unit_path: str
    partner_path: str | None
    payload: Mapping[str, Any]
    idempotency_key: str
    order_key: str | None
    attempt: int
    max_attempts: int
    created_at: datetime
    expires_at: datetime | None


class NotDelivered(Exception):
    """The message did not get through this time; it will be tried again.

    ``after`` is the shortest wait the receiver asked for, if it did. The message must hold no
    personal data: it is stored and shown.
    """

    def __init__(self, reason: str, *, after: timedelta | None = None) -> None:
        self.after = after
        super().__init__(reason)


class Refused(Exception):
    """The receiver will never take this message; trying again is pointless."""


class Transport(Protocol):
    """Carries messages of one channel. Calls must end by themselves within 30 s."""

    def deliver(self, message: Outgoing) -> str:
        """Carry ``message`` over and return the receiver's reference (may be empty).

        Raises :class:`NotDelivered` to be tried again, :class:`Refused` to give up. Any other error
        counts as not delivered. A message may arrive here twice: same ``idempotency_key``, same effect.
        """
        ...


@runtime_checkable
class Preparing(Protocol):
    """A transport that looks up once what several deliveries need."""

    def prepare(self, messages: Sequence[Outgoing]) -> None:
        """Get ready to deliver ``messages`` in a moment; what is not ready then is looked up one by one."""
        ...


class LiveNotices:
    """Tells open screens: the message becomes a live signal of its unit."""

    def __init__(self, transact: Transact) -> None:
        self._transact = transact

    def deliver(self, message: Outgoing) -> str:
        """Publish the message as a signal on the topic its kind names; twice does no harm."""
        with self._transact() as uow:
            subject = SubjectRef(
                str(message.payload.get("subject_kind", "outbox_message")),
                str(message.payload.get("subject_id", message.id)),
            )
            uow.publish(message.kind, subject, message.partner_path or message.unit_path)
        return ""


class FileDrop:
    """Lays messages down as JSON files, one directory a partner, for a closed network's courier."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def deliver(self, message: Outgoing) -> str:
        """Write the message whole or not at all; a second delivery replaces the same file."""
        folder = self._directory / _file_name(message.partner_path or "centre")
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"{_file_name(message.kind)}-{message.id}.json"
        partial = target.with_suffix(".partial")
        with partial.open("w", encoding="utf-8") as file:
            json.dump(_document(message), file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
        return target.name


def _document(message: Outgoing) -> dict[str, Any]:
    return {
        "id": str(message.id),
        "kind": message.kind,
        "idempotency_key": message.idempotency_key,
        "order_key": message.order_key,
        "created_at": message.created_at.isoformat(),
        "payload": dict(message.payload),
    }


def _file_name(text: str) -> str:
    return re.sub(r"[^\w.-]+", "_", text).strip(".") or "_"
