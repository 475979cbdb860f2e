"""Return: the rules of 2016, each a test; shares by the worked examples of analytics/refunds."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.domains.restitution.conftest import Counter
from tests.domains.restitution.words import words_of

LOSSES = {"演示·王一": 6_000_000, "演示·李二": 3_000_000, "演示·赵三": 1_000_000}
"""Worked example 4: 50,000 yuan frozen, losses of 60,000, 30,000 and 10,000."""
HELD = 5_000_000


def shares(found: Any) -> list[int]:
    return [claim["share"]["fen"] for claim in found["claims"]]


def published(desk: Counter) -> Any:
    return desk.act_on(desk.reckoned(LOSSES, HELD), "publish", place="演示市公安局网站")


def approved(desk: Counter) -> Any:
    found = published(desk)
    desk.clock.advance(timedelta(days=31))
    return desk.act_on(found, "approve", by=desk.head)


def at_bank(desk: Counter) -> Any:
    desk.enrol(desk.handler, desk.second)
    return desk.act_on(approved(desk), "bank", with_officer=str(desk.second.user_id))


def receipt(found: Any, **changes: Any) -> dict[str, Any]:
    paid = [{"claim_id": one["id"], "fen": one["share"]["fen"]} for one in found["claims"]]
    return {"number": "演示回执0001", "clerk": "演示柜员", "paid": paid, **changes}


def action(found: Any, name: str) -> Any:
    return next(one for one in found["actions"] if one["action"] == name)


def test_the_victims_of_the_case_become_claims_masked(desk: Counter) -> None:
    found = desk.drafted(LOSSES, HELD)
    assert (found["number"], found["state"], found["frozen_fen"]) == ("FH2026-000001", "CANDIDATE", HELD)
    assert [one["loss_fen"] for one in found["claims"]] == [6_000_000, 3_000_000, 1_000_000]
    assert all("6299991000000000036" not in str(one) for one in found["claims"])
    assert found["claims"][0]["original"]


def test_police_tell_every_victim_of_their_own_accord(desk: Counter) -> None:
    refused = desk.step(desk.drafted(LOSSES, HELD), "notify", 409)
    assert refused["rule"]["key"] == "return.all_notified"


def test_papers_must_be_complete_and_the_loss_verified(desk: Counter) -> None:
    found = desk.drafted(LOSSES, HELD)
    for claim in found["claims"]:
        body = {"notified": True, "applied": True, "materials": ["identity"], "verified": True}
        found = desk.put(
            f"/api/returns/{found['id']}/claims/{claim['id']}",
            {"version": found["version"], "loss_fen": claim["loss_fen"], **body},
        )
    found = desk.step(desk.step(found, "notify"), "apply")
    assert desk.step(found, "complete", 409)["rule"]["key"] == "return.materials"
    assert len(found["claims"][0]["missing"]) == 4


def test_pro_rata_over_the_verified_with_both_denominators(desk: Counter) -> None:
    found = desk.reckoned(LOSSES, HELD)
    assert (found["state"], found["mode"]) == ("TRACED", "C")
    assert shares(found) == [3_000_000, 1_500_000, 500_000]
    reckoning = found["reckoning"]
    assert (reckoning["verified_fen"], reckoning["frozen_fen"]) == (10_000_000, 5_000_000)
    assert "完整流水" in reckoning["why"]["zh"]


def test_a_claim_set_aside_takes_no_part(desk: Counter) -> None:
    found = desk.drafted(LOSSES, HELD)
    last = found["claims"][-1]
    codes = [one["code"] for one in found["materials"]]
    for claim in found["claims"]:
        body = {
            "version": found["version"],
            "notified": True,
            "applied": claim is not last,
            "materials": codes,
            "verified": claim is not last,
            "loss_fen": claim["loss_fen"],
            "set_aside": "联系不上" if claim is last else "",
        }
        found = desk.put(f"/api/returns/{found['id']}/claims/{claim['id']}", body)
    for name in ("notify", "apply", "complete"):
        found = desk.step(found, name)
    found = desk.act_on(found, "reckon")
    # 50,000 × 60,000 ÷ 90,000 = 33,333.33; 16,666.67
    assert [one["share"] and one["share"]["fen"] for one in found["claims"]] == [3_333_333, 1_666_667, None]


def test_mode_c_cannot_be_approved_before_thirty_days_of_notice(desk: Counter) -> None:
    found = desk.reckoned(LOSSES, HELD)
    assert desk.act_on(found, "approve", 409, by=desk.head)["rule"]["key"] == "return.notice"
    found = desk.act_on(found, "publish", place="演示市公安局网站")
    # Published on 2 March: the thirtieth day is 1 April, to its last moment.
    until = datetime.fromisoformat(found["notice_until"])
    assert until.isoformat().startswith("2026-04-01T15:59:59") or until.isoformat().startswith(
        "2026-04-01T23:59:59"
    )
    desk.clock.set(until - timedelta(seconds=1))
    refused = desk.act_on(found, "approve", 409, by=desk.head)
    assert refused["rule"]["key"] == "return.notice"
    assert not action(desk.get(f"/api/returns/{found['id']}", by=desk.head), "approve")["allowed"]
    desk.clock.set(until + timedelta(seconds=1))
    done = desk.act_on(found, "approve", by=desk.head)
    assert (done["state"], done["decision_number"]) == ("APPROVED_CITY", "榕公刑返字[2026]1号")


def test_the_database_holds_the_notice_too(desk: Counter) -> None:
    found = published(desk)
    forced = text(
        "update return_orders set state = 'APPROVED_CITY', approved_at = :now, decision_number = 'x',"
        " approver_id = :by where id = :id"
    )
    with pytest.raises(DBAPIError, match="approved_after_the_notice"), desk.centre.transact(desk.head) as uow:
        uow.session.execute(forced, {"now": uow.now, "by": desk.head.user_id, "id": found["id"]})


def test_an_objection_stops_the_approval_until_it_is_settled(desk: Counter) -> None:
    found = desk.act_on(
        published(desk), "objections", name="演示·钱四", phone="", text="演示:我也被骗,未列入"
    )
    assert found["state"] == "OBJECTION"
    desk.clock.advance(timedelta(days=31))
    refused = desk.act_on(found, "approve", 409, by=desk.head)
    assert refused["rule"]["key"] == "return_order.state"
    objection = found["objections"][0]["id"]
    found = desk.act_on(
        found, f"objections/{objection}", outcome="dismissed", settlement="查无此人报案,已书面答复"
    )
    assert (found["state"], found["objections"][0]["outcome"]) == ("PUBLIC_NOTICE", "dismissed")
    assert desk.act_on(found, "approve", by=desk.head)["state"] == "APPROVED_CITY"


def test_an_objection_that_is_upheld_leads_to_a_new_reckoning_and_a_new_notice(desk: Counter) -> None:
    found = desk.act_on(published(desk), "objections", name="演示·钱四", phone="", text="演示")
    objection = found["objections"][0]["id"]
    found = desk.act_on(found, f"objections/{objection}", outcome="upheld", settlement="补登被害人")
    found = desk.act_on(found, "back", action="reopen", reason="补登被害人后重新测算")
    assert (found["state"], found["notice_until"], found["reckoning"]) == ("APPLIED", None, None)
    body = {
        "version": found["version"],
        "name": "演示·钱四",
        "account": "6299991000000000044",
        "loss_fen": 2_500_000,
    }
    found = desk.post(f"/api/returns/{found['id']}/claims", body)
    claim = found["claims"][-1]
    codes = [one["code"] for one in found["materials"]]
    body = {"notified": True, "applied": True, "materials": codes, "verified": True, "loss_fen": 2_500_000}
    found = desk.put(
        f"/api/returns/{found['id']}/claims/{claim['id']}", {"version": found["version"], **body}
    )
    found = desk.act_on(desk.step(found, "complete"), "reckon")
    # 50,000 over 125,000: two fifths each.
    assert shares(found) == [2_400_000, 1_200_000, 400_000, 1_000_000]
    desk.clock.advance(timedelta(days=31))
    assert desk.act_on(found, "approve", 409, by=desk.head)["rule"]["key"] == "return.notice"


def test_whoever_drafted_it_does_not_approve_it(desk: Counter) -> None:
    desk.handler = type(desk.handler)(
        **{name: getattr(desk.handler, name) for name in desk.handler.__slots__ if name != "permissions"},
        permissions=desk.handler.permissions | {"return.approve"},
    )
    found = published(desk)
    desk.clock.advance(timedelta(days=31))
    assert desk.act_on(found, "approve", 409)["rule"]["key"] == "return_order.maker_checker"


def test_a_county_unit_does_not_approve(desk: Counter) -> None:
    found = published(desk)
    desk.clock.advance(timedelta(days=31))
    assert desk.act_on(found, "approve", 403, by=desk.county)["extra"]["permission"] == "return.approve"


def test_two_different_officers_go_to_the_bank(desk: Counter) -> None:
    desk.enrol(desk.handler, desk.second)
    found = desk.get(f"/api/returns/{approved(desk)['id']}")
    assert action(found, "notice_bank")["allowed"]
    for nobody in (desk.handler.user_id, desk.head.user_id):
        assert desk.act_on(found, "bank", 422, with_officer=str(nobody))["code"] == "wrong_officers"
    assert [one["name"] for one in desk.get("/api/returns/colleagues")] == ["演示·郭十八"]
    done = desk.act_on(found, "bank", with_officer=str(desk.second.user_id))
    assert done["officer_names"] == ["演示·高十七", "演示·郭十八"]
    assert desk.clocks_of(done["id"])["return.bank_execution"] is None


def test_the_bank_sees_it_once_approved_and_pays_exactly(desk: Counter) -> None:
    waiting = published(desk)
    assert desk.get("/api/returns", by=desk.bank)["items"] == []
    desk.get(f"/api/returns/{waiting['id']}", 404, by=desk.bank)
    desk.clock.advance(timedelta(days=31))
    desk.enrol(desk.handler, desk.second)
    found = desk.act_on(waiting, "approve", by=desk.head)
    found = desk.act_on(found, "bank", with_officer=str(desk.second.user_id))
    seen = desk.get(f"/api/returns/{found['id']}", by=desk.bank)
    assert seen["papers"] == ["decision", "assist_notice", "receipt"]
    for wrong in (receipt(seen, fee_fen=500), receipt(seen, paid=receipt(seen)["paid"][:1])):
        refused = desk.act_on(seen, "receipt", 409, by=desk.bank, **wrong)
        assert refused["rule"]["key"] == "return.paid_exactly"
    done = desk.act_on(seen, "receipt", by=desk.bank, **receipt(seen))
    assert (done["state"], done["paid_fen"], done["receipt_by"]) == ("PAID", HELD, "演示·卢二十六")
    assert desk.clocks_of(done["id"])["return.bank_execution"] == "met"
    assert desk.held(found["order_id"]) == 0
    done = desk.step(desk.step(done, "file_receipt"), "close")
    assert done["state"] == "CLOSED"


def test_what_is_left_stays_frozen_for_a_later_victim(desk: Counter) -> None:
    desk.enrol(desk.handler, desk.second)
    found = desk.reckoned({"演示·王一": 1_000_000}, HELD)
    assert (shares(found), found["leftover_fen"]) == ([1_000_000], 4_000_000)
    found = desk.act_on(found, "publish", place="演示网站")
    desk.clock.advance(timedelta(days=31))
    found = desk.act_on(found, "approve", by=desk.head)
    found = desk.act_on(found, "bank", with_officer=str(desk.second.user_id))
    desk.act_on(found, "receipt", by=desk.bank, **receipt(found))
    assert desk.held(found["order_id"]) == 4_000_000
    later = desk.post("/api/returns", {"order_id": found["order_id"]}, 201)
    assert later["frozen_fen"] == 4_000_000
    # 王一 got everything back; the new victim, who lost 5,000 yuan, gets it all.
    body = {
        "version": later["version"],
        "name": "演示·孙五",
        "account": "6299991000000000044",
        "loss_fen": 500_000,
    }
    later = desk.act_on(desk.complete(desk.post(f"/api/returns/{later['id']}/claims", body)), "reckon")
    assert shares(later) == [0, 500_000]


def test_two_returns_of_one_freeze_never_exceed_it(desk: Counter) -> None:
    order = desk.frozen_for(LOSSES, HELD)
    body = {"order_id": str(order.id)}
    one = desk.act_on(desk.complete(desk.post("/api/returns", body, 201)), "reckon")
    other = desk.act_on(desk.complete(desk.post("/api/returns", body, 201)), "reckon")
    one, other = (desk.act_on(each, "publish", place="演示网站") for each in (one, other))
    desk.clock.advance(timedelta(days=31))
    desk.act_on(one, "approve", by=desk.head)
    assert desk.act_on(other, "approve", 409, by=desk.head)["rule"]["key"] == "return.enough_frozen"
    refused = desk.post("/api/returns", body, 409)
    assert refused["code"] == "nothing_frozen"


def test_one_loss_is_not_paid_twice_out_of_two_accounts(desk: Counter) -> None:
    first = desk.frozen_for({"演示·王一": 6_000_000}, HELD)
    with desk.centre.transact() as uow:
        case_id = uow.session.execute(
            text("select case_id from orders where id = :id"), {"id": first.id}
        ).scalar_one()
        number = uow.session.execute(
            text("select number from cases where id = :id"), {"id": case_id}
        ).scalar_one()
    second = desk.frozen_for({}, 4_000_000, subject=type(first.subject)("case", str(case_id), number))
    one = desk.act_on(desk.complete(desk.post("/api/returns", {"order_id": str(first.id)}, 201)), "reckon")
    one = desk.act_on(one, "publish", place="演示网站")
    desk.clock.advance(timedelta(days=31))
    desk.act_on(one, "approve", by=desk.head)
    other = desk.act_on(desk.complete(desk.post("/api/returns", {"order_id": str(second.id)}, 201)), "reckon")
    # 50,000 of 60,000 come out of the first account: 10,000 are still owed.
    assert (shares(other), other["leftover_fen"]) == ([1_000_000], 3_000_000)
    assert other["claims"][0]["returned_fen"] == 5_000_000


def test_the_original_account_first_another_only_with_a_reason(desk: Counter) -> None:
    found = at_bank(desk)
    refused = desk.act_on(found, "fail", by=desk.bank, reason="账户已销户,无法入账")
    assert refused["state"] == "APPROVED_CITY"
    claim = refused["claims"][0]["id"]
    path = f"/api/returns/{found['id']}/claims/{claim}/account"
    body = {"version": refused["version"], "institution": "演示工商银行", "account": "6299990000000000066"}
    wrong = desk.call("PUT", path, 422, by=desk.handler, json=body)
    assert (wrong["code"], wrong["fields"][0]["path"]) == ("wrong_claim", "reason")
    done = desk.put(path, {**body, "reason": "原账户已销户,被害人书面指定本人账户"})
    assert not done["claims"][0]["original"]
    assert done["claims"][0]["pays_to"] == "演示工商银行 6299 **** **** *** 0066"
    again = desk.act_on(done, "bank", with_officer=str(desk.second.user_id))
    assert again["state"] == "BANK_NOTICED"


def test_a_victim_without_any_account_cannot_be_paid(desk: Counter) -> None:
    found = desk.drafted({"演示·王一": 1_000_000}, HELD)
    body = {"version": found["version"], "name": "演示·孙五", "loss_fen": 500_000}
    found = desk.act_on(desk.complete(desk.post(f"/api/returns/{found['id']}/claims", body)), "reckon")
    found = desk.act_on(found, "publish", place="演示网站")
    desk.clock.advance(timedelta(days=31))
    assert desk.act_on(found, "approve", 409, by=desk.head)["rule"]["key"] == "return.accounts"


def test_what_is_typed_wrong_is_named_cell_by_cell(desk: Counter) -> None:
    found = desk.drafted({"演示·王一": 1_000_000}, HELD)
    body = {
        "version": found["version"],
        "name": " ",
        "id_number": "123",
        "phone": "x",
        "account": "6.2E+18",
        "loss_fen": 0,
    }
    wrong = desk.post(f"/api/returns/{found['id']}/claims", body, 422)
    assert {one["path"] for one in wrong["fields"]} == {"name", "id_number", "phone", "account", "loss_fen"}


def test_a_withdrawn_return_frees_what_it_took(desk: Counter) -> None:
    found = approved(desk)
    assert desk.get("/api/returns/candidates", case_id=found["case_id"])[0]["free_fen"] == 0
    done = desk.act_on(found, "back", action="withdraw", reason="另案处理")
    assert (done["state"], done["end_reason"]) == ("WITHDRAWN", "另案处理")
    assert desk.get("/api/returns/candidates", case_id=found["case_id"])[0]["free_fen"] == HELD


def test_papers_say_what_was_decided(desk: Counter) -> None:
    found = at_bank(desk)
    base = f"/api/returns/{found['id']}/papers"
    assert found["papers"] == ["application", "report", "notice", "decision", "assist_notice", "receipt"]
    decision = words_of(desk.get(f"{base}/decision.docx"))
    assert "返还决定书" in decision and "榕公刑返字[2026]1号" in decision
    assert "6299991000000000036" in decision and "30,000.00" in decision
    assert "返还共计50,000.00元。返还不收取任何费用。" in decision, "nothing is left to stay frozen"
    report = words_of(desk.get(f"{base}/report.docx"))
    assert "50,000.00 × 60,000.00 ÷ 100,000.00" in report and "在案冻结总额为50,000.00元" in report
    bank = words_of(desk.get(f"{base}/assist_notice.docx", by=desk.bank))
    assert "三个工作日" in bank and "演示·郭十八" in bank and "不得收取费用" in bank
    public = words_of(desk.get(f"{base}/notice.docx", by=desk.county))
    assert "演示·王一" not in public and "6299991000000000036" not in public
    desk.get(f"{base}/report.docx", 403, by=desk.bank)
    claim = found["claims"][0]["id"]
    assert "演示·王一" in words_of(desk.get(f"{base}/application.docx", claim=claim))
    assert desk.get(f"{base}/decision.pdf").startswith(b"%PDF")


def test_numbers_are_revealed_with_a_purpose_only(desk: Counter) -> None:
    found = desk.drafted(LOSSES, HELD)
    claim = found["claims"][0]["id"]
    subject = {"kind": "return_claim", "id": f"{found['id']}.{claim}"}
    body = {"subject": subject, "field": "account", "purpose": "stop_payment", "note": "核对收款账户"}
    assert desk.post("/api/reveal", body)["value"] == "6299991000000000036"
    assert desk.recorded[-1].action == "reveal"
    desk.post("/api/reveal", body, 404, by=desk.bank)
