"""Writing messages, and deciding about dead ones; always in the caller's transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from rongdun.kernel.errors import Conflict, Text
from rongdun.kernel.ids import new_id
from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.loops import wake_on_commit
from rongdun.runtime.outbox import store
from rongdun.runtime.outbox.model import OutboxMessage
from rongdun.runtime.outbox.transport import LIVE
from rongdun.runtime.uow import Uow

LOOP = "outbox"
"""Name of the delivery loop, as wakes call it."""

MAX_ATTEMPTS = 12
"""With waits from 2 s to 15 min this is about an hour and a half of trying."""


class KeyUsedForOther(Conflict):
    """The idempotency key already stands for another message."""

    code = "idempotency_key_used"
    message = Text("该幂等键已用于另一条消息", "This idempotency key already stands for another message")
    action = Text("请换用新的幂等键", "Use a new idempotency key")


def send(
    uow: Uow,
    *,
    channel: str,
    kind: str,
    payload: Mapping[str, Any],
    idempotency_key: str,
    unit_path: str | None = None,
    partner_path: str | None = None,
    order_key: str | None = None,
    expires_at: datetime | None = None,
    max_attempts: int = MAX_ATTEMPTS,
) -> UUID:
    """Write a message to be delivered once this transaction commits; return its id.

    ``payload`` is JSON with references, no personal data in clear. The same ``idempotency_key`` with
    the same content returns the first message's id and writes nothing; with other content it raises
    :class:`KeyUsedForOther`. Messages of one ``order_key`` are delivered in the order written.
    ``unit_path`` is the sending unit (default: the actor's).
    """
    if order_key is not None:
        store.serialise_order(uow.session, order_key)
    content = {
        "channel": channel,
        "kind": kind,
        "payload": dict(payload),
        "partner_path": partner_path,
        "order_key": order_key,
    }
    message = store.insert_once(
        uow.session,
        {
            **content,
            "id": new_id(),
            "unit_path": uow.actor.unit_path if unit_path is None else unit_path,
            "idempotency_key": idempotency_key,
            "max_attempts": max_attempts,
            "expires_at": expires_at,
            "next_attempt_at": uow.now,
            "created_at": uow.now,
        },
    )
    if message is None:
        return _same_message(uow, idempotency_key, content)
    wake_on_commit(uow.session, LOOP)
    return message.id


def _same_message(uow: Uow, idempotency_key: str, content: Mapping[str, Any]) -> UUID:
    message = store.by_key(uow.session, idempotency_key)
    if message is None or any(getattr(message, name) != value for name, value in content.items()):
        raise KeyUsedForOther(extra={"idempotency_key": idempotency_key})
    return message.id


def retry(uow: Uow, message: OutboxMessage, *, reason: str) -> None:
    """Give a dead message another full round of attempts, starting now."""
    _decide(uow, message, reason, state="pending", next_attempt_at=uow.now, settled_at=None)
    message.max_attempts = message.attempts + MAX_ATTEMPTS
    wake_on_commit(uow.session, LOOP)


def abandon(uow: Uow, message: OutboxMessage, *, reason: str) -> None:
    """Give a message up for good; those behind it in its order go on."""
    _decide(uow, message, reason, state="abandoned", next_attempt_at=None, settled_at=uow.now)
    wake_on_commit(uow.session, LOOP)


def subject_of(message: OutboxMessage) -> SubjectRef:
    """Return how audit entries and screens call ``message``."""
    return SubjectRef("outbox_message", str(message.id), message.kind)


def _decide(uow: Uow, message: OutboxMessage, reason: str, **values: Any) -> None:
    before = {"state": message.state}
    for name, value in values.items():
        setattr(message, name, value)
    message.decided_by = uow.actor.user_id
    message.decision_reason = reason
    message.version += 1
    verb = "abandon" if message.state == "abandoned" else "retry"
    uow.record(
        f"outbox.{verb}",
        subject_of(message),
        unit_path=message.unit_path,
        before=before,
        after={"state": message.state},
        note=reason,
    )
    uow.publish("outbox", subject_of(message), message.unit_path)


def hold_everything(uow: Uow, *, why: str) -> int:
    """Let nothing go out by itself any more: what waits becomes a dead letter until somebody decides.

    For a database that was brought back from a backup: its messages may have gone out since. Notices to
    our own screens are left alone. Returns how many messages wait for a decision now.
    """
    return store.hold(uow.session, now=uow.now, why=why, but=LIVE)
