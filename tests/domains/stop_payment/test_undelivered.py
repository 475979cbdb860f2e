"""Prevents an order that never reached its bank from standing at «sent» with nobody the wiser."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import text

from rongdun.domains.exchange import Outcome
from rongdun.domains.exchange.service import settle
from rongdun.domains.stop_payment import following, sending
from rongdun.domains.stop_payment.model import Order
from rongdun.runtime.outbox import Courier, NotDelivered, Outgoing, Plan, Refused
from tests.domains.stop_payment.desk import CITY, Desk, officer

EXCHANGE = officer(CITY, "outbox.read", "outbox.act", name="演示·邓三十")


@dataclass
class Line:
    """The way to the banks: open, down, or turning every message back as malformed."""

    state: str = "open"
    carried: int = 0

    def deliver(self, message: Outgoing) -> str:
        if self.state == "malformed":
            raise Refused("malformed: account name is empty")
        if self.state == "down":
            raise NotDelivered("connection refused")
        self.carried += 1
        return "received"


def go_out(desk: Desk, line: Line, rounds: int = 1) -> None:
    courier = Courier(desk.centre.transact, {"bank": line}, "test", Plan(longest_s=60))
    for _ in range(rounds):
        courier.tick()
        desk.clock.advance(timedelta(seconds=61))


def letter(desk: Desk, order: Order) -> tuple[object, int]:
    with desk.centre.transact() as uow:
        row = uow.session.execute(
            text("select id, version from outbox where payload->>'order_id' = :id order by seq desc limit 1"),
            {"id": str(order.id)},
        ).one()
    return row[0], row[1]


def decide(desk: Desk, order: Order, action: str) -> None:
    message_id, version = letter(desk, order)
    with desk.centre.transact(EXCHANGE) as uow:
        settle(uow, message_id, action=action, version=version, reason="演示")  # type: ignore[arg-type]


def test_a_malformed_message_is_seen_at_the_order_desk_with_its_reason(desk: Desk) -> None:
    order = desk.sent()
    go_out(desk, Line("malformed"))
    desk.sweep()
    shown = desk.call("GET", f"/api/orders/{order.id}", by=desk.leader)
    assert shown["attention"] == "undelivered"
    told = [one for one in shown["events"] if one["kind"] == "undelivered"]
    assert len(told) == 1
    assert "malformed: account name is empty" in told[0]["detail"]["error"]
    listed = desk.call("GET", "/api/orders?filter=attention:eq:undelivered", by=desk.leader)
    assert [one["number"] for one in listed["items"]] == [order.number]
    assert desk.call("GET", "/api/orders/counts", by=desk.leader)["attention"] == 1


def test_a_bank_that_cannot_be_reached_is_tried_until_the_attempts_are_spent(desk: Desk) -> None:
    order = desk.sent()
    go_out(desk, Line("down"), rounds=11)
    desk.sweep()
    assert desk.order(order).attention == ""
    go_out(desk, Line("down"))
    desk.sweep()
    assert desk.order(order).attention == "undelivered"


def test_the_mark_is_set_once_however_often_is_swept(desk: Desk) -> None:
    order = desk.sent()
    go_out(desk, Line("malformed"))
    for _ in range(3):
        desk.sweep()
    events = desk.call("GET", f"/api/orders/{order.id}", by=desk.leader)["events"]
    assert [one["kind"] for one in events].count("undelivered") == 1


def test_the_mark_goes_when_the_message_is_sent_after_all(desk: Desk) -> None:
    order, line = desk.sent(), Line("malformed")
    go_out(desk, line)
    desk.sweep()
    decide(desk, order, "retry")
    line.state = "open"
    go_out(desk, line)
    desk.sweep()
    assert (desk.order(order).attention, desk.order(order).state) == ("", "SENT")
    desk.answer(order, Outcome.DONE, held_fen=5_000_000)
    assert desk.order(order).state == "STOPPED"


def test_it_can_be_sent_again_at_once_and_goes_out_once(desk: Desk) -> None:
    order, line = desk.sent(), Line("malformed")
    go_out(desk, line)
    desk.sweep()
    desk.act(order, sending.resend, by=desk.leader)
    assert desk.order(order).attention == ""
    line.state = "open"
    go_out(desk, line, rounds=2)
    desk.sweep()
    assert (line.carried, desk.order(order).attention) == (1, "")


def test_one_that_has_gone_out_is_not_sent_again_before_its_answer_is_overdue(desk: Desk) -> None:
    order = desk.sent()
    go_out(desk, Line())
    shown = desk.call("GET", f"/api/orders/{order.id}", by=desk.leader)
    again = next(one for one in shown["actions"] if one["action"] == "resend")
    assert (again["allowed"], again["rule"]) == (False, "order.undelivered")


def test_a_message_given_up_ends_the_order_and_a_corrected_one_may_follow_it(desk: Desk) -> None:
    order, line = desk.sent(number="6299990000077777018"), Line("malformed")
    go_out(desk, line)
    desk.sweep()
    decide(desk, order, "abandon")
    desk.sweep()
    ended = desk.order(order)
    assert (ended.state, ended.outcome, ended.attention) == ("REJECTED", "undelivered", "")
    assert "stop.reply" not in desk.clocks(order)
    corrected = desk.sent(number="6299990000077777018")
    shown = desk.call("GET", f"/api/orders/{corrected.id}", by=desk.leader)
    assert shown["consequences"]["stops"] == 1
    line.state = "open"
    go_out(desk, line)
    assert line.carried == 1


def test_a_lifting_that_did_not_arrive_is_marked_and_may_be_sent_anew(desk: Desk) -> None:
    order, line = desk.sent(), Line()
    go_out(desk, line)
    desk.answer(order, Outcome.DONE, held_fen=5_000_000)
    desk.act(order, following.lift, by=desk.leader, reason="演示")
    line.state = "malformed"
    go_out(desk, line)
    desk.sweep()
    assert desk.order(order).attention == "undelivered"
    decide(desk, order, "abandon")
    desk.sweep()
    assert (desk.order(order).state, desk.order(order).attention) == ("STOPPED", "")
    desk.act(order, following.lift, by=desk.leader, reason="演示")
    assert desk.messages(order) == ["stop", "lift_stop", "lift_stop"]
