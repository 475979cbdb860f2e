"""Queries of what came in, inside the asking scope; the door and the worker ask as the system."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from rongdun.domains.exchange.model import InboxMessage
from rongdun.kernel.errors import Text
from rongdun.kernel.scope import Scope
from rongdun.runtime.tables import Column, TableSpec

STATES = {
    "received": Text("待处理", "To be worked off"),
    "taken": Text("已入账", "Taken in"),
    "refused": Text("不能采用", "Refused"),
}

TABLE = TableSpec(
    columns={
        "state": Column(InboxMessage.state, Text("状态", "State"), choices=STATES),
        "institution": Column(InboxMessage.institution, Text("机构代码", "Institution")),
        "kind": Column(InboxMessage.kind, Text("反馈种类", "Kind of answer")),
        "outcome": Column(InboxMessage.outcome, Text("结果", "Outcome")),
        "application_id": Column(InboxMessage.application_id, Text("申请编号", "Application")),
        "message_id": Column(InboxMessage.message_id, Text("机构流水号", "Institution's serial")),
        "received_at": Column(InboxMessage.received_at, Text("收到时间", "Received")),
        "settled_at": Column(InboxMessage.settled_at, Text("处理时间", "Worked off")),
        "size": Column(InboxMessage.size, Text("字节数", "Bytes")),
        "copies": Column(InboxMessage.copies, Text("收到次数", "Copies")),
        "sha256": Column(InboxMessage.sha256, Text("SHA-256", "SHA-256")),
        "reason_zh": Column(InboxMessage.reason_zh, Text("原因", "Reason")),
    },
    key=InboxMessage.id,
    search=[InboxMessage.application_id, InboxMessage.message_id, InboxMessage.reason_zh],
    default_sort="-received_at",
)


def inbox_in(scope: Scope) -> Select[InboxMessage]:
    """Return the select of the messages that institutions in ``scope`` have sent."""
    return select(InboxMessage).where(
        and_(InboxMessage.unit_path >= scope.low, InboxMessage.unit_path < scope.high)
    )


def find_message(session: Session, scope: Scope, message_id: UUID) -> InboxMessage | None:
    """Return one message if ``scope`` covers it."""
    return session.scalar(inbox_in(scope).where(InboxMessage.id == message_id))


def lock_message(session: Session, scope: Scope, message_id: UUID) -> InboxMessage | None:
    """Return one message for change, held until the transaction ends, if ``scope`` covers it."""
    statement = inbox_in(scope).where(InboxMessage.id == message_id).with_for_update()
    return session.scalar(statement.execution_options(populate_existing=True))


def insert_message(session: Session, values: dict[str, Any]) -> InboxMessage | None:
    """Insert a message; return None where the institution's serial is known. Row-level security places it."""
    statement = (
        insert(InboxMessage)
        .values(**values)
        .on_conflict_do_nothing(index_elements=["institution", "message_id"])
        .returning(InboxMessage)
    )
    return session.scalars(statement).one_or_none()


def count_copy(session: Session, scope: Scope, institution: str, message_id: str) -> InboxMessage | None:
    """Note that a message came once more; return it, held until the transaction ends."""
    statement = (
        update(InboxMessage)
        .where(InboxMessage.institution == institution, InboxMessage.message_id == message_id)
        .where(and_(InboxMessage.unit_path >= scope.low, InboxMessage.unit_path < scope.high))
        .values(copies=InboxMessage.copies + 1)
        .returning(InboxMessage)
    )
    return session.scalars(statement, execution_options={"populate_existing": True}).one_or_none()


def waiting(session: Session, scope: Scope, *, limit: int, most_attempts: int) -> Sequence[InboxMessage]:
    """Return messages that are still to be worked off, oldest first; other workers pass over them."""
    statement = (
        inbox_in(scope)
        .where(InboxMessage.state == "received", InboxMessage.attempts < most_attempts)
        .order_by(InboxMessage.seq)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return session.scalars(statement).all()
