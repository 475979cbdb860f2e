"""From the report to the orders: drafted with it, sent at once when money moves, following the case."""

from typing import Any

import pytest
from sqlalchemy import text

from rongdun.domains import exchange
from rongdun.domains.stop_payment.store import orders_in
from rongdun.kernel.scope import Actor
from tests.domains.intake.conftest import APPROVER, CENTRE, CITY, GULOU, TAIJIANG, Desk, officer, transfer


@pytest.fixture(autouse=True)
def banks(desk: Desk) -> None:
    """The bank of the form is known to the exchange."""
    with desk.centre.transact() as uow:
        exchange.add_institution(
            uow,
            {
                "code": "999000000011",
                "name": "演示工商银行",
                "name_en": "Demo Bank",
                "kind": "bank",
                "unit_path": "cn.fj.fz.bank_gs.",
                "transport": "form",
            },
        )


def orders(desk: Desk) -> list[Any]:
    """The orders there are: number, state, case."""
    with desk.centre.transact() as uow:
        rows = uow.session.execute(
            text("select number, state, case_id, report_id from orders order by serial")
        )
        return list(rows)


def test_an_urgent_report_sends_its_complete_stops_at_once(desk: Desk) -> None:
    taken = desk.take(stops="send", on_call=True)

    (stop,) = taken["stops"]
    assert (stop["sent"], stop["state"], stop["missing"]) == (True, "SENT", [])
    assert taken["report"]["state"] == "IN_DISPOSAL"
    assert desk.clocks(taken["report"]["id"])["report.first_stop"] == "met"


def test_what_is_not_urgent_waits_for_review(desk: Desk) -> None:
    taken = desk.take(stops="send", transfers=[transfer(time="昨天上午9点10分")])

    (stop,) = taken["stops"]
    assert (stop["sent"], stop["state"]) == (False, "DRAFT")
    assert desk.clocks(taken["report"]["id"])["report.first_stop"] == "running"


def test_an_order_that_lacks_an_item_is_drafted_not_sent(desk: Desk) -> None:
    taken = desk.take(stops="send", on_call=True, transfers=[transfer(name="")])

    (stop,) = taken["stops"]
    assert (stop["sent"], stop["state"], stop["missing"]) == (False, "DRAFT", ["account_name"])


def test_one_order_an_account_and_none_for_what_is_not_whole(desk: Desk) -> None:
    told = [transfer(), transfer(amount="1万", time="今天上午11点40"), transfer(account="6299****8907")]
    taken = desk.take(stops="draft", transfers=told)
    assert len(taken["stops"]) == 1


def test_asking_again_doubles_nothing(desk: Desk) -> None:
    found = desk.take(stops="draft")["report"]
    desk.post(f"/api/reports/{found['id']}/stops", {"version": found["version"]})
    assert len(orders(desk)) == 1


def unit(desk: Desk, path: str, kind: str) -> str:
    """Make the units down to ``path``; return the last one's id."""
    made = ""
    with desk.centre.transact() as uow:
        parent, at = None, "cn."
        for code in path.removeprefix("cn.").rstrip(".").split("."):
            at = f"{at}{code}."
            parent = uow.session.execute(
                text(
                    "insert into units (id, parent_id, kind, code, path, district, name, name_en, short_name, active,"
                    " created_at, updated_at, version) values (gen_random_uuid(), :parent, :kind, :code, :path,"
                    " '350100', :name, '', '', true, now(), now(), 1) returning id"
                ),
                {
                    "parent": parent,
                    "kind": kind if at == path else "city",
                    "code": code,
                    "path": at,
                    "name": at,
                },
            ).scalar_one()
            made = str(parent)
    return made


def sees(desk: Desk, who: Actor) -> list[str]:
    """What somebody sees of orders: the subject of each."""
    with desk.centre.transact(who) as uow:
        rows = uow.session.execute(text("select subject_label from orders")).scalars().all()
        assert rows == [order.subject_label for order in uow.session.scalars(orders_in(who.scope))]
        return list(rows)


def test_accepting_opens_a_case_that_another_person_files(desk: Desk) -> None:
    gulou = unit(desk, GULOU, "county")
    found = desk.take(stops="draft")["report"]

    accepted = desk.post(
        f"/api/reports/{found['id']}/accept", {"version": found["version"], "unit_id": gulou}
    )

    assert accepted["state"] == "CASE_ACCEPTED"
    ((_, _, case_id, _),) = orders(desk)
    assert str(case_id) == accepted["case_id"]
    desk.actor = officer(GULOU)
    case = desk.get(f"/api/cases/{case_id}")
    assert (case["loss_fen"], case["people"][0]["name"]) == (4_980_000, "演**")
    assert case["people"][0]["account"] == "6299 **** **** *** 0018"
    assert desk.get(f"/api/reports/{found['id']}")["case_number"] == case["number"]
    case = desk.post(f"/api/cases/{case_id}/handle", {"version": case["version"], "handle": True})
    body = {"action": "propose_file", "version": case["version"], "reason": "有犯罪事实"}
    case = desk.post(f"/api/cases/{case_id}/move", body)
    desk.actor = officer(GULOU, *APPROVER, name="演示·翁二十二")
    assert sees(desk, desk.actor) == [accepted["case_number"]]
    assert sees(desk, officer(TAIJIANG, *APPROVER)) == []
    filed = desk.post(f"/api/cases/{case_id}/move", {"action": "file", "version": case["version"]})
    assert filed["state"] == "FILED"


def test_the_centre_must_say_which_unit_handles_the_case(desk: Desk) -> None:
    unit(desk, CENTRE, "centre")
    found = desk.take()["report"]

    problem = desk.post(f"/api/reports/{found['id']}/accept", {"version": found["version"]}, 422)

    assert problem["code"] == "no_handling_unit"


def test_what_is_no_fraud_becomes_no_case(desk: Desk) -> None:
    gulou = unit(desk, GULOU, "county")
    found = desk.take(classification="enquiry")["report"]

    body = {"version": found["version"], "unit_id": gulou}
    refused = desk.post(f"/api/reports/{found['id']}/accept", body, 409)

    assert refused["rule"]["key"] == "report.is_fraud"
    assert desk.actor.scope.low == CITY
