"""Taking an import out of the ledger, and giving up on those whose reader fell silent."""

from datetime import timedelta
from uuid import UUID

from rongdun.domains.tracing import store
from rongdun.domains.tracing.book import open_ledger
from rongdun.domains.tracing.jobs import READ
from rongdun.domains.tracing.model import LedgerImport
from rongdun.domains.tracing.moves import move
from rongdun.domains.tracing.reading import give_up
from rongdun.kernel.errors import DomainError, Text
from rongdun.runtime.jobs import Work, defer
from rongdun.runtime.uow import Uow

SILENT = timedelta(minutes=15)
"""A reader that gave no sign for so long is dead, and nobody took its work over."""

UNSTARTED = timedelta(hours=24)
"""An import nobody began to read for so long is given up: the workers have not run for a day."""

_SILENT = Text(
    "读取中断且无人接手，没有任何行入账，请重试",
    "Reading broke off and was not taken over; nothing was imported, try again",
)
_UNSTARTED = Text("后台进程超过一天没有处理，请重试", "No worker took it up for a day; try again")
_STILL_THERE = Text(
    "撤销未完成，数据仍在台账中，请再试", "Undoing did not end; the rows still count, try again"
)


def undo_import(work: Work, import_id: str) -> None:
    """Take every version of an import out of the ledger; may run again after a killed worker."""
    ledger = open_ledger(work.services.settings)
    versions = _versions(work, UUID(import_id))
    if versions is None:
        return
    try:
        counting = {line["version"] for line in ledger.status().imports}
        for version in sorted(counting.intersection(versions), reverse=True):
            ledger.undo(version)
    except DomainError as error:
        _restore(work, UUID(import_id), error.message)
        return
    with work.transact() as uow:
        found = store.lock_import(uow.session, uow.actor.scope, UUID(import_id))
        if found is not None and found.state == "UNDOING":
            found.ledger_versions = []
            move(uow, found, "undone")
    ledger.account_sums()  # kept for whoever asks for the accounts next


def sweep(work: Work) -> None:
    """Give up on imports whose reader fell silent, so that none hangs for ever."""
    with work.transact() as uow:
        for found in store.silent_since(uow.session, uow.actor.scope, uow.now - SILENT):
            _give_up(uow, found)


def compact(work: Work) -> None:
    """Merge the ledger's small files at night."""
    from rongdun.analytics.ledger.errors import NoLedger

    try:
        ledger = open_ledger(work.services.settings)
        ledger.compact()
        ledger.account_sums()  # kept for whoever asks for the accounts first in the morning
    except NoLedger:
        return


def vacuum(work: Work) -> None:
    """Remove the ledger's files that only versions past their term need (``RONGDUN_LEDGER_KEEP_DAYS``)."""
    from rongdun.analytics.ledger.errors import NoLedger

    settings = work.services.settings
    try:
        open_ledger(settings).vacuum(timedelta(days=settings.ledger_keep_days))
    except NoLedger:
        return


def _versions(work: Work, import_id: UUID) -> list[int] | None:
    with work.transact() as uow:
        found = store.find_import(uow.session, uow.actor.scope, import_id)
        return found.ledger_versions if found is not None and found.state == "UNDOING" else None


def _restore(work: Work, import_id: UUID, why: Text) -> None:
    with work.transact() as uow:
        found = store.lock_import(uow.session, uow.actor.scope, import_id)
        if found is not None and found.state == "UNDOING":
            _put_back(uow, found, why)


def _give_up(uow: Uow, found: LedgerImport) -> None:
    if found.state == "UNDOING":
        _put_back(uow, found, _STILL_THERE)
    elif found.state != "RECEIVED":
        give_up(uow, found, _SILENT)
        # What the silent reader may have committed is taken out again by whoever gets this.
        defer(uow, READ, lock=f"ledger_import:{found.id}", import_id=str(found.id), round=found.round)
    elif found.beat_at < uow.now - UNSTARTED:
        give_up(uow, found, _UNSTARTED)


def _put_back(uow: Uow, found: LedgerImport, why: Text) -> None:
    found.error_zh, found.error_en = why
    move(uow, found, "restore_partly" if found.rejected or found.files_refused else "restore")
