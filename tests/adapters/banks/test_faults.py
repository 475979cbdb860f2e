"""Exactly one effect, whatever goes wrong between the centre and a bank."""

from dataclasses import replace
from datetime import timedelta

import pytest

from rongdun.domains.exchange import Institution, Outcome
from rongdun.domains.exchange.partners import seen_institutions
from rongdun.kernel.scope import Scope
from rongdun.runtime.outbox import Courier
from tests.adapters.banks.conftest import Town, key
from tests.adapters.banks.made import BANK, BANK_NAME, NOW, NUMBER, reply


@pytest.fixture(autouse=True)
def _accounts(town: Town) -> None:
    """The mule has 50,000 yuan of the victim's, which were to leave within the hour."""
    town.book.open(BANK_NAME, NUMBER, "演示乙")
    town.book.open(BANK_NAME, "6299990000000037", "演示戊")
    town.book.meant(NOW - timedelta(minutes=20), "", NUMBER, 5_000_000)
    town.book.meant(NOW + timedelta(hours=1), NUMBER, "6299990000000037", 4_900_000)


def test_a_stop_goes_out_lands_and_is_answered(town: Town) -> None:
    town.order("A1")
    town.answered()
    (told,) = town.desk.replies
    assert (told.outcome, told.held_fen) == (Outcome.DONE, 5_000_000)
    assert [letter.state for letter in town.letters()] == ["sent"]
    (row,) = town.inbox()
    assert (row.state, row.copies, len(row.sha256)) == ("taken", 1, 64)
    later = town.book.account(NUMBER, NOW + timedelta(hours=2))
    assert later is not None and later.balance_fen == 5_000_000, "what is stopped stays"


def test_a_silent_bank_leaves_the_order_delivered_and_waiting(town: Town) -> None:
    town.misbehave(silent=1.0)
    town.order("A1")
    town.until(
        lambda: (
            [letter.state for letter in town.letters()] == ["sent"] and town.banks.entries["A1"].outcome != ""
        )
    )
    assert town.desk.replies == [] and town.inbox() == []


def test_a_bank_that_closes_the_line_gets_the_order_again_and_acts_once(town: Town) -> None:
    town.misbehave(deaf=1.0)
    town.order("A1")
    town.until(lambda: town.banks.entries.get("A1") is not None and town.banks.entries["A1"].copies > 1)
    town.misbehave()
    town.until(lambda: [letter.state for letter in town.letters()] == ["sent"])
    town.answered()
    entry = town.banks.entries["A1"]
    assert entry.done == 1 and len(town.desk.replies) == 1


def test_a_slow_bank_is_waited_for(town: Town) -> None:
    town.misbehave(slow_s=0.7)
    town.order("A1")
    town.answered()
    assert town.banks.entries["A1"].copies == 1


@pytest.mark.parametrize("answer", ["busy", "garbled"])
def test_an_answer_at_the_door_that_is_no_yes_is_tried_again(town: Town, answer: str) -> None:
    town.misbehave(**{answer: 1.0})
    town.order("A1")
    town.courier.tick()
    assert [letter.state for letter in town.letters()] == ["pending"]
    town.misbehave()
    town.until(lambda: [letter.state for letter in town.letters()] == ["sent"])
    assert town.banks.entries["A1"].done <= 1


@pytest.mark.parametrize("fault", ["malformed", "forged", "repeated", "replayed", "late"])
def test_answers_that_come_wrongly_count_once(town: Town, fault: str) -> None:
    town.misbehave(**{fault: 1.0})
    town.order("A1")
    town.answered()
    town.sender._pool.shutdown(wait=True)
    assert len(town.desk.answered("A1")) == 1
    taken = [row for row in town.inbox() if row.state == "taken"]
    assert len(taken) == 1
    assert taken[0].copies == {"repeated": 3, "replayed": 2}.get(fault, 1)


def test_what_cannot_be_read_is_kept_with_its_reason_and_never_reaches_the_desk(town: Town) -> None:
    town.misbehave(malformed=1.0)
    town.order("A1")
    town.answered()
    broken = [row for row in town.inbox() if row.state == "refused"]
    assert len(broken) == 1 and "XML" in broken[0].reason_zh


def test_a_wrong_signature_is_turned_away_and_nothing_of_it_kept(town: Town) -> None:
    town.order("A1")
    assert town.post(reply("A1", "M1"), signer=key("somebody")) == 401
    assert town.desk.replies == [] and town.inbox() == []
    with town.centre.services.database.session(Scope.everything()) as session:
        row = session.get_one(Institution, BANK)
        assert (row.refusals, row.last_refusal) == (1, "签名不符")
    with town.centre.transact() as uow:
        (seen,) = seen_institutions(uow)
    assert seen.last_refusal is not None
    assert (seen.last_refusal.zh, seen.last_refusal.en) == ("签名不符", "its signature is wrong")


def test_a_signature_of_ten_minutes_ago_is_a_replay_and_turned_away(town: Town) -> None:
    town.order("A1")
    old = town.centre.services.clock.now() - timedelta(minutes=10)
    assert town.post(reply("A1", "M1"), at=old) == 401
    assert town.desk.replies == []


def test_an_answer_in_the_name_of_another_bank_is_not_used(town: Town) -> None:
    town.order("A1")
    assert town.post(replace(reply("A1", "M1"), institution="999000000029")) == 200
    assert town.desk.replies == []
    assert [row.state for row in town.inbox()] == ["refused"]


def test_the_same_serial_with_other_content_is_kept_beside_the_first(town: Town) -> None:
    town.order("A1")
    assert town.post(reply("A1", "M1")) == 200
    assert town.post(reply("A1", "M1", balance_fen=1, held_fen=1)) == 200
    first, second = town.inbox()
    assert (first.message_id, first.held_fen) == ("M1", 4_200_000)
    assert second.message_id.startswith("M1#") and second.held_fen == 1


def test_answers_out_of_order_each_reach_the_desk(town: Town) -> None:
    town.order("A1")
    for serial in ("M3", "M1", "M2"):
        assert town.post(reply("A1", serial)) == 200
    assert [told.message_id for told in town.desk.replies] == ["M3", "M1", "M2"]


def test_a_fault_of_ours_keeps_the_message_and_the_worker_uses_it_later(town: Town) -> None:
    from rongdun.entrypoints.exchange import inbox_tick

    town.order("A1")
    town.desk.breaks = 2
    assert town.post(reply("A1", "M1")) == 200
    assert [row.state for row in town.inbox()] == ["received"]
    tick = inbox_tick(town.centre, town.desk)
    tick()
    assert [row.state for row in town.inbox()] == ["received"]
    tick()
    assert [row.state for row in town.inbox()] == ["taken"]
    assert len(town.desk.replies) == 1


def test_a_worker_killed_between_sending_and_recording_leaves_one_effect(town: Town) -> None:
    town.order("A1")
    # What a killed worker leaves behind: delivered, and never written down.
    (message,) = town.courier._claim(20)
    town.courier.transports["bank"].deliver(message)
    heir = Courier(
        town.centre.transact, town.courier.transports, "heir", replace(town.courier.plan, lease_s=0.0)
    )
    heir.tick()
    town.answered()
    entry = town.banks.entries["A1"]
    assert (entry.copies, entry.done, len(town.desk.replies)) == (2, 1, 1)


def test_an_account_that_does_not_exist_and_a_wrong_name_are_answered_as_such(town: Town) -> None:
    town.order("A1", number="6299990000009999")
    town.order("A2", amount_fen=123)
    town.answered(2)
    told = {each.application_id: (each.outcome, each.held_fen) for each in town.desk.replies}
    assert told == {"A1": (Outcome.NOT_FOUND, None), "A2": (Outcome.MISMATCH, None)}


def test_an_unknown_institution_or_instruction_is_a_dead_letter_at_once(town: Town) -> None:
    town.order("A1")
    del town.desk.known["A1"]
    town.courier.tick()
    assert [letter.state for letter in town.letters()] == ["dead"]
