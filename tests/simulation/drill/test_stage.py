"""The drill's stage: a call rings now, its money is in the banks' books, a stop holds it, and time only goes on."""

from datetime import UTC, datetime, timedelta

import pytest

from rongdun.kernel.clock import FixedClock
from rongdun.simulation.drill.stage import Stage
from rongdun.simulation.drill.told import Call

NOW = datetime(2026, 11, 26, 6, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def stage(clock: FixedClock) -> Stage:
    return Stage(clock)


def test_the_caller_rings_now_and_paid_within_the_last_ninety_minutes(stage: Stage) -> None:
    call = stage.next_call()
    assert call.time == NOW
    assert all(NOW - timedelta(minutes=90) <= each.time <= NOW for each in call.transfers)
    assert call.name.startswith("演示·")
    assert f"{sum(each.amount_fen for each in call.transfers) / 100:,.2f}元" in call.story


def test_the_banks_know_what_the_caller_paid(stage: Stage) -> None:
    call = stage.next_call()
    for paid in call.transfers:
        assert stage.book.paid_in(paid.payee.number, paid.amount_fen, paid.time, 1)
        rows = stage.book.rows(
            paid.payee.number, paid.time - timedelta(minutes=1), paid.time + timedelta(minutes=1), NOW
        )
        assert [row.amount_fen for row in rows if row.counterparty_name == call.name] == [paid.amount_fen]
        assert stage.book.institution_of(paid.payee.number) == paid.payee.institution


def test_a_held_account_keeps_its_money_while_hours_pass(stage: Stage) -> None:
    call = stage.next_call()
    number = _richest(stage, call)
    held = stage.book.hold(number, None, NOW, NOW + timedelta(hours=48))
    later = NOW + timedelta(hours=5)
    found = stage.book.account(number, later)
    assert found is not None and found.balance_fen is not None
    assert found.balance_fen >= held > 0
    assert not [row for row in stage.book.rows(number, NOW, later, later) if not row.incoming]


def test_the_next_call_is_another_one_and_rings_later(stage: Stage, clock: FixedClock) -> None:
    first = stage.next_call()
    clock.advance(timedelta(minutes=10))
    second = stage.next_call()
    assert second.scam != first.scam
    assert second.time == NOW + timedelta(minutes=10)


def _richest(stage: Stage, call: Call) -> str:
    numbers = {paid.payee.number for paid in call.transfers}
    return max(numbers, key=lambda number: stage.book.account(number, NOW).balance_fen or 0)  # type: ignore[union-attr]
