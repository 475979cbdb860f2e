"""Whatever officers, banks and the clock do, in any order: no third stop, no freeze before filing, nothing twice."""

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from rongdun.domains.exchange import Outcome
from rongdun.domains.stop_payment import following, sending
from rongdun.domains.stop_payment.model import Order
from rongdun.domains.stop_payment.rules import LIFECYCLES, RESTING
from rongdun.kernel.errors import DomainError
from tests.domains.stop_payment.desk import CARDS, Desk

WAITING = {"DRAFT", "REVIEWED", "APPROVED_COUNTY", "APPROVED_CITY", "SENT", "TIMEOUT", "QUEUED", "PARTIAL"}
IN_FORCE = {"STOPPED", "PARTIAL", "EXTENDED", "FROZEN", "RENEWED", "WATCHING", "CONVERTING"}

ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "stop",
                "freeze",
                "send",
                "review",
                "approve",
                "lift",
                "extend",
                "renew",
                "resend",
                "answer",
                "wait",
                "file",
            ]
        ),
        st.integers(0, 5),
        st.sampled_from(list(Outcome)),
    ),
    min_size=5,
    max_size=25,
)


class Run:
    """One run of the desk: the orders made so far, and the case they are for."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.case = desk.case(filed=False)
        self.cards = (next(CARDS), next(CARDS))  # fresh accounts: stops are counted for good
        self.orders: list[Order] = []
        self.filed = False

    def step(self, what: str, which: int, outcome: Outcome) -> None:
        """Do one thing; a refusal is as good as a deed."""
        desk = self.desk
        if what in ("stop", "freeze"):
            fields: dict[str, Any] = {"number": self.cards[which % 2], "subject": self.case}
            self.orders.append(desk.draft(what, **fields))
            return
        if what == "wait":
            desk.clock.advance(timedelta(hours=(1, 12, 47, 49, 24 * 40, 24 * 200)[which]))
            desk.sweep()
            return
        if what == "file" and not self.filed:
            desk.file(UUID(self.case.id))
            self.filed = True
            return
        if self.orders:
            try:
                self.act(what, self.orders[which % len(self.orders)], outcome)
            except DomainError:
                return

    def act(self, what: str, order: Order, outcome: Outcome) -> None:
        """Act on an order."""
        desk = self.desk
        if what == "answer":
            if desk.order(order).sent_at is not None:
                desk.answer(order, outcome, held_fen=4_000_000, balance_fen=4_000_000)
            return
        freeze = order.kind == "freeze"
        steps: dict[str, Any] = {
            "send": (sending.send_order, desk.leader if freeze else desk.drafter, {}),
            "review": (sending.review, desk.leader, {}),
            "approve": (sending.approve, desk.county, {"level": "county"}),
            "lift": (following.lift, desk.county if freeze else desk.leader, {"reason": "演示"}),
            "extend": (following.extend, desk.leader, {}),
            "renew": (following.renew, desk.county, {"level": "county", "months": 6}),
            "resend": (sending.resend, desk.leader, {}),
        }
        if what in steps:
            function, actor, options = steps[what]
            desk.act(order, function, by=actor, **options)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_whatever_happens_the_law_holds(desk: Desk, acts: list[tuple[str, int, Outcome]]) -> None:
    run = Run(desk)
    for what, which, outcome in acts:
        run.step(what, which, outcome)
    _check(desk, run)


def _check(desk: Desk, run: Run) -> None:
    with desk.centre.transact() as uow:
        rows = uow.session.execute(
            text(
                "select o.id, o.kind, o.account_key, s.kind, s.state, s.outcome, s.sent_at, s.application_id"
                " from orders o join order_steps s on s.order_id = o.id"
                " where s.sent_at is not null and o.case_id = :case"
            ),
            {"case": run.case.id},
        ).all()
        sent = Counter(
            key
            for (key,) in uow.session.execute(
                text(
                    "select idempotency_key from outbox where channel = 'bank'"
                    " and payload->>'order_id' in (select id::text from orders where case_id = :case)"
                ),
                {"case": run.case.id},
            )
        )
    stops = Counter(
        row[2] for row in rows if row[3] in ("stop", "extend_stop") and row[5] in ("done", "partial")
    )
    assert all(count <= 2 for count in stops.values())
    assert all(count == 1 for count in sent.values())
    assert {row[7] for row in rows} == set(sent)
    if not run.filed:
        assert not [row for row in rows if row[1] == "freeze"]
    for order in map(desk.order, run.orders):
        table = LIFECYCLES[order.kind]
        assert table.state(order.state).terminal or order.state in WAITING | IN_FORCE | RESTING
        if order.state in IN_FORCE:
            assert order.ends_at is not None
            assert order.ends_at > desk.clock.now() - timedelta(hours=200 * 24)
