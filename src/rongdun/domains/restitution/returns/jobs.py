"""What the worker does with returns: a public notice that is over is no missed deadline."""

from datetime import timedelta

from rongdun.runtime.jobs import Job, Work

AHEAD = timedelta(seconds=90)
"""The clock of a notice is closed as met shortly before it ends: it ran its term, nobody missed it."""


def _end(work: Work) -> None:
    from rongdun.domains.restitution.returns.rules import NOTICE
    from rongdun.domains.restitution.returns.store import notices_ending
    from rongdun.runtime.deadlines import NoSuchDeadline, close_deadline

    with work.transact() as uow:
        for found in notices_ending(uow.session, uow.actor.scope, uow.now + AHEAD):
            try:
                close_deadline(
                    uow, subject=found.reference, rule_key=NOTICE, reason="公告期满 / the notice is over"
                )
            except NoSuchDeadline:
                continue
            uow.publish("return", found.reference, found.unit_path)


END_NOTICES = Job("restitution.end_notices", _end, cron="* * * * *", attempts=1)
"""Every minute: notices that end within the next minute and a half."""

JOBS = (END_NOTICES,)
