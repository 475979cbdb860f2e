"""The nightly comparison over HTTP: each finished day is compared once or given up, and what differs is seen."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from rongdun.adapters.banks.nightly import compare_days
from rongdun.domains.exchange import Kind
from rongdun.domains.exchange.model import Day, StoredReconciliation
from rongdun.domains.exchange.partners import seen_institutions
from rongdun.entrypoints.bootstrap import Centre
from rongdun.entrypoints.jobs import JOBS
from rongdun.kernel.clock import SHANGHAI, FixedClock
from rongdun.kernel.scope import NOBODY, Scope
from rongdun.runtime.jobs import JobQueue, Work
from rongdun.runtime.policies import seed_policies
from rongdun.runtime.policies.seedfile import shipped_files
from tests.adapters.banks.conftest import Town
from tests.adapters.banks.made import BANK_NAME, NOW, NUMBER

APPLICATION = "0199aaaa-0000-7000-8000-0000000000a1"


@dataclass
class Night:
    """The nights after today's instructions, as the worker and the bank live through them."""

    town: Town
    midnight: datetime
    work: Work

    def run(self, hour: float) -> None:
        """Let the job run so many hours after midnight."""
        with self._at(hour) as work:
            compare_days(work)

    @contextmanager
    def _at(self, hour: float) -> Iterator[Work]:
        clock = FixedClock(self.midnight + timedelta(hours=hour))
        before, self.town.simulator.clock = self.town.simulator.clock, clock
        services = replace(self.work.services, clock=clock)
        yield Work(Centre(services, lambda request, uow: NOBODY).transact, services)
        self.town.simulator.clock = before

    def carry(self, hour: float) -> None:
        """Let couriers work so many hours after midnight from now on."""
        with self._at(hour) as work:
            self.town.courier = replace(self.town.courier, transact=work.transact)

    def days(self) -> list[tuple[str, int]]:
        """Return the state of every day and how often it was asked for in vain."""
        return [(day.state, day.attempts) for day in self._all(Day, Day.day)]

    def differences(self) -> list[list[str]]:
        """Return what each comparison found, the first one first."""
        found = self._all(StoredReconciliation, StoredReconciliation.made_at)
        return [[each["difference"] for each in one.differences] for one in found]

    def clocks(self) -> list[tuple[str, bool]]:
        """Return the clocks on the duty board by rule, and whether each is closed."""
        rows = "select rule_key, closed_at is not null from deadlines order by created_at"
        with self.town.centre.services.database.session(Scope.everything()) as session:
            return [(key, closed) for key, closed in session.execute(text(rows))]

    def _all(self, kind: type[Any], by: Any) -> list[Any]:
        with self.town.centre.services.database.session(Scope.everything()) as session:
            return list(session.scalars(select(kind).order_by(by)))


@pytest.fixture
def night(town: Town) -> Night:
    services = town.centre.services
    with town.centre.transact() as uow:
        seed_policies(uow.session, now=uow.now, rules=dict(shipped_files())["exchange.toml"])
    town.book.open(BANK_NAME, NUMBER, "演示乙")
    town.book.meant(NOW - timedelta(minutes=20), "", NUMBER, 5_000_000)
    today = services.clock.now().astimezone(SHANGHAI).date()
    midnight = datetime.combine(today + timedelta(days=1), time(), SHANGHAI)
    return Night(town, midnight, Work(town.centre.transact, services))


def test_a_day_on_which_both_agree_is_compared_once_and_leaves_nothing_to_do(night: Night) -> None:
    night.town.order(APPLICATION)
    night.town.answered()
    night.run(0.5)
    assert night.days() == [], "answers to the last instructions may still be on their way"
    for hour in (1.25, 1.5, 30.0 - 5):
        night.run(hour)
    assert night.days()[0] == ("agreed", 0)
    assert night.differences()[0] == [] and night.clocks() == []
    assert len(night.differences()) == len(night.days())


def test_what_the_bank_left_out_stands_on_the_board_until_a_later_comparison_agrees(night: Night) -> None:
    night.town.order(APPLICATION)
    night.town.answered()
    night.town.misbehave(book_missing=1.0)
    night.run(1.25)
    night.run(1.5)
    assert night.days() == [("differing", 0)]
    assert night.differences() == [["unknown_to_them"]]
    assert night.clocks() == [("exchange.differences", False)]
    night.town.misbehave()
    night.run(22.0)
    assert night.days() == [("agreed", 0)]
    assert night.clocks() == [("exchange.differences", True)]


def test_the_page_of_institutions_tells_how_the_last_day_stands(night: Night) -> None:
    night.town.speak_iso()
    night.town.misbehave(book_extra=2)
    night.run(1.25)
    with night.town.centre.transact() as uow:
        (seen,) = seen_institutions(uow)
    assert seen.last_day is not None
    assert (seen.last_day.state, seen.last_day.differences) == ("differing", 2)
    assert (seen.carries, seen.otherwise) == (["stop"], "form")


def test_what_the_bank_made_up_is_unknown_to_us(night: Night) -> None:
    night.town.misbehave(book_extra=2)
    night.run(1.25)
    assert night.differences() == [["unknown_to_us", "unknown_to_us"]]
    assert night.clocks() == [("exchange.differences", False)]


def test_a_bank_out_of_reach_is_asked_again_and_compared_when_it_is_back(night: Night) -> None:
    night.town.order(APPLICATION)
    night.town.answered()
    night.town.misbehave(book_closed=1.0)
    night.run(1.25)
    night.run(1.5)
    assert night.days() == [("waiting", 2)]
    assert night.clocks() == [("exchange.day_book", False)]
    night.town.misbehave()
    night.run(2.0)
    assert night.days() == [("agreed", 2)]
    assert night.clocks() == [("exchange.day_book", True)]


def test_a_bank_that_never_answers_is_given_up_at_noon_and_stays_on_the_board(night: Night) -> None:
    night.town.misbehave(book_closed=1.0)
    night.run(1.25)
    night.run(11.9)
    assert night.days() == [("waiting", 2)]
    night.run(12.0)
    night.run(12.25)
    assert night.days() == [("unanswered", 3)]
    assert night.clocks() == [("exchange.day_book", False)]
    assert night.differences() == []


def test_after_days_without_a_worker_every_finished_day_is_compared(night: Night) -> None:
    night.run(24 * 2 + 2.0)
    assert night.days() == [("agreed", 0)] * 3
    night.run(24 * 30.0)
    assert len(night.days()) == 3 + 7, "no further back than a week"


def test_an_answer_that_was_lost_is_asked_for_and_the_difference_heals(night: Night) -> None:
    town = night.town
    town.speak_iso()
    town.misbehave(silent=1.0)
    town.order(APPLICATION)
    town.until(lambda: APPLICATION in town.sender.unsaid)
    town.misbehave()
    night.run(1.25)
    assert night.differences() == [["reply_missing"]]
    night.carry(1.5)
    town.answered()
    night.run(22.0)
    assert night.days() == [("agreed", 0)]
    assert [(letter.kind, letter.state) for letter in town.letters()] == [
        ("stop", "sent"),
        ("status", "sent"),
    ]


def test_what_went_by_form_stands_in_no_book_of_messages(night: Night) -> None:
    night.town.speak_iso()
    night.town.order(APPLICATION, kind=Kind.FREEZE)
    night.town.courier.tick()
    night.run(1.25)
    assert night.differences() == [[]]


def test_two_workers_at_once_settle_a_day_once(night: Night) -> None:
    night.town.order(APPLICATION)
    night.town.answered()
    with night._at(1.25) as work:
        first = JobQueue(work.services.database.dsn, JOBS, work)
        assert first.jobs["exchange.compare_days"].cron == "*/15 * * * *"
        compare_days(work)
        compare_days(work)
    assert night.days() == [("agreed", 0)] and night.differences() == [[]]
