"""Delivery: once, in order, again after a failure, and never silently given up."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from rongdun.entrypoints.bootstrap import Centre
from rongdun.kernel.clock import FixedClock
from rongdun.kernel.scope import Scope
from rongdun.runtime.db import Database
from rongdun.runtime.outbox import Courier, NotDelivered, OutboxAttempt, OutboxMessage, Refused, abandon
from rongdun.runtime.outbox import retry as retry_message
from tests.runtime.outbox.conftest import NOON, Partner, make_courier

Post = Callable[..., UUID]


def _message(db: Database, message_id: UUID) -> OutboxMessage:
    with db.session(Scope.everything()) as session:
        return session.get_one(OutboxMessage, message_id)


def _attempts(db: Database, message_id: UUID) -> list[tuple[int, str, str]]:
    with db.session(Scope.everything()) as session:
        rows = session.scalars(
            select(OutboxAttempt).filter_by(message_id=message_id).order_by(OutboxAttempt.attempt)
        )
        return [(row.attempt, row.outcome, row.worker) for row in rows]


def test_a_message_is_delivered_once_and_its_receipt_kept(
    post: Post, courier: Courier, partner: Partner, db: Database
) -> None:
    message_id = post("a")
    courier.tick()
    courier.tick()
    message = _message(db, message_id)
    assert partner.keys == ["a"]
    assert (message.state, message.receipt, message.settled_at) == ("sent", "R1", NOON)
    assert _attempts(db, message_id) == [(1, "sent", "w1")]


def test_messages_of_one_order_leave_in_the_order_written_even_when_the_first_fails(
    post: Post, courier: Courier, partner: Partner, clock: FixedClock
) -> None:
    for key in ("stop", "extend", "lift"):
        post(key, order_key="account-1")
    post("other", order_key="account-2")
    partner.errors = [NotDelivered("busy")]
    for _ in range(8):
        courier.tick()
        clock.advance(timedelta(seconds=2))
    assert [key for key in partner.keys if key != "other"] == ["stop", "extend", "lift"]
    assert partner.keys[0] == "other"


def test_a_failed_message_waits_twice_as_long_each_time_give_or_take_half(
    post: Post, courier: Courier, partner: Partner, clock: FixedClock, db: Database
) -> None:
    message_id = post("a")
    partner.errors = [NotDelivered("busy")] * 4
    for longest in (2, 4, 8, 16):
        courier.tick()
        due = _message(db, message_id).next_attempt_at
        assert due is not None
        assert longest / 2 <= (due - clock.now()).total_seconds() <= longest
        clock.set(due)
    courier.tick()
    assert partner.keys == ["a"]


def test_a_wait_the_receiver_asked_for_is_respected(
    post: Post, courier: Courier, partner: Partner, db: Database
) -> None:
    message_id = post("a")
    partner.errors = [NotDelivered("closed", after=timedelta(minutes=10))]
    courier.tick()
    assert _message(db, message_id).next_attempt_at == NOON + timedelta(minutes=10)


def test_out_of_attempts_a_message_is_dead_and_holds_up_its_order(
    post: Post, courier: Courier, partner: Partner, clock: FixedClock, db: Database
) -> None:
    dead = post("stop", order_key="x", max_attempts=2)
    post("lift", order_key="x")
    partner.errors = [NotDelivered("busy")] * 2
    for _ in range(5):
        courier.tick()
        clock.advance(timedelta(minutes=5))
    assert _message(db, dead).state == "dead"
    assert partner.keys == []


def test_a_refused_message_is_dead_at_once(
    post: Post, courier: Courier, partner: Partner, db: Database
) -> None:
    message_id = post("a")
    partner.errors = [Refused("unknown account")]
    courier.tick()
    message = _message(db, message_id)
    assert (message.state, message.attempts) == ("dead", 1)
    assert "unknown account" in message.last_error


def test_an_error_text_is_stored_without_the_numbers_it_quotes(
    post: Post, courier: Courier, partner: Partner, db: Database
) -> None:
    message_id = post("a")
    partner.errors = [ValueError("no such card 6222 0212 3456 7890 123 of 13900001111")]
    courier.tick()
    error = _message(db, message_id).last_error
    assert error == "ValueError: no such card <card> of <phone>"


@pytest.mark.parametrize(("decide", "expected"), [(retry_message, ["stop", "lift"]), (abandon, ["lift"])])
def test_a_decision_about_a_dead_message_lets_its_order_go_on(
    decide: Any,
    expected: list[str],
    post: Post,
    courier: Courier,
    partner: Partner,
    centre: Centre,
) -> None:
    dead = post("stop", order_key="x", max_attempts=1)
    post("lift", order_key="x")
    partner.errors = [NotDelivered("busy")]
    courier.tick()
    with centre.transact() as uow:
        decide(uow, uow.session.get_one(OutboxMessage, dead), reason="liaison called back")
    for _ in range(3):
        courier.tick()
    assert partner.keys == expected


def test_a_message_that_expired_is_never_sent(
    post: Post, courier: Courier, partner: Partner, clock: FixedClock, db: Database
) -> None:
    message_id = post("a", expires_at=NOON + timedelta(hours=1))
    clock.advance(timedelta(hours=1))
    courier.tick()
    assert partner.keys == []
    assert (_message(db, message_id).state, _attempts(db, message_id)) == ("dead", [(0, "expired", "w1")])


def test_a_channel_without_transport_is_tried_again_not_lost(
    post: Post, courier: Courier, db: Database
) -> None:
    message_id = post("a", channel="pigeon")
    courier.tick()
    message = _message(db, message_id)
    assert (message.state, message.last_error) == ("pending", "no transport for channel pigeon")


def test_a_message_whose_worker_died_is_taken_over_when_the_lease_ends(
    post: Post, courier: Courier, partner: Partner, clock: FixedClock, centre: Centre, db: Database
) -> None:
    message_id = post("a")
    gone = make_courier(centre, partner, "gone", lease_s=60)
    gone._claim(20)
    clock.advance(timedelta(seconds=59))
    heir = make_courier(centre, partner, "heir", lease_s=60)
    heir.tick()
    assert partner.keys == []
    clock.advance(timedelta(seconds=1))
    heir.tick()
    assert partner.keys == ["a"]
    assert _attempts(db, message_id) == [(1, "lost", "gone"), (2, "sent", "heir")]


def test_a_lease_given_before_the_clock_jumped_back_does_not_bind_for_hours(
    post: Post, partner: Partner, clock: FixedClock, centre: Centre
) -> None:
    post("a")
    make_courier(centre, partner, "gone", lease_s=60)._claim(20)
    clock.advance(timedelta(hours=-3))
    make_courier(centre, partner, "heir", lease_s=60)._clear_away()
    with centre.transact() as uow:
        assert uow.session.scalars(select(OutboxMessage.state)).all() == ["pending"]


def test_a_courier_that_lost_its_lease_does_not_overrule_its_heir(
    post: Post, partner: Partner, clock: FixedClock, centre: Centre, db: Database
) -> None:
    message_id = post("a", max_attempts=2)
    slow = make_courier(centre, partner, "slow", lease_s=60)
    heir = make_courier(centre, partner, "heir", lease_s=60)
    (message,) = slow._claim(20)
    clock.advance(timedelta(seconds=60))
    heir.tick()
    partner.errors = [Refused("duplicate")]
    slow._carry(message)
    assert _message(db, message_id).state == "sent"


def test_four_couriers_share_the_work_and_send_nothing_twice(
    post: Post, partner: Partner, clock: FixedClock, centre: Centre, db: Database
) -> None:
    keys = [f"{order}-{number}" for order in range(20) for number in range(5)]
    for key in keys:
        post(key, order_key=key.split("-")[0])
    failures: list[BaseException] = []

    def work(name: str) -> None:
        courier = make_courier(centre, partner, name, batch=3)
        try:
            for _ in range(200):
                courier.tick()
        except BaseException as error:
            failures.append(error)
            raise

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(partner.keys) == sorted(keys)
    for order in range(20):
        mine = [key for key in partner.keys if key.startswith(f"{order}-")]
        assert mine == [f"{order}-{number}" for number in range(5)]
