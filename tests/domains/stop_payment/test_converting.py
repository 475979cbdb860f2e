"""A freeze in force takes the place of its stop: the stop is lifted once the bank has confirmed, never before."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from rongdun.domains import stop_payment
from rongdun.domains.exchange import Outcome
from rongdun.domains.stop_payment import following, sending, sweeping
from rongdun.domains.stop_payment.model import Order
from tests.domains.restitution.words import words_of
from tests.domains.stop_payment.desk import Desk
from tests.domains.stop_payment.test_at_once import at_once

HELD, CAP = 5_000_000, 4_000_000


def pair(desk: Desk, *, stopped: bool = True, **changes: Any) -> tuple[Order, Order]:
    """Return a stop of 50,000 yuan and the freeze of 40,000 made from it, which is on its way to the bank."""
    case = desk.case()
    stop = desk.stopped(subject=case) if stopped else desk.sent("stop", subject=case)
    fields: dict[str, Any] = {"scope": "limited", "amount_fen": CAP, **changes}
    return stop, desk.sent(
        "freeze", by=desk.handler, subject=case, from_order=stop.id, number=number(desk, stop), **fields
    )


def number(desk: Desk, stop: Order) -> str:
    """Return the account of a stop."""
    with desk.centre.transact() as uow:
        return desk.told(uow, stop).account.number


def frozen(desk: Desk, freeze: Order, **changes: Any) -> str:
    """Let the bank confirm the freeze."""
    return desk.answer(freeze, Outcome.DONE, kind="freeze", held_fen=CAP, balance_fen=HELD, **changes)


@pytest.mark.parametrize("changes", [{}, {"scope": "full"}], ids=["capped", "whole"])
def test_the_stop_is_lifted_when_the_bank_has_frozen_and_not_before(
    desk: Desk, changes: dict[str, Any]
) -> None:
    stop, freeze = pair(desk, **changes)
    assert desk.messages(stop) == ["stop"]
    frozen(desk, freeze)
    assert desk.messages(stop) == ["stop", "lift_stop"]
    found = desk.order(stop)
    assert (found.state, found.held_fen) == ("CONVERTING", HELD)
    waits = set(desk.clocks(stop)) - {"stop.late_review"}
    assert waits == {"stop.reply"}, "of the bank only the answer to the lifting is waited for"
    assert [one.action for one in desk.recorded if one.subject == stop.reference][-1] == "order.convert"
    with desk.centre.transact() as uow:
        told = desk.told(uow, stop)
    assert (told.original_id, told.account.number) == (
        desk.instruction(stop, "stop").application_id,
        number(desk, freeze),
    )
    assert freeze.number in told.reason
    desk.answer(stop, Outcome.DONE, kind="lift_stop")
    found = desk.order(stop)
    assert (found.state, found.held_fen, found.attention) == ("CONVERTED_TO_FREEZE", 0, "")
    assert desk.clocks(stop) == {}
    assert (desk.order(freeze).state, desk.order(freeze).held_fen) == ("FROZEN", CAP)


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.MISMATCH, Outcome.QUEUED, Outcome.TIMEOUT])
def test_a_freeze_that_is_not_in_force_leaves_the_stop(desk: Desk, outcome: Outcome) -> None:
    stop, freeze = pair(desk)
    desk.answer(freeze, outcome)
    assert desk.messages(stop) == ["stop"]
    assert desk.order(stop).state == "STOPPED"
    assert "stop.validity" in desk.clocks(stop)


def test_a_freeze_that_moves_up_in_line_takes_the_stop_over_then(desk: Desk) -> None:
    stop, freeze = pair(desk)
    desk.answer(freeze, Outcome.QUEUED)
    frozen(desk, freeze)
    assert desk.messages(stop) == ["stop", "lift_stop"]


def test_the_same_confirmation_twice_lifts_once(desk: Desk) -> None:
    stop, freeze = pair(desk)
    first = desk.reply(freeze, Outcome.DONE, held_fen=CAP)
    assert [desk.take(first), desk.take(first)] == ["applied", "duplicate"]
    assert frozen(desk, freeze) == "noted"
    assert desk.messages(stop) == ["stop", "lift_stop"]


def test_a_stop_whose_answer_comes_after_its_freeze_is_lifted_then(desk: Desk) -> None:
    stop, freeze = pair(desk, stopped=False)
    frozen(desk, freeze)
    assert (desk.order(stop).state, desk.messages(stop)) == ("SENT", ["stop"]), "nobody knows yet what it did"
    desk.answer(stop, Outcome.DONE, kind="stop", held_fen=HELD)
    assert (desk.order(stop).state, desk.messages(stop)) == ("CONVERTING", ["stop", "lift_stop"])


@pytest.mark.parametrize("_round", range(4))
def test_both_answers_taken_in_the_same_second_lift_the_stop_once(desk: Desk, _round: int) -> None:
    stop, freeze = pair(desk, stopped=False)
    replies = [
        desk.reply(stop, Outcome.DONE, kind="stop", held_fen=HELD),
        desk.reply(freeze, Outcome.DONE, kind="freeze", held_fen=CAP),
    ]
    assert at_once(*(lambda one=one: desk.take(one) for one in replies)) == ["applied", "applied"]
    assert (desk.order(stop).state, desk.messages(stop)) == ("CONVERTING", ["stop", "lift_stop"])


def test_an_extension_answered_after_the_change_calls_nobody(desk: Desk) -> None:
    stop, freeze = pair(desk)
    desk.act(stop, following.extend)
    frozen(desk, freeze)
    assert desk.answer(stop, Outcome.DONE, kind="extend_stop") == "noted"
    assert (desk.order(stop).state, desk.order(stop).attention) == ("CONVERTING", "")


def test_a_lifting_on_its_way_already_is_not_sent_twice(desk: Desk) -> None:
    stop, freeze = pair(desk)
    desk.act(stop, following.lift, reason="演示")
    frozen(desk, freeze)
    assert desk.messages(stop) == ["stop", "lift_stop"]
    desk.answer(stop, Outcome.DONE, kind="lift_stop")
    assert desk.order(stop).state == "CONVERTED_TO_FREEZE"


def test_a_bank_that_refuses_to_lift_is_told_again_by_the_leader(desk: Desk) -> None:
    stop, freeze = pair(desk)
    frozen(desk, freeze)
    desk.answer(stop, Outcome.REFUSED, kind="lift_stop")
    found = desk.order(stop)
    assert (found.state, found.attention) == ("CONVERTING", "not_lifted")
    assert "stop.reply" not in desk.clocks(stop)
    desk.act(stop, following.lift, reason="演示：已与银行核实")
    desk.answer(stop, Outcome.DONE, kind="lift_stop")
    assert desk.order(stop).state == "CONVERTED_TO_FREEZE"


def test_a_bank_that_says_nothing_is_asked_after_and_its_stop_lapses_by_itself(desk: Desk) -> None:
    stop, freeze = pair(desk)
    frozen(desk, freeze)
    desk.clock.advance(timedelta(minutes=31))
    desk.sweep()
    assert (desk.order(stop).state, desk.order(stop).attention) == ("CONVERTING", "silent")
    ends_at = desk.order(stop).ends_at
    assert ends_at is not None
    desk.clock.set(ends_at)
    desk.sweep()
    assert (desk.order(stop).state, desk.order(stop).held_fen) == ("CONVERTED_TO_FREEZE", 0)
    assert desk.answer(stop, Outcome.REFUSED, kind="lift_stop") == "noted"


def test_a_stop_carried_out_after_its_lifting_is_lifted_once_more(desk: Desk) -> None:
    stop, freeze = pair(desk)
    again = desk.reply(stop, Outcome.DONE, kind="stop", held_fen=HELD)
    frozen(desk, freeze)
    desk.answer(stop, Outcome.DONE, kind="lift_stop")
    desk.clock.advance(timedelta(minutes=5))
    assert desk.take(replace(again, message_id="M-late", answered_at=desk.clock.now())) == "late"
    assert desk.messages(stop) == ["stop", "lift_stop", "lift_stop"]
    told = letter(desk, stop), letter(desk, stop, "en")
    assert "事由：解除之后又办理，再次解除" in told[0]
    assert "Reason: It was carried out after it had been lifted; it is lifted again" in told[1]


def test_a_bank_without_an_interface_answers_both_by_form(desk: Desk) -> None:
    stop, freeze = pair(desk)
    step = desk.instruction(freeze).application_id
    body = {"instruction": step, "outcome": "done", "held_fen": CAP, "balance_fen": HELD}
    desk.call("POST", f"/api/orders/{freeze.id}/answer", by=desk.bank, json=body)
    seen = desk.call("GET", f"/api/orders/{stop.id}", by=desk.bank)
    assert (seen["state"], seen["may_answer"]) == ("CONVERTING", True)
    assert seen["steps"][-1]["sender_name"] == "系统", "the liaison ordered nothing"
    with desk.centre.transact() as uow:
        told = desk.told(uow, stop)
    assert (told.operator.name, told.investigator.name) == (desk.drafter.name, desk.drafter.name)
    body = {"instruction": desk.instruction(stop).application_id, "outcome": "done"}
    desk.call("POST", f"/api/orders/{stop.id}/answer", by=desk.bank, json=body)
    assert desk.order(stop).state == "CONVERTED_TO_FREEZE"


def test_what_the_page_offers_while_the_stop_is_being_lifted(desk: Desk) -> None:
    stop, freeze = pair(desk)
    frozen(desk, freeze)
    seen = desk.call("GET", f"/api/orders/{stop.id}", by=desk.leader)
    offered = {one["action"]: one["allowed"] for one in seen["actions"]}
    assert (offered["lift"], "extend" in offered) == (False, False)
    assert seen["state_name"]["zh"] == "已冻结，止付解除中"
    assert seen["consequences"]["others"][0]["number"] == freeze.number


def test_part_of_a_freeze_is_lifted_and_the_bank_is_told_what_stays(desk: Desk) -> None:
    order = desk.frozen()
    with desk.centre.transact(desk.county) as uow:
        stop_payment.release(uow, order.id, 1_000_000, "演示：只留涉案金额")
    with desk.centre.transact() as uow:
        assert desk.told(uow, order).amount_fen == 2_000_000
    desk.answer(order, Outcome.DONE, kind="lift_freeze", held_fen=2_000_000)
    with desk.centre.transact() as uow:
        assert desk.told(uow, order).amount_fen == 2_000_000


def letter(desk: Desk, order: Order, language: str = "zh-CN") -> str:
    """Return the words of the letter of an order's last instruction."""
    name = desk.instruction(order).application_id
    options: dict[str, Any] = {"params": {"instruction": name}, "headers": {"Accept-Language": language}}
    return words_of(desk.call("GET", f"/api/orders/{order.id}/notice.docx", by=desk.leader, **options))


def test_the_letter_of_a_lifting_says_what_is_let_go_and_nothing_of_a_stop(desk: Desk) -> None:
    stop, freeze = pair(desk)
    assert "只收不付" in letter(desk, stop)
    frozen(desk, freeze)
    told = letter(desk, stop)
    assert "协助解除止付通知书" in told and freeze.number in told
    assert "请你单位协助解除对下列账户的止付，并将办理结果立即反馈我局。" in told
    assert "只收不付" not in told and "止付期限" not in told


def test_why_the_system_lifted_is_said_in_the_language_of_the_page_and_of_the_letter(desk: Desk) -> None:
    stop, freeze = pair(desk)
    frozen(desk, freeze)
    zh = f"该账户涉案资金已由{freeze.number}冻结，原止付予以解除，冻结部分继续控制"
    en = (
        f"The money the case is about is frozen by {freeze.number}; "
        "the stop before it is lifted, what is frozen stays held"
    )
    first, lifting = desk.call("GET", f"/api/orders/{stop.id}", by=desk.leader)["steps"]
    assert lifting["reason"] == {"zh": zh, "en": en}
    assert first["reason"] == {"zh": "", "en": ""}
    with desk.centre.transact() as uow:
        assert desk.told(uow, stop).reason == zh, "a bank is told in Chinese"
    assert f"事由：{zh}" in letter(desk, stop)
    told = letter(desk, stop, "en")
    assert f"Reason: {en}" in told and "继续控制" not in told


def test_why_an_officer_lifted_stands_as_typed_in_either_language(desk: Desk) -> None:
    stop = desk.stopped()
    desk.act(stop, following.lift, reason="演示：报错账号")
    lifting = desk.call("GET", f"/api/orders/{stop.id}", by=desk.leader)["steps"][-1]
    assert lifting["reason"] == {"zh": "演示：报错账号", "en": "演示：报错账号"}
    assert "Reason: 演示：报错账号" in letter(desk, stop, "en")


def test_the_freeze_that_is_prepared_for_a_filed_case_says_why_in_both_languages(desk: Desk) -> None:
    case = desk.case(filed=False)
    desk.stopped(subject=case)
    desk.file(UUID(case.id))
    with desk.centre.transact() as uow:
        (made,) = sweeping.case_filed(uow, UUID(case.id))
    why = {
        "zh": "止付后立案，转为冻结",
        "en": "The case was filed after the stop; the account is to be frozen",
    }
    assert desk.call("GET", f"/api/orders/{made.id}", by=desk.county)["reason"] == why
    desk.act(made, sending.approve, by=desk.county, level="county")
    desk.act(made, sending.send_order, by=desk.handler)
    assert f"Reason: {why['en']}" in letter(desk, made, "en")
    assert f"事由：{why['zh']}" in letter(desk, made)


def test_the_letter_of_a_lifting_in_part_names_what_goes_and_that_the_rest_stays(desk: Desk) -> None:
    order = desk.frozen()
    with desk.centre.transact(desk.county) as uow:
        stop_payment.release(uow, order.id, 1_000_000, "演示：只留涉案金额")
    told = letter(desk, order)
    assert "10,000.00（其余继续冻结）" in told and "冻结金额" not in told
    assert "10,000.00 (the rest stays frozen)" in letter(desk, order, "en")


def sent_twice(desk: Desk) -> tuple[Order, Any, Any]:
    """Return a stop that was sent again, and the bank's answers to both: it carried both out."""
    stop = desk.sent()
    first = desk.reply(stop, Outcome.DONE, held_fen=HELD)
    desk.clock.advance(timedelta(hours=1))
    desk.sweep()
    desk.act(stop, sending.resend)
    return stop, first, desk.reply(stop, Outcome.DONE, held_fen=HELD)


def lifted(desk: Desk, stop: Order) -> list[str]:
    """Return the application ids that liftings of an order named, in the order they went out."""
    with desk.centre.transact() as uow:
        found = text(
            "select original_id from order_steps where order_id = :id and kind = 'lift_stop' order by sent_at, id"
        )
        return list(uow.session.execute(found, {"id": stop.id}).scalars())


def test_a_stop_carried_out_twice_is_lifted_twice_and_over_then(desk: Desk) -> None:
    stop, first, second = sent_twice(desk)
    desk.take(first)
    desk.take(second)
    desk.act(stop, following.lift, reason="演示")
    desk.answer(stop, Outcome.DONE, kind="lift_stop")
    assert (desk.order(stop).state, desk.order(stop).held_fen) == ("STOPPED", HELD), (
        "one of the two still holds"
    )
    desk.answer(stop, Outcome.DONE, kind="lift_stop")
    assert (desk.order(stop).state, desk.order(stop).held_fen) == ("LIFTED", 0)
    assert lifted(desk, stop) == [second.application_id, first.application_id]
    told = letter(desk, stop), letter(desk, stop, "en")
    assert "事由：该指令重复办理，一并解除" in told[0]
    assert "Reason: The order was carried out twice; the other one is lifted as well" in told[1]


def test_a_first_stop_that_is_told_of_after_the_lifting_of_the_second_is_lifted_too(desk: Desk) -> None:
    stop, first, second = sent_twice(desk)
    desk.take(second)
    desk.act(stop, following.lift, reason="演示")
    desk.answer(stop, Outcome.DONE, kind="lift_stop")
    assert desk.order(stop).state == "LIFTED"
    assert desk.take(first) == "late"
    assert lifted(desk, stop) == [second.application_id, first.application_id]
    assert desk.answer(stop, Outcome.DONE, kind="lift_stop") == "noted"


def test_behind_a_freeze_both_are_lifted(desk: Desk) -> None:
    stop, first, second = sent_twice(desk)
    desk.take(first)
    desk.take(second)
    freeze = desk.sent(
        "freeze",
        by=desk.handler,
        from_order=stop.id,
        number=number(desk, stop),
        scope="limited",
        amount_fen=CAP,
    )
    frozen(desk, freeze)
    desk.answer(stop, Outcome.DONE, kind="lift_stop")
    assert desk.order(stop).state == "CONVERTING"
    desk.answer(stop, Outcome.DONE, kind="lift_stop")
    assert desk.order(stop).state == "CONVERTED_TO_FREEZE"
    assert set(lifted(desk, stop)) == {first.application_id, second.application_id}
