"""Every way an institution can answer, and the ways answers go wrong: each leads somewhere, none has effect twice."""

from dataclasses import replace
from datetime import timedelta

import pytest

from rongdun.domains.exchange import Outcome, StatementRow
from rongdun.domains.stop_payment import following, sending
from tests.domains.stop_payment.desk import OTHER_CODE, Desk

MATRIX = [
    ("stop", Outcome.DONE, "STOPPED"),
    ("stop", Outcome.PARTIAL, "PARTIAL"),
    ("stop", Outcome.MISMATCH, "REJECTED"),
    ("stop", Outcome.NOT_FOUND, "REJECTED"),
    ("stop", Outcome.CLOSED, "REJECTED"),
    ("stop", Outcome.QUEUED, "REJECTED"),
    ("stop", Outcome.REFUSED, "REJECTED"),
    ("stop", Outcome.TIMEOUT, "TIMEOUT"),
    ("freeze", Outcome.DONE, "FROZEN"),
    ("freeze", Outcome.PARTIAL, "FROZEN"),
    ("freeze", Outcome.QUEUED, "QUEUED"),
    ("freeze", Outcome.MISMATCH, "FAILED"),
    ("freeze", Outcome.NOT_FOUND, "FAILED"),
    ("freeze", Outcome.CLOSED, "FAILED"),
    ("freeze", Outcome.REFUSED, "FAILED"),
    ("freeze", Outcome.TIMEOUT, "TIMEOUT"),
    ("query", Outcome.DONE, "ANSWERED"),
    ("query", Outcome.PARTIAL, "PARTIAL"),
    ("query", Outcome.NOT_FOUND, "REJECTED"),
    ("query", Outcome.REFUSED, "REJECTED"),
    ("query", Outcome.TIMEOUT, "TIMEOUT"),
]


@pytest.mark.parametrize(("kind", "outcome", "state"), MATRIX)
def test_each_answer_leads_to_its_state(desk: Desk, kind: str, outcome: Outcome, state: str) -> None:
    order = desk.sent(kind)
    reply = desk.reply(order, outcome, held_fen=5_000_000, balance_fen=7_000_000)
    assert desk.take(reply) == "applied"
    found = desk.order(order)
    assert (found.state, found.balance_fen, found.attention) == (state, 7_000_000, "")
    assert desk.take(reply) == "duplicate"
    assert desk.order(order).version == found.version


def test_a_stop_that_holds_less_than_was_sent_is_one_in_part(desk: Desk) -> None:
    order = desk.sent()
    desk.answer(order, Outcome.DONE, held_fen=0, balance_fen=0)
    assert (desk.order(order).state, desk.order(order).held_fen) == ("PARTIAL", 0)


def test_an_answer_after_a_silence_still_counts(desk: Desk) -> None:
    order = desk.sent()
    desk.clock.advance(timedelta(minutes=31))
    desk.sweep()
    assert desk.order(order).state == "TIMEOUT"
    desk.answer(order, Outcome.DONE, held_fen=5_000_000)
    assert desk.order(order).state == "STOPPED"


def test_after_a_silence_it_is_sent_again_under_a_new_id_and_both_answers_fit(desk: Desk) -> None:
    order = desk.sent()
    first = desk.reply(order, Outcome.DONE, held_fen=5_000_000)
    desk.clock.advance(timedelta(minutes=31))
    desk.sweep()
    desk.act(order, sending.resend, by=desk.drafter)
    second = desk.reply(order, Outcome.DONE, held_fen=5_000_000)
    assert first.application_id != second.application_id
    assert desk.take(second) == "applied"
    assert desk.take(first) == "noted"
    assert desk.order(order).attention == ""
    assert desk.messages(order) == ["stop", "stop"]


def test_two_answers_that_contradict_each_other_are_put_before_somebody(desk: Desk) -> None:
    order = desk.stopped()
    assert desk.answer(order, Outcome.REFUSED) == "contradiction"
    found = desk.order(order)
    assert (found.state, found.attention) == ("STOPPED", "contradiction")
    desk.act(order, following.look_into, reason="演示:银行电话确认仍在止付")
    assert desk.order(order).attention == ""


def test_a_bank_that_corrects_its_refusal_holds_the_money_and_somebody_looks(desk: Desk) -> None:
    order = desk.sent()
    desk.answer(order, Outcome.REFUSED)
    desk.answer(order, Outcome.DONE, held_fen=5_000_000)
    found = desk.order(order)
    assert (found.state, found.held_fen, found.attention) == ("STOPPED", 5_000_000, "contradiction")
    assert found.over_at is None


def test_another_content_under_the_same_message_id_changes_nothing_and_is_marked(desk: Desk) -> None:
    order = desk.sent()
    reply = desk.reply(order, Outcome.DONE, held_fen=5_000_000)
    desk.take(reply)
    assert desk.take(replace(reply, held_fen=1)) == "contradiction"
    found = desk.order(order)
    assert (found.held_fen, found.attention) == (5_000_000, "contradiction")


def test_an_answer_to_nothing_we_sent_is_kept_and_harms_nothing(desk: Desk) -> None:
    reply = replace(desk.reply(desk.sent(), Outcome.DONE), application_id="no-such-application")
    assert desk.take(reply) == "unknown"
    assert [one.action for one in desk.recorded if one.action.startswith("order_reply")] == [
        "order_reply.unknown"
    ]


def test_another_bank_cannot_answer_for_the_one_that_was_asked(desk: Desk) -> None:
    order = desk.sent()
    assert desk.answer(order, Outcome.DONE, institution=OTHER_CODE) == "foreign"
    assert (desk.order(order).state, desk.order(order).attention) == ("SENT", "foreign")


def test_a_stop_that_was_lifted_before_its_answer_came_stays_lifted(desk: Desk) -> None:
    order = desk.sent()
    stopped = desk.reply(order, Outcome.DONE, held_fen=5_000_000)
    desk.clock.advance(timedelta(minutes=1))
    desk.act(order, following.lift, reason="演示:报错账号")
    desk.answer(order, Outcome.DONE, kind="lift_stop")
    assert desk.order(order).state == "LIFTED"
    assert desk.take(stopped) == "noted"
    assert desk.order(order).state == "LIFTED"
    assert desk.messages(order) == ["stop", "lift_stop"]


def test_a_stop_carried_out_after_its_lifting_is_lifted_once_more(desk: Desk) -> None:
    order = desk.sent()
    desk.act(order, following.lift, reason="演示:报错账号")
    desk.answer(order, Outcome.NOT_FOUND, kind="lift_stop")
    desk.clock.advance(timedelta(minutes=5))
    assert desk.answer(order, Outcome.DONE, kind="stop", held_fen=5_000_000) == "late"
    assert desk.messages(order) == ["stop", "lift_stop", "lift_stop"]
    assert desk.order(order).attention == "late"


def test_part_of_a_freeze_is_released_and_the_rest_stays(desk: Desk) -> None:
    from rongdun.domains import stop_payment

    order = desk.frozen()
    with desk.centre.transact(desk.county) as uow:
        stop_payment.release(uow, order.id, 1_000_000, "演示:只留涉案金额")
    assert desk.order(order).held_fen == 3_000_000
    reply = desk.reply(order, Outcome.DONE, kind="lift_freeze")
    desk.take(reply)
    assert (desk.order(order).state, desk.order(order).held_fen) == ("FROZEN", 2_000_000)
    assert desk.take(replace(reply, message_id="M-again")) == "noted"
    assert desk.order(order).held_fen == 2_000_000


def test_what_is_paid_back_leaves_the_freeze_and_ends_it_at_nothing_left(desk: Desk) -> None:
    from rongdun.domains import stop_payment

    order = desk.frozen()
    assert order.case_id is not None
    for amount, state in ((1_000_000, "FROZEN"), (2_000_000, "CONSUMED")):
        with desk.centre.transact(desk.county) as uow:
            stop_payment.consume(uow, order.id, amount, "演示:返还")
        assert desk.order(order).state == state
    with desk.centre.transact(desk.county) as uow:
        assert stop_payment.frozen_of(uow, order.case_id) == []


def test_a_statement_that_contradicts_the_balance_is_taken_and_marked(desk: Desk) -> None:
    order = desk.sent("query")
    row = StatementRow(time=desk.clock.now(), incoming=True, amount_fen=100, balance_fen=100)
    desk.answer(order, Outcome.DONE, rows=[row], balance_fen=99)
    found = desk.order(order)
    assert (found.state, found.attention) == ("ANSWERED", "balance_contradicts")


def test_a_bank_that_cannot_extend_leaves_the_first_stop_to_its_end(desk: Desk) -> None:
    order = desk.stopped()
    desk.act(order, following.extend)
    desk.answer(order, Outcome.REFUSED, kind="extend_stop")
    found = desk.order(order)
    assert (found.state, found.attention) == ("STOPPED", "not_extended")
    desk.clock.advance(timedelta(hours=48))
    desk.sweep()
    assert desk.order(order).state == "EXPIRED"


@pytest.mark.parametrize("told_before", [True, False], ids=["held first", "return alone"])
def test_money_sent_back_to_the_payers_bank_is_held_no_more(desk: Desk, told_before: bool) -> None:
    order = desk.sent()
    if told_before:
        desk.answer(order, Outcome.DONE, held_fen=5_000_000)
    desk.answer(order, Outcome.DONE, returned_fen=5_000_000)
    found = desk.order(order)
    assert (found.held_fen, found.attention) == (0, "money_returned")
    desk.answer(order, Outcome.DONE, held_fen=5_000_000)
    assert desk.order(order).held_fen == 0, "the resolution that comes after the return changes nothing"
