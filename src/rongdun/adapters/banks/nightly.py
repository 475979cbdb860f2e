"""The nightly job: every institution's book of each finished day, asked for or laid down, compared with ours."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

from rongdun.adapters.banks.book_files import ENDING, books_folder, books_lying, day_of, lines_in
from rongdun.adapters.banks.book_lines import BookUnavailable
from rongdun.adapters.banks.books import their_lines
from rongdun.adapters.banks.file_drop import Laid, acknowledge
from rongdun.domains import exchange
from rongdun.domains.exchange import FILE_DROP, Institution, Line, ToCompare
from rongdun.kernel.errors import DomainError
from rongdun.runtime.jobs import Job, Work
from rongdun.runtime.logs import get_logger

_log = get_logger("exchange")

LANES = 8
"""Institutions asked at once: one that does not answer takes 20 s."""


def compare_days(work: Work) -> None:
    """Compare every day that is due; one whose book does not come is tried again by the next run, until its term ends.

    A book that was laid down since the last run is compared whatever its day's state: it may be late, or a corrected
    one. Safe to run twice, and beside another: a day is settled by its row, and asking changes nothing at the
    institution.
    """
    with work.transact() as uow:
        wanted = exchange.days_to_compare(uow)
        closed = [one for one in exchange.institutions(uow) if one.active and one.transport == FILE_DROP]
        last, now = exchange.last_day(uow), uow.now
    seen = {(one.code, day) for one in closed for day in _take_books(work, one, last, now)}
    left = [one for one in wanted if (one.sender.code, one.day) not in seen]

    def ask(one: ToCompare) -> Sequence[Line] | BookUnavailable:
        try:
            return their_lines(work.services.settings, one.sender, one.day, now)
        except BookUnavailable as error:
            return error

    with ThreadPoolExecutor(LANES, "day-books") as pool:
        for one, told in zip(left, pool.map(ask, left), strict=True):
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


def _take_books(work: Work, sender: Institution, last: date, now: datetime) -> list[date]:
    """Take every book of a finished day that lies there, and acknowledge it; return the days that were compared."""
    compared, folder = [], books_folder(work.services.settings, sender.code)
    for laid in books_lying(work.services.settings, sender, now):
        try:
            day = day_of(laid)
            if day > last:
                continue
            told = _compared(work, sender, day, lines_in(laid, day))
            compared.append(day)
        except BookUnavailable as error:
            told = _refused(work, sender, laid, error)
        except DomainError as error:
            _log.error("day_not_compared", institution=sender.code, day=laid.name, why=error.message.en)
            continue
        acknowledge(folder, laid.name, told, now=now, ending=ENDING)
    return compared


def _compared(work: Work, sender: Institution, day: date, lines: Sequence[Line]) -> dict[str, object]:
    with work.transact() as uow:
        made = exchange.reconcile(uow, sender, day, lines)
        return {"state": "compared", "entries": len(lines), "differences": len(made.differences)}


def _refused(work: Work, sender: Institution, laid: Laid, error: BookUnavailable) -> dict[str, object]:
    if laid.fault is not None:
        with work.transact() as uow:
            exchange.turn_away(uow, sender, laid.fault)
        return {"state": "turned_away", "why": laid.fault.zh}
    _log.warning("day_book_refused", institution=sender.code, file=laid.name, why=error.message.en)
    return {"state": "refused", "why": error.message.zh}


COMPARE = Job("exchange.compare_days", compare_days, cron="*/15 * * * *", attempts=1)
"""Every quarter of an hour: soon after one in the morning in Shanghai, and soon after any downtime."""

JOBS = (COMPARE,)
