"""Every background job of the product; a domain that has some lists them in its ``jobs.py``."""

from collections.abc import Callable

from rongdun.domains import oversight
from rongdun.domains.desk import prune_drafts
from rongdun.runtime.jobs import Job, Work
from rongdun.runtime.live import prune_signals
from rongdun.runtime.uow import Uow


def in_one_transaction(do: Callable[[Uow], object]) -> Callable[[Work], None]:
    """Return ``do`` as a job that runs in a transaction of its own, as the system."""

    def run(work: Work) -> None:
        with work.transact() as uow:
            do(uow)

    return run


JOBS: tuple[Job, ...] = (
    *oversight.JOBS,
    Job("desk.prune_drafts", in_one_transaction(prune_drafts), cron="20 19 * * *"),
    Job("live.prune_signals", in_one_transaction(prune_signals), cron="40 * * * *"),
)
"""Times are UTC: 19:20 is 03:20 in Shanghai, when the desks are quietest."""
