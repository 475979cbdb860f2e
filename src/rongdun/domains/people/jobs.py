"""What the worker does for people by itself: forgetting what nobody needs any more."""

from datetime import timedelta

from rongdun.domains.people import store_factors
from rongdun.runtime.jobs import Job, Work
from rongdun.runtime.uow import Uow

SESSIONS_KEPT = timedelta(days=30)
"""How long an ended session can still be looked up; the audit remembers longer."""

ATTEMPTS_KEPT = timedelta(days=1)
UNKNOWN_LOGINS_KEPT = timedelta(days=30)


def forget(uow: Uow) -> dict[str, int]:
    """Forget ended sessions, ceremonies nobody can finish, and old attempts; return how many of each."""
    session, now = uow.session, uow.now
    return {
        "sessions": store_factors.forget_sessions(session, before=now - SESSIONS_KEPT),
        "ceremonies": store_factors.forget_ceremonies(session, now=now),
        "attempts": store_factors.forget_attempts(session, before=now - ATTEMPTS_KEPT),
        "unknown_logins": store_factors.forget_unknown_logins(session, before=now - UNKNOWN_LOGINS_KEPT),
    }


def _forget(work: Work) -> None:
    with work.transact() as uow:
        forget(uow)


FORGET = Job("people.forget", _forget, cron="37 * * * *")
"""Every hour."""

JOBS = (FORGET,)
