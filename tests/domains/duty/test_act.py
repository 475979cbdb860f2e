"""Acting on a deadline: by whoever may, on what they saw, and within the rules."""

from datetime import timedelta

import pytest

from tests.domains.duty.conftest import Desk, actor


def _kinds(desk: Desk, deadline_id: str) -> list[str]:
    return [event["kind"] for event in desk.get(f"/api/deadlines/{deadline_id}")["events"]]


def test_acknowledging_says_who_takes_care_of_it(desk: Desk) -> None:
    deadline_id = desk.open("1")
    answer = desk.act(deadline_id, "acknowledge")
    assert answer["acknowledged_by"] == "演示·值班长"
    assert answer["acknowledged_at"] == "2026-07-01T04:00:00Z"
    assert _kinds(desk, deadline_id) == ["opened", "acknowledged"]


def test_acknowledging_twice_is_refused_by_name(desk: Desk) -> None:
    deadline_id = desk.open("1")
    desk.act(deadline_id, "acknowledge")
    refusal = desk.act(deadline_id, "acknowledge", status=409)
    assert refusal["rule"]["key"] == "deadline.acknowledged_once"


def test_the_second_of_two_editors_is_told_and_shown_the_difference(desk: Desk) -> None:
    deadline_id = desk.open("1")
    seen = desk.get(f"/api/deadlines/{deadline_id}")["version"]
    desk.act(deadline_id, "acknowledge", version=seen)
    stale = desk.act(deadline_id, "complete", status=409, version=seen, note="done")
    assert stale["code"] == "stale_version"
    assert stale["extra"]["current"]["acknowledged_by"] == "演示·值班长"
    assert stale["extra"]["version"] == seen + 1


def test_completing_needs_a_word(desk: Desk) -> None:
    deadline_id = desk.open("1")
    assert desk.act(deadline_id, "complete", status=409)["rule"]["key"] == "deadline.reason"
    assert desk.act(deadline_id, "complete", status=409, note="  ")["rule"]["key"] == "deadline.reason"


@pytest.mark.parametrize(
    ("after", "state", "outcome", "kind"),
    [(timedelta(hours=48), "met", "met", "met"), (timedelta(hours=49), "missed", "met_late", "met_late")],
)
def test_completing_in_time_and_late(
    after: timedelta, state: str, outcome: str, kind: str, desk: Desk
) -> None:
    deadline_id = desk.open("1")
    desk.clock.advance(after)
    answer = desk.act(deadline_id, "complete", note="已转冻结")
    assert (answer["state"], answer["outcome"]) == (state, outcome)
    assert _kinds(desk, deadline_id)[-1] == kind


def test_what_is_closed_refuses_everything(desk: Desk) -> None:
    deadline_id = desk.open("1")
    desk.act(deadline_id, "complete", note="done")
    for verb in ("acknowledge", "complete", "pause", "resume"):
        refusal = desk.act(deadline_id, verb, status=409, note="again")
        assert refusal["rule"]["key"] == "deadline.state"


def test_a_statutory_term_cannot_be_paused(desk: Desk) -> None:
    refusal = desk.act(desk.open("1"), "pause", status=409, note="等材料")
    assert refusal["rule"]["key"] == "deadline.statutory_runs_on"
    assert "法定" in refusal["message"]["zh"]


def test_a_term_of_our_own_stands_still_while_paused(desk: Desk) -> None:
    deadline_id = desk.open("1", "clue.sign_normal")
    desk.clock.advance(timedelta(hours=4))
    paused = desk.act(deadline_id, "pause", note="等待对方单位")
    assert (paused["state"], paused["remaining_s"]) == ("paused", 20 * 3600)
    desk.clock.advance(timedelta(days=2))
    still = desk.get(f"/api/deadlines/{deadline_id}")
    assert (still["remaining_s"], still["paused_total_s"]) == (20 * 3600, 2 * 86400)
    resumed = desk.act(deadline_id, "resume", note="材料到齐")
    assert (resumed["state"], resumed["remaining_s"]) == ("running", 20 * 3600)
    assert resumed["due_at"] == "2026-07-04T04:00:00Z"


def test_an_action_outside_the_scope_finds_nothing(desk: Desk) -> None:
    deadline_id = desk.open("1")
    desk.actor = actor("cn.fj.xm.", "deadline.read", "deadline.act")
    desk.act(deadline_id, "acknowledge", status=404, version=1)


def test_reading_is_not_acting(desk: Desk) -> None:
    deadline_id = desk.open("1")
    desk.actor = actor("cn.fj.fz.", "deadline.read")
    desk.act(deadline_id, "acknowledge", status=403)
    offers = desk.get(f"/api/deadlines/{deadline_id}")["actions"]
    assert all(offer["refusal"] for offer in offers)


def test_an_unknown_field_is_named(desk: Desk) -> None:
    refusal = desk.act(desk.open("1"), "acknowledge", status=422, outcome="met")
    assert refusal["fields"][0]["path"] == "outcome"
