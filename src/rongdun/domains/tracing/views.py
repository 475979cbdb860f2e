"""Imports as the API shows them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rongdun.domains.tracing.model import ImportFile, LedgerImport
from rongdun.domains.tracing.moves import offers
from rongdun.domains.tracing.paths import masked_path
from rongdun.domains.tracing.rules import IMPORT
from rongdun.domains.tracing.schemas import (
    ActionOut,
    ImportDetailOut,
    ImportFileOut,
    ImportOut,
    NoteOut,
    ReasonOut,
    Words,
)
from rongdun.domains.tracing.service import NEEDS_MAPPING, NEEDS_PASSWORD
from rongdun.kernel.errors import Text
from rongdun.kernel.lifecycle import Offer
from rongdun.runtime.masking import mask_text
from rongdun.runtime.uow import Uow

_SAME = [
    "id", "state", "note", "maker_name", "unit_name", "unit_path", "files_total", "files_done",
    "files_refused", "rows_read", "undo_reason", "undone_by_name", "created_at", "started_at", "ended_at",
    "version", "rows", "taken", "duplicates", "rejected", "blank",
]  # fmt: skip
"""Fields of an import that are shown as they are."""


def words(text: Text) -> Words:
    """Return a sentence in both languages as the API shows it."""
    return Words(zh=text.zh, en=text.en)


def import_out(uow: Uow, found: LedgerImport) -> ImportOut:
    """Return an import as the API shows it."""
    return ImportOut(**_fields(uow, found))


def detail_out(
    uow: Uow, found: LedgerImport, files: Iterable[ImportFile], reasons: Sequence[ReasonOut]
) -> ImportDetailOut:
    """Return an import with its files."""
    names = layout_names(found.unit_path, uow)
    shown = [file_out(file, names) for file in files]
    return ImportDetailOut(**_fields(uow, found), files=shown, reasons=list(reasons))


def file_out(file: ImportFile, names: Mapping[str, Text]) -> ImportFileOut:
    """Return a file of an import; ``names`` are the layouts' by their ids."""
    counts = {name: getattr(file, name) for name in ("rows", "taken", "duplicates", "rejected", "blank")}
    return ImportFileOut(
        id=file.id,
        path=masked_path(file.path),
        parent_id=file.parent_id,
        state=file.state,
        container=file.container,
        layout=file.layout,
        layout_name=_layout_name(file.layout, names),
        encoding=file.encoding,
        reason=file.reason,
        reason_text=words(reason_text(file.reason)) if file.reason else None,
        needs=_needs(file),
        notes=[_note(note) for note in file.notes],
        **counts,
    )


def reason_text(code: str) -> Text:
    """Return the words of a reader's reason code; a code of a later program stands for itself."""
    from rongdun.analytics.statements.reasons import REASONS

    return REASONS.get(code, Text(code, code))


def layout_names(unit_path: str, uow: Uow) -> dict[str, Text]:
    """Return the titles of the layouts that were asked for a unit's imports, by id."""
    from rongdun.analytics.statements.layout import builtin_layouts
    from rongdun.domains.tracing import store

    own = store.layouts_for(uow.session, uow.actor.scope, unit_path)
    shipped = {layout.id: layout.title for layout in builtin_layouts()}
    return shipped | {layout.mapping["id"]: Text(layout.title, layout.title) for layout in own}


def _fields(uow: Uow, found: LedgerImport) -> dict[str, Any]:
    return {
        **{name: getattr(found, name) for name in _SAME},
        "state_name": words(IMPORT.state(found.state).name),
        "error": Words(zh=found.error_zh, en=found.error_en) if found.error_zh else None,
        "actions": [_action(offer) for offer in offers(uow, found)],
    }


def _action(offer: Offer) -> ActionOut:
    return ActionOut(
        action=offer.action,
        name=words(offer.name),
        needs_reason=offer.needs_reason,
        allowed=offer.refusal is None,
        refusal=words(offer.refusal.text) if offer.refusal else None,
    )


def _layout_name(layout: str | None, names: Mapping[str, Text]) -> Words | None:
    if layout is None:
        return None
    found = [names.get(part, Text(part, part)) for part in layout.split("+")]
    return Words(zh="、".join(text.zh for text in found), en=", ".join(text.en for text in found))


def _needs(file: ImportFile) -> Any:
    if file.state != "REFUSED":
        return None
    if file.reason in NEEDS_MAPPING:
        return "mapping"
    return "password" if file.reason in NEEDS_PASSWORD else None


def _note(note: Mapping[str, Any]) -> NoteOut:
    return NoteOut(
        column=mask_text(note["column"]),
        reason=note["reason"],
        text=words(reason_text(note["reason"])),
        count=note["count"],
    )
