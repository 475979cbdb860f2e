"""Queries of a day's book: what was delivered to an institution and what it answered."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session

from rongdun.domains.exchange.model import Day, InboxMessage, StoredReconciliation
from rongdun.kernel.errors import Text
from rongdun.kernel.scope import Scope
from rongdun.runtime.outbox import OutboxMessage
from rongdun.runtime.tables import Column, TableSpec

TABLE = TableSpec(
    columns={
        "day": Column(StoredReconciliation.day, Text("日期", "Day")),
        "institution": Column(StoredReconciliation.institution, Text("机构代码", "Institution")),
        "ours": Column(StoredReconciliation.ours, Text("我方笔数", "Ours")),
        "theirs": Column(StoredReconciliation.theirs, Text("对方笔数", "Theirs")),
        "agreed": Column(StoredReconciliation.agreed, Text("相符", "Agreed")),
        "made_at": Column(StoredReconciliation.made_at, Text("核对时间", "Compared")),
        "made_by": Column(StoredReconciliation.made_by, Text("核对人", "Compared by")),
    },
    key=StoredReconciliation.id,
    search=[StoredReconciliation.institution],
    default_sort="-made_at",
)

CHANNEL = "bank"
"""Channel of instructions to institutions; a delivered one's receipt begins with the institution's code."""

STATUS = "status"
"""Kind of a message that asks what became of an instruction: it is none itself."""

_BY_FORM = "form"
"""Receipt, behind the code, of what its liaison answers by hand: it stands in no book of messages."""


def lines_of(
    session: Session, scope: Scope, institution: str, start: datetime, end: datetime, named: Sequence[str]
) -> Sequence[Any]:
    """Return ``(application_id, kind, delivered, outcome, held_fen)`` of what was delivered from ``start`` to ``end``.

    Instructions in ``named`` are there whenever they were delivered. The last answer taken in counts.
    """
    answers = (
        select(InboxMessage.application_id, InboxMessage.outcome, InboxMessage.held_fen)
        .ext(distinct_on(InboxMessage.application_id))
        .where(InboxMessage.institution == institution, InboxMessage.state == "taken")
        .order_by(InboxMessage.application_id, InboxMessage.seq.desc())
        .subquery()
    )
    day = and_(OutboxMessage.settled_at >= start, OutboxMessage.settled_at < end)
    statement = (
        select(
            OutboxMessage.idempotency_key,
            OutboxMessage.kind,
            OutboxMessage.settled_at,
            func.coalesce(answers.c.outcome, ""),
            answers.c.held_fen,
        )
        .join(answers, answers.c.application_id == OutboxMessage.idempotency_key, isouter=True)
        .where(OutboxMessage.channel == CHANNEL, OutboxMessage.state == "sent", OutboxMessage.kind != STATUS)
        .where(OutboxMessage.receipt.startswith(f"{institution}/"))
        .where(OutboxMessage.receipt != f"{institution}/{_BY_FORM}")
        .where(and_(OutboxMessage.unit_path >= scope.low, OutboxMessage.unit_path < scope.high))
        .where(or_(day, OutboxMessage.idempotency_key.in_(named)))
    )
    return session.execute(statement).all()


def reconciliations_in(scope: Scope) -> Select[StoredReconciliation]:
    """Return the select of reconciliations with institutions in ``scope``."""
    return select(StoredReconciliation).where(
        and_(StoredReconciliation.unit_path >= scope.low, StoredReconciliation.unit_path < scope.high)
    )


def open_days(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the days among ``rows`` that are not there yet; row-level security places them."""
    if rows:
        fresh = insert(Day).values(list(rows)).on_conflict_do_nothing(index_elements=["institution", "day"])
        session.execute(fresh)


def days_to_compare(session: Session, scope: Scope, since: date, before: datetime) -> Sequence[Day]:
    """Return the days that wait for a book, and from ``since`` on those found differing ``before``, oldest first."""
    again = and_(Day.state == "differing", Day.day >= since, Day.settled_at < before)
    found = (
        select(Day)
        .where(and_(Day.unit_path >= scope.low, Day.unit_path < scope.high))
        .where(or_(Day.state == "waiting", again))
    )
    return session.scalars(found.order_by(Day.day, Day.institution)).all()


def latest_days(session: Session, scope: Scope) -> Sequence[Any]:
    """Return ``(institution, day, state, differences, last error, in English)`` of each latest day in ``scope``."""
    differences = func.coalesce(func.jsonb_array_length(StoredReconciliation.differences), 0)
    found = (
        select(Day.institution, Day.day, Day.state, differences, Day.last_error, Day.last_error_en)
        .ext(distinct_on(Day.institution))
        .join(StoredReconciliation, StoredReconciliation.id == Day.reconciliation_id, isouter=True)
        .where(and_(Day.unit_path >= scope.low, Day.unit_path < scope.high))
        .order_by(Day.institution, Day.day.desc())
    )
    return session.execute(found).all()


def lock_day(session: Session, scope: Scope, institution: str, day: date) -> Day | None:
    """Return a day of an institution for change, held until the transaction ends, if ``scope`` covers it."""
    found = (
        select(Day)
        .where(and_(Day.unit_path >= scope.low, Day.unit_path < scope.high))
        .where(Day.institution == institution, Day.day == day)
        .with_for_update()
    )
    return session.scalar(found.execution_options(populate_existing=True))
