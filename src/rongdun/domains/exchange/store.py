"""Reads of the outbox inside the asking scope; row-level security holds the same line below."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from rongdun.domains.exchange.rules import MESSAGE
from rongdun.kernel.errors import Text
from rongdun.kernel.scope import Scope
from rongdun.runtime.outbox import OutboxAttempt, OutboxMessage
from rongdun.runtime.tables import Column, TableSpec

_STATES = {state.key: state.name for state in MESSAGE.states}

TABLE = TableSpec(
    columns={
        "state": Column(OutboxMessage.state, Text("状态", "State"), choices=_STATES),
        "kind": Column(OutboxMessage.kind, Text("消息", "Message")),
        "channel": Column(OutboxMessage.channel, Text("通道", "Channel")),
        "partner_path": Column(OutboxMessage.partner_path, Text("接收单位", "Partner"), kind="path"),
        "unit_path": Column(OutboxMessage.unit_path, Text("发出单位", "Sender"), kind="path"),
        "attempts": Column(OutboxMessage.attempts, Text("尝试次数", "Attempts")),
        "max_attempts": Column(OutboxMessage.max_attempts, Text("最多尝试", "Most attempts")),
        "next_attempt_at": Column(OutboxMessage.next_attempt_at, Text("下次发送", "Next attempt")),
        "last_error": Column(OutboxMessage.last_error, Text("最近错误", "Last error")),
        "created_at": Column(OutboxMessage.created_at, Text("写入时间", "Written")),
        "settled_at": Column(OutboxMessage.settled_at, Text("结束时间", "Settled")),
        "expires_at": Column(OutboxMessage.expires_at, Text("失效时间", "Expires")),
        "receipt": Column(OutboxMessage.receipt, Text("回执", "Receipt")),
        "decision_reason": Column(OutboxMessage.decision_reason, Text("处置理由", "Reason of the decision")),
    },
    key=OutboxMessage.id,
    search=[OutboxMessage.kind, OutboxMessage.idempotency_key, OutboxMessage.last_error],
    default_sort="-created_at",
)


def messages_in(scope: Scope) -> Select[OutboxMessage]:
    """Return the select of the messages units in ``scope`` have sent."""
    return select(OutboxMessage).where(
        and_(OutboxMessage.unit_path >= scope.low, OutboxMessage.unit_path < scope.high)
    )


def find(session: Session, scope: Scope, message_id: UUID) -> OutboxMessage | None:
    """Return one message if ``scope`` covers it."""
    return session.scalar(messages_in(scope).where(OutboxMessage.id == message_id))


def lock(session: Session, scope: Scope, message_id: UUID) -> OutboxMessage | None:
    """Return one message for change, held until the transaction ends, if ``scope`` covers it."""
    statement = messages_in(scope).where(OutboxMessage.id == message_id).with_for_update()
    return session.scalar(statement.execution_options(populate_existing=True))


def undelivered_of(session: Session, scope: Scope, channel: str, since: datetime) -> Sequence[OutboxMessage]:
    """Return the dead letters of a channel, and those given up since ``since``, the oldest first."""
    given_up = and_(OutboxMessage.state == "abandoned", OutboxMessage.settled_at >= since)
    found = messages_in(scope).where(
        OutboxMessage.channel == channel, or_(OutboxMessage.state == "dead", given_up)
    )
    return session.scalars(found.order_by(OutboxMessage.seq)).all()


def messages_of(
    session: Session, scope: Scope, keys: Collection[str], *, lock: bool = False
) -> Sequence[OutboxMessage]:
    """Return the messages of idempotency keys in the order written; ``lock`` holds them for change."""
    found = messages_in(scope).where(OutboxMessage.idempotency_key.in_(list(keys)))
    ordered = found.order_by(OutboxMessage.seq)
    return session.scalars(ordered.with_for_update() if lock else ordered).all()


def attempts_of(session: Session, message_id: UUID) -> Sequence[OutboxAttempt]:
    """Return the attempts to deliver a message the asker has already been shown, oldest first."""
    statement = select(OutboxAttempt).filter_by(message_id=message_id)
    return session.scalars(statement.order_by(OutboxAttempt.ended_at, OutboxAttempt.id)).all()


def count_behind(session: Session, scope: Scope, message: OutboxMessage) -> int:
    """Return how many messages of the same order wait for this one."""
    if message.order_key is None or message.state in ("sent", "abandoned"):
        return 0
    later = aliased(OutboxMessage)
    statement = select(func.count(later.id)).where(
        later.order_key == message.order_key,
        later.seq > message.seq,
        later.state == "pending",
        and_(later.unit_path >= scope.low, later.unit_path < scope.high),
    )
    return session.scalar(statement) or 0
