"""A trace of what a report tells, in one act; the unit that handles the case sees it, and the statements, too."""

from uuid import UUID

import pytest
from sqlalchemy import text

from rongdun.domains import exchange, tracing
from tests.domains.intake.conftest import CENTRE, GULOU, TAIJIANG, TAKER, Desk, officer, transfer
from tests.domains.intake.test_stops import unit

TRACER = (*TAKER, "trace.run", "trace.read")


@pytest.fixture(autouse=True)
def tracer(desk: Desk) -> None:
    desk.actor = officer(CENTRE, *TRACER)
    with desk.centre.transact() as uow:
        exchange.add_institution(
            uow,
            {
                "code": "999000000011",
                "name": "演示工商银行",
                "aliases": ["演示工行"],
                "kind": "bank",
                "unit_path": "cn.fj.fz.bank_gs.",
                "transport": "form",
            },
        )


def accepted(desk: Desk, report: dict[str, object]) -> str:
    """Accept the report for the Gulou bureau; return the case's id."""
    gulou = unit(desk, GULOU, "county")
    body = {"version": report["version"], "unit_id": gulou}
    return str(desk.post(f"/api/reports/{report['id']}/accept", body)["case_id"])


def test_what_the_report_tells_is_where_the_trace_begins(desk: Desk) -> None:
    told = [
        transfer(institution="演示工行", account="6299 9900 1234 5678 907"),
        transfer(account="6222****8907"),
    ]
    report = desk.take(transfers=told)["report"]

    made = desk.post(f"/api/reports/{report['id']}/trace", None, 201)

    trace = desk.get(f"/api/traces/{made['trace_id']}")
    ((seed),) = trace["seeds"]
    assert seed["victim"] == "演**"
    assert (seed["institution"], seed["amount_fen"]) == ("演示工商银行", 4_980_000)
    assert seed["time"] == "2026-03-02T03:30:00Z"
    assert report["number"] in trace["title"]


def test_the_trace_follows_the_report_into_the_case_and_its_unit_works_on_it(desk: Desk) -> None:
    report = desk.take()["report"]
    made = desk.post(f"/api/reports/{report['id']}/trace", None, 201)["trace_id"]
    desk.actor = officer(GULOU, *TRACER)
    desk.get(f"/api/traces/{made}", 404)

    desk.actor = officer(CENTRE, *TRACER)
    case_id = accepted(desk, report)

    desk.actor = officer(GULOU, *TRACER)
    trace = desk.get(f"/api/traces/{made}")
    assert (trace["case_id"], trace["mine"]) == (case_id, True)
    desk.actor = officer(TAIJIANG, *TRACER)
    desk.get(f"/api/traces/{made}", 404)


def test_statements_that_came_for_the_case_are_the_handling_units_too(desk: Desk) -> None:
    report = desk.take()["report"]
    case_id = accepted(desk, report)
    with desk.centre.transact(officer(CENTRE, *TRACER)) as uow:
        made = tracing.import_content(uow, {"演示.csv": b"x"}, note="演示", case_path=GULOU).id
    with desk.centre.transact(officer(GULOU, *TRACER)) as uow:
        assert tracing.import_state(uow, made) == "RECEIVED"
        files = uow.session.execute(
            text("select count(*) from ledger_import_files where import_id = :id"), {"id": made}
        )
        assert files.scalar_one() == 1
    with desk.centre.transact(officer(TAIJIANG, *TRACER)) as uow:
        assert tracing.import_state(uow, made) == ""
        files = uow.session.execute(
            text("select count(*) from ledger_import_files where import_id = :id"), {"id": made}
        )
        assert files.scalar_one() == 0
    assert str(UUID(case_id)) == case_id


def test_a_report_without_a_whole_transfer_says_what_is_missing(desk: Desk) -> None:
    report = desk.take(transfers=[transfer(account="6222****8907")])["report"]
    problem = desk.post(f"/api/reports/{report['id']}/trace", None, 422)
    assert problem["code"] == "nothing_to_follow"
