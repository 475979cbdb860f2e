"""The endpoints that hand letters of orders over, as PDF and as Word."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from rongdun.domains.stop_payment import finding
from rongdun.domains.stop_payment.papers import letter_of
from rongdun.runtime.downloads import PDF, download
from rongdun.runtime.i18n import LanguageDep
from rongdun.runtime.letters.forms import form_pdf
from rongdun.runtime.letters.word import DOCX, form_docx
from rongdun.runtime.web import Router, UowDep

router = Router(prefix="/api/orders/{order_id}", tags=["stop_payment"])

Instruction = Annotated[
    str,
    Query(max_length=36, description="业务申请编号,不填为本单 / an application id; the order itself without"),
]


@router.get("/notice.pdf", permission="order.read", response_class=Response)
def print_notice(
    uow: UowDep, order_id: UUID, language: LanguageDep, instruction: Instruction = ""
) -> Response:
    """协助止付、查询、冻结通知书 PDF / The official letter as PDF; that it was printed goes on record."""
    paper = letter_of(uow, finding.find(uow, order_id), instruction, language=language)
    content = form_pdf(paper.blocks, frame=paper.frame, at=uow.now)
    return download(content, file_name=f"{paper.name}.pdf", media_type=PDF)


@router.get("/notice.docx", permission="order.read", response_class=Response)
def write_notice(
    uow: UowDep, order_id: UUID, language: LanguageDep, instruction: Instruction = ""
) -> Response:
    """协助止付、查询、冻结通知书 Word / The official letter as a Word file; on record."""
    paper = letter_of(uow, finding.find(uow, order_id), instruction, language=language)
    content = form_docx(paper.blocks, frame=paper.frame, at=uow.now)
    return download(content, file_name=f"{paper.name}.docx", media_type=DOCX)
