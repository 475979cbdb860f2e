"""The endpoints about institutions: who they are and how fast they answer, what came in, and compared books."""

from uuid import UUID

from fastapi import Response

from rongdun.domains.exchange import inbox, partners, store_days, store_inbox
from rongdun.domains.exchange.model import InboxMessage
from rongdun.domains.exchange.partners import InstitutionOut
from rongdun.domains.exchange.schemas import InboxOut, ReconciliationOut, RetakeIn
from rongdun.kernel.errors import NotFound, Text
from rongdun.runtime.downloads import export_table
from rongdun.runtime.i18n import LanguageDep
from rongdun.runtime.tables import Page, TableQueryDep, run_table
from rongdun.runtime.web import Router, UowDep

partners_router = Router(prefix="/api/exchange", tags=["exchange"])


@partners_router.get("/institutions", permission="outbox.read")
def list_institutions(uow: UowDep) -> list[InstitutionOut]:
    """机构及答复速度 / Institutions, and how fast each answered over the last 30 days."""
    return partners.seen_institutions(uow)


@partners_router.get("/inbox", permission="outbox.read")
def list_inbox(uow: UowDep, query: TableQueryDep) -> Page[InboxOut]:
    """收到的反馈列表 / What institutions sent, newest first."""
    return inbox.search_inbox(uow, query).map(_out)


@partners_router.get("/inbox/export.xlsx", permission="outbox.read", response_class=Response)
def export_inbox(uow: UowDep, query: TableQueryDep, language: LanguageDep) -> Response:
    """导出收到的反馈 / What institutions sent as an Excel sheet; the export is recorded."""
    statement = store_inbox.inbox_in(uow.actor.scope)
    title = Text("收到的反馈", "Incoming messages")
    return export_table(uow, statement, store_inbox.TABLE, query, title=title, language=language)


@partners_router.get("/inbox/{message_id}", permission="outbox.read")
def read_inbox_message(uow: UowDep, message_id: UUID) -> InboxOut:
    """一条收到的反馈 / One message of an institution; its content is not shown here."""
    row = store_inbox.find_message(uow.session, uow.actor.scope, message_id)
    if row is None:
        raise NotFound
    return _out(row)


@partners_router.post("/inbox/{message_id}/retake", permission="outbox.act")
def retake_message(uow: UowDep, message_id: UUID, body: RetakeIn) -> InboxOut:
    """重新处理 / Let a message that was refused, or that a fault of ours stopped, be used once more."""
    return _out(inbox.retake(uow, message_id, version=body.version, reason=body.reason))


@partners_router.get("/reconciliations", permission="outbox.read")
def list_reconciliations(uow: UowDep, query: TableQueryDep) -> Page[ReconciliationOut]:
    """对账记录 / Our days beside the institutions', newest first."""
    page = run_table(uow.session, store_days.reconciliations_in(uow.actor.scope), store_days.TABLE, query)
    return page.map(lambda row: ReconciliationOut.model_validate(row, from_attributes=True))


def _out(row: InboxMessage) -> InboxOut:
    return InboxOut.model_validate(row, from_attributes=True)
