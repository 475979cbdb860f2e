"""A bank that speaks ISO 20022, over HTTP both ways: one effect whatever goes wrong, and the rest by form."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from rongdun.adapters.banks import Post, speak_to
from rongdun.domains import exchange
from rongdun.domains.exchange import Kind, NotCarried, Outcome
from rongdun.kernel.errors import NotFound
from tests.adapters.banks.conftest import Town, key
from tests.adapters.banks.made import BANK, BANK_NAME, NOW, NUMBER, reply

APPLICATION = "0199aaaa-0000-7000-8000-0000000000a1"
OTHER = "0199aaaa-0000-7000-8000-0000000000a2"


@pytest.fixture(autouse=True)
def _bank(town: Town) -> None:
    """The mule has 50,000 yuan of the victim's, and its bank speaks ISO 20022."""
    town.book.open(BANK_NAME, NUMBER, "演示乙")
    town.book.meant(NOW - timedelta(minutes=20), "", NUMBER, 5_000_000)
    town.speak_iso()


def test_a_stop_goes_out_as_a_recall_lands_and_is_answered(town: Town) -> None:
    town.order(APPLICATION)
    town.answered()
    (told,) = town.desk.replies
    assert (told.application_id, told.outcome, told.held_fen) == (APPLICATION, Outcome.DONE, 5_000_000)
    assert [letter.state for letter in town.letters()] == ["sent"]
    (row,) = town.inbox()
    with town.centre.transact() as uow:
        assert b"camt.029.001.09" in exchange.raw_of(uow, row)
    held = town.book.account(NUMBER, NOW + timedelta(hours=2))
    assert held is not None and held.available_fen == 0


@pytest.mark.parametrize("fault", ["malformed", "forged", "repeated", "replayed", "late"])
def test_answers_that_come_wrongly_count_once(town: Town, fault: str) -> None:
    town.misbehave(**{fault: 1.0})
    town.order(APPLICATION)
    town.answered()
    town.sender._pool.shutdown(wait=True)
    assert len(town.desk.answered(APPLICATION)) == 1
    taken = [row for row in town.inbox() if row.state == "taken"]
    assert len(taken) == 1
    assert taken[0].copies == {"repeated": 3, "replayed": 2}.get(fault, 1)
    assert [row.state for row in town.inbox() if row.state != "taken"] == ["refused"] * (fault == "malformed")


@pytest.mark.parametrize("fault", ["deaf", "busy", "garbled"])
def test_what_goes_wrong_at_the_banks_door_is_tried_again_and_acts_once(town: Town, fault: str) -> None:
    town.misbehave(**{fault: 1.0})
    town.order(APPLICATION)
    town.courier.tick()
    town.misbehave()
    town.answered()
    assert town.banks.entries[APPLICATION].done == 1 and len(town.desk.replies) == 1


def test_a_wrong_or_old_signature_is_turned_away_and_nothing_of_it_kept(town: Town) -> None:
    town.order(APPLICATION)
    old = town.centre.services.clock.now() - timedelta(minutes=10)
    assert town.post(reply(APPLICATION, "M1"), signer=key("somebody")) == 401
    assert town.post(reply(APPLICATION, "M1"), at=old) == 401
    assert town.desk.replies == [] and town.inbox() == []


def test_an_answer_in_another_language_than_agreed_is_kept_and_not_used(town: Town) -> None:
    town.order(APPLICATION)
    town.dialects.pop(BANK)
    assert town.post(reply(APPLICATION, "M1")) == 200
    assert town.desk.replies == []
    assert ["Document" in row.reason_en for row in town.inbox()] == [True]


def test_a_payment_the_bank_never_received_is_a_mismatch(town: Town) -> None:
    town.order(APPLICATION, amount_fen=123)
    town.answered()
    (told,) = town.desk.replies
    assert (told.outcome, told.code, told.held_fen) == (Outcome.MISMATCH, "NOOR", None)


@pytest.mark.parametrize("kind", [Kind.FREEZE, Kind.QUERY_HOLDER, Kind.LIFT_STOP])
def test_what_it_has_no_message_for_goes_by_form_and_not_over_the_wire(town: Town, kind: Kind) -> None:
    town.order(APPLICATION, kind=kind, original_id="A0")
    town.courier.tick()
    (letter,) = town.letters()
    assert (letter.state, letter.receipt) == ("sent", f"{BANK}/form")
    assert town.banks.entries == {}


def test_without_a_form_the_profile_is_refused_and_what_is_missing_named(town: Town) -> None:
    with town.centre.transact() as uow, pytest.raises(NotCarried) as refused:
        speak_to(uow, BANK, "iso20022", by_form=False)
    assert "冻结、冻结延期、冻结解除" in refused.value.message.zh
    assert "query of the holder" in refused.value.message.en
    assert "止付、" not in refused.value.message.zh.replace("止付延期", "").replace("止付解除", "")
    with town.centre.transact() as uow, pytest.raises(NotFound):
        speak_to(uow, "999999999999", "iso20022", by_form=True)


def test_back_in_the_national_profile_everything_goes_over_the_wire_again(town: Town) -> None:
    with town.centre.transact() as uow:
        speak_to(uow, BANK, "national", by_form=False)
    town.dialects.pop(BANK)
    town.order(APPLICATION, kind=Kind.FREEZE, amount_fen=None)
    town.answered()
    assert town.desk.replies[0].held_fen == 5_000_000


def test_asked_what_became_of_a_stop_the_bank_tells_again_and_it_counts_once(town: Town) -> None:
    town.misbehave(silent=1.0)
    town.order(APPLICATION)
    town.until(lambda: APPLICATION in town.sender.unsaid)
    town.misbehave()
    assert _ask(town, APPLICATION)
    town.answered()
    (told,) = town.desk.replies
    assert (told.outcome, told.held_fen) == (Outcome.DONE, 5_000_000)
    assert town.banks.entries[APPLICATION].done == 1
    assert [(letter.kind, letter.state) for letter in town.letters()] == [
        ("stop", "sent"),
        ("status", "sent"),
    ]


def test_asked_too_early_the_bank_says_that_it_is_at_it(town: Town) -> None:
    town.banks.manner = replace(town.banks.manner, stop_median_minutes=100_000.0)
    town.order(APPLICATION)
    town.until(lambda: APPLICATION in town.banks.entries)
    assert _ask(town, APPLICATION)
    town.answered()
    assert [(told.outcome, told.text) for told in town.desk.replies] == [(Outcome.TIMEOUT, "正在办理")]


def test_nobody_is_asked_about_what_was_never_sent_or_in_a_language_without_the_question(town: Town) -> None:
    assert not _ask(town, OTHER)
    town.order(APPLICATION)
    with town.centre.transact() as uow:
        speak_to(uow, BANK, "national", by_form=False)
    assert not _ask(town, APPLICATION)


def test_money_sent_back_is_told_to_the_desk(town: Town) -> None:
    town.order(APPLICATION)
    town.answered()
    post = Post()
    asked = json.dumps({"application_id": APPLICATION}).encode()
    assert post.send(f"{town.urls['banks']}/control/return", asked, {}).status == 200
    post.close()
    town.answered(2)
    assert [told.returned_fen for told in town.desk.replies] == [None, 5_000_000]


def _ask(town: Town, application_id: str) -> bool:
    with town.centre.transact() as uow:
        sender = exchange.institution(uow, BANK)
        assert sender is not None
        return exchange.ask_status(uow, sender, application_id, NOW.date())
