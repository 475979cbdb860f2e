"""Orders over HTTP: what each person sees and may do, masked by default, a refusal with its rule and its way on."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import event

from rongdun.domains.exchange import Outcome
from tests.domains.stop_payment.desk import DRAFTER, NOON, Desk, officer

CARD = "6299990000000000011"


def body(desk: Desk, **changes: Any) -> dict[str, Any]:
    """Return a stop as the page sends it."""
    subject = desk.report()
    target = {"institution": "演示工商银行福州分行", "number": "6299 9900 0000 0000 011", "name": "演示乙"}
    return {
        "kind": "stop",
        "subject": {"kind": "report", "id": subject.id, "label": "JQ2026-000001"},
        "target": target,
        "transfer": {
            "amount_fen": 5_000_000,
            "time": (NOON - timedelta(minutes=10)).isoformat(),
            "institution": "演示建设银行",
            "number": "6299991000000000036",
            "name": "演示甲",
        },
        "reason": "演示:受害人转账至 6299990000000000011",
        "urgent": True,
        **changes,
    }


def test_a_leader_reviews_and_sends_and_the_bank_answers_by_form(desk: Desk) -> None:
    made = desk.call("POST", "/api/orders", 201, json=body(desk, urgent=False))
    assert (made["state"], made["missing"], made["institution_name"]) == ("DRAFT", [], "演示工商银行")
    desk.call("GET", f"/api/orders/{made['id']}", 404, by=desk.bank)

    [shown] = desk.call("GET", "/api/orders/review", by=desk.leader)
    assert shown["consequences"]["stops_max"] == 2
    sent = desk.call(
        "POST",
        "/api/orders/review",
        by=desk.leader,
        json={"orders": [{"id": made["id"], "version": made["version"]}]},
    )
    assert [one["state"] for one in sent["done"]] == ["SENT"]
    assert sent["done"][0]["reviewer_name"] == "演示·何十二"

    [seen] = desk.call("GET", "/api/orders", by=desk.bank)["items"]
    assert seen["account"].startswith("6299 ****")
    page = desk.call("GET", f"/api/orders/{seen['id']}", by=desk.bank)
    assert page["may_answer"] is True
    answer = {
        "instruction": page["steps"][0]["application_id"],
        "outcome": "done",
        "held_fen": 5_000_000,
        "balance_fen": 5_000_000,
    }
    answered = desk.call("POST", f"/api/orders/{seen['id']}/answer", by=desk.bank, json=answer)
    assert (answered["state"], answered["held_fen"]) == ("STOPPED", 5_000_000)
    desk.call("POST", f"/api/orders/{seen['id']}/answer", 409, by=desk.bank, json=answer)
    assert {one["rule_key"] for one in answered["clocks"] if one["closed_at"] is None} >= {"stop.validity"}


def test_a_bank_sees_its_own_orders_and_no_others(desk: Desk) -> None:
    order = desk.sent()
    desk.sent(bank="演示建设银行")
    items = desk.call("GET", "/api/orders", by=desk.bank)["items"]
    assert [one["id"] for one in items] == [str(order.id)]
    other = officer("cn.fj.fz.bank_js.", "order.read", "order.answer")
    desk.call("GET", f"/api/orders/{order.id}", 404, by=other)


def test_numbers_and_names_are_masked_and_shown_for_a_purpose_on_record(desk: Desk) -> None:
    made = desk.call("POST", "/api/orders", 201, json=body(desk))
    whole = str(desk.call("GET", f"/api/orders/{made['id']}"))
    for secret in (CARD, "6299991000000000036", "演示乙", "演示甲"):
        assert secret not in whole
    subject = {"kind": "order", "id": made["id"]}
    ask = {"subject": subject, "field": "account", "purpose": "stop_payment", "note": ""}
    shown = desk.call("POST", "/api/reveal", json=ask)
    assert shown["value"] == CARD


def test_a_refusal_names_the_rule_its_basis_and_what_would_make_it_pass(desk: Desk) -> None:
    target = {"institution": "演示工商银行", "number": CARD, "name": ""}
    made = desk.call("POST", "/api/orders", 201, json=body(desk, target=target))
    assert made["missing"] == ["account_name"]
    send = next(one for one in made["actions"] if one["action"] == "send")
    assert send["allowed"] is False
    assert "户名" in send["refusal"]["zh"]
    refused = desk.call("POST", f"/api/orders/{made['id']}/send", 409, json={"version": made["version"]})
    assert refused["rule"]["legal_basis"] == "银发〔2016〕86号"


def test_a_returned_draft_is_corrected_and_goes_out(desk: Desk) -> None:
    made = desk.call("POST", "/api/orders", 201, json=body(desk))
    path = f"/api/orders/{made['id']}"
    back = desk.call(
        "POST", f"{path}/return", by=desk.leader, json={"version": made["version"], "reason": "演示:户名有误"}
    )
    assert back["returned_reason"] == "演示:户名有误"
    target = {"institution": "演示工商银行", "number": CARD, "name": "演示丙"}
    again = {**body(desk, target=target), "version": back["version"]}
    edited = desk.call("PUT", path, json=again)
    assert edited["returned_reason"] == ""
    stale = desk.call("POST", f"{path}/send", 409, json={"version": made["version"]})
    assert stale["code"] == "stale_version"
    assert desk.call("POST", f"{path}/send", json={"version": edited["version"]})["state"] == "SENT"


def test_several_are_sent_in_one_act_and_the_one_a_rule_refuses_stays(desk: Desk) -> None:
    running = desk.stopped(number=CARD)
    good, bad = desk.draft(), desk.draft(number=CARD)
    chosen = [{"id": str(one.id), "version": one.version} for one in (good, bad)]
    told = desk.call("POST", "/api/orders/review", by=desk.leader, json={"orders": chosen})
    assert [one["id"] for one in told["done"]] == [str(good.id)]
    [refused] = told["refused"]
    assert (refused["id"], refused["rule"]) == (str(bad.id), "stop.in_force")
    assert desk.order(bad).state == "DRAFT"
    assert desk.order(running).state == "STOPPED"
    assert not [one for one in desk.recorded if one.action == "order.send" and one.subject.id == str(bad.id)]


def test_freezing_waits_for_filing_and_for_the_county(desk: Desk) -> None:
    case = desk.case(filed=False)
    freeze = body(desk, kind="freeze", subject={"kind": "case", "id": case.id}, urgent=False, months=6)
    made = desk.call("POST", "/api/orders", 201, json={**freeze, "scope": "limited", "amount_fen": 100})
    path = f"/api/orders/{made['id']}"
    refused = desk.call(
        "POST", f"{path}/approve_county", 409, by=desk.county, json={"version": made["version"]}
    )
    assert "174" in refused["rule"]["legal_basis"]
    from uuid import UUID

    desk.file(UUID(case.id))
    ok = desk.call("POST", f"{path}/approve_county", by=desk.county, json={"version": made["version"]})
    assert ok["state"] == "APPROVED_COUNTY"
    desk.call("POST", f"{path}/send", by=desk.county, json={"version": ok["version"]})
    assert desk.messages(desk.order(desk.draft())) == []


def test_the_next_order_on_an_account_needs_no_number_typed_again(desk: Desk) -> None:
    case = desk.case()
    stop = desk.call("POST", "/api/orders", 201, json=body(desk))
    about = {"subject": {"kind": "case", "id": case.id, "label": ""}, "from_order": stop["id"]}
    query = {"kind": "query", "question": "query_transactions", "urgent": True, **about}
    asked = desk.call("POST", "/api/orders", 201, json=query)
    freeze = {"kind": "freeze", "months": 6, "scope": "limited", "amount_fen": 3_000_000, **about}
    frozen = desk.call("POST", "/api/orders", 201, json=freeze)

    for made in (asked, frozen):
        assert made["account_ref"] == stop["account_ref"]
        assert (made["institution_name"], made["missing"]) == ("演示工商银行", [])
        assert (made["name"], made["from_order"]) == (stop["name"], stop["id"])
        assert CARD not in str(made)
    assert (frozen["amount_fen"], asked["transfer_at"]) == (3_000_000, stop["transfer_at"])
    unseen = officer("cn.fj.fz.gulou.", *DRAFTER)
    desk.call("POST", "/api/orders", 404, by=unseen, json={**query, "subject": body(desk)["subject"]})
    desk.call("POST", "/api/orders", 422, json={**query, "from_order": None})


def test_what_a_freeze_still_lacks_is_marked_field_by_field(desk: Desk) -> None:
    wrong = body(desk, kind="freeze", scope="limited", amount_fen=None, urgent=False)
    told = desk.call("POST", "/api/orders", 422, json=wrong)
    assert {one["path"] for one in told["fields"]} == {"months", "amount_fen", "subject"}


def test_the_letter_states_what_article_239_asks_for_in_pdf_and_word(desk: Desk) -> None:
    order = desk.frozen()
    pdf = desk.call("GET", f"/api/orders/{order.id}/notice.pdf", by=desk.county)
    assert pdf.startswith(b"%PDF")
    step = desk.instruction(order).application_id
    word = desk.call(
        "GET", f"/api/orders/{order.id}/notice.docx", by=desk.county, params={"instruction": step}
    )
    with zipfile.ZipFile(io.BytesIO(word)) as packed:
        text = packed.read("word/document.xml").decode()
    for item in (
        "协助冻结财产通知书",
        "户名",
        "账号",
        "冻结金额",
        "冻结期限",
        "冻结范围",
        "是否及于孳息",
        "印 章",
    ):
        assert item in text
    assert step in text
    assert any(one.action == "order.print" for one in desk.recorded)


def test_the_list_counts_and_finds(desk: Desk) -> None:
    desk.draft()
    stopped = desk.stopped(number=CARD)
    desk.draft("freeze")
    counts = desk.call("GET", "/api/orders/counts")
    # a draft, and the urgent stop that went out unreviewed
    assert (counts["to_review"], counts["to_approve"], counts["in_force"]) == (2, 1, 1)
    items = desk.call("GET", "/api/orders", params={"filter": "state:eq:STOPPED"})["items"]
    assert [one["id"] for one in items] == [str(stopped.id)]
    sheet = desk.call("GET", "/api/orders/export.xlsx")
    assert sheet[:2] == b"PK"
    desk.answer(stopped, Outcome.REFUSED)
    assert desk.call("GET", "/api/orders/counts")["attention"] == 1


def test_a_partner_that_is_no_bank_of_it_sees_nothing(desk: Desk) -> None:
    desk.sent()
    stranger = officer("cn.fj.fz.carrier_yd.", "order.read")
    assert desk.call("GET", "/api/orders", by=stranger)["items"] == []


def test_a_longer_board_asks_the_database_no_more_often(desk: Desk) -> None:
    counted = []
    both = officer("cn.fj.fz.", "order.read", "order.review", "freeze.approve_county", "case.read")
    for _ in range(2):
        for _ in range(3):
            desk.draft()
            desk.draft("freeze")
        with asked(desk) as statements:
            shown = desk.call("GET", "/api/orders/review", by=both)
        counted.append((len(shown), len(statements)))
    (few, once), (many, again) = counted
    assert (few, many) == (6, 12)
    assert again == once


@contextmanager
def asked(desk: Desk) -> Iterator[list[str]]:
    """Collect what the database is asked meanwhile."""
    statements: list[str] = []

    def note(*told: Any) -> None:
        statements.append(told[2])

    engine = desk.centre.services.database.engine
    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def test_what_went_first_is_reviewed_afterwards_by_another(desk: Desk) -> None:
    order = desk.sent()
    [shown] = desk.call("GET", "/api/orders/review", by=desk.leader)
    assert (shown["id"], shown["state"]) == (str(order.id), "SENT")
    assert "stop.late_review" in desk.clocks(order)
    path = f"/api/orders/{order.id}/countersign"
    done = desk.call("POST", path, by=desk.leader, json={"version": shown["version"]})
    assert done["reviewer_name"] == "演示·何十二"
    assert "stop.late_review" not in desk.clocks(order)
    assert desk.call("GET", "/api/orders/review", by=desk.leader) == []


def test_a_period_without_a_beginning_or_the_wrong_way_round_is_refused_at_its_cell(desk: Desk) -> None:
    query = body(desk, kind="query", question="query_transactions")
    early, late = (NOON - timedelta(days=days) for days in (9, 2))
    for period, cell in (
        ({"period_to": late.isoformat()}, "period_from"),
        ({"period_from": late.isoformat(), "period_to": early.isoformat()}, "period_to"),
    ):
        problem = desk.call("POST", "/api/orders", 422, json={**query, **period})
        assert [field["path"] for field in problem["fields"]] == [cell]
    told = {"period_from": early.isoformat(), "period_to": late.isoformat()}
    made = desk.call("POST", "/api/orders", 201, json={**query, **told})
    assert made["period_from"].startswith(early.date().isoformat())


def test_a_period_without_an_end_reaches_up_to_now(desk: Desk) -> None:
    begin = (NOON - timedelta(days=9)).isoformat()
    query = body(desk, kind="query", question="query_transactions", period_from=begin)
    made = desk.call("POST", "/api/orders", 201, json=query)
    assert datetime.fromisoformat(made["period_to"]) == desk.clock.now()
