"""What the law says of stops and freezes, each rule a test; numbers and words from the regulations, not the code.

银发〔2016〕86号; 公安机关办理刑事案件程序规定 (2020) articles 174, 240 to 243, 247; the reviewer's checks 1 to 5.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rongdun.domains.exchange import Outcome
from rongdun.domains.stop_payment import following, sending
from rongdun.domains.stop_payment.model import Order
from rongdun.kernel.errors import Forbidden, RefusedByRule
from tests.domains.stop_payment.desk import GULOU, NOON, Desk, officer

HOURS_48 = timedelta(hours=48)


def refused(desk: Desk, order: Order, what: object, **options: Any) -> RefusedByRule:
    """Return the refusal of a step, which a rule must have given."""
    with pytest.raises(RefusedByRule) as caught:
        desk.act(order, what, **options)
    return caught.value


def stops(desk: Desk, card: str, times: int) -> None:
    """Let the bank stop an account so many times, each of them lapsed."""
    for _ in range(times):
        desk.stopped(number=card)
        desk.clock.advance(HOURS_48)
        desk.sweep()


def test_a_third_stop_of_one_account_by_one_organ_is_refused_with_the_rules_text(desk: Desk) -> None:
    card = "6299990000000000011"
    stops(desk, card, 2)
    third = desk.draft(number=card)
    error = refused(desk, third, sending.send_order, by=desk.drafter)
    assert error.rule is not None
    assert error.rule.key == "stop.max_per_account"
    assert "两次" in error.rule.text.zh
    assert error.rule.legal_basis == "银发〔2016〕86号"
    assert desk.messages(third) == []


def test_spelling_a_number_otherwise_makes_no_other_account_of_it(desk: Desk) -> None:
    stops(desk, "6299990000000000011", 2)
    third = desk.draft(number="6299 9900 0000 0000 011")
    assert refused(desk, third, sending.send_order, by=desk.drafter).rule.key == "stop.max_per_account"  # type: ignore[union-attr]


def test_an_extension_is_the_second_stop(desk: Desk) -> None:
    card = "6299990000000000011"
    order = desk.stopped(number=card)
    desk.act(order, following.extend)
    desk.answer(order, Outcome.DONE, kind="extend_stop")
    desk.clock.advance(2 * HOURS_48)
    desk.sweep()
    assert desk.order(order).state == "EXPIRED"
    again = desk.draft(number=card)
    assert refused(desk, again, sending.send_order, by=desk.drafter).rule.key == "stop.max_per_account"  # type: ignore[union-attr]


def test_another_organ_counts_for_itself(desk: Desk) -> None:
    stops(desk, "6299990000000000011", 2)
    desk.handler = officer(GULOU, "order.read", "order.draft")
    other = desk.draft(number="6299990000000000011", by=desk.handler)
    assert desk.act(other, sending.send_order, by=desk.handler).state == "SENT"


def test_stations_of_a_county_share_the_countys_two(desk: Desk) -> None:
    card = "6299990000000000011"
    for path in (GULOU, GULOU + "dongjie."):
        drafter = officer(path, "order.read", "order.draft")
        order = desk.draft(number=card, by=drafter)
        desk.act(order, sending.send_order, by=drafter)
        desk.answer(order, Outcome.DONE, held_fen=1, balance_fen=1)
        desk.clock.advance(HOURS_48)
        desk.sweep()
    station = officer(GULOU + "dongjie.", "order.read", "order.draft")
    third = desk.draft(number=card, by=station)
    assert refused(desk, third, sending.send_order, by=station).rule.key == "stop.max_per_account"  # type: ignore[union-attr]


def test_a_stop_the_bank_refused_used_up_nothing(desk: Desk) -> None:
    card = "6299990000000000011"
    for _ in range(3):
        order = desk.sent(number=card)
        desk.answer(order, Outcome.MISMATCH)
        assert desk.order(order).state == "REJECTED"
    assert desk.sent(number=card).state == "SENT"


def test_only_the_duty_leader_lets_a_third_stop_pass_with_a_reason_on_record(desk: Desk) -> None:
    card = "6299990000000000011"
    stops(desk, card, 2)
    third = desk.draft(number=card)
    with pytest.raises(Forbidden):
        desk.act(third, sending.override, by=desk.drafter, reason="演示")
    assert refused(desk, third, sending.override, reason=" ").rule.key == "stop_order.reason"  # type: ignore[union-attr]
    desk.act(third, sending.override, reason="演示:受害人仍在转账,案件尚未立案")
    assert desk.act(third, sending.send_order, by=desk.drafter).state == "SENT"
    entry = next(one for one in desk.recorded if one.action == "order.override")
    assert entry.note == "演示:受害人仍在转账,案件尚未立案"
    assert entry.actor.name == "演示·何十二"


def test_no_exception_is_made_where_none_is_needed(desk: Desk) -> None:
    assert refused(desk, desk.draft(), sending.override, reason="演示").rule.key == "stop.override_needed"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("lacks", "code"),
    [
        ({"name": ""}, "account_name"),
        ({"amount_fen": None}, "amount"),
        ({"time": None}, "transaction_time"),
        ({"bank": "没有这家银行"}, "institution"),
        ({"time": NOON + timedelta(hours=1)}, "transaction_time"),
    ],
)
def test_a_stop_without_one_of_the_four_items_does_not_go_out(desk: Desk, lacks: dict, code: str) -> None:  # type: ignore[type-arg]
    order = desk.draft(**lacks)
    assert order.missing == [code]
    assert refused(desk, order, sending.send_order, by=desk.drafter).rule.key == "stop.match_items"  # type: ignore[union-attr]


def test_a_stop_ends_forty_eight_hours_after_the_bank_stopped_it_not_after_it_was_asked(desk: Desk) -> None:
    order = desk.sent()
    desk.clock.advance(timedelta(minutes=7))
    desk.answer(order, Outcome.DONE, held_fen=5_000_000, start=NOON + timedelta(minutes=5))
    found = desk.order(order)
    assert (found.state, found.held_fen) == ("STOPPED", 5_000_000)
    assert found.ends_at == datetime(2026, 3, 4, 4, 5, tzinfo=UTC)
    assert desk.clocks(order)["stop.validity"] == found.ends_at


@pytest.mark.parametrize(("early", "state"), [(1, "STOPPED"), (0, "EXPIRED")])
def test_at_the_forty_eighth_hour_it_lapses_and_not_a_microsecond_before(
    desk: Desk, early: int, state: str
) -> None:
    order = desk.stopped()
    desk.clock.set(NOON + HOURS_48 - timedelta(microseconds=early))
    desk.sweep()
    assert desk.order(order).state == state
    assert bool(desk.clocks(order)) is bool(early)


@pytest.mark.parametrize(("early", "allowed"), [(1, True), (0, False)])
def test_it_is_extended_before_its_end_or_not_at_all(desk: Desk, early: int, allowed: bool) -> None:
    order = desk.stopped()
    desk.clock.set(NOON + HOURS_48 - timedelta(microseconds=early))
    if not allowed:
        assert refused(desk, order, following.extend).rule.key == "stop.validity"  # type: ignore[union-attr]
        return
    desk.act(order, following.extend)
    desk.answer(order, Outcome.DONE, kind="extend_stop")
    found = desk.order(order)
    assert (found.state, found.ends_at) == ("EXTENDED", NOON + 2 * HOURS_48)


def test_an_extension_sent_in_time_and_answered_late_still_counts(desk: Desk) -> None:
    order = desk.stopped()
    desk.clock.set(NOON + HOURS_48 - timedelta(minutes=1))
    desk.act(order, following.extend)
    desk.clock.set(NOON + HOURS_48 + timedelta(hours=1))
    desk.sweep()
    desk.answer(order, Outcome.DONE, kind="extend_stop")
    assert desk.order(order).state == "EXTENDED"


def test_no_freeze_before_the_case_is_filed(desk: Desk) -> None:
    order = desk.draft("freeze", subject=desk.case(filed=False))
    error = refused(desk, order, sending.approve, by=desk.county, level="county")
    assert error.rule is not None
    assert error.rule.key == "freeze.requires_filing"
    assert "174" in error.rule.legal_basis


def test_the_county_freezes_for_half_a_year_the_city_for_one(desk: Desk) -> None:
    long = desk.draft("freeze", months=12)
    error = refused(desk, long, sending.approve, by=desk.county, level="county")
    assert error.rule is not None
    assert "243" in error.rule.legal_basis
    assert desk.act(long, sending.approve, by=desk.city, level="city").state == "APPROVED_CITY"
    error = refused(desk, desk.draft("freeze", months=13), sending.approve, by=desk.city, level="city")
    assert error.rule is not None
    assert error.rule.key == "freeze.period_major"


def test_a_county_approver_cannot_approve_for_the_city(desk: Desk) -> None:
    with pytest.raises(Forbidden):
        desk.act(desk.draft("freeze", months=12), sending.approve, by=desk.county, level="city")


def test_a_freeze_ends_with_the_last_day_of_its_sixth_month(desk: Desk) -> None:
    order = desk.frozen()
    # begun 2 March 2026; the day it begins is not counted, the last one is whole: midnight after 2 September
    assert order.ends_at == datetime(2026, 9, 2, 16, 0, tzinfo=UTC) - timedelta(microseconds=1)
    assert order.state == "FROZEN"
    assert "freeze.period" in desk.clocks(order)


def test_a_freeze_nobody_renewed_is_lifted_by_itself_with_an_event(desk: Desk) -> None:
    order = desk.frozen()
    assert order.ends_at is not None
    desk.clock.set(order.ends_at)
    desk.sweep()
    found = desk.order(order)
    assert (found.state, found.held_fen) == ("AUTO_LIFTED", 0)
    assert any(one.action == "order.expire" for one in desk.recorded)
    error = refused(desk, order, following.renew, by=desk.county, level="county", months=6)
    assert error.rule is not None
    assert error.rule.key == "freeze_order.state"


def test_a_renewal_before_the_end_runs_on_from_the_end(desk: Desk) -> None:
    order = desk.frozen()
    assert order.ends_at is not None
    desk.clock.set(order.ends_at - timedelta(days=1))
    error = refused(desk, order, following.renew, by=desk.county, level="county", months=7)
    assert error.rule is not None
    assert error.rule.key == "freeze.period"
    desk.act(order, following.renew, by=desk.county, level="county", months=6)
    desk.answer(order, Outcome.DONE, kind="renew_freeze")
    found = desk.order(order)
    midnight = datetime(2027, 3, 2, 16, 0, tzinfo=UTC)
    assert (found.state, found.ends_at) == ("RENEWED", midnight - timedelta(microseconds=1))
    assert desk.messages(order) == ["freeze", "renew_freeze"]


def test_behind_another_authority_it_stands_in_line_and_moves_up(desk: Desk) -> None:
    order = desk.sent("freeze")
    desk.answer(order, Outcome.QUEUED)
    assert (desk.order(order).state, desk.order(order).held_fen) == ("QUEUED", 0)
    desk.answer(order, Outcome.DONE, held_fen=100)
    found = desk.order(order)
    assert (found.state, found.held_fen, found.attention) == ("FROZEN", 100, "")


def test_what_is_unrelated_is_lifted_within_three_days_or_the_breach_shows(desk: Desk) -> None:
    for days, how in ((3, "met"), (4, "met_late")):
        order = desk.frozen()
        desk.act(order, following.unrelated, by=desk.county, reason="演示:与案件无关")
        desk.clock.advance(timedelta(days=days))
        desk.act(order, following.lift, by=desk.county, reason="演示:与案件无关")
        desk.answer(order, Outcome.DONE, kind="lift_freeze")
        assert desk.order(order).state == "LIFTED"
        assert desk.outcome_of(order, "freeze.lift_unrelated") == [how]


def test_who_wrote_an_order_does_not_review_it(desk: Desk) -> None:
    order = desk.draft(by=desk.leader)
    error = refused(desk, order, sending.review, by=desk.leader)
    assert error.rule is not None
    assert error.rule.key == "stop_order.maker_checker"


def test_what_is_not_urgent_waits_for_review(desk: Desk) -> None:
    order = desk.draft(urgent=False)
    assert refused(desk, order, sending.send_order, by=desk.drafter).rule.key == "order.review_first"  # type: ignore[union-attr]
    desk.act(order, sending.review)
    assert desk.act(order, sending.send_order, by=desk.drafter).state == "SENT"


def test_a_second_stop_while_one_runs_would_waste_the_second_chance(desk: Desk) -> None:
    first = desk.stopped(number="6299990000000000011")
    again = desk.draft(number="6299990000000000011")
    assert refused(desk, again, sending.send_order, by=desk.drafter).rule.key == "stop.in_force"  # type: ignore[union-attr]
    assert desk.order(first).state == "STOPPED"


def test_a_capped_freeze_asks_for_the_cap_and_a_whole_one_for_no_amount(desk: Desk) -> None:
    for scope, amount in (("limited", 1_000_000), ("full", None)):
        order = desk.sent("freeze", scope=scope, amount_fen=1_000_000)
        with desk.centre.transact() as uow:
            told = desk.told(uow, order)
        assert told.amount_fen == amount


def test_a_freeze_in_place_takes_the_stop_over(desk: Desk) -> None:
    case = desk.case()
    stop = desk.stopped(subject=case)
    desk.sweep()
    with desk.centre.transact(desk.leader) as uow:
        from rongdun.domains.stop_payment import store

        [freeze] = store.following(uow.session, uow.actor.scope, stop.id)
    assert (freeze.kind, freeze.state, freeze.unit_path, freeze.scope) == (
        "freeze",
        "DRAFT",
        GULOU,
        "limited",
    )
    desk.act(freeze, sending.approve, by=desk.county, level="county")
    desk.act(freeze, sending.send_order)
    desk.answer(freeze, Outcome.DONE, held_fen=5_000_000)
    assert desk.order(stop).state == "CONVERTING"
    desk.answer(stop, Outcome.DONE, kind="lift_stop")
    assert desk.order(stop).state == "CONVERTED_TO_FREEZE"
    assert desk.clocks(stop) == {}


def test_a_freeze_made_by_hand_takes_the_stop_over_and_the_sweep_drafts_no_second(desk: Desk) -> None:
    from rongdun.domains.stop_payment import store

    case = desk.case()
    stop = desk.stopped(subject=case, number="6299990000000070034")
    other = desk.draft("freeze", subject=desk.case(), number="6299990000000070034")
    freeze = desk.draft("freeze", subject=case, number="6299990000000070034")
    assert (freeze.from_order, other.from_order) == (stop.id, None)
    desk.sweep()
    with desk.centre.transact(desk.leader) as uow:
        assert [one.id for one in store.following(uow.session, uow.actor.scope, stop.id)] == [freeze.id]


def test_before_a_stop_ends_what_comes_next_is_ready_for_a_decision(desk: Desk) -> None:
    from rongdun.domains.stop_payment.steps import prepared

    order = desk.stopped()
    desk.sweep()
    with desk.centre.transact() as uow:
        assert prepared(uow, order, "extend_stop") is None
    desk.clock.set(NOON + HOURS_48 - timedelta(hours=12))
    for _ in range(2):
        desk.sweep()
    with desk.centre.transact() as uow:
        ready = prepared(uow, order, "extend_stop")
    assert ready is not None
    assert (ready.starts_at, ready.ends_at) == (NOON + HOURS_48, NOON + 2 * HOURS_48)
    desk.act(order, following.extend)
    assert desk.messages(order) == ["stop", "extend_stop"]
    assert desk.instruction(order).application_id == ready.application_id


def test_before_a_freeze_ends_its_renewal_is_ready_and_still_needs_approval(desk: Desk) -> None:
    from rongdun.domains.stop_payment.steps import prepared

    order = desk.frozen()
    assert order.ends_at is not None
    desk.clock.set(order.ends_at - timedelta(days=15))
    desk.sweep()
    with desk.centre.transact() as uow:
        assert prepared(uow, order, "renew_freeze") is not None
    assert desk.messages(order) == ["freeze"]
    with pytest.raises(Forbidden):
        desk.act(order, following.renew, by=desk.drafter, level="county", months=6)
    desk.act(order, following.renew, by=desk.county, level="county", months=6)
    assert desk.messages(order) == ["freeze", "renew_freeze"]
