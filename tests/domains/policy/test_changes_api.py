"""Changing a rule on screen: by two people, seen beforehand, refused where the law of the table says so."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from rongdun.runtime.audit import AuditEntry
from rongdun.runtime.policies import seed_policies
from tests.domains.policy.conftest import CHANGES, RULES, Desk, person


def test_a_confirmed_change_applies_from_its_day_and_the_old_rule_until_then(desk: Desk) -> None:
    change = desk.confirmed()
    assert change["state"] == "CONFIRMED"
    assert [desk.value("stop.validity", on) for on in ("2026-04-30", "2026-05-01")] == [48, 72]


def test_nothing_applies_before_somebody_else_has_confirmed(desk: Desk) -> None:
    desk.step(desk.draft(), "submit", by=desk.maker)
    assert desk.value("stop.validity", "2026-05-01") == 48


def test_a_draft_takes_over_what_it_does_not_say(desk: Desk) -> None:
    proposal = desk.draft()["proposal"]
    assert (proposal["unit"], proposal["tag"]) == ("hour", "S")
    assert proposal["legal_basis"].startswith("银发〔2016〕86号")
    assert proposal["name"] == {"zh": "止付有效期", "en": "Validity of a stop"}


def test_the_checker_sees_both_texts_and_the_consequences(desk: Desk) -> None:
    change = desk.draft(legal_basis="演示文件〔2026〕1号")
    seen = {line["field"]: (line["before_shown"]["zh"], line["after_shown"]["zh"]) for line in change["diff"]}
    assert seen["value"] == ("48小时", "72小时")
    assert seen["effective_from"] == ("2016-06-01", "2026-05-01")
    assert seen["legal_basis"][1] == "演示文件〔2026〕1号"
    (closed,) = change["consequences"]["closes"]
    assert (closed["rule"]["value"], closed["ends"]) == (48, "2026-05-01")


def test_a_maker_may_not_confirm_the_own_change(desk: Desk) -> None:
    desk.maker = desk.colleague
    submitted = desk.step(desk.draft(), "submit", by=desk.colleague)
    problem = desk.step(submitted, "confirm", 409, by=desk.colleague)
    assert problem["rule"]["key"] == "policy_change.maker_checker"
    assert desk.value("stop.validity", "2026-05-01") == 48


def test_whoever_edited_a_change_may_not_confirm_it_either(desk: Desk) -> None:
    change = desk.draft()
    desk.actor = desk.colleague
    edited = desk.patch(f"{CHANGES}/{change['id']}", {"version": change["version"], "value": 96})
    submitted = desk.step(edited, "submit", by=desk.maker)
    problem = desk.step(submitted, "confirm", 409, by=desk.colleague)
    assert problem["rule"]["key"] == "policy_change.maker_checker"
    desk.step(submitted, "confirm", by=desk.checker)
    assert desk.value("stop.validity", "2026-05-01") == 96


def test_the_second_of_two_editors_is_told_and_shown_the_difference(desk: Desk) -> None:
    change = desk.draft()
    desk.patch(f"{CHANGES}/{change['id']}", {"version": change["version"], "value": 60, "note": "先改"})
    desk.actor = desk.colleague
    body = {"version": change["version"], "value": 96, "unit": "hour"}
    problem = desk.patch(f"{CHANGES}/{change['id']}", body, 409)
    assert problem["code"] == "stale_version"
    extra = problem["extra"]
    assert (extra["current"]["value"], extra["yours"]["value"], extra["changed"]) == (60, 96, ["value"])
    assert extra["version"] == change["version"] + 1


def test_deciding_on_a_version_one_has_not_seen_is_refused(desk: Desk) -> None:
    change = desk.draft()
    desk.step(change, "submit", by=desk.maker)
    problem = desk.step(change, "withdraw", 409, by=desk.maker)
    assert problem["code"] == "stale_version"
    assert problem["extra"]["current"]["state"] == "SUBMITTED"


def test_a_row_that_overlaps_another_is_refused_and_the_other_is_shown(desk: Desk) -> None:
    desk.confirmed(effective_from="2026-06-01", value=60)
    body = {
        "key": "stop.validity",
        "value": 72,
        "effective_from": "2026-05-01",
        "effective_to": "2026-07-01",
    }
    desk.actor = desk.maker
    problem = desk.post(CHANGES, body, 409)
    assert problem["code"] == "policy_overlap"
    (other,) = problem["extra"]["overlaps"]
    assert (other["effective_from"], other["value"]) == ("2026-06-01", 60)
    assert "2026-06-01" in problem["message"]["zh"]
    assert "2026-06-01" in problem["message"]["en"]


def test_a_version_that_begins_on_the_day_of_another_is_refused(desk: Desk) -> None:
    desk.actor = desk.maker
    body = {"key": "discipline.determined_term", "value": 4, "effective_from": "2024-12-01", "reason": "误"}
    problem = desk.post(CHANGES, body, 409)
    assert [row["value"] for row in problem["extra"]["overlaps"]] == [2]


def test_an_overlap_that_arose_since_the_draft_stops_the_confirmation(desk: Desk) -> None:
    first = desk.step(desk.draft(), "submit", by=desk.maker)
    second = desk.step(desk.draft(value=60), "submit", by=desk.maker)
    desk.step(first, "confirm", by=desk.checker)
    problem = desk.step(second, "confirm", 409, by=desk.checker)
    assert problem["code"] == "policy_overlap"
    assert desk.value("stop.validity", "2026-05-01") == 72


def test_a_version_before_a_planned_one_ends_where_that_begins(desk: Desk) -> None:
    desk.confirmed(effective_from="2026-06-01", value=60)
    change = desk.confirmed(effective_from="2026-05-01", value=72)
    days = ("2026-04-30", "2026-05-01", "2026-05-31", "2026-06-01")
    assert change["state"] == "CONFIRMED"
    assert [desk.value("stop.validity", on) for on in days] == [48, 72, 72, 60]


def test_reaching_back_needs_a_reason(desk: Desk) -> None:
    desk.actor = desk.maker
    body = {"key": "stop.validity", "value": 72, "effective_from": "2026-03-01"}
    problem = desk.post(CHANGES, body, 422)
    assert problem["code"] == "retroactive_needs_reason"
    assert [field["path"] for field in problem["fields"]] == ["reason"]
    change = desk.post(CHANGES, {**body, "reason": "演示文件自三月一日施行"}, 201)
    assert change["consequences"]["retroactive"] is True


def test_today_in_shanghai_does_not_reach_back(desk: Desk) -> None:
    desk.clock.advance(timedelta(hours=15, minutes=30))
    change = desk.draft(effective_from="2026-03-03")
    assert change["consequences"]["retroactive"] is False


def test_a_correction_replaces_a_version_from_its_first_day(desk: Desk) -> None:
    desk.confirmed(effective_from="2026-06-01", value=600)
    desk.confirmed(kind="correct", effective_from="2026-06-01", value=60, reason="录入错误")
    assert desk.value("stop.validity", "2026-06-01") == 60
    history = desk.get(f"{RULES}/stop.validity")["versions"]
    assert sorted((row["value"], row["status"]) for row in history) == [
        (48, "in_force"),
        (60, "future"),
        (600, "void"),
    ]


def test_an_ended_rule_is_in_force_on_no_later_day(desk: Desk) -> None:
    change = desk.draft(kind="end", key="agent.fine_nuisance", value=None)
    assert change["consequences"]["gaps"] == [{"since": "2026-05-01", "until": None}]
    desk.step(desk.step(change, "submit", by=desk.maker), "confirm", by=desk.checker)
    assert desk.value("agent.fine_nuisance", "2026-04-30") == 3000
    assert desk.value("agent.fine_nuisance", "2026-05-01") is None


def test_a_returned_change_is_edited_and_submitted_again(desk: Desk) -> None:
    submitted = desk.step(desk.draft(), "submit", by=desk.maker)
    returned = desk.step(submitted, "return", by=desk.checker, note="请附文件")
    assert (returned["state"], returned["decision_note"]) == ("RETURNED", "请附文件")
    desk.actor = desk.maker
    edited = desk.patch(f"{CHANGES}/{returned['id']}", {"version": returned["version"], "source": "演示文件"})
    assert edited["state"] == "DRAFT"
    again = desk.step(edited, "submit", by=desk.maker)
    assert desk.step(again, "confirm", by=desk.checker)["state"] == "CONFIRMED"


def test_a_checker_who_then_writes_on_the_change_has_become_a_maker(desk: Desk) -> None:
    submitted = desk.step(desk.draft(), "submit", by=desk.maker)
    returned = desk.step(submitted, "return", by=desk.colleague, note="改为九十六")
    desk.actor = desk.colleague
    edited = desk.patch(f"{CHANGES}/{returned['id']}", {"version": returned["version"], "value": 96})
    again = desk.step(edited, "submit", by=desk.colleague)
    assert desk.step(again, "confirm", 409, by=desk.colleague)["code"] == "refused_by_rule"


def test_returning_without_a_word_is_refused(desk: Desk) -> None:
    submitted = desk.step(desk.draft(), "submit", by=desk.maker)
    assert desk.step(submitted, "return", 409, by=desk.checker)["rule"]["key"] == "policy_change.reason"


def test_a_withdrawn_change_cannot_be_taken_up_again(desk: Desk) -> None:
    withdrawn = desk.step(desk.draft(), "withdraw", by=desk.maker, note="不需要")
    problem = desk.step(withdrawn, "submit", 409, by=desk.maker)
    assert problem["rule"]["key"] == "policy_change.state"


def test_the_review_runs_against_a_clock_that_the_decision_stops(desk: Desk) -> None:
    submitted = desk.step(desk.draft(), "submit", by=desk.maker)
    desk.actor = desk.maker
    assert desk.get(f"{RULES}/policy.review")["running_deadlines"] == 1
    desk.step(submitted, "confirm", by=desk.checker)
    desk.actor = desk.maker
    assert desk.get(f"{RULES}/policy.review")["running_deadlines"] == 0


def test_a_preview_stores_nothing_and_tells_overlaps_instead_of_refusing(desk: Desk) -> None:
    body = {"key": "stop.validity", "value": 72, "effective_from": "2016-06-01"}
    seen = desk.post(f"{CHANGES}/preview", body)
    assert [row["value"] for row in seen["overlaps"]] == [48]
    assert seen["retroactive"] is True
    assert desk.get(CHANGES)["total"] == 0


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"value": "很久"}, "value"),
        ({"value": 0}, "value"),
        ({"value": [72, 24]}, "value"),
        ({"value": 3, "unit": "count"}, "value"),
        ({"effective_to": "2026-04-01"}, "effective_to"),
        ({"legal_basis": " "}, "legal_basis"),
        ({"name": {"zh": "", "en": "x"}}, "name"),
        ({"note": "a\x00b"}, "note"),
        ({"value": [{"code": "a", "zh": "甲", "en": "a"}]}, "value"),
    ],
)
def test_what_is_wrong_with_a_form_is_told_at_the_field(desk: Desk, fields: Any, path: str) -> None:
    desk.actor = desk.maker
    body = {"key": "stop.validity", "value": 72, "effective_from": "2026-05-01", **fields}
    problem = desk.post(CHANGES, body, 422)
    assert path in {field["path"] for field in problem["fields"]}


def test_a_change_that_changes_nothing_is_refused(desk: Desk) -> None:
    desk.actor = desk.maker
    body = {"key": "stop.validity", "value": 48, "effective_from": "2026-05-01"}
    assert desk.post(CHANGES, body, 422)["code"] == "nothing_changes"


def test_an_ending_that_becomes_a_new_version_needs_its_value(desk: Desk) -> None:
    change = desk.draft(kind="end", key="agent.fine_nuisance", value=None)
    address, version = f"{CHANGES}/{change['id']}", change["version"]
    problem = desk.patch(address, {"version": version, "kind": "replace"}, 422)
    assert [field["path"] for field in problem["fields"]] == ["value"]
    edited = desk.patch(address, {"version": version, "kind": "replace", "value": 5000})
    assert (edited["kind"], edited["proposal"]["value"]) == ("replace", 5000)


def test_an_unknown_key_is_not_made_up(desk: Desk) -> None:
    desk.actor = desk.maker
    body = {"key": "stop.invented", "value": 48, "effective_from": "2026-05-01"}
    assert desk.post(CHANGES, body, 404)["code"] == "unknown_rule"


def test_a_code_list_is_changed_as_a_whole(desk: Desk) -> None:
    codes = desk.value("clue.grades", "2026-05-01")
    added = [*codes, {"code": "D", "zh": "D级", "en": "D"}]
    desk.confirmed(key="clue.grades", value=added)
    assert [len(desk.value("clue.grades", on)) for on in ("2026-04-30", "2026-05-01")] == [3, 4]


def test_a_county_sees_confirmed_changes_but_not_the_citys_drafts(desk: Desk) -> None:
    draft = desk.draft(value=60, effective_from="2026-08-01")
    desk.confirmed()
    desk.actor = person("郑四", "policy.read", path="cn.fj.fz.gulou.")
    assert [item["state"] for item in desk.get(CHANGES)["items"]] == ["CONFIRMED"]
    desk.get(f"{CHANGES}/{draft['id']}", 404)


def test_what_the_caller_may_do_next_is_told_with_the_reason_why_not(desk: Desk) -> None:
    submitted = desk.step(desk.draft(), "submit", by=desk.maker)
    offered = {offer["action"]: offer["allowed"] for offer in submitted["actions"]}
    assert offered == {"confirm": False, "return": False, "withdraw": True}
    desk.actor = desk.checker
    seen = desk.get(f"{CHANGES}/{submitted['id']}")["actions"]
    assert {offer["action"]: offer["allowed"] for offer in seen} == {
        "confirm": True,
        "return": True,
        "withdraw": False,
    }


def test_every_step_is_on_record_with_what_it_changed(desk: Desk) -> None:
    change = desk.draft()
    desk.actor = desk.maker
    edited = desk.patch(f"{CHANGES}/{change['id']}", {"version": 1, "value": 60})
    desk.step(desk.step(edited, "submit", by=desk.maker), "confirm", by=desk.checker, note="同意")
    with desk.centre.transact() as uow:
        statement = (
            select(AuditEntry).where(AuditEntry.action.like("policy_change.%")).order_by(AuditEntry.seq)
        )
        entries = uow.session.scalars(statement).all()
    assert [entry.action.removeprefix("policy_change.") for entry in entries] == [
        "draft",
        "edit",
        "submit",
        "confirm",
    ]
    assert (entries[1].before, entries[1].after) == ({"value": 72}, {"value": 60})
    assert (entries[3].actor_login, entries[3].note) == ("黄三", "同意")


def test_the_record_of_a_confirmation_keeps_the_rows_before_and_after(desk: Desk) -> None:
    desk.confirmed()
    with desk.centre.transact() as uow:
        statement = select(AuditEntry).where(AuditEntry.action == "policy_rule.change")
        entry = uow.session.scalars(statement).one()
    assert entry.subject_id == "stop.validity"
    first = {"value": 48, "unit": "hour", "effective_from": "2016-06-01", "effective_to": None}
    assert entry.before == {"rows": [first]}
    second = {"value": 72, "unit": "hour", "effective_from": "2026-05-01", "effective_to": None}
    assert entry.after == {"rows": [{**first, "effective_to": "2026-05-01"}, second]}


def test_seeding_again_leaves_alone_what_was_changed_on_screen(desk: Desk) -> None:
    desk.confirmed()
    with desk.centre.transact() as uow:
        report = seed_policies(uow.session, now=uow.now)
    assert (report.added, report.kept) == (0, ["stop.validity"])
    assert [desk.value("stop.validity", on) for on in ("2026-04-30", "2026-05-01")] == [48, 72]
