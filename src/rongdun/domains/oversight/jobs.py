"""What the worker does for the audit by itself."""

from datetime import date

from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.audit import restore_files, sign_daily_root
from rongdun.runtime.jobs import Job, Work
from rongdun.runtime.uow import Uow


def sign_roots(uow: Uow) -> list[date]:
    """Sign the root of every finished day that has none and lay down missing root files; return the days.

    Cheap when nothing is due, so it may run often: every few minutes catches midnight and any downtime.
    """
    restored = restore_files(uow.session, settings=uow.settings)
    if restored:
        days = [day.isoformat() for day in restored]
        uow.record("audit.root_files_restored", SubjectRef("audit", "roots"), after={"days": days})
    return sign_daily_root(uow.session, settings=uow.settings, now=uow.now)


def _sign_what_is_due(work: Work) -> None:
    with work.transact() as uow:
        sign_roots(uow)


SIGN_ROOTS = Job("oversight.sign_roots", _sign_what_is_due, cron="*/10 * * * *")
"""Every ten minutes: soon after midnight in Shanghai, and soon after any downtime."""

JOBS = (SIGN_ROOTS,)
