"""The duty endpoints."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from rongdun.domains.duty import service, store
from rongdun.domains.duty.handover import TITLE
from rongdun.domains.duty.handover_lines import board_pdf
from rongdun.domains.duty.schemas import ActIn, BoardOut, DeadlineDetailOut, DeadlineOut
from rongdun.domains.duty.store import Found
from rongdun.domains.duty.views import board_out, deadline_out, detail_out
from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.errors import Text
from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.downloads import PDF, download, export_table
from rongdun.runtime.i18n import LanguageDep, say
from rongdun.runtime.tables import Page, TableQueryDep
from rongdun.runtime.web import Router, UowDep

router = Router(prefix="/api", tags=["duty"])

Horizon = Annotated[int, Query(ge=1, le=24 * 366, description="到期范围,小时 / how far to look ahead, hours")]


@router.get("/duty/board", permission="deadline.read")
def read_board(uow: UowDep, horizon: Horizon = 24) -> BoardOut:
    """值班台 / Everything that expires within the horizon, what expires first on top."""
    board = service.board(uow, horizon=timedelta(hours=horizon))
    return board_out(board, now=uow.now, horizon_h=horizon)


@router.get("/duty/board.pdf", permission="deadline.read", response_class=Response)
def print_board(uow: UowDep, language: LanguageDep, horizon: Horizon = 24) -> Response:
    """值班交接单 / The board as a handover sheet; taking it out is recorded."""
    board = service.board(uow, horizon=timedelta(hours=horizon))
    uow.record("duty.board_printed", SubjectRef("duty_board", "board", TITLE.zh), after={"hours": horizon})
    stamp = uow.now.astimezone(SHANGHAI).strftime("%Y%m%d-%H%M")
    content = board_pdf(uow, board, language=language)
    return download(content, file_name=f"{say(TITLE, language)}-{stamp}.pdf", media_type=PDF)


@router.get("/deadlines", permission="deadline.read")
def list_deadlines(uow: UowDep, query: TableQueryDep) -> Page[DeadlineOut]:
    """时限列表 / The deadlines, what is due first on top."""
    return service.search(uow, query).map(lambda found: deadline_out(found, uow.now))


@router.get("/deadlines/export.xlsx", permission="deadline.read", response_class=Response)
def export_deadlines(uow: UowDep, query: TableQueryDep, language: LanguageDep) -> Response:
    """导出时限 / The deadlines as an Excel sheet; the export is recorded."""
    statement = store.deadlines_in(uow.actor.scope)
    title = Text("时限", "Deadlines")
    return export_table(
        uow,
        statement,
        store.TABLE,
        query,
        title=title,
        language=language,
        convert=lambda row: deadline_out(Found(*row), uow.now),
    )


@router.get("/deadlines/{deadline_id}", permission="deadline.read")
def read_deadline(uow: UowDep, deadline_id: UUID) -> DeadlineDetailOut:
    """一项时限 / One deadline, its history, and what may be done to it."""
    return detail_out(service.read(uow, deadline_id), uow.now)


@router.post("/deadlines/{deadline_id}/acknowledge", permission="deadline.act")
def acknowledge(uow: UowDep, deadline_id: UUID, body: ActIn) -> DeadlineOut:
    """知悉 / Say that you have seen it and take care of it."""
    return _act(uow, deadline_id, "acknowledge", body)


@router.post("/deadlines/{deadline_id}/complete", permission="deadline.act")
def complete(uow: UowDep, deadline_id: UUID, body: ActIn) -> DeadlineOut:
    """办结 / Say that the work is done, and how; late work stays late."""
    return _act(uow, deadline_id, "complete", body)


@router.post("/deadlines/{deadline_id}/pause", permission="deadline.act")
def pause(uow: UowDep, deadline_id: UUID, body: ActIn) -> DeadlineOut:
    """暂停计时 / Stop the clock of a term the centre has set itself, for a reason."""
    return _act(uow, deadline_id, "pause", body)


@router.post("/deadlines/{deadline_id}/resume", permission="deadline.act")
def resume(uow: UowDep, deadline_id: UUID, body: ActIn) -> DeadlineOut:
    """恢复计时 / Let a paused clock run on; its end moves by as long as it stood still."""
    return _act(uow, deadline_id, "resume", body)


def _act(uow: UowDep, deadline_id: UUID, action: str, body: ActIn) -> DeadlineOut:
    found = service.act(uow, deadline_id, action=action, version=body.version, note=body.note)
    return deadline_out(found, uow.now)
