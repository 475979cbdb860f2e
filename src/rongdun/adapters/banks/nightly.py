"""The nightly job: ask every institution for its book of each finished day, and compare it with ours."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from rongdun.adapters.banks.books import BookUnavailable, their_lines
from rongdun.domains import exchange
from rongdun.domains.exchange import Line, ToCompare
from rongdun.kernel.errors import DomainError
from rongdun.runtime.jobs import Job, Work
from rongdun.runtime.logs import get_logger

_log = get_logger("exchange")

LANES = 8
"""Institutions asked at once: one that does not answer takes 20 s."""


def compare_days(work: Work) -> None:
    """Compare every day that is due; one whose book does not come is tried again by the next run, until its term ends.

    Safe to run twice, and beside another: a day is settled by its row, and asking changes nothing at the institution.
    """
    with work.transact() as uow:
        wanted = exchange.days_to_compare(uow)
        now = uow.now

    def ask(one: ToCompare) -> Sequence[Line] | BookUnavailable:
        try:
            return their_lines(work.services.settings, one.sender, one.day, now)
        except BookUnavailable as error:
            return error

    with ThreadPoolExecutor(LANES, "day-books") as pool:
        for one, told in zip(wanted, pool.map(ask, wanted), strict=True):
            _settle(work, one, told)


def _settle(work: Work, one: ToCompare, told: Sequence[Line] | BookUnavailable) -> None:
    try:
        with work.transact() as uow:
            if isinstance(told, BookUnavailable):
                exchange.without_a_book(uow, one.sender, one.day, told.message)
            else:
                exchange.reconcile(uow, one.sender, one.day, told)
    except DomainError as error:
        _log.error("day_not_compared", institution=one.sender.code, day=str(one.day), why=error.message.en)


COMPARE = Job("exchange.compare_days", compare_days, cron="*/15 * * * *", attempts=1)
"""Every quarter of an hour: soon after one in the morning in Shanghai, and soon after any downtime."""

JOBS = (COMPARE,)
