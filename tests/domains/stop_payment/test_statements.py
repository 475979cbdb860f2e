"""A statement in an answer becomes rows of the ledger under the bank's account, and the trace grows by itself."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import text

from rongdun.domains import stop_payment, tracing
from rongdun.domains.exchange import Outcome, StatementRow
from rongdun.domains.tracing.traces import service as traces
from rongdun.domains.tracing.traces.results import result_of
from rongdun.domains.tracing.traces.seeds import Written
from rongdun.kernel.scope import Actor
from rongdun.runtime.jobs import JobQueue, Work
from tests.domains.stop_payment.desk import CENTRE, CITY, GULOU, NOON, Desk, officer

FIRST, SECOND = "6299990000000000011", "6299990000000000029"
PAID = NOON - timedelta(hours=1)


def work(desk: Desk) -> None:
    """Let a worker do what waits."""
    services = desk.centre.services
    queue = JobQueue(
        services.database.dsn,
        (*tracing.JOBS, *stop_payment.JOBS),
        Work(desk.centre.transact, services),
    )
    asyncio.run(queue.run_what_waits())


def rows(comes_from: str, goes_to: str) -> list[StatementRow]:
    """Return a statement: 50,000 yuan come, 40,000 go on five minutes later."""
    return [
        StatementRow(
            time=PAID,
            incoming=True,
            amount_fen=5_000_000,
            balance_fen=5_000_000,
            serial=f"S-{comes_from[-4:]}",
            counterparty_number=comes_from,
            counterparty_name="演示甲",
        ),
        StatementRow(
            time=PAID + timedelta(minutes=5),
            incoming=False,
            amount_fen=4_000_000,
            balance_fen=1_000_000,
            serial=f"S-{goes_to[-4:]}",
            counterparty_number=goes_to,
            counterparty_name="演示丙",
            counterparty_bank="演示工商银行",
        ),
    ]


def tracer() -> Actor:
    """Return somebody of the centre who traces money."""
    return officer(CENTRE, "trace.run", "trace.read", "ledger.read", scope=CITY)


def test_an_answered_statement_is_in_the_ledger_and_the_trace_is_computed_again(desk: Desk) -> None:
    asked = desk.sent("query", number=FIRST, name="演示乙")
    desk.answer(asked, Outcome.DONE, rows=rows("6299991000000000036", SECOND), balance_fen=1_000_000)
    work(desk)
    with desk.centre.transact() as uow:
        [kept] = uow.session.execute(text("select state, rows, import_id from order_statements")).all()
    assert (kept.state, kept.rows) == ("IMPORTED", 2)

    settings = traces.Settings(
        title="演示",
        rule="fifo",
        depth=6,
        window_hours=72,
        delta_minutes=60,
        as_of=datetime(2026, 3, 3, tzinfo=UTC),
    )
    seed = Written("演示甲", "演示工商银行", FIRST, "5万", "2026-03-02 11:00:00")
    with desk.centre.transact(tracer()) as uow:
        trace = traces.create(uow, settings, [seed], compute=True)
    work(desk)
    assert found(desk, trace.id) == (1, 1_000_000)

    onward = desk.sent("query", number=SECOND, name="演示丙", trace_id=trace.id)
    third = "6299990000000000037"
    told = [
        StatementRow(
            time=PAID + timedelta(minutes=5),
            incoming=True,
            amount_fen=4_000_000,
            balance_fen=4_000_000,
            serial="T-1",
            counterparty_number=FIRST,
            counterparty_name="演示乙",
        ),
        StatementRow(
            time=PAID + timedelta(minutes=9),
            incoming=False,
            amount_fen=1_500_000,
            balance_fen=2_500_000,
            serial="T-2",
            counterparty_number=third,
            counterparty_name="演示丁",
        ),
    ]
    desk.answer(onward, Outcome.DONE, rows=told, balance_fen=2_500_000)
    work(desk)
    assert found(desk, trace.id) == (2, 3_500_000)


def test_a_trace_that_waited_is_computed_by_the_statement_for_another_units_order(desk: Desk) -> None:
    """The centre follows the case; the order for it is the county's, and so is the statement that comes."""
    subject = desk.case()
    seed = Written("演示甲", "演示工商银行", FIRST, "5万", "2026-03-02 11:00:00")
    belongs = tracing.Belongs(case_id=UUID(subject.id), case_path=GULOU)
    with desk.centre.transact(tracer()) as uow:
        trace = tracing.begin_trace(uow, "演示", [seed], belongs)
        assert trace.state == "DRAFT"

    asked = desk.sent("query", number=FIRST, name="演示乙", subject=subject, unit_path=GULOU)
    desk.answer(asked, Outcome.DONE, rows=rows("6299991000000000036", SECOND), balance_fen=1_000_000)
    work(desk)

    assert found(desk, trace.id) == (1, 1_000_000)


def found(desk: Desk, trace_id: UUID) -> tuple[int, int]:
    """Return how often a trace was computed and what it says is still there, in fen."""
    with desk.centre.transact(tracer()) as uow:
        trace = traces.find(uow, trace_id)
        assert trace.state == "READY"
        return trace.round, result_of(uow, trace, "fifo").told.totals.left_fen


def test_a_whole_tier_is_stopped_in_one_act_with_what_the_trace_knows(desk: Desk) -> None:
    asked = desk.sent("query", number=FIRST, name="演示乙")
    desk.answer(asked, Outcome.DONE, rows=rows("6299991000000000036", SECOND), balance_fen=1_000_000)
    work(desk)
    settings = traces.Settings(
        title="演示",
        rule="fifo",
        depth=6,
        window_hours=72,
        delta_minutes=60,
        as_of=datetime(2026, 3, 3, tzinfo=UTC),
    )
    seed = Written("演示甲", "演示工商银行", FIRST, "5万", "2026-03-02 11:00:00")
    with desk.centre.transact(tracer()) as uow:
        trace = traces.create(uow, settings, [seed], compute=True)
    work(desk)
    with desk.centre.transact(tracer()) as uow:
        opened = result_of(uow, trace, "fifo")
        addresses = sorted({opened.addresses[one.account] for one in opened.told.holdings})
    subject = {"kind": "report", "id": desk.report().id, "label": "演示警情"}
    both = officer(CENTRE, "order.draft", "order.read", "trace.read", scope=CITY)
    asked_for = {"kind": "stop", "subject": subject, "trace_id": str(trace.id), "accounts": addresses}
    made = desk.call("POST", "/api/orders/batch", 201, by=both, json=asked_for)
    assert [one["missing"] for one in made["orders"]] == [[], []]
    assert [one["amount_fen"] for one in made["orders"]] == [5_000_000, 4_000_000]
    assert {one["batch_id"] for one in made["orders"]} == {made["batch_id"]}
    desk.call("POST", "/api/orders/batch", 422, by=both, json={**asked_for, "accounts": ["0" * 32]})
