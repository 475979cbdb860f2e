"""A unit's own layout: what an officer says the columns of an unknown file mean, tried on the file, then kept."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from rongdun.domains.tracing import store
from rongdun.domains.tracing.desk_copy import laid_out
from rongdun.domains.tracing.errors import MappingFits, MappingIncomplete
from rongdun.domains.tracing.heads import Sheet, sheets_in
from rongdun.domains.tracing.model import ImportFile, LedgerImport, StatementLayout
from rongdun.domains.tracing.places import Place, place_of
from rongdun.kernel.errors import FieldError, NotFound, Text
from rongdun.kernel.ids import new_id
from rongdun.runtime.files import FileStore
from rongdun.runtime.uow import Uow

if TYPE_CHECKING:
    from rongdun.analytics.statements.layout import Layout

TRIED_ROWS = 5_000
SHOWN_ROWS = 10

_ROLES_OF_MONEY = ("amount", "amount_in", "amount_out")
_ROLES_OF_ACCOUNT = ("account", "payer", "payer_card", "owner_party")


class Mapping(NamedTuple):
    """What an officer says of a file: its row of headings (from 0) and the meaning of columns (from 0)."""

    title: str
    sheet: str
    heading_row: int
    columns: dict[int, str]
    unit: str
    plus: str
    institution: str
    account_outside: bool


class Trial(NamedTuple):
    """What a mapping makes of the beginning of its file: counts, rows as they would be kept, reasons of refusals."""

    rows: int
    taken: int
    rejected: int
    sample: list[dict[str, Any]]
    reasons: Counter[tuple[str, str]]


def heads_of(uow: Uow, file: ImportFile, place: Place) -> list[Sheet]:
    """Return the sheets of a file with their first rows; of a sheet that waits alone, only itself."""
    with laid_out(FileStore.of(uow.settings), file.upload_hash, place.upload) as path:
        found = sheets_in(path, place.member)
    return [sheet for sheet in found if place.sheet in ("", sheet.name)]


def lies_at(uow: Uow, file: ImportFile) -> Place:
    """Return where ``file`` lies among the uploads of its import."""
    return place_of(file, store.files_of(uow.session, uow.actor.scope, file.import_id))


def layout_of(mapping: Mapping, sheets: Sequence[Sheet], layout_id: UUID) -> "Layout":
    """Return the layout a mapping makes; :class:`MappingIncomplete` says what it lacks."""
    from rongdun.analytics.statements.layout import Layout

    sheet = next((one for one in sheets if one.name == mapping.sheet), None)
    if sheet is None or mapping.heading_row >= len(sheet.rows):
        raise NotFound
    headings = sheet.rows[mapping.heading_row]
    chosen = {role: place for place, role in mapping.columns.items() if place < len(headings)}
    _must_be_complete(mapping, set(chosen))
    names = {role: [headings[place]] for role, place in chosen.items()}
    rest = [name for place, name in enumerate(headings) if name and place not in chosen.values()]
    return Layout.from_data(
        {
            "id": f"unit:{layout_id}",
            "title": {"zh": mapping.title, "en": mapping.title},
            "table": "transactions",
            "columns": names,
            "must": sorted(chosen),
            "unit": mapping.unit,
            "plus": mapping.plus,
            "institution": mapping.institution,
            "context": {"account": ["卡号", "账号", "帐号", "账户"]} if mapping.account_outside else {},
            "ignored": rest,
        }
    )


def fingerprint(layout: "Layout") -> str:
    """Return SHA-256 over a layout's headings, written one way and sorted."""
    from rongdun.analytics.statements.layout import known_names

    return hashlib.sha256("\n".join(sorted(known_names(layout))).encode()).hexdigest()


def tried(uow: Uow, file: ImportFile, place: Place, layout: "Layout") -> Trial:
    """Read the beginning of a file with a layout; nothing is kept. :class:`MappingFits` when no row can be read."""
    from rongdun.analytics.statements.reader import only_sheet, read_path

    with laid_out(FileStore.of(uow.settings), file.upload_hash, place.upload) as path:
        for reading in read_path(path, layouts=(layout,)):
            if reading.path == place.member:
                trial = _trial(only_sheet(reading, place.sheet) if place.sheet else reading)
                if not trial.taken:
                    raise MappingFits(extra={"reasons": _reasons(trial)})
                return trial
    raise NotFound


def keep(uow: Uow, found: LedgerImport, layout: "Layout", layout_id: UUID) -> StatementLayout:
    """Keep a layout for the unit that imports; an earlier one for the same headings is retired."""
    assert uow.actor.user_id is not None, "the route lets only signed-in users through"
    mark = fingerprint(layout)
    for earlier in store.layouts_for(uow.session, uow.actor.scope, found.unit_path):
        if earlier.unit_path == found.unit_path and earlier.fingerprint == mark:
            retire(uow, earlier)
    kept = StatementLayout(
        id=layout_id,
        unit_path=found.unit_path,
        title=layout.title.zh,
        fingerprint=mark,
        mapping=layout.to_data(),
        maker_id=uow.actor.user_id,
        maker_name=uow.actor.name,
        created_at=uow.now,
        active=True,
        version=1,
    )
    uow.session.add(kept)
    uow.session.flush()
    after = {"columns": sorted(layout.columns)}
    uow.record("statement_layout.create", kept.reference, unit_path=kept.unit_path, after=after)
    return kept


def retire(uow: Uow, layout: StatementLayout) -> None:
    """Let a layout no longer be asked for new imports."""
    if layout.active:
        layout.active, layout.retired_at = False, uow.now
        layout.version += 1
        uow.session.flush()
        uow.record("statement_layout.retire", layout.reference, unit_path=layout.unit_path)


def new_layout_id() -> UUID:
    """Return the id of a layout to be."""
    return new_id()


def _must_be_complete(mapping: Mapping, roles: set[str]) -> None:
    lacking: list[FieldError] = []
    if not roles.intersection(_ROLES_OF_MONEY):
        lacking.append(
            FieldError("columns.amount", Text("须指定金额列", "Say which column holds the amount"))
        )
    if not roles & {"time", "date"}:
        lacking.append(FieldError("columns.time", Text("须指定时间列", "Say which column holds the time")))
    if not roles.intersection(_ROLES_OF_ACCOUNT) and not mapping.account_outside:
        message = Text(
            "须指定本方账号列，或从表头上方、文件名取",
            "Say which column holds the account, or take it from outside",
        )
        lacking.append(FieldError("columns.account", message))
    one_sided = roles & {"amount_in", "amount_out"}
    if "amount" in roles and not roles & {"direction"} and not mapping.plus and not one_sided:
        message = Text(
            "须指定收付方向列，或说明正数是收还是付",
            "Say which column holds the direction, or what plus means",
        )
        lacking.append(FieldError("columns.direction", message))
    if lacking:
        raise MappingIncomplete(fields=lacking)


def _trial(reading: Any) -> Trial:
    sample: list[dict[str, Any]] = []
    reasons: Counter[tuple[str, str]] = Counter()
    for table, batch in reading:
        if table == "rejects":
            reasons.update(zip(batch["column"].to_pylist(), batch["reason"].to_pylist(), strict=True))
        elif len(sample) < SHOWN_ROWS:
            sample += batch.slice(0, SHOWN_ROWS - len(sample)).to_pylist()
        if reading.counts.rows >= TRIED_ROWS:
            break
    counts = reading.counts
    return Trial(counts.rows, counts.taken, counts.rejected, sample, reasons)


def _reasons(trial: Trial) -> list[dict[str, Any]]:
    return [
        {"column": column, "reason": reason, "count": count}
        for (column, reason), count in trial.reasons.items()
    ]
