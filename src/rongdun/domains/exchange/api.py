"""The exchange endpoints."""

from uuid import UUID

from fastapi import Response

from rongdun.domains.exchange import service, store
from rongdun.domains.exchange.schemas import AttemptOut, DecisionIn, MessageDetailOut, MessageOut
from rongdun.kernel.errors import Text
from rongdun.runtime.downloads import export_table
from rongdun.runtime.i18n import LanguageDep
from rongdun.runtime.masking import mask_mapping
from rongdun.runtime.outbox import OutboxMessage
from rongdun.runtime.tables import Page, TableQueryDep
from rongdun.runtime.web import Router, UowDep

router = Router(prefix="/api", tags=["exchange"])


@router.get("/outbox", permission="outbox.read")
def list_messages(uow: UowDep, query: TableQueryDep) -> Page[MessageOut]:
    """外发消息列表 / Outgoing messages, newest first."""
    return service.search(uow, query).map(_message_out)


@router.get("/outbox/export.xlsx", permission="outbox.read", response_class=Response)
def export_messages(uow: UowDep, query: TableQueryDep, language: LanguageDep) -> Response:
    """导出外发消息 / Outgoing messages as an Excel sheet; the export is recorded."""
    statement = store.messages_in(uow.actor.scope)
    title = Text("外发消息", "Outgoing messages")
    return export_table(uow, statement, store.TABLE, query, title=title, language=language)


@router.get("/outbox/{message_id}", permission="outbox.read")
def read_message(uow: UowDep, message_id: UUID) -> MessageDetailOut:
    """一条外发消息 / One message, its attempts, and how many wait behind it."""
    detail = service.read(uow, message_id)
    return MessageDetailOut(
        **_message_out(detail.message).model_dump(),
        idempotency_key=detail.message.idempotency_key,
        order_key=detail.message.order_key,
        payload=mask_mapping(detail.message.payload),
        attempts_made=[
            AttemptOut.model_validate(attempt, from_attributes=True) for attempt in detail.attempts
        ],
        waiting_behind=detail.waiting_behind,
    )


@router.post("/outbox/{message_id}/retry", permission="outbox.act")
def retry_message(uow: UowDep, message_id: UUID, body: DecisionIn) -> MessageOut:
    """重新发送 / Give a dead letter another full round of attempts."""
    return _message_out(
        service.settle(uow, message_id, action="retry", version=body.version, reason=body.reason)
    )


@router.post("/outbox/{message_id}/abandon", permission="outbox.act")
def abandon_message(uow: UowDep, message_id: UUID, body: DecisionIn) -> MessageOut:
    """放弃 / Give a dead letter up for good; those waiting behind it go on."""
    return _message_out(
        service.settle(uow, message_id, action="abandon", version=body.version, reason=body.reason)
    )


def _message_out(message: OutboxMessage) -> MessageOut:
    return MessageOut.model_validate(message, from_attributes=True)
