"""The simulated institutions do what the notes say banks do: four items, holds that hold, queues, their own book."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from rongdun.adapters.banks.simulator import Banks, MemoryBook, load_manner
from rongdun.adapters.banks.simulator.banks import Pace
from rongdun.domains.exchange import Instruction, Kind, Line, Outcome, Reply
from rongdun.domains.exchange.reconciliation import compare
from rongdun.kernel.clock import SHANGHAI
from tests.adapters.banks.made import BANK, BANK_NAME, NOW, NUMBER, instruction

SECOND_CARD = "6299990000000045"
DAY = NOW + timedelta(days=1)


@pytest.fixture
def banks() -> Banks:
    """A mule with 50,000 yuan of a victim's that are to leave in two hours, and a second card of the same holder."""
    book = MemoryBook()
    book.open(BANK_NAME, NUMBER, "演示乙")
    book.open(BANK_NAME, SECOND_CARD, "演示乙", 700)
    book.open("演示农业银行", "6299990000000029", "演示丁", state="销户")
    book.meant(NOW - timedelta(minutes=20), "", NUMBER, 5_000_000)
    book.meant(NOW + timedelta(hours=2), NUMBER, SECOND_CARD, 4_900_000)
    return Banks(book, {BANK: BANK_NAME}, load_manner().perfect(), Pace(NOW, NOW, 1.0))


def _told(banks: Banks, told: Instruction, at: datetime = NOW) -> Reply:
    assert banks.accept(BANK, told, at) == "100000"
    (reply,) = banks.due(at + timedelta(hours=3))
    return reply


def _balance(banks: Banks, number: str, at: datetime) -> int | None:
    facts = banks.book.account(number, at)
    assert facts is not None
    return facts.balance_fen


def test_a_stop_holds_what_is_there_and_money_that_was_to_leave_stays(banks: Banks) -> None:
    banks.accept(BANK, instruction("A1"), NOW)
    (reply,) = banks.due(NOW + timedelta(hours=1))
    assert (reply.outcome, reply.held_fen) == (Outcome.DONE, 5_000_000)
    assert _balance(banks, NUMBER, DAY) == 5_000_000


def test_without_a_stop_it_leaves_and_a_late_stop_finds_less_than_was_paid(banks: Banks) -> None:
    late = NOW + timedelta(hours=3)
    reply = _told(banks, instruction("A1", start=late, end=late + timedelta(hours=48)), late)
    assert (reply.outcome, reply.held_fen) == (Outcome.PARTIAL, 100_000)


@pytest.mark.parametrize(
    "wrong",
    [{"amount_fen": 4_999_999}, {"transfer_time": NOW - timedelta(hours=3)}, {"name": "演示别人"}],
    ids=["amount", "time", "name"],
)
def test_where_one_of_the_four_items_differs_the_bank_must_not_stop(
    banks: Banks, wrong: dict[str, Any]
) -> None:
    name = wrong.pop("name", None)
    told = instruction("A1", **wrong)
    told = replace(told, account=replace(told.account, name=name)) if name else told
    banks.accept(BANK, told, NOW)
    (reply,) = banks.due(NOW + timedelta(hours=1))
    assert (reply.outcome, reply.held_fen) == (Outcome.MISMATCH, None)
    assert _balance(banks, NUMBER, DAY) == 100_000


def test_a_stop_ends_after_its_48_hours_and_an_extension_begins_them_anew(banks: Banks) -> None:
    _told(banks, instruction("A1"))
    two_days = NOW + timedelta(hours=47)
    more = instruction(
        "A2", kind=Kind.EXTEND_STOP, original_id="A1", start=two_days, end=two_days + timedelta(hours=48)
    )
    assert _told(banks, more, two_days).outcome is Outcome.DONE
    held = banks.book.account(NUMBER, NOW + timedelta(hours=90))
    free = banks.book.account(NUMBER, NOW + timedelta(hours=99))
    assert held is not None and held.available_fen == 0
    assert free is not None and free.available_fen == 5_000_000


def test_an_extension_of_what_has_ended_is_refused(banks: Banks) -> None:
    _told(banks, instruction("A1"))
    late = NOW + timedelta(hours=60)
    more = instruction(
        "A2", kind=Kind.EXTEND_STOP, original_id="A1", start=late, end=late + timedelta(hours=48)
    )
    assert _told(banks, more, late).outcome is Outcome.REFUSED


def test_a_lift_lets_the_money_go(banks: Banks) -> None:
    _told(banks, instruction("A1"))
    assert _told(banks, instruction("A2", kind=Kind.LIFT_STOP, original_id="A1"), DAY).outcome is Outcome.DONE
    facts = banks.book.account(NUMBER, DAY + timedelta(hours=4))
    assert facts is not None and facts.available_fen == 5_000_000


@pytest.mark.parametrize(("cap", "held", "free"), [(1_000_000, 1_000_000, 4_000_000), (None, 5_000_000, 0)])
def test_a_freeze_takes_its_cap_or_the_whole_account(
    banks: Banks, cap: int | None, held: int, free: int
) -> None:
    banks.accept(BANK, _freeze("A1", cap), NOW)
    (reply,) = banks.due(NOW + timedelta(hours=1))
    assert (reply.held_fen, reply.available_fen) == (held, free)


def test_a_second_freeze_stands_in_line_and_takes_effect_when_the_first_is_lifted(banks: Banks) -> None:
    banks.accept(BANK, _freeze("A1", None), NOW)
    list(banks.due(NOW + timedelta(hours=1)))
    second = _told(
        banks, replace(_freeze("A2", 2_000_000), unit_name="演示外地公安"), NOW + timedelta(hours=1)
    )
    assert second.outcome is Outcome.QUEUED and second.former is not None
    assert second.former.authority == "演示市反诈中心"
    banks.accept(BANK, instruction("A3", kind=Kind.LIFT_FREEZE, original_id="A1", amount_fen=None), DAY)
    lifted, moved_up = banks.due(DAY + timedelta(hours=3))
    assert (lifted.application_id, lifted.held_fen) == ("A3", 0)
    assert (moved_up.application_id, moved_up.held_fen) == ("A2", 2_000_000)
    assert moved_up.message_id != second.message_id


def test_a_partial_lift_leaves_what_is_disputed(banks: Banks) -> None:
    banks.accept(BANK, _freeze("A1", None), NOW)
    list(banks.due(NOW + timedelta(hours=1)))
    part = instruction("A2", kind=Kind.LIFT_FREEZE, original_id="A1", amount_fen=300_000)
    reply = _told(banks, part, NOW + timedelta(hours=1))
    assert (reply.held_fen, reply.available_fen) == (300_000, 4_700_000)


def test_a_stop_lifted_behind_a_capped_freeze_lets_go_what_exceeds_the_cap_and_both_books_agree(
    banks: Banks,
) -> None:
    hour = timedelta(hours=3)
    told = [
        instruction("A1"),
        _freeze("A2", 1_000_000),
        instruction("A3", kind=Kind.LIFT_STOP, original_id="A1"),
    ]
    replies = [_told(banks, told[0])]
    replies.append(_told(banks, told[1], NOW + hour))
    held = banks.book.account(NUMBER, NOW + 2 * hour)
    assert held is not None and held.available_fen == 0, "the stop still holds what the freeze does not"
    replies.append(_told(banks, told[2], NOW + 2 * hour))
    after = banks.book.account(NUMBER, NOW + 3 * hour)
    assert after is not None and after.available_fen == 4_000_000
    assert banks.entries["A2"].held_fen == 1_000_000
    ours = [Line(one.application_id, str(one.kind), NOW, str(one.outcome), one.held_fen) for one in replies]
    theirs = [
        Line(
            one.instruction.application_id,
            str(one.instruction.kind),
            NOW,
            one.outcome,
            one.held_fen,
            one.done,
        )
        for one in banks.lines(BANK, NOW, DAY)
    ]
    compared = compare(ours, theirs, NOW.astimezone(SHANGHAI).date())
    assert (compared.agreed, compared.differences) == (3, ())


def test_queries_tell_transactions_holder_and_all_accounts(banks: Banks) -> None:
    week = {"start": NOW - timedelta(days=7), "end": NOW + timedelta(days=1)}
    moved = _told(banks, instruction("A1", kind=Kind.QUERY_TRANSACTIONS, **week))
    assert (moved.rows[0].incoming, moved.rows[0].amount_fen) == (True, 5_000_000)
    holder = _told(banks, instruction("A2", kind=Kind.QUERY_HOLDER), NOW + timedelta(hours=3))
    assert [facts.name for facts in holder.accounts] == ["演示乙"]
    everything = _told(banks, instruction("A3", kind=Kind.QUERY_ACCOUNTS), NOW + timedelta(hours=6))
    assert {facts.number for facts in everything.accounts} == {NUMBER, SECOND_CARD}


def test_a_watched_account_is_reported_on_until_the_watch_ends(banks: Banks) -> None:
    span = {"start": NOW, "end": NOW + timedelta(days=30)}
    banks.accept(BANK, instruction("A1", kind=Kind.QUERY_DYNAMIC, **span), NOW)
    told = list(banks.due(NOW + timedelta(hours=4)))
    assert [len(reply.rows) for reply in told] == [0, 1], "the payment of the second hour"
    banks.accept(BANK, instruction("A2", kind=Kind.END_DYNAMIC, original_id="A1"), DAY)
    list(banks.due(DAY + timedelta(days=3)))
    assert banks.next_due() is None


def test_the_same_application_again_has_no_second_effect(banks: Banks) -> None:
    assert [banks.accept(BANK, instruction("A1"), NOW) for _ in range(3)] == ["100000", "200003", "200003"]
    assert len(list(banks.due(DAY))) == 1
    assert (banks.entries["A1"].copies, banks.entries["A1"].done) == (3, 1)


def test_an_instruction_for_another_institution_is_not_taken(banks: Banks) -> None:
    assert banks.accept("999000000029", instruction("A1"), NOW) == "200006"


def test_answers_go_wrong_as_often_as_the_parameters_say() -> None:
    book = MemoryBook()
    for number in range(4000):
        book.open(BANK_NAME, f"N{number}", "演示乙", 5_000_000)
    manner = load_manner()
    banks = Banks(book, {BANK: BANK_NAME}, manner, Pace(NOW, NOW, 1.0), seed=11)
    for number in range(4000):
        told = instruction(f"A{number}", number=f"N{number}", amount_fen=None, transfer_time=None)
        banks.accept(BANK, told, NOW)
    replies = list(banks.due(DAY))
    outcomes = Counter(banks.entries[f"A{number}"].outcome for number in range(4000))
    share = {name: count / 4000 for name, count in outcomes.items()}
    assert share["timeout"] == pytest.approx(0.02, abs=0.007)
    assert share["mismatch"] == pytest.approx(0.03, abs=0.009)
    assert share["not_found"] == pytest.approx(0.01, abs=0.005)
    assert len(replies) - 4000 == pytest.approx(80, abs=35)
    waits = sorted((entry.due_at - NOW).total_seconds() / 60 for entry in banks.entries.values())
    assert waits[2000] == pytest.approx(6.0, rel=0.06)


def test_sixty_times_faster_answers_come_in_a_sixtieth_of_the_time(banks: Banks) -> None:
    quick = Banks(banks.book, banks.names, banks.manner, Pace(NOW, NOW, 60.0))
    quick.accept(BANK, instruction("A1"), NOW)
    banks.accept(BANK, instruction("A1"), NOW)
    slow_s, fast_s = ((each.entries["A1"].due_at - NOW).total_seconds() for each in (banks, quick))
    assert slow_s == pytest.approx(60 * fast_s, rel=1e-3)


def _freeze(application_id: str, cap: int | None) -> Instruction:
    return instruction(
        application_id, kind=Kind.FREEZE, amount_fen=cap, start=NOW, end=NOW + timedelta(days=180)
    )
