"""Imports on the desk: handing files in, taking an import back, helping with files that could not be read."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from rongdun.domains.desk import uploads_named
from rongdun.domains.tracing import store
from rongdun.domains.tracing.errors import NoFiles, NotReadable, NotUploaded
from rongdun.domains.tracing.jobs import READ, UNDO
from rongdun.domains.tracing.model import ImportFile, LedgerImport, seal_passwords
from rongdun.domains.tracing.moves import TOPIC, move
from rongdun.domains.tracing.paths import unlike_paths
from rongdun.kernel.errors import FieldError, NotFound, StaleVersion, Text, Unauthenticated
from rongdun.kernel.ids import new_id
from rongdun.runtime.jobs import defer
from rongdun.runtime.uow import Uow

NEEDS_PASSWORD = ("password_needed", "wrong_password")
NEEDS_MAPPING = ("unknown_layout",)


class Dropped(NamedTuple):
    """A file that was uploaded, and where it lay in what was dropped."""

    sha256: str
    path: str


def create(uow: Uow, files: Sequence[Dropped], *, note: str, passwords: Sequence[str] = ()) -> LedgerImport:
    """Begin an import of uploaded files; a worker reads them as soon as this commits.

    Raises :class:`NoFiles`, and :class:`NotUploaded` for content the actor's scope does not hold.
    """
    _must_be_uploaded(uow, files)
    found = _received(uow, len(files), note)
    uow.session.add(found)
    uow.session.flush()
    for place, (file, path) in enumerate(
        zip(files, unlike_paths([file.path for file in files]), strict=True)
    ):
        row = ImportFile(
            id=new_id(),
            import_id=found.id,
            unit_path=found.unit_path,
            place=place,
            upload_hash=file.sha256,
            path=path,
        )
        seal_passwords(uow.vault, row, list(passwords))
        uow.session.add(row)
    after = {"files": len(files)}
    uow.record("ledger_import.create", found.reference, unit_path=found.unit_path, after=after, note=note)
    uow.publish(TOPIC, found.reference, found.unit_path)
    _send(uow, found)
    return found


def read(uow: Uow, import_id: UUID) -> tuple[LedgerImport, Sequence[ImportFile]]:
    """Return an import and its files; :class:`NotFound` outside the scope."""
    found = store.find_import(uow.session, uow.actor.scope, import_id)
    if found is None:
        raise NotFound
    return found, store.files_of(uow.session, uow.actor.scope, import_id)


def cancel(uow: Uow, import_id: UUID, *, version: int) -> LedgerImport:
    """Stop an import; whatever was read of it until now does not count."""
    found = _seen(uow, import_id, version)
    files = store.files_of(uow.session, uow.actor.scope, found.id)
    move(uow, found, "cancel")
    stopped(uow, files)
    return found


def retry(uow: Uow, import_id: UUID, *, version: int) -> LedgerImport:
    """Let a failed import be read again."""
    found = _seen(uow, import_id, version)
    move(uow, found, "retry")
    found.error_zh = found.error_en = ""
    _send(uow, found, again=True)
    return found


def undo(uow: Uow, import_id: UUID, *, version: int, reason: str) -> LedgerImport:
    """Take an import out of the ledger whole; its rows are gone from the desks at once, a worker clears up."""
    found = _seen(uow, import_id, version)
    found.undo_reason = reason.strip()
    found.undone_by, found.undone_by_name = uow.actor.user_id, uow.actor.name
    move(uow, found, "undo", reason=reason)
    defer(uow, UNDO, lock=f"ledger_import:{found.id}", import_id=str(found.id))
    return found


def give_password(uow: Uow, import_id: UUID, file_id: UUID, password: str) -> LedgerImport:
    """Try an archive again with a password, kept sealed until the archive was read."""
    found, file = _file_at_rest(uow, import_id, file_id, NEEDS_PASSWORD)
    upload = next(one for one in _siblings(uow, file) if one.parent_id is None)
    seal_passwords(uow.vault, upload, [password])
    waiting = [one for one in _siblings(uow, file) if one.reason in NEEDS_PASSWORD]
    return read_again(uow, found, waiting)


def file_to_map(uow: Uow, import_id: UUID, file_id: UUID) -> tuple[LedgerImport, ImportFile]:
    """Return a file that waits for somebody to say what its columns mean; :class:`NotReadable` otherwise."""
    return _file_at_rest(uow, import_id, file_id, NEEDS_MAPPING)


def read_again(uow: Uow, found: LedgerImport, files: Sequence[ImportFile]) -> LedgerImport:
    """Send refused files of an import to be read once more, as a further round."""
    move(uow, found, "reread")
    for file in files:
        file.state = "WAITING"
    found.files_done = 0
    _send(uow, found, again=True)
    return found


def stopped(uow: Uow, files: Sequence[ImportFile]) -> None:
    """Put files back that waited to be read, and forget their passwords."""
    for file in files:
        seal_passwords(uow.vault, file, [])
        if file.state == "WAITING" and file.reason is not None:
            file.state = "REFUSED"


def _received(uow: Uow, files: int, note: str) -> LedgerImport:
    if uow.actor.user_id is None:
        raise Unauthenticated()
    return LedgerImport(
        id=new_id(),
        unit_path=uow.actor.unit_path,
        maker_id=uow.actor.user_id,
        maker_name=uow.actor.name,
        unit_name=uow.actor.unit_name,
        note=note.strip(),
        state="RECEIVED",
        round=1,
        ledger_versions=[],
        files_total=files,
        created_at=uow.now,
        beat_at=uow.now,
        version=1,
    )


def _must_be_uploaded(uow: Uow, files: Sequence[Dropped]) -> None:
    if not files:
        raise NoFiles()
    known = uploads_named(uow, {file.sha256 for file in files})
    message = Text("没有上传，或由其他单位上传", "Not uploaded, or by another unit")
    unknown = [
        FieldError(f"files.{place}.sha256", message)
        for place, file in enumerate(files)
        if file.sha256 not in known
    ]
    if unknown:
        raise NotUploaded(fields=unknown)


def _send(uow: Uow, found: LedgerImport, *, again: bool = False) -> None:
    if again:
        found.round += 1
    found.rows_read = 0
    found.beat_at = uow.now
    uow.session.flush()
    defer(uow, READ, lock=f"ledger_import:{found.id}", import_id=str(found.id), round=found.round)


def _seen(uow: Uow, import_id: UUID, version: int) -> LedgerImport:
    found = _locked(uow, import_id)
    StaleVersion.unless_seen(version, state=found.state, now=found.version)
    return found


def _locked(uow: Uow, import_id: UUID) -> LedgerImport:
    found = store.lock_import(uow.session, uow.actor.scope, import_id)
    if found is None:
        raise NotFound
    return found


def _file_at_rest(
    uow: Uow, import_id: UUID, file_id: UUID, reasons: Sequence[str]
) -> tuple[LedgerImport, ImportFile]:
    found = _locked(uow, import_id)
    file = store.find_file(uow.session, uow.actor.scope, file_id)
    if file is None or file.import_id != found.id:
        raise NotFound
    if file.state != "REFUSED" or file.reason not in reasons:
        raise NotReadable()
    return found, file


def _siblings(uow: Uow, file: ImportFile) -> list[ImportFile]:
    files = store.files_of(uow.session, uow.actor.scope, file.import_id)
    return [one for one in files if one.place == file.place]
