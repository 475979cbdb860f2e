"""Taking a report over HTTP: what is kept, what is refused field by field, its life and its clocks."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from tests.domains.intake.conftest import GULOU, NOON, TAIJIANG, Desk, form, officer, transfer


def move(desk: Desk, found: Any, action: str, status: int = 200, **more: Any) -> Any:
    """Take a step on the version that is shown."""
    body = {"action": action, "version": found["version"], **more}
    return desk.post(f"/api/reports/{found['id']}/move", body, status)


def test_a_full_form_is_classed_and_entered_in_one_breath(desk: Desk) -> None:
    found = desk.take()["report"]

    assert found["number"] == "JQ2026-000001"
    assert found["receipt_number"] == "反诈受回〔2026〕000001号"
    assert found["state"] == "ENTERED"
    assert found["loss_fen"] == 4_980_000
    assert found["transfer_list"][0]["time"] == "2026-03-02T03:30:00Z"
    assert desk.clocks(found["id"]) == {"report.entry": "met", "report.first_stop": "running"}


def test_what_names_somebody_is_sealed_and_shown_masked(desk: Desk) -> None:
    found = desk.take(story="演示甲向 6299990012345678907 转账")["report"]

    assert found["victim"]["name"] == "演**"
    assert found["victim"]["id_number"] == "350***********0012"
    assert found["transfer_list"][0]["account"] == "6299 **** **** *** 8907"
    assert found["story"] == "演**向 6299 **** **** *** 8907 转账"
    with desk.centre.transact() as uow:
        raw = bytes(uow.session.execute(text("select content from reports")).scalar_one())
        titles = uow.session.execute(text("select title from reports")).scalar_one()
    assert "演示甲".encode() not in raw
    assert titles == "演** 冒充电商物流客服类"


def test_every_wrong_field_is_named_and_nothing_is_kept(desk: Desk) -> None:
    problem = desk.take(
        422,
        victim={"name": "演示甲", "id_number": "350100190001010013"},
        transfers=[transfer(amount="大概五万"), transfer(time="明天", account="卡号12")],
    )

    assert {fault["path"] for fault in problem["fields"]} == {
        "victim.id_number",
        "transfers.0.amount",
        "transfers.1.time",
        "transfers.1.account",
    }
    assert desk.get("/api/reports")["items"] == []


def test_a_telephone_number_misheard_holds_up_no_report(desk: Desk) -> None:
    told: dict[str, Any] = {
        "reporter": {"phone": "12"},
        "victim": {"name": "演示甲", "phone": "1990000"},
        "named": [{"kind": "phone", "value": "+85x 2345"}],
    }
    checked = desk.post("/api/reports/check", form(**told))
    taken = desk.take(**told)["report"]

    assert checked["faults"] == []
    doubted = {one["path"] for one in checked["hints"] if one["kind"] == "doubt"}
    assert doubted == {"reporter.phone", "victim.phone", "named.0.value"}
    assert desk.get(f"/api/reports/{taken['id']}/form")["form"]["victim"]["phone"] == "1990000"
    assert "1990000" not in str(taken)


def test_a_report_with_little_is_kept_and_its_clock_runs(desk: Desk) -> None:
    opened = NOON - timedelta(minutes=10)
    taken = desk.take(
        classification="",
        transfers=[],
        victim={},
        reporter={},
        received_at=opened.isoformat(),
        story="演示:来电中",
    )["report"]

    assert taken["state"] == "RECEIVED"
    assert {one["code"] for one in taken["missing"]} == {"classification"}
    with desk.centre.transact() as uow:
        due = uow.session.execute(text("select due_at from deadlines")).scalar_one()
    # Data are entered within 30 minutes of the report, which began when the form was opened.
    assert due == opened + timedelta(minutes=30)


def test_an_empty_form_is_no_report(desk: Desk) -> None:
    problem = desk.take(422, story="", victim={}, reporter={}, transfers=[])
    assert problem["code"] == "empty_report"


def test_it_is_entered_once_what_was_missing_is_there(desk: Desk) -> None:
    found = desk.take(transfers=[transfer(account="", name="演示乙")])["report"]
    assert found["state"] == "CLASSIFIED"
    assert [one["code"] for one in found["missing"]] == ["account"]
    refused = move(desk, found, "enter", 409)
    assert refused["rule"]["key"] == "report.complete"

    opened = desk.get(f"/api/reports/{found['id']}/form")
    opened["form"]["transfers"][0]["account"] = "6299990012345678907"
    body = {**opened["form"], "version": opened["version"]}
    edited = desk.call("PATCH", f"/api/reports/{found['id']}", json=body)

    assert edited["state"] == "ENTERED"
    assert edited["transfer_list"][0]["time"] == "2026-03-02T03:30:00Z"


def test_a_masked_account_is_kept_but_lacks_its_number(desk: Desk) -> None:
    found = desk.take(transfers=[transfer(account="6299****8907")])["report"]

    assert found["transfer_list"][0]["account"] == "6299****8907"
    assert "account_number" in found["transfer_list"][0]["missing"]


def test_flags_and_fresh_money_come_first(desk: Desk) -> None:
    calm = desk.take(transfers=[transfer(time="昨天上午9点10分")])["report"]
    fresh = desk.take(transfers=[transfer(time="今天上午11点45分")])["report"]
    call = desk.take(on_call=True, hardship=True)["report"]

    listed = desk.get("/api/reports", sort="-urgency")["items"]

    assert [one["id"] for one in listed] == [call["id"], fresh["id"], calm["id"]]
    assert call["urgency_reasons"][0]["zh"] == "仍在与骗子通话"


@pytest.mark.parametrize("classification", ["enquiry", "not_fraud"])
def test_what_is_no_fraud_needs_a_story_only_and_is_closed(desk: Desk, classification: str) -> None:
    found = desk.take(classification=classification, transfers=[], victim={}, fraud_type="")["report"]
    assert found["state"] == "ENTERED"
    assert desk.clocks(found["id"]) == {"report.entry": "met"}

    closed = move(desk, found, "close", reason="已答复")

    assert closed["state"] == "CLOSED"
    assert closed["actions"] == []


def test_a_consummated_fraud_is_not_simply_closed(desk: Desk) -> None:
    refused = move(desk, desk.take()["report"], "close", 409, reason="不管了")
    assert refused["rule"]["key"] == "report.may_close"


def test_a_duplicate_names_what_it_repeats(desk: Desk) -> None:
    first = desk.take()["report"]
    second = desk.take()["report"]
    second = move(desk, second, "reclassify", reason="同一人同一笔", classification="duplicate")
    refused = move(desk, second, "close", 409, reason="重复")
    assert refused["rule"]["key"] == "report.may_close"

    closed = move(desk, second, "close", reason="重复", duplicate_of=first["number"])

    assert closed["state"] == "CLOSED"
    assert closed["duplicate_of"]["number"] == first["number"]


def test_referring_names_the_other_unit_and_ends_the_clocks(desk: Desk) -> None:
    found = desk.take(classification="", transfers=[])["report"]
    move(desk, found, "refer", 422, reason="外地")

    referred = move(desk, found, "refer", reason="案发地在外地", referred_to="演示市公安局")

    assert (referred["state"], referred["referred_to"]) == ("REFERRED", "演示市公安局")
    assert desk.clocks(found["id"]) == {"report.entry": "cancelled"}


def test_a_station_sees_its_own_reports_only(desk: Desk) -> None:
    desk.actor = officer(GULOU)
    found = desk.take()["report"]
    desk.actor = officer(TAIJIANG)

    desk.get(f"/api/reports/{found['id']}", 404)
    assert desk.get("/api/reports")["items"] == []


def test_two_who_edit_the_same_version_do_not_overwrite_each_other(desk: Desk) -> None:
    found = desk.take()["report"]
    body = {**form(story="演示:第一人"), "version": found["version"]}
    desk.call("PATCH", f"/api/reports/{found['id']}", json=body)

    problem = desk.call("PATCH", f"/api/reports/{found['id']}", 409, json=body)

    assert problem["code"] == "stale_version"


def test_the_receipt_is_a_pdf_and_on_record(desk: Desk) -> None:
    found = desk.take()["report"]

    paper = desk.get(f"/api/reports/{found['id']}/receipt.pdf")

    assert paper.startswith(b"%PDF-")
    assert "report.receipt" in [one.action for one in desk.recorded]
