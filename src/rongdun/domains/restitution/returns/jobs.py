"""What the worker does with returns: a public notice that is over is no missed deadline; screens hear of its end."""

from datetime import timedelta

from rongdun.domains.restitution.returns.model import ReturnOrder
from rongdun.runtime.jobs import Job, Work
from rongdun.runtime.uow import Uow

AHEAD = timedelta(seconds=90)
"""The clock of a notice is closed as met shortly before it ends: it ran its term, nobody missed it."""


AFTER = timedelta(seconds=150)
"""Open screens are told again so long after the end: only then may the return be approved."""


def _end(work: Work) -> None:
    from rongdun.domains.restitution.returns.store import notices_ending

    with work.transact() as uow:
        for found in notices_ending(uow.session, uow.actor.scope, uow.now + AHEAD):
            assert found.notice_until is not None
            if _closed(uow, found) or uow.now - AFTER < found.notice_until <= uow.now:
                uow.publish("return", found.reference, found.unit_path)


def _closed(uow: Uow, found: ReturnOrder) -> bool:
    from rongdun.domains.restitution.returns.rules import NOTICE
    from rongdun.runtime.deadlines import NoSuchDeadline, close_deadline

    try:
        close_deadline(uow, subject=found.reference, rule_key=NOTICE, reason="公告期满 / the notice is over")
    except NoSuchDeadline:
        return False
    return True


END_NOTICES = Job("restitution.end_notices", _end, cron="* * * * *", attempts=1)
"""Every minute: notices that end within the next minute and a half."""

JOBS = (END_NOTICES,)
