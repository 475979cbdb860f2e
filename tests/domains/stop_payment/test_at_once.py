"""Two who act in the same second, and the worker that dies in between: one message goes out, never two."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from rongdun.domains.exchange import Outcome
from rongdun.domains.stop_payment import receiving, sending
from rongdun.kernel.errors import DomainError, StaleVersion
from tests.domains.stop_payment.desk import Desk


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Do several things at the same moment; return what each returned or raised."""
    found: list[Any] = [None] * len(acts)
    gate = threading.Barrier(len(acts))

    def run(place: int, act: Callable[[], Any]) -> None:
        gate.wait()
        try:
            found[place] = act()
        except DomainError as error:
            found[place] = error

    threads = [threading.Thread(target=run, args=one) for one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


def test_two_officers_send_the_same_order_in_the_same_second_and_one_goes_out(desk: Desk) -> None:
    order = desk.draft()

    def send() -> Any:
        with desk.centre.transact(desk.drafter) as uow:
            return sending.send_order(uow, order.id, version=order.version).state

    found = at_once(send, send, send)
    assert sorted(str(one) for one in found if isinstance(one, str)) == ["SENT"]
    assert all(isinstance(one, StaleVersion) for one in found if not isinstance(one, str))
    assert desk.messages(order) == ["stop"]


def test_two_stops_of_one_account_in_the_same_second_are_not_both_sent(desk: Desk) -> None:
    first, second = desk.draft(number="6299990000000000011"), desk.draft(number="6299990000000000011")

    def send(order: Any) -> Callable[[], Any]:
        def act() -> Any:
            with desk.centre.transact(desk.drafter) as uow:
                return sending.send_order(uow, order.id, version=order.version).state

        return act

    found = at_once(send(first), send(second))
    assert [one for one in found if one == "SENT"] == ["SENT"]
    [refused] = [one for one in found if one != "SENT"]
    assert refused.rule.key == "stop.in_force"


def test_the_same_answer_delivered_twice_at_once_has_effect_once(desk: Desk) -> None:
    order = desk.sent()
    reply = desk.reply(order, Outcome.DONE, held_fen=5_000_000)

    def take() -> str:
        with desk.centre.transact() as uow:
            return receiving.receive(uow, reply)

    assert sorted(at_once(take, take, take)) == ["applied", "duplicate", "duplicate"]
    assert desk.order(order).held_fen == 5_000_000


def test_a_refused_send_leaves_nothing_behind(desk: Desk) -> None:
    """State, audit, clocks and message are one transaction: none of them without the others."""
    order = desk.draft(bank="没有这家银行")
    with pytest.raises(DomainError):
        desk.act(order, sending.send_order, by=desk.drafter)
    assert (desk.order(order).state, desk.messages(order), desk.clocks(order)) == ("DRAFT", [], {})
