"""What a worker does with an import: read its waiting files into one version of the ledger, exactly once.

The ledger and the database cannot commit together. The ledger goes first, under the label of the import's round;
whoever takes over from a killed worker finds that label, or reads again. A round that is no longer wanted when the
ledger has committed is taken out of it again, so that a cancelled import leaves nothing behind.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from rongdun.domains.tracing import store
from rongdun.domains.tracing.book import open_ledger
from rongdun.domains.tracing.desk_copy import laid_out
from rongdun.domains.tracing.model import ImportFile, LedgerImport, open_passwords, seal_passwords
from rongdun.domains.tracing.moves import move
from rongdun.domains.tracing.outcome import Told, settle
from rongdun.domains.tracing.places import place_of
from rongdun.domains.tracing.watch import Stopped, Watch
from rongdun.kernel.errors import DomainError, Text
from rongdun.runtime.files import FileStore
from rongdun.runtime.jobs import Work
from rongdun.runtime.uow import Uow

if TYPE_CHECKING:
    from rongdun.analytics.ledger.ledger import Ledger
    from rongdun.analytics.statements.reading import FileReading

_UNEXPECTED = Text(
    "读取时出现意外故障，没有任何行入账；请重试，仍不行请联系管理员",
    "Reading broke off; nothing was imported. Try again; if it persists, tell the administrator",
)


@dataclass(frozen=True, slots=True)
class Upload:
    """One upload to be read: all of it, or only the members at ``wanted`` paths, of some only these sheets."""

    place: int
    hash: str
    path: str
    passwords: tuple[str, ...]
    wanted: Mapping[str, tuple[str, ...]] | None


@dataclass(frozen=True, slots=True)
class Plan:
    """A round of an import as it is to be read."""

    import_id: UUID
    unit_path: str
    label: str
    uploads: tuple[Upload, ...]
    mappings: tuple[dict[str, Any], ...]


def read_import(work: Work, import_id: str, round: int) -> None:
    """Read the waiting files of an import and settle it; may run again after a killed worker."""
    ledger = open_ledger(work.services.settings)
    plan = _begin(work, UUID(import_id), round)
    if plan is None:
        _take_back(ledger, f"{import_id}:{round}")
        return
    try:
        told = _told_before(ledger, plan.label) or _read(work, ledger, plan)
    except Stopped:
        return
    except DomainError as error:
        _fail(work, plan, error.message)
        return
    except Exception:
        _fail(work, plan, _UNEXPECTED)
        raise
    if not _settle(work, plan, told):
        _take_back(ledger, plan.label)
    ledger.account_sums()  # kept for whoever asks for the accounts next


def _begin(work: Work, import_id: UUID, round: int) -> Plan | None:
    """Take the round up; None when it is not wanted any more."""
    with work.transact() as uow:
        found = store.lock_import(uow.session, uow.actor.scope, import_id)
        if found is None or found.round != round or found.state not in ("RECEIVED", "READING", "REREADING"):
            return None
        if found.state == "RECEIVED":
            move(uow, found, "start")
        found.started_at = uow.now
        files = store.files_of(uow.session, uow.actor.scope, found.id)
        return _plan(uow, found, files)


def _plan(uow: Uow, found: LedgerImport, files: Sequence[ImportFile]) -> Plan:
    layouts = store.layouts_for(uow.session, uow.actor.scope, found.unit_path)
    return Plan(
        import_id=found.id,
        unit_path=found.unit_path,
        label=found.label,
        uploads=tuple(_uploads(uow, files)),
        mappings=tuple(layout.mapping for layout in layouts),
    )


def _uploads(uow: Uow, files: Sequence[ImportFile]) -> Iterator[Upload]:
    for upload in files:
        if upload.parent_id is not None:
            continue
        waiting = [one for one in files if one.place == upload.place and one.state == "WAITING"]
        if waiting:
            wanted = None if upload.state == "WAITING" else _wanted(waiting, files)
            passwords = tuple(open_passwords(uow.vault, upload))
            yield Upload(upload.place, upload.upload_hash, upload.path, passwords, wanted)


def _wanted(waiting: Sequence[ImportFile], files: Sequence[ImportFile]) -> dict[str, tuple[str, ...]]:
    """Return the members to be read again; where only sheets of one are, which: its others count already."""
    found: dict[str, tuple[str, ...]] = {}
    for file in waiting:
        place = place_of(file, files)
        found[place.member] = (*found.get(place.member, ()), *([place.sheet] if place.sheet else []))
    return found


def _told_before(ledger: "Ledger", label: str) -> Told | None:
    """Return what an earlier try of this round had committed to the ledger before it was killed."""
    version = ledger.labelled(label)
    return None if version is None else Told(version.version, tuple(version.about["files"]))


def _read(work: Work, ledger: "Ledger", plan: Plan) -> Told:
    watch = Watch(work.transact, plan.import_id, plan.unit_path)
    report = ledger.import_readings(
        (watch.over(reading) for reading in _readings(work, plan)),
        progress=lambda _report: watch.file_done(),
        label=plan.label,
    )
    return Told(report.version, tuple(file.counts for file in report.files))


def _readings(work: Work, plan: Plan) -> "Iterator[FileReading]":
    """Yield what is to be read, upload by upload, under the names it was dropped with."""
    from rongdun.analytics.statements.layout import Layout
    from rongdun.analytics.statements.reader import read_path

    layouts = [Layout.from_data(mapping) for mapping in plan.mappings]
    files = FileStore.of(work.services.settings)
    for upload in plan.uploads:
        with laid_out(files, upload.hash, upload.path) as place:
            for reading in read_path(place, passwords=upload.passwords, layouts=layouts):
                yield from _parts(reading, upload.wanted)


def _parts(reading: "FileReading", wanted: Mapping[str, tuple[str, ...]] | None) -> "Iterator[FileReading]":
    from rongdun.analytics.statements.reader import only_sheet

    if wanted is None or wanted.get(reading.path) == ():
        yield reading
    else:
        yield from (only_sheet(reading, sheet) for sheet in wanted.get(reading.path, ()))


def _settle(work: Work, plan: Plan, told: Told) -> bool:
    """Write down what became of the round; tell whether it was still wanted."""
    with work.transact() as uow:
        found = store.lock_import(uow.session, uow.actor.scope, plan.import_id)
        if found is None or found.label != plan.label or found.state not in ("READING", "REREADING"):
            return False
        settle(uow, found, told, [upload.place for upload in plan.uploads])
    return True


def _fail(work: Work, plan: Plan, why: Text) -> None:
    with work.transact() as uow:
        found = store.lock_import(uow.session, uow.actor.scope, plan.import_id)
        if found is not None and found.label == plan.label and found.state in ("READING", "REREADING"):
            give_up(uow, found, why)


def give_up(uow: Uow, found: LedgerImport, why: Text) -> None:
    """End an import, or the further round of one, that cannot go on."""
    found.error_zh, found.error_en = why
    move(uow, found, "fail")
    for file in store.files_of(uow.session, uow.actor.scope, found.id):
        if found.state != "FAILED":
            seal_passwords(uow.vault, file, [])
        if file.state == "WAITING" and file.reason is not None:
            file.state = "REFUSED"


def _take_back(ledger: "Ledger", label: str) -> None:
    """Take a round out of the ledger that is not wanted; nothing happens where it never came in."""
    version = ledger.labelled(label)
    if version is not None:
        ledger.undo(version.version)
