"""A case over HTTP: accepted, proposed by one, decided by another, its clocks, who sees what."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from rongdun.domains import cases
from tests.domains.cases.conftest import APPROVER, GULOU, NOON, TAIJIANG, Desk, officer


def move(desk: Desk, found: Any, action: str, status: int = 200, **more: Any) -> Any:
    """Take a step on the version that is shown."""
    body = {"action": action, "version": found["version"], **more}
    return desk.post(f"/api/cases/{found['id']}/move", body, status)


def handled(desk: Desk, **changes: Any) -> Any:
    """A case accepted and handled by whoever ``desk.actor`` is."""
    ref = desk.open_case(**changes)
    found = desk.get(f"/api/cases/{ref.id}")
    return desk.post(f"/api/cases/{ref.id}/handle", {"version": found["version"], "handle": True})


def clocks(desk: Desk, found: Any) -> dict[str, tuple[str, Any]]:
    """The case's clocks: rule → state and due moment."""
    with desk.centre.transact() as uow:
        rows = uow.session.execute(
            text(
                "select rule_key, state, due_at from deadlines where subject_id = :id order by started_at, id"
            ),
            {"id": found["id"]},
        )
        return {key: (state, due) for key, state, due in rows}


def test_a_case_is_accepted_with_a_number_and_its_victims_sealed(desk: Desk) -> None:
    ref = desk.open_case()

    assert ref.number == "AJ2026-000001"
    assert not cases.is_filed(ref)
    shown = desk.get(f"/api/cases/{ref.id}")
    assert shown["title"] == "演**被冒充电商物流客服诈骗案"
    assert shown["people"][0]["name"] == "演**"
    assert shown["people"][0]["id_number"] == "350***********0012"
    with desk.centre.transact() as uow:
        raw = uow.session.execute(text("select person from case_victims")).scalar_one()
    assert "演示甲".encode() not in bytes(raw)


def test_the_review_has_three_days_and_ends_with_a_decision_of_another(desk: Desk) -> None:
    found = handled(desk)
    # Accepted on 2 March: the day itself does not count, the third day ends with its last moment in Shanghai.
    state, due = clocks(desk, found)["filing.review_normal"]
    assert (state, due.isoformat()) == ("running", "2026-03-05T15:59:59.999999+00:00")

    found = move(desk, found, "propose_file", reason="有犯罪事实")
    assert found["proposal"]["consequence"]["zh"].startswith("批准后即为立案")
    refused = move(desk, found, "file", 403)
    assert refused["rule"]["key"] == "case.who"

    desk.actor = officer(GULOU, *APPROVER, name="演示·翁二十二")
    desk.clock.advance(timedelta(hours=2))
    filed = move(desk, found, "file")
    assert (filed["state"], filed["filing_number"], filed["filed"]) == ("FILED", "LA2026-000001", True)
    assert clocks(desk, found)["filing.review_normal"][0] == "met"


def test_whoever_proposed_may_not_decide_even_with_the_permission(desk: Desk) -> None:
    desk.actor = officer(GULOU, *APPROVER, "case.write")
    found = move(desk, handled(desk), "propose_file", reason="有犯罪事实")

    refused = move(desk, found, "file", 409)

    assert refused["rule"]["key"] == "case.maker_checker"


def test_the_database_refuses_a_decision_by_the_proposer(desk: Desk) -> None:
    found = move(desk, handled(desk), "propose_file", reason="有犯罪事实")

    with pytest.raises(IntegrityError, match="may not decide"), desk.centre.transact(desk.actor) as uow:
        uow.session.execute(
            text(
                "update cases set state = 'FILED', decided_by = proposed_by, filed_at = now(),"
                " handler_ids = '{}' where id = :id"
            ),
            {"id": found["id"]},
        )


def test_a_decision_must_be_the_one_that_is_proposed(desk: Desk) -> None:
    found = move(desk, handled(desk), "propose_refuse", reason="没有犯罪事实")
    desk.actor = officer(GULOU, *APPROVER)

    refused = move(desk, found, "file", 409)
    assert refused["rule"]["key"] == "case.proposed_file"

    found = move(desk, found, "refuse")
    assert found["state"] == "NOT_FILED"
    # Refused on 2 March: the notice is due by the end of 5 March (article 178, three days).
    assert clocks(desk, found)["filing.refusal_notice"][1].isoformat() == "2026-03-05T15:59:59.999999+00:00"
    desk.actor = officer(GULOU)
    found = move(desk, found, "serve_notice")
    assert clocks(desk, found)["filing.refusal_notice"][0] == "met"
    again = move(desk, found, "serve_notice", 409)
    assert again["rule"]["key"] == "case.notice_not_served"


def test_a_transfer_has_twenty_four_hours_from_when_it_is_proposed(desk: Desk) -> None:
    found = handled(desk)
    move(desk, found, "propose_transfer", 422, reason="不属本地管辖")
    desk.clock.advance(timedelta(hours=1))

    found = move(desk, found, "propose_transfer", reason="不属本地管辖", transfer_to="演示市公安局")

    assert clocks(desk, found)["case.transfer"][1] == NOON + timedelta(hours=25)
    desk.actor = officer(GULOU, *APPROVER)
    found = move(desk, found, "transfer")
    assert found["state"] == "TRANSFERRED"
    assert clocks(desk, found)["case.transfer"][0] == "met"
    assert found["actions"] == []


@pytest.mark.parametrize(
    ("action", "permissions", "rule", "due"),
    [
        ("extend_check", (), "filing.review_check", "2026-03-09T15:59:59.999999+00:00"),
        ("extend_major", APPROVER, "filing.review_major", "2026-04-01T15:59:59.999999+00:00"),
    ],
)
def test_a_longer_review_is_counted_from_acceptance(
    desk: Desk, action: str, permissions: tuple[str, ...], rule: str, due: str
) -> None:
    found = handled(desk)
    desk.clock.advance(timedelta(days=2))
    desk.actor = officer(GULOU, *permissions)

    found = move(desk, found, action, reason="需要查证")

    assert clocks(desk, found)["filing.review_normal"][0] == "cancelled"
    assert clocks(desk, found)[rule][1].isoformat() == due


def test_what_is_sent_back_can_be_proposed_anew_and_filed(desk: Desk) -> None:
    handler, approver = desk.actor, officer(GULOU, *APPROVER)
    found = move(desk, handled(desk), "propose_refuse", reason="没有犯罪事实")
    desk.actor = approver
    found = move(desk, found, "send_back", reason="请补充询问笔录")
    assert found["proposal"] is None
    desk.actor = handler
    found = move(desk, found, "propose_file", reason="已补充")
    desk.actor = approver
    found = move(desk, found, "file")
    desk.actor = handler
    found = move(desk, found, "investigate")
    found = move(desk, found, "close", reason="追赃完毕")

    assert (found["state"], found["end_reason"]) == ("CLOSED", "追赃完毕")


def test_another_units_officer_does_not_find_the_case(desk: Desk) -> None:
    ref = desk.open_case()
    desk.actor = officer(TAIJIANG)

    desk.get(f"/api/cases/{ref.id}", 404)
    assert desk.get("/api/cases")["items"] == []


def test_the_story_is_shown_without_numbers_and_names_in_clear(desk: Desk) -> None:
    body = {
        "fraud_type": "02",
        "story": "演示甲向 6222021234567890128 转账,电话19912345678,金额50000元。",
        "victims": [{"name": "演示甲", "loss": "5万"}],
    }

    created = desk.post("/api/cases", body, 201)

    assert created["story"] == "演**向 6222 **** **** *** 0128 转账,电话1991 *** 5678,金额50000元。"
    assert created["loss_fen"] == 5_000_000
    assert created["handles"]


def test_wrong_victims_are_named_field_by_field(desk: Desk) -> None:
    body = {
        "fraud_type": "77",
        "story": "演示",
        "victims": [{"name": "演示甲", "id_number": "350100190001010013", "loss": "约三万"}],
    }

    problem = desk.post("/api/cases", body, 422)

    assert {fault["path"] for fault in problem["fields"]} == {
        "fraud_type",
        "victims.0.id_number",
        "victims.0.loss",
    }


def test_the_timeline_tells_who_did_what_newest_first(desk: Desk) -> None:
    found = move(desk, handled(desk), "propose_file", reason="有犯罪事实")
    desk.clock.advance(timedelta(minutes=5))
    desk.actor = officer(GULOU, *APPROVER, name="演示·翁二十二")
    move(desk, found, "file")

    told = desk.get(f"/api/cases/{found['id']}/timeline")

    assert [line["action"] for line in told] == [
        "case.file",
        "case.propose_file",
        "case.handle",
        "case.accept",
    ]
    assert told[0]["actor_name"] == "演示·翁二十二"
    assert told[1]["note"] == "有犯罪事实"


def test_a_form_says_while_it_is_typed_what_cannot_be_read(desk: Desk) -> None:
    """By the weights of GB 11643-1999 the first identity number would have to end in 6."""
    typed = [
        {"name": "演示甲", "loss": "1.2万", "id_number": "350102199001010013"},
        {"loss": "约五万", "phone": "12"},
        {},
    ]
    told = desk.post("/api/cases/check", {"victims": typed})
    paths = ["victims.0.id_number", "victims.1.phone", "victims.1.loss"]
    assert [one["path"] for one in told["faults"]] == paths
    assert all(one["message"]["zh"] and one["message"]["en"] for one in told["faults"])
    assert told["losses"] == [1_200_000, None, None]
    assert desk.get("/api/cases")["items"] == []
