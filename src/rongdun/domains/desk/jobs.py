"""What the worker does for the desks by itself: forgetting, and checking that kept files are whole."""

from datetime import timedelta

from rongdun.domains.desk import service
from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.files import FileStore
from rongdun.runtime.jobs import Job, Work
from rongdun.runtime.live import prune_signals


def _forget(work: Work) -> None:
    with work.transact() as uow:
        prune_signals(uow)
        service.prune_drafts(uow)


def _verify(work: Work) -> None:
    files = FileStore.of(work.services.settings)
    damaged = [damage.hash for damage in files.verify()]
    files.clear_abandoned(work.services.clock.now() - timedelta(days=1))
    with work.transact() as uow:
        missing = service.missing_files(uow, files)
        if damaged or missing:
            found = {"damaged": damaged, "missing": missing}
            uow.record("file.damage_found", SubjectRef("file_store", "files"), after=found)


FORGET = Job("desk.forget", _forget, cron="17 * * * *")
"""Every hour: signals older than a day, drafts nobody touched for 30 days."""

VERIFY_FILES = Job("desk.verify_files", _verify, cron="40 19 * * *")
"""Every night at 03:40 in Shanghai; what is wrong goes on record."""

JOBS = (FORGET, VERIFY_FILES)
