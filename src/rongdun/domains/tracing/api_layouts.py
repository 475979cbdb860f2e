"""The endpoints of layouts: guessing an unknown one, trying a mapping, keeping it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from rongdun.domains.tracing import mapping, service, store
from rongdun.domains.tracing.layout_views import guess_out, own_layout_out, shipped_layouts_out, trial_out
from rongdun.domains.tracing.mapping import Mapping
from rongdun.domains.tracing.schemas import ImportOut, VersionIn
from rongdun.domains.tracing.schemas_layouts import FileGuessOut, LayoutOut, MappingIn, TrialOut
from rongdun.domains.tracing.views import import_out
from rongdun.kernel.errors import NotFound, StaleVersion
from rongdun.runtime.web import Router, UowDep

router = Router(prefix="/api", tags=["tracing"])


@router.get("/layouts", permission="ledger.read", response_model=list[LayoutOut])
def list_layouts(uow: UowDep) -> Any:
    """版式列表 / The layouts units have made, then those that ship."""
    own = store.layouts_in(uow.session, uow.actor.scope)
    return [*(own_layout_out(layout) for layout in own), *shipped_layouts_out()]


@router.get("/layouts/guess", permission="ledger.import", response_model=FileGuessOut)
def guess_layout(uow: UowDep, import_id: Annotated[UUID, Query()], file_id: Annotated[UUID, Query()]) -> Any:
    """猜测版式 / What the columns of an unreadable file may mean, with its first rows, masked."""
    _, file = service.file_to_map(uow, import_id, file_id)
    return guess_out(file, mapping.heads_of(uow, file, mapping.lies_at(uow, file)))


@router.post("/layouts/{layout_id}/retire", permission="ledger.import", response_model=LayoutOut)
def retire_layout(uow: UowDep, layout_id: UUID, body: VersionIn) -> Any:
    """停用版式 / No longer ask for a unit's layout; what was read by it stays."""
    layout = store.lock_layout(uow.session, uow.actor.scope, layout_id)
    if layout is None:
        raise NotFound
    if layout.version != body.version:
        current = {"active": layout.active, "version": layout.version}
        raise StaleVersion.between(current=current, yours={"version": body.version}, version=layout.version)
    mapping.retire(uow, layout)
    return own_layout_out(layout)


@router.post(
    "/imports/{import_id}/files/{file_id}/mapping/check", permission="ledger.import", response_model=TrialOut
)
def try_mapping(uow: UowDep, import_id: UUID, file_id: UUID, body: MappingIn) -> Any:
    """试读 / What a mapping makes of the beginning of the file; nothing is kept."""
    _, file = service.file_to_map(uow, import_id, file_id)
    place = mapping.lies_at(uow, file)
    layout = mapping.layout_of(_mapping(body), mapping.heads_of(uow, file, place), mapping.new_layout_id())
    return trial_out(mapping.tried(uow, file, place, layout))


@router.post(
    "/imports/{import_id}/files/{file_id}/mapping", permission="ledger.import", response_model=ImportOut
)
def keep_mapping(uow: UowDep, import_id: UUID, file_id: UUID, body: MappingIn) -> Any:
    """保存对应 / Keep a mapping as the unit's layout and read the import's files that lacked one again."""
    found, file = service.file_to_map(uow, import_id, file_id)
    place, layout_id = mapping.lies_at(uow, file), mapping.new_layout_id()
    layout = mapping.layout_of(_mapping(body), mapping.heads_of(uow, file, place), layout_id)
    mapping.tried(uow, file, place, layout)
    mapping.keep(uow, found, layout, layout_id)
    files = store.files_of(uow.session, uow.actor.scope, found.id)
    waiting = [one for one in files if one.state == "REFUSED" and one.reason in service.NEEDS_MAPPING]
    return import_out(uow, service.read_again(uow, found, waiting))


_UNITS = {"yuan": "元", "fen": "分", "wan": "万元"}


def _mapping(body: MappingIn) -> Mapping:
    return Mapping(
        title=body.title,
        sheet=body.sheet,
        heading_row=body.heading_row,
        columns=dict(body.columns),
        unit=_UNITS[body.unit],
        plus=body.plus,
        institution=body.institution,
        account_outside=body.account_outside,
    )
