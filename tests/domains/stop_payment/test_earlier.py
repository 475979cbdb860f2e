"""Prevents a county from approving a freeze blind: what the centre did to the account before, and what came of it."""

from datetime import timedelta
from typing import Any

from rongdun.domains.exchange import FormerFreeze, Outcome
from rongdun.domains.stop_payment.model import Order
from rongdun.kernel.scope import Actor
from tests.domains.stop_payment.desk import CITY, GULOU, NOON, Desk, officer

ACCOUNT = "6299990000300099018"
TAIJIANG = "cn.fj.fz.taijiang."


def earlier(desk: Desk, *orders: Order, by: Actor | None = None, status: int = 200) -> Any:
    asked = {"order": [str(one.id) for one in orders]}
    return desk.call("GET", "/api/orders/earlier", status, params=asked, by=by or desk.county)


def measures(desk: Desk, freeze: Order, *, by: Actor | None = None) -> list[Any]:
    (told,) = earlier(desk, freeze, by=by)
    assert told["order_id"] == str(freeze.id)
    found: list[Any] = told["measures"]
    return found


def test_the_county_sees_the_centres_stop_its_times_and_the_banks_answer(desk: Desk) -> None:
    stop = desk.sent("stop", number=ACCOUNT)
    desk.clock.advance(timedelta(minutes=4))
    desk.answer(stop, Outcome.PARTIAL, held_fen=1_234_500, balance_fen=1_234_500, text="演示:账户余额不足")
    desk.clock.advance(timedelta(hours=1))
    freeze = desk.draft("freeze", number=ACCOUNT, by=desk.handler, from_order=stop.id)
    # Its own scope does not show the stop: that is the centre's, for a report.
    assert desk.call("GET", f"/api/orders/{stop.id}", 404, by=desk.county)["code"] == "not_found"

    (shown,) = measures(desk, freeze)
    assert (shown["number"], shown["kind"], shown["source"]) == (stop.number, "stop", True)
    assert (shown["unit_name"], shown["id"]) == ("演示单位", None)
    # Noon of 2 March in Shanghai is 04:00 UTC; 48 hours run from the moment of the stop, not of the order.
    assert shown["sent_at"] == "2026-03-02T04:00:00Z"
    assert shown["starts_at"] == "2026-03-02T04:04:00Z"
    assert shown["ends_at"] == "2026-03-04T04:04:00Z"
    assert (shown["held_fen"], shown["balance_fen"]) == (1_234_500, 1_234_500)
    (answer,) = shown["replies"]
    assert (answer["outcome"], answer["held_fen"], answer["at"]) == (
        "partial",
        1_234_500,
        "2026-03-02T04:04:00Z",
    )
    assert [step["kind"] for step in shown["steps"]] == ["stop"]


def test_nobodys_number_name_case_reason_or_words_of_the_bank_are_among_it(desk: Desk) -> None:
    stop = desk.sent("stop", number=ACCOUNT, name="演示欧阳乙", reason="演示事由")
    desk.answer(stop, Outcome.DONE, held_fen=1, text="演示:户主欧阳乙")
    freeze = desk.draft("freeze", number=ACCOUNT, by=desk.handler)
    said = str(measures(desk, freeze))
    for secret in (ACCOUNT, ACCOUNT[-4:], "欧阳", "演示事由", "演示警情", str(stop.report_id), str(stop.id)):
        assert secret not in said


def test_freezes_of_others_stand_there_with_who_is_before_in_line(desk: Desk) -> None:
    first = desk.sent("freeze", number=ACCOUNT)
    until = NOON + timedelta(days=90)
    former = FormerFreeze(authority="演示外省公安局", until=until)
    desk.answer(first, Outcome.QUEUED, former=former)
    desk.clock.advance(timedelta(days=1))
    second = desk.sent("stop", number=ACCOUNT)
    elsewhere = desk.sent("stop", number="6299990000300088018")
    freeze = desk.draft("freeze", number=ACCOUNT, by=desk.handler)
    later, sooner = measures(desk, freeze)
    assert (later["number"], sooner["number"]) == (second.number, first.number)
    assert sooner["state"] == "QUEUED"
    assert sooner["replies"][0]["former_authority"] == "演示外省公安局"
    assert sooner["replies"][0]["former_until"] == "2026-05-31T04:00:00Z"
    assert elsewhere.number not in str(measures(desk, freeze))


def test_drafts_and_what_came_after_the_freeze_was_sent_are_not_before_it(desk: Desk) -> None:
    desk.draft("stop", number=ACCOUNT)
    freeze = desk.sent("freeze", number=ACCOUNT)
    desk.clock.advance(timedelta(hours=1))
    desk.sent("stop", number=ACCOUNT)
    assert measures(desk, freeze) == []


def test_its_own_scopes_measures_can_be_opened(desk: Desk) -> None:
    stop = desk.sent("stop", number=ACCOUNT)
    freeze = desk.draft("freeze", number=ACCOUNT, by=desk.handler)
    city = officer(CITY, "order.read", "order.review", "freeze.approve_city")
    assert [one["id"] for one in measures(desk, freeze, by=city)] == [str(stop.id)]


def test_several_freezes_are_answered_together_each_with_its_own(desk: Desk) -> None:
    stop = desk.sent("stop", number=ACCOUNT)
    one = desk.draft("freeze", number=ACCOUNT, by=desk.handler)
    other = desk.draft("freeze", by=desk.handler)
    told = {each["order_id"]: each["measures"] for each in earlier(desk, one, other)}
    assert [measure["number"] for measure in told[str(one.id)]] == [stop.number]
    assert told[str(other.id)] == []


def test_only_who_approves_and_only_for_a_freeze_in_their_scope(desk: Desk) -> None:
    stop = desk.sent("stop", number=ACCOUNT)
    freeze = desk.draft("freeze", number=ACCOUNT, by=desk.handler)
    neighbour = officer(TAIJIANG, "order.read", "order.review", "freeze.approve_county")
    earlier(desk, freeze, by=neighbour, status=404)
    earlier(desk, freeze, by=officer(GULOU, "order.read", "order.draft"), status=403)
    earlier(desk, stop, by=officer(CITY, "order.review"), status=404)


def test_that_it_was_read_is_on_record(desk: Desk) -> None:
    desk.sent("stop", number=ACCOUNT)
    freeze = desk.draft("freeze", number=ACCOUNT, by=desk.handler)
    desk.recorded.clear()
    measures(desk, freeze)
    found = [one for one in desk.recorded if one.action == "order.earlier"]
    assert [(one.subject.id, one.unit_path) for one in found] == [(str(freeze.id), freeze.unit_path)]


def test_what_happens_afterwards_still_holds_the_readers_scope(desk: Desk) -> None:
    stop = desk.sent("stop", number=ACCOUNT)
    freeze = desk.draft("freeze", number=ACCOUNT, by=desk.handler)
    measures(desk, freeze)
    numbers = [one["number"] for one in desk.call("GET", "/api/orders", by=desk.county)["items"]]
    assert stop.number not in numbers
