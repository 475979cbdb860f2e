"""REST API of what the desks share."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response
from fastapi.responses import FileResponse

from rongdun.domains.desk import service
from rongdun.domains.desk.model import SavedView, Upload
from rongdun.domains.desk.schemas import (
    FILE_HASH,
    FORM_KEY,
    DraftIn,
    DraftOut,
    FileOut,
    GroupOut,
    HitOut,
    SearchOut,
    TableKey,
    ViewIn,
    ViewOut,
)
from rongdun.runtime.downloads import disposition
from rongdun.runtime.files import FileStore
from rongdun.runtime.i18n import Language, LanguageDep, say
from rongdun.runtime.search import Hit
from rongdun.runtime.web import SIGNED_IN, Router, UowDep

router = Router(prefix="/api", tags=["desk"])

FormKey = Annotated[str, Path(pattern=FORM_KEY, description="表单及其记录 / form and the record it edits")]


@router.get("/search", permission=SIGNED_IN)
def search(uow: UowDep, language: LanguageDep, q: Annotated[str, Query(max_length=100)] = "") -> SearchOut:
    """Find units, people, deadlines, rules and whatever else the actor may see, by one search."""
    found = service.search(uow, q)
    return SearchOut(
        groups=[GroupOut(kind=kind, items=[_hit(hit, language) for hit in hits]) for kind, hits in found]
    )


@router.get("/drafts/{form_key}", permission=SIGNED_IN)
def read_draft(uow: UowDep, form_key: FormKey) -> DraftOut:
    """Return the draft of a form that this person has begun."""
    draft, value = service.read_draft(uow, form_key)
    return DraftOut(form_key=draft.form_key, value=value, saved_at=draft.updated_at)


@router.put("/drafts/{form_key}", permission=SIGNED_IN)
def keep_draft(uow: UowDep, form_key: FormKey, body: DraftIn) -> DraftOut:
    """Keep what a form holds so far; the last one to be kept stays."""
    draft = service.keep_draft(uow, form_key, body.value)
    return DraftOut(form_key=draft.form_key, value=body.value, saved_at=draft.updated_at)


@router.delete("/drafts/{form_key}", permission=SIGNED_IN, status_code=204)
def drop_draft(uow: UowDep, form_key: FormKey) -> None:
    """Forget the draft of a form; nothing happens when there is none."""
    service.drop_draft(uow, form_key)


@router.get("/views", permission=SIGNED_IN)
def list_views(uow: UowDep, table: Annotated[TableKey, Query()]) -> list[ViewOut]:
    """Return this person's saved views of one table, by name."""
    return [_view(view, state) for view, state in service.list_views(uow, table)]


@router.post("/views", permission=SIGNED_IN, status_code=201)
def save_view(uow: UowDep, body: ViewIn) -> ViewOut:
    """Keep a table's state under a name; the same name again replaces it."""
    state = dict(body.state)
    return _view(service.save_view(uow, table_key=body.table, name=body.name, state=state), state)


@router.delete("/views/{view_id}", permission=SIGNED_IN, status_code=204)
def remove_view(uow: UowDep, view_id: UUID) -> None:
    """Forget a saved view."""
    service.remove_view(uow, view_id)


@router.get("/files/{sha256}", permission="file.read", response_class=FileResponse)
def read_file(uow: UowDep, sha256: Annotated[str, Path(pattern=FILE_HASH)]) -> Response:
    """Return a file of the actor's scope to be saved; that it was read goes on record."""
    upload = service.open_upload(uow, sha256)
    path = FileStore.of(uow.settings).path_of(upload.hash)
    headers = {"Content-Disposition": disposition(upload.name), "X-Content-Type-Options": "nosniff"}
    return FileResponse(path, media_type=upload.media_type, headers=headers)


def _hit(hit: Hit, language: Language) -> HitOut:
    return HitOut(id=hit.id, label=say(hit.label, language), sub=say(hit.sub, language), route=hit.route)


def _view(view: SavedView, state: dict[str, str | list[str]]) -> ViewOut:
    return ViewOut(id=view.id, table=view.table_key, name=view.name, state=state)


def file_out(upload: Upload) -> FileOut:
    """Return an upload as the API shows it."""
    return FileOut(
        id=upload.id,
        sha256=upload.hash,
        size=upload.size,
        media_type=upload.media_type,
        name=upload.name,
        uploaded_at=upload.uploaded_at,
    )
