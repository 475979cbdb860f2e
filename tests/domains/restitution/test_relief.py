"""Relief: what the law gives somebody whose account is held, and what the centre keeps count of."""

from datetime import timedelta
from typing import Any

import pytest

from rongdun.domains.exchange import Outcome
from rongdun.domains.stop_payment.model import Order
from rongdun.domains.stop_payment.papers import letter_of
from rongdun.kernel.scope import Actor, SubjectRef
from rongdun.runtime.letters.word import form_docx
from tests.domains.restitution.conftest import Counter
from tests.domains.stop_payment.desk import GULOU, officer

LOSSES = {"演示甲": 5_000_000}
ACCOUNT = "6299990000400066018"


def objected(desk: Counter, order: Order, **changes: Any) -> Any:
    body = {
        "order_id": str(order.id),
        "applicant": "holder",
        "applicant_name": "演示乙",
        "phone": "199 0000 0002",
        "story": "演示:我是卖表的,三万元是货款。",
        **changes,
    }
    return desk.post("/api/relief", body, 201)


def on(desk: Counter, found: Any, what: str, status: int = 200, **body: Any) -> Any:
    by = body.pop("by", None)
    return desk.post(
        f"/api/relief/{found['id']}/{what}", {"version": found["version"], **body}, status, by=by
    )


def verified(desk: Counter, order: Order, finding: str = "partly", fen: int | None = 1_000_000) -> Any:
    found = on(desk, on(desk, objected(desk, order), "accept"), "verify")
    return on(desk, found, "finding", finding=finding, unrelated_fen=fen, note="演示:货款合同、发货单已核对")


@pytest.fixture
def freeze(desk: Counter) -> Order:
    return desk.frozen_for(LOSSES, 3_000_000)


def test_thirty_days_by_law_and_three_as_the_centres_own_target(desk: Counter, freeze: Order) -> None:
    found = objected(desk, freeze)
    assert found["number"] == "JD2026-000001"
    assert found["held_fen"] == 3_000_000
    # Noon of 2 March in Shanghai: the third day is the 5th, the thirtieth 1 April.
    assert (found["target_due"][:10], found["reply_due"][:10]) == ("2026-03-05", "2026-04-01")
    assert desk.clocks_of(found["id"]) == {"relief.reply": None, "relief.target": None}
    assert found["phone"] == "199****0002"
    assert desk.get("/api/relief")["items"][0]["account"].startswith("6299 ****")


def test_one_objection_at_a_time(desk: Counter, freeze: Order) -> None:
    objected(desk, freeze)
    body = {"order_id": str(freeze.id), "applicant": "desk", "applicant_name": "", "story": "再次"}
    assert desk.post("/api/relief", body, 409)["code"] == "already_objected"


def test_nothing_to_object_to(desk: Counter) -> None:
    draft = desk.draft("freeze", subject=desk.case_of(LOSSES))
    body = {"order_id": str(draft.id), "applicant": "desk", "applicant_name": "", "story": "演示"}
    assert desk.post("/api/relief", body, 404)["code"] == "no_such_measure"


def test_in_part_keeps_only_what_is_disputed(desk: Counter, freeze: Order) -> None:
    found = verified(desk, freeze)
    assert set(desk.clocks_of(found["id"])) == {"relief.reply", "relief.target", "freeze.lift_unrelated"}
    done = on(
        desk,
        found,
        "decide",
        outcome="lift_partial",
        kept_fen=2_000_000,
        reason="一万元系真实货款",
        by=desk.county,
    )
    assert (done["state"], done["released_fen"], done["kept_fen"]) == ("LIFT_PARTIAL", 1_000_000, 2_000_000)
    assert set(desk.clocks_of(found["id"]).values()) == {"met"}
    assert desk.messages(freeze) == ["freeze", "lift_freeze"]
    desk.answer(freeze, Outcome.DONE, kind="lift_freeze", held_fen=2_000_000)
    assert desk.held(freeze.id) == 2_000_000


def test_in_full_lifts_the_whole_measure(desk: Counter, freeze: Order) -> None:
    found = verified(desk, freeze, "unrelated", None)
    done = on(desk, found, "decide", outcome="lift_full", reason="与案件无关", by=desk.county)
    assert (done["state"], done["released_fen"]) == ("LIFT_FULL", 3_000_000)
    desk.answer(freeze, Outcome.DONE, kind="lift_freeze", held_fen=0)
    assert desk.order(freeze).state == "LIFTED"


def test_whoever_ordered_the_measure_does_not_decide(desk: Counter) -> None:
    both = officer(GULOU, "order.read", "order.draft", "relief.read", "relief.decide", "case.read")
    order = desk.frozen_for(LOSSES, 3_000_000, by=both)
    found = verified(desk, order)
    refused = on(desk, found, "decide", 409, outcome="lift_full", reason="放行", by=both)
    assert refused["rule"]["key"] == "relief.independent"
    assert desk.held(order.id) == 3_000_000


def test_nothing_is_decided_before_something_was_found(desk: Counter, freeze: Order) -> None:
    found = on(desk, on(desk, objected(desk, freeze), "accept"), "verify")
    refused = on(desk, found, "decide", 409, outcome="reject", reason="无证据", by=desk.county)
    assert refused["rule"]["key"] == "relief.found"


def test_money_of_the_case_is_not_lifted(desk: Counter, freeze: Order) -> None:
    found = verified(desk, freeze, "related", None)
    refused = on(desk, found, "decide", 409, outcome="lift_full", reason="放行", by=desk.county)
    assert refused["rule"]["key"] == "relief.something_unrelated"
    assert "freeze.lift_unrelated" not in desk.clocks_of(found["id"])
    done = on(desk, found, "decide", outcome="reject", reason="货款合同系伪造", by=desk.county)
    assert (done["state"], done["released_fen"]) == ("REJECTED", 0)


def test_a_stop_is_not_cut(desk: Counter) -> None:
    order = desk.sent("stop", subject=desk.case_of(LOSSES))
    desk.answer(order, Outcome.DONE, held_fen=5_000_000, balance_fen=5_000_000)
    found = verified(desk, order)
    body = {"outcome": "lift_partial", "kept_fen": 1_000_000, "reason": "部分放行"}
    assert on(desk, found, "decide", 409, **body, by=desk.county)["rule"]["key"] == "relief.capped_freeze"


def frozen_after(desk: Counter, stop: Order, held_fen: int, *, by: Actor | None = None) -> Order:
    """Return the freeze that took a stop over: capped, approved by the county, carried out by the bank."""
    freeze = desk.sent(
        "freeze",
        by=by or desk.handler,
        number=ACCOUNT,
        subject=SubjectRef("case", str(stop.case_id), stop.subject_label),
        scope="limited",
        amount_fen=held_fen,
        from_order=stop.id,
    )
    desk.answer(freeze, Outcome.DONE, held_fen=held_fen, balance_fen=5_000_000)
    return freeze


@pytest.fixture
def stop(desk: Counter) -> Order:
    order = desk.sent("stop", subject=desk.case_of(LOSSES), number=ACCOUNT)
    desk.answer(order, Outcome.DONE, held_fen=5_000_000, balance_fen=5_000_000)
    return desk.order(order)


def test_an_objection_to_a_stop_follows_the_money_into_the_freeze_and_is_cut_there(
    desk: Counter, stop: Order
) -> None:
    found = verified(desk, stop, fen=3_000_000)
    assert found["freeze"] is None
    freeze = frozen_after(desk, stop, 4_000_000)
    assert desk.order(stop).state == "CONVERTING"
    shown = desk.get(f"/api/relief/{found['id']}", by=desk.county)
    assert (shown["freeze"]["number"], shown["held_now_fen"]) == (freeze.number, 4_000_000)
    assert {one["action"]: one["allowed"] for one in shown["actions"]}["lift_partial"]
    body: dict[str, Any] = {"outcome": "lift_partial", "kept_fen": 2_000_000, "reason": "三万元系货款"}
    done = on(desk, found, "decide", **body, by=desk.county)
    # Of the 50,000 the stop held, 20,000 stay: 10,000 went with the capped freeze, 20,000 go now.
    assert (done["state"], done["kept_fen"], done["released_fen"]) == ("LIFT_PARTIAL", 2_000_000, 3_000_000)
    assert desk.messages(freeze) == ["freeze", "lift_freeze"]
    desk.answer(freeze, Outcome.DONE, kind="lift_freeze", held_fen=2_000_000)
    assert desk.held(freeze.id) == 2_000_000


def test_a_freeze_of_just_what_is_disputed_is_kept_whole_and_the_rest_counts_as_released(
    desk: Counter, stop: Order
) -> None:
    found = verified(desk, stop, fen=3_000_000)
    freeze = frozen_after(desk, stop, 2_000_000)
    too_much: dict[str, Any] = {"outcome": "lift_partial", "kept_fen": 2_000_001, "reason": "核实"}
    assert on(desk, found, "decide", 422, **too_much, by=desk.county)["code"] == "wrong_kept"
    body: dict[str, Any] = {"outcome": "lift_partial", "kept_fen": 2_000_000, "reason": "三万元系货款"}
    done = on(desk, found, "decide", **body, by=desk.county)
    assert (done["kept_fen"], done["released_fen"]) == (2_000_000, 3_000_000)
    assert desk.messages(freeze) == ["freeze"], "nothing of the freeze is let go"
    assert desk.held(freeze.id) == 2_000_000


def test_lifted_in_full_the_freeze_that_took_the_stop_over_is_lifted(desk: Counter, stop: Order) -> None:
    found = verified(desk, stop, "unrelated", None)
    freeze = frozen_after(desk, stop, 4_000_000)
    done = on(desk, found, "decide", outcome="lift_full", reason="与案件无关", by=desk.county)
    assert (done["state"], done["released_fen"]) == ("LIFT_FULL", 5_000_000)
    desk.answer(freeze, Outcome.DONE, kind="lift_freeze", held_fen=0)
    assert desk.order(freeze).state == "LIFTED"


def test_whoever_ordered_the_freeze_does_not_decide_on_the_stop_before_it(desk: Counter, stop: Order) -> None:
    both = officer(GULOU, "order.read", "order.draft", "relief.read", "relief.decide", "case.read")
    found = verified(desk, stop)
    frozen_after(desk, stop, 4_000_000, by=both)
    body = {"outcome": "lift_full", "reason": "放行"}
    assert on(desk, found, "decide", 409, **body, by=both)["rule"]["key"] == "relief.independent"


def test_an_objection_that_comes_after_the_freeze_is_about_the_freeze(desk: Counter, stop: Order) -> None:
    freeze = frozen_after(desk, stop, 4_000_000)
    found = objected(desk, stop)
    assert (found["order_number"], found["measure"], found["held_fen"]) == (
        freeze.number,
        "freeze",
        4_000_000,
    )


def test_wrongly_held_is_no_more_than_what_was_found_unrelated(desk: Counter, stop: Order) -> None:
    found = verified(desk, stop, fen=1_000_000)
    desk.clock.advance(timedelta(hours=2))
    on(desk, found, "decide", outcome="lift_full", reason="未立案,全部解除", by=desk.county)
    desk.clock.advance(timedelta(minutes=1))
    figures = desk.get("/api/relief/figures")
    # 10,000 of 50,000 were unrelated, for two hours.
    assert (figures["released_fen"], figures["fen_hours"]) == (1_000_000, 2_000_000)


def test_unrelated_money_that_is_kept_too_long_is_flagged(desk: Counter, freeze: Order) -> None:
    found = verified(desk, freeze)
    assert not found["late"]
    desk.clock.advance(timedelta(days=4))
    assert desk.get(f"/api/relief/{found['id']}")["late"]
    done = on(
        desk, found, "decide", outcome="lift_partial", kept_fen=2_000_000, reason="核实", by=desk.county
    )
    assert done["late"]
    assert desk.clocks_of(found["id"])["freeze.lift_unrelated"] == "met_late"


def test_what_was_wrongly_held_is_counted(desk: Counter, freeze: Order) -> None:
    found = verified(desk, freeze)
    desk.clock.advance(timedelta(hours=10))
    on(desk, found, "decide", outcome="lift_partial", kept_fen=2_000_000, reason="核实", by=desk.county)
    desk.clock.advance(timedelta(minutes=1))
    figures = desk.get("/api/relief/figures")
    assert (figures["lifted_partial"], figures["released_fen"], figures["waiting"]) == (1, 1_000_000, 0)
    # One million fen for ten hours.
    assert figures["fen_hours"] == 10_000_000
    assert figures["hours_median"] == figures["hours_longest"] == 10


def test_a_bank_sees_its_own_and_may_object(desk: Counter, freeze: Order) -> None:
    body = {
        "order_id": str(freeze.id),
        "applicant": "bank",
        "applicant_name": "演示·卢二十六",
        "story": "演示:工资户",
    }
    desk.post("/api/relief", body, 201, by=desk.bank)
    assert len(desk.get("/api/relief", by=desk.bank)["items"]) == 1
    other = officer("cn.fj.fz.bank_js.", "relief.read")
    assert desk.get("/api/relief", by=other)["items"] == []


def test_the_notice_names_reason_channel_and_documents(desk: Counter, freeze: Order) -> None:
    from tests.domains.restitution.words import words_of

    found = verified(desk, freeze)
    told = words_of(desk.get(f"/api/relief/{found['id']}/notice.docx"))
    assert "处置原因" in told and "救济渠道" in told and "需要提交的资料" in told
    assert "解除金额" not in told and "继续控制" not in told, "nothing has been decided"
    done = on(
        desk, found, "decide", outcome="lift_partial", kept_fen=2_000_000, reason="货款属实", by=desk.county
    )
    told = words_of(desk.get(f"/api/relief/{done['id']}/notice.docx"))
    assert "解除通知书" in told and "货款属实" in told and "10,000.00" in told
    assert desk.recorded[-1].action == "relief.notice_taken"


def test_the_bank_reads_on_which_objection_a_part_was_lifted_in_either_language(
    desk: Counter, freeze: Order
) -> None:
    from tests.domains.restitution.words import words_of

    decision: dict[str, Any] = {
        "outcome": "lift_partial",
        "kept_fen": 2_000_000,
        "reason": "演示：货款属实",
        "by": desk.county,
    }
    on(desk, verified(desk, freeze), "decide", **decision)
    name = desk.instruction(freeze).application_id
    with desk.centre.transact(desk.county) as uow:
        letters = [letter_of(uow, freeze, name, language=each) for each in ("zh", "en")]
        zh, en = (words_of(form_docx(one.blocks, frame=one.frame, at=uow.now)) for one in letters)
    assert "事由：经审查异议JD2026-000001，决定解除：演示：货款属实" in zh and "第二百四十一条" in zh
    assert "Reason: Decided on objection JD2026-000001: 演示：货款属实" in en and "article 241" in en


def test_two_who_decide_at_once(desk: Counter, freeze: Order) -> None:
    found = verified(desk, freeze)
    on(desk, found, "decide", outcome="lift_full", reason="核实", by=desk.county)
    late = on(desk, found, "decide", 409, outcome="reject", reason="不予", by=desk.county)
    assert late["code"] == "stale_version"
