"""Every query of the outbox. Who may see a row is decided by row-level security; workers see all."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast
from uuid import UUID

from sqlalchemy import CursorResult, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from rongdun.kernel.ids import new_id
from rongdun.runtime.outbox.model import OutboxAttempt, OutboxMessage


class Sent(NamedTuple):
    """A message that was delivered at its ``attempt``; ``took_s`` seconds."""

    id: UUID
    attempt: int
    receipt: str
    took_s: float


_EARLIER_UNSETTLED = """
exists (
  select 1 from outbox earlier
  where earlier.order_key = outbox.order_key and earlier.seq < outbox.seq
    and earlier.state in ('pending', 'sending', 'dead')
)
"""

_CLAIM = text(f"""
with due as (
  select id from outbox
  where state = 'pending' and next_attempt_at <= :now and (expires_at is null or expires_at > :now)
    and (order_key is null or not {_EARLIER_UNSETTLED})
  order by next_attempt_at, seq
  limit :limit
  for update skip locked
)
update outbox set state = 'sending', attempts = attempts + 1, next_attempt_at = null,
  leased_by = :worker, lease_until = :lease_until, version = version + 1
from due where outbox.id = due.id
returning outbox.*
""")  # noqa: S608 - the condition stands above

_LOST = text("""
with lost as (
  select id, leased_by from outbox
  where state = 'sending' and (lease_until <= :now or lease_until > :no_later_than)
  limit :limit
  for update skip locked
)
update outbox set
  state = case when attempts >= max_attempts then 'dead' else 'pending' end,
  next_attempt_at = case when attempts >= max_attempts then null else cast(:now as timestamptz) end,
  settled_at = case when attempts >= max_attempts then cast(:now as timestamptz) end,
  leased_by = null, lease_until = null, last_error = 'lease ran out', version = version + 1
from lost where outbox.id = lost.id
returning outbox.*, lost.leased_by as lost_by
""")

_EXPIRED = text("""
with late as (
  select id from outbox
  where state = 'pending' and expires_at <= :now
  limit :limit
  for update skip locked
)
update outbox set state = 'dead', next_attempt_at = null, settled_at = :now,
  last_error = 'expired before it could be sent', version = version + 1
from late where outbox.id = late.id
returning outbox.*
""")

_HOLD = text("""
update outbox set state = 'dead', next_attempt_at = null, leased_by = null, lease_until = null,
  settled_at = :now, last_error = :why, version = version + 1
where state in ('pending', 'sending') and channel <> :but
""")

_SENT = text("""
with done as (
  select * from unnest(cast(:ids as uuid[]), cast(:attempts as integer[]), cast(:receipts as text[]),
    cast(:notes as uuid[]), cast(:took as double precision[])) as done (id, attempt, receipt, note, took_s)
), sent as (
  update outbox set state = 'sent', receipt = done.receipt, last_error = '', settled_at = :now,
    leased_by = null, lease_until = null, version = version + 1
  from done
  where outbox.id = done.id and outbox.state = 'sending' and outbox.leased_by = :worker
    and outbox.attempts = done.attempt
  returning outbox.id, done.attempt, done.note, done.took_s
)
insert into outbox_attempts (id, message_id, attempt, worker, ended_at, outcome, took_s, error)
select note, id, attempt, :worker, :now, 'sent', took_s, '' from sent
returning message_id
""")

_DEPTH = text(
    "select state, count(*) from outbox where state in ('pending', 'sending', 'dead') group by state"
)


def serialise_order(session: Session, order_key: str) -> None:
    """Let transactions that write to one ``order_key`` take turns, so that ``seq`` is commit order."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(order_key, 7))))


def insert_once(session: Session, values: dict[str, Any]) -> OutboxMessage | None:
    """Insert a message; return ``None`` when its idempotency key is taken."""
    statement = (
        insert(OutboxMessage)
        .values(**values)
        .on_conflict_do_nothing(index_elements=["idempotency_key"])
        .returning(OutboxMessage)
    )
    return session.scalars(statement).one_or_none()


def by_key(session: Session, idempotency_key: str) -> OutboxMessage | None:
    """Return the message with ``idempotency_key`` if the asking scope covers it."""
    return session.scalars(select(OutboxMessage).filter_by(idempotency_key=idempotency_key)).one_or_none()


def lock(session: Session, message_id: UUID) -> OutboxMessage | None:
    """Return the message for change, held until the transaction ends."""
    return session.get(OutboxMessage, message_id, with_for_update=True)


def claim(
    session: Session, *, worker: str, now: datetime, lease: timedelta, limit: int
) -> list[OutboxMessage]:
    """Take up to ``limit`` messages whose turn it is; other workers pass over them."""
    values = {"now": now, "worker": worker, "lease_until": now + lease, "limit": limit}
    statement = select(OutboxMessage).from_statement(_CLAIM)
    taken = session.scalars(statement, values, execution_options={"populate_existing": True}).all()
    return sorted(taken, key=lambda message: message.seq)


def take_back(
    session: Session, *, now: datetime, lease: timedelta, limit: int
) -> list[tuple[OutboxMessage, str]]:
    """Return messages whose worker is gone to the queue, or bury them; with the name of that worker.

    A lease that ends later than any could have been given now was given by a clock that has since
    jumped back, and counts as run out.
    """
    values = {"now": now, "no_later_than": now + lease, "limit": limit}
    rows = session.execute(_LOST, values).mappings().all()
    return [
        (session.get_one(OutboxMessage, row["id"], populate_existing=True), row["lost_by"]) for row in rows
    ]


def expire(session: Session, *, now: datetime, limit: int) -> list[OutboxMessage]:
    """Bury messages that it is too late to send."""
    rows = session.execute(_EXPIRED, {"now": now, "limit": limit}).mappings().all()
    return [session.get_one(OutboxMessage, row["id"], populate_existing=True) for row in rows]


def settle(session: Session, message_id: UUID, *, worker: str, attempt: int, values: dict[str, Any]) -> bool:
    """Write how an attempt ended; false when the lease was lost to another worker meanwhile."""
    statement = (
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.state == "sending")
        .where(OutboxMessage.leased_by == worker, OutboxMessage.attempts == attempt)
        .values(**values, leased_by=None, lease_until=None, version=OutboxMessage.version + 1)
    )
    return cast(CursorResult[Any], session.execute(statement)).rowcount == 1


def settle_sent(session: Session, sent: Sequence[Sent], *, worker: str, now: datetime) -> set[UUID]:
    """Write that messages were sent, with their attempts; return those still this worker's, the others stay."""
    if not sent:
        return set()
    values = {
        "ids": [each.id for each in sent],
        "attempts": [each.attempt for each in sent],
        "receipts": [each.receipt for each in sent],
        "notes": [new_id() for _ in sent],
        "took": [each.took_s for each in sent],
        "worker": worker,
        "now": now,
    }
    return set(session.scalars(_SENT, values))


def hold(session: Session, *, now: datetime, why: str, but: str) -> int:
    """Make every message that waits a dead letter, except those of channel ``but``; return how many."""
    result = session.execute(_HOLD, {"now": now, "why": why, "but": but})
    return cast(CursorResult[Any], result).rowcount


def add_attempt(session: Session, attempt: OutboxAttempt) -> None:
    """Put an attempt on record."""
    session.add(attempt)


def next_attempt_after(session: Session, now: datetime) -> datetime | None:
    """Return when, after ``now``, the next pending message wants to be sent."""
    moment: datetime | None = session.scalar(
        select(func.min(OutboxMessage.next_attempt_at))
        .where(OutboxMessage.state == "pending")
        .where(OutboxMessage.next_attempt_at > now)
    )
    return moment


def depth(session: Session) -> dict[str, int]:
    """Return how many messages are pending, being sent, and dead."""
    found = {state: count for state, count in session.execute(_DEPTH)}
    return {state: found.get(state, 0) for state in ("pending", "sending", "dead")}
