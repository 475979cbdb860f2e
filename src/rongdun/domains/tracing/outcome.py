"""What became of a round, written down file by file; the counts of an import are those of its files."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from rongdun.domains.tracing import store
from rongdun.domains.tracing.model import ImportFile, LedgerImport, seal_passwords
from rongdun.domains.tracing.moves import move
from rongdun.domains.tracing.paths import belongs_to
from rongdun.domains.tracing.places import sheet_path
from rongdun.kernel.ids import new_id
from rongdun.runtime.uow import Uow

COUNTS = ("rows", "taken", "duplicates", "rejected", "blank")


class Told(NamedTuple):
    """What the ledger told of a round: the version it made, and each file's counts in the order it was read."""

    version: int
    files: tuple[Mapping[str, Any], ...]


def settle(uow: Uow, found: LedgerImport, told: Told, places: Sequence[int]) -> None:
    """Write down the outcome of a round that read the uploads at ``places``, and end the import."""
    files = list(store.files_of(uow.session, uow.actor.scope, found.id))
    uploads = {file.place: file for file in files if file.parent_id is None and file.place in places}
    for file_no, counts in enumerate(told.files):
        upload = _upload_of(counts["path"], list(uploads.values()))
        file = _row_of(uow, files, upload, counts["path"])
        _write(file, counts, version=told.version, file_no=file_no)
        _set_apart(uow, files, upload, file)
    for place in places:
        _close(uow, [file for file in files if file.place == place])
    found.ledger_versions = [*found.ledger_versions, told.version]
    _add_up(found, files)
    move(uow, found, "finish_partly" if found.rejected or found.files_refused else "finish")


def _upload_of(path: str, uploads: Sequence[ImportFile]) -> ImportFile:
    """Return the upload a reader's path lies in: the one whose own path is the longest that fits."""
    return max((one for one in uploads if belongs_to(path, one.path)), key=lambda one: len(one.path))


def _row_of(uow: Uow, files: list[ImportFile], upload: ImportFile, path: str) -> ImportFile:
    known = next((file for file in files if file.place == upload.place and file.path == path), None)
    if known is not None:
        return known
    member = ImportFile(
        id=new_id(),
        import_id=upload.import_id,
        unit_path=upload.unit_path,
        place=upload.place,
        upload_hash=upload.upload_hash,
        parent_id=upload.id,
        path=path,
        state="WAITING",
    )
    uow.session.add(member)
    files.append(member)
    return member


def _write(file: ImportFile, counts: Mapping[str, Any], *, version: int, file_no: int) -> None:
    file.state = "REFUSED" if counts["refused"] else "READ"
    file.reason = counts["refused"]
    for name in ("container", "layout", "encoding", "notes", *COUNTS):
        setattr(file, name, counts[name])
    file.ledger_version, file.file_no = version, file_no


def _set_apart(uow: Uow, files: list[ImportFile], upload: ImportFile, file: ImportFile) -> None:
    """Let each sheet of a workbook whose headings nobody knows stand beside it, to be mapped and read alone."""
    unknown = [note for note in file.notes if note["reason"] == "unknown_layout"]
    for note in unknown:
        sheet = _row_of(uow, files, upload, sheet_path(file, note["column"]))
        sheet.state, sheet.reason, sheet.container = "REFUSED", "unknown_layout", file.container
    file.notes = [note for note in file.notes if note not in unknown]


def _close(uow: Uow, files: Sequence[ImportFile]) -> None:
    """Settle what no reader told of one upload: an archive stands for its members, litter is skipped."""
    for file in files:
        seal_passwords(uow.vault, file, [])
        if file.state == "WAITING":
            opened = file.parent_id is None and len(files) > 1
            file.state = "EXPANDED" if opened else ("REFUSED" if file.reason else "SKIPPED")
            file.container = "zip" if opened else file.container


def _add_up(found: LedgerImport, files: Sequence[ImportFile]) -> None:
    for name in COUNTS:
        setattr(found, name, sum(getattr(file, name) or 0 for file in files))
    found.rows_read = found.rows
    found.files_done = found.files_total = sum(file.state != "EXPANDED" for file in files)
    found.files_refused = sum(file.state == "REFUSED" for file in files)
    found.error_zh = found.error_en = ""
