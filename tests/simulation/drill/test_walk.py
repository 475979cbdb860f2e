"""The walk's steps are done in the order in which the desks come to hold things, and each leads to where it is done."""

from dataclasses import replace

from rongdun.runtime.authz import roles
from rongdun.simulation.drill.walk import STEPS, Seen, stands

CALLED = Seen()
REPORTED = replace(CALLED, report="r1", report_number="JQ1", stops_sent=1)
ACCEPTED = replace(REPORTED, stops_answered=1, held_fen=2_000_000, asked=1, case="c1", case_number="AJ1")
FILED = replace(ACCEPTED, traces=("t1",), case_proposed=True, case_filed=True)
FROZEN = replace(FILED, freezes=1, frozen=True, frozen_fen=1_500_000)
PAID = replace(FROZEN, returns=("f1",), return_reckoned=True, return_approved=True, paid_fen=1_500_000)


def first_open(seen: Seen) -> str:
    return next((stand.step.key for stand in stands(seen) if not stand.done), "")


def test_the_next_step_follows_what_was_done() -> None:
    assert [first_open(seen) for seen in (CALLED, REPORTED, ACCEPTED, FILED, FROZEN, PAID)] == [
        "report",
        "answered",
        "traced",
        "freeze_drafted",
        "return_drafted",
        "",
    ]


def test_a_freeze_that_was_paid_out_whole_was_a_freeze() -> None:
    assert first_open(replace(PAID, frozen_fen=0)) == ""


def test_each_step_leads_to_the_page_that_is_there_already() -> None:
    pages = {stand.step.key: stand.page for stand in stands(PAID)}
    assert pages["report"] == "/intake/reports/r1"
    assert pages["filed"] == "/cases/c1"
    assert pages["traced"] == "/tracing/traces/t1"
    assert pages["paid"] == "/restitution/returns/f1"
    assert next(stand.page for stand in stands(CALLED)) == "/intake"


def test_sums_are_said_in_yuan() -> None:
    notes = {stand.step.key: stand.note.zh for stand in stands(PAID)}
    assert notes["answered"] == "已止付 20,000.00 元"
    assert notes["frozen"] == "已冻结 15,000.00 元"
    assert notes["paid"] == "已返还 15,000.00 元"


def test_whoever_does_a_step_is_a_role_of_the_centre() -> None:
    assert {step.role for step in STEPS} - {""} <= {role.key for role in roles()}
