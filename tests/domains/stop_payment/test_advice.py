"""What to do next on a trace: it knows what was sent, answered and drafted, and changes with each of them."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from rongdun.domains.exchange import Outcome
from rongdun.domains.stop_payment import advising
from rongdun.domains.tracing.traces import service as traces
from rongdun.domains.tracing.traces.seeds import Written
from rongdun.runtime.policies import integer
from tests.domains.stop_payment.desk import CENTRE, CITY, NOON, Desk, officer
from tests.domains.stop_payment.test_statements import FIRST, SECOND, rows, tracer, work


@pytest.fixture
def trace_id(desk: Desk) -> UUID:
    """A trace computed at noon: 50,000 yuan came to the first account at eleven, 40,000 went on to the second."""
    asked = desk.sent("query", number=FIRST, name="演示乙")
    desk.answer(asked, Outcome.DONE, rows=rows("6299991000000000036", SECOND), balance_fen=1_000_000)
    work(desk)
    settings = traces.Settings(
        title="演示", rule="fifo", depth=6, window_hours=72, delta_minutes=60, as_of=None
    )
    seed = Written("演示甲", "演示工商银行", FIRST, "5万", "2026-03-02 11:00:00")
    with desk.centre.transact(tracer()) as uow:
        trace = traces.create(uow, settings, [seed], compute=True)
    work(desk)
    return trace.id


def advice(desk: Desk, trace_id: UUID) -> dict[str, Any]:
    desk.actor = officer(CENTRE, "trace.read", "order.read", scope=CITY)
    answer = desk.client.get(f"/api/orders/advice?trace={trace_id}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def actions(found: dict[str, Any]) -> set[tuple[str, int]]:
    return {(one["action"], one["tier"]) for one in found["suggestions"]}


def test_what_is_left_is_stopped_and_where_it_went_is_asked(desk: Desk, trace_id: UUID) -> None:
    found = advice(desk, trace_id)
    assert found["live"] is True
    assert {("stop", 1), ("ask", 2)} <= actions(found)
    rates = [one["fen_per_minute"] for one in found["suggestions"]]
    assert rates == sorted(rates, reverse=True)
    text = str(found)
    assert FIRST not in text and SECOND not in text, "numbers are masked"


def test_an_order_on_its_way_is_not_advised_again(desk: Desk, trace_id: UUID) -> None:
    desk.sent("query", number=SECOND, name="演示丙", trace_id=trace_id)
    assert ("ask", 2) not in actions(advice(desk, trace_id))


def test_a_draft_that_waits_is_opened_instead_of_made_again(desk: Desk, trace_id: UUID) -> None:
    order = desk.draft("query", number=SECOND, name="演示丙", trace_id=trace_id)
    asks = [
        one for one in advice(desk, trace_id)["suggestions"] if (one["action"], one["tier"]) == ("ask", 2)
    ]
    assert [one["draft"]["id"] for one in asks] == [str(order.id)]


def test_a_stopped_account_is_left_until_its_stop_runs_out(desk: Desk, trace_id: UUID) -> None:
    desk.stopped(number=FIRST, name="演示乙", trace_id=trace_id)
    assert ("stop", 1) not in actions(advice(desk, trace_id))


def test_days_later_nothing_is_chased_as_if_it_were_now(desk: Desk, trace_id: UUID) -> None:
    desk.clock.set(NOON + timedelta(days=30))
    found = advice(desk, trace_id)
    assert found["live"] is False
    assert found["as_of"].startswith("2026-03-02")


def test_a_trace_of_another_city_is_not_found(desk: Desk, trace_id: UUID) -> None:
    desk.actor = officer("cn.fj.xm.", "trace.read", "order.read", scope="cn.fj.xm.")
    assert desk.client.get(f"/api/orders/advice?trace={trace_id}").status_code == 404


def limit(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """Let the rule table allow so many queries a day."""

    def ruled(session: Session, key: str, *, on: date) -> int:
        return most if key == "query.daily_max" else integer(session, key, on=on)

    monkeypatch.setattr(advising, "integer", ruled)


def test_no_question_is_advised_beyond_what_a_unit_may_send_in_a_day(
    desk: Desk, trace_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One query went out while the trace was made: two may be sent, so one more; at one a day, none until midnight."""
    limit(monkeypatch, 2)
    assert ("ask", 2) in actions(advice(desk, trace_id))
    limit(monkeypatch, 1)
    found = advice(desk, trace_id)
    assert not any(action == "ask" for action, _ in actions(found))
    last = found["suggestions"][-1]
    assert (last["action"], last["account"]) == ("wait", "")
    assert last["why"]["zh"].startswith("今日调单上限 1 份，还可发 0 份；另有 ")
    desk.clock.set(NOON + timedelta(hours=12))
    assert ("ask", 2) in actions(advice(desk, trace_id)), "after midnight in Shanghai"
