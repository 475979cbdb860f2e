"""The delivery worker of the outbox."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from rongdun.kernel.clock import monotonic
from rongdun.runtime.logs import describe, get_logger
from rongdun.runtime.metrics import OUTBOX_ATTEMPTS, OUTBOX_SECONDS
from rongdun.runtime.outbox import store
from rongdun.runtime.outbox.lanes import Ended, Lanes, Outcome
from rongdun.runtime.outbox.model import OutboxAttempt, OutboxMessage
from rongdun.runtime.outbox.service import subject_of
from rongdun.runtime.outbox.transport import NotDelivered, Outgoing, Preparing, Refused, Transport
from rongdun.runtime.uow import Transact, Uow

_log = get_logger("outbox")

MAX_SLEEP_S = 1.0
"""However quiet it is, look once a second: a lost wake must not cost more."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How patiently to deliver. Times in seconds; waits double from ``first_s`` to ``longest_s``.

    ``lanes`` messages are carried at once; with one, ``batch`` are claimed together and carried one by one.
    """

    batch: int = 20
    lanes: int = 1
    lease_s: float = 120.0
    first_s: float = 2.0
    longest_s: float = 900.0

    def wait(self, attempt: int, chance: random.Random) -> timedelta:
        """Return the wait after failed attempt number ``attempt`` (from 1): half fixed, half by chance."""
        ceiling = min(self.longest_s, self.first_s * 2.0 ** min(attempt - 1, 32))
        return timedelta(seconds=chance.uniform(ceiling / 2, ceiling))


@dataclass(slots=True)
class Courier:
    """Delivers outgoing messages; any number of couriers may run, in any number of processes.

    Each round (:meth:`tick`):

    1. Take back messages whose lease ran out: their worker is gone. Out of attempts, they are dead.
    2. Bury messages that expired before they could be sent.
    3. Claim the messages whose turn it is: due, and nothing earlier of their order unsettled.
       ``FOR UPDATE SKIP LOCKED`` keeps couriers out of each other's way; the claim commits a lease.
    4. Carry each over by its channel's transport, in no transaction; one by one (with half the lease gone, put
       the rest back), or in several lanes at once, of which a slow receiver holds up its own alone.
    5. Settle: sent, again later, or dead, with the attempt on record; one by one each in a transaction of its own,
       from lanes all that ended in the same moment in one. An update that does not touch its row means that the
       lease was lost and another courier decides.
    6. Sleep until the next message wants to go, at most a second.

    A worker that dies leaves messages that were delivered and not settled; they go out again under the same key.
    """

    transact: Transact
    transports: Mapping[str, Transport]
    worker: str
    plan: Plan = field(default_factory=Plan)
    chance: random.Random = field(default_factory=random.Random)
    _lanes: Lanes = field(init=False)
    _cleared: float = -MAX_SLEEP_S

    def __post_init__(self) -> None:
        self._lanes = Lanes(self.plan.lanes, self._attempt)

    def tick(self) -> float:
        """Do one round; return how many seconds to sleep before the next."""
        return self._side_by_side() if self.plan.lanes > 1 else self._one_by_one()

    def leave(self) -> None:
        """Wait for what is under way and settle it; call it when no round will follow."""
        self._settle_all(self._lanes.rest())

    def _side_by_side(self) -> float:
        if monotonic() - self._cleared >= MAX_SLEEP_S:
            self._clear_away()
            self._cleared = monotonic()
        free = self._lanes.free
        claimed = self._claim(free) if free else []
        self._prepare(claimed)
        for message in claimed:
            self._lanes.start(message)
        ended = self._lanes.ended()
        self._settle_all(ended)
        return 0.0 if claimed or ended or self._lanes.free < self.plan.lanes else self._pause()

    def _prepare(self, claimed: Sequence[Outgoing]) -> None:
        for channel in {message.channel for message in claimed}:
            transport = self.transports.get(channel)
            if isinstance(transport, Preparing):
                try:
                    transport.prepare([message for message in claimed if message.channel == channel])
                except Exception as error:  # noqa: BLE001 - each delivery finds out for itself
                    _log.warning("not_prepared", channel=channel, error=describe(error))

    def _one_by_one(self) -> float:
        self._clear_away()
        claimed = self._claim(self.plan.batch)
        enough = monotonic() + self.plan.lease_s / 2
        for message in claimed:
            if monotonic() < enough:
                self._carry(message)
            else:
                self._put_back(message)
        return 0.0 if claimed else self._pause()

    def _clear_away(self) -> None:
        lease = timedelta(seconds=self.plan.lease_s)
        with self.transact() as uow:
            lost = store.take_back(uow.session, now=uow.now, lease=lease, limit=self.plan.batch)
            for message, worker in lost:
                self._note(uow, message, "lost", worker=worker, error=message.last_error)
            for message in store.expire(uow.session, now=uow.now, limit=self.plan.batch):
                self._note(uow, message, "expired", worker=self.worker, error=message.last_error)

    def _claim(self, limit: int) -> list[Outgoing]:
        lease = timedelta(seconds=self.plan.lease_s)
        with self.transact() as uow:
            taken = store.claim(uow.session, worker=self.worker, now=uow.now, lease=lease, limit=limit)
            return [_outgoing(message) for message in taken]

    def _carry(self, message: Outgoing) -> None:
        started = monotonic()
        outcome = self._attempt(message)
        self._settle(message, outcome, monotonic() - started)

    def _put_back(self, message: Outgoing) -> None:
        with self.transact() as uow:
            values = {"state": "pending", "next_attempt_at": uow.now, "attempts": message.attempt - 1}
            store.settle(uow.session, message.id, worker=self.worker, attempt=message.attempt, values=values)

    def _attempt(self, message: Outgoing) -> Outcome:
        transport = self.transports.get(message.channel)
        if transport is None:
            return Outcome("failed", error=f"no transport for channel {message.channel}")
        try:
            return Outcome("sent", receipt=transport.deliver(message))
        except Refused as error:
            return Outcome("refused", error=describe(error))
        except NotDelivered as error:
            after_s = error.after.total_seconds() if error.after else 0.0
            return Outcome("failed", error=describe(error), after_s=after_s)
        except Exception as error:  # noqa: BLE001 - a transport's bug must not stop the other messages
            return Outcome("failed", error=describe(error))

    def _settle_all(self, ended: Sequence[Ended]) -> None:
        """Settle what ended together in one transaction."""
        if not ended:
            return
        sent = [each for each in ended if each.outcome.kind == "sent"]
        with self.transact() as uow:
            self._settle_sent(uow, sent)
            for each in ended:
                if each.outcome.kind != "sent":
                    self._settle_in(uow, each.message, each.outcome, each.took_s)
        for each in ended:
            OUTBOX_SECONDS.labels(each.message.channel).observe(each.took_s)

    def _settle_sent(self, uow: Uow, sent: Sequence[Ended]) -> None:
        told = [
            store.Sent(one.message.id, one.message.attempt, one.outcome.receipt, one.took_s) for one in sent
        ]
        mine = store.settle_sent(uow.session, told, worker=self.worker, now=uow.now)
        for each in sent:
            if each.message.id not in mine:
                _log.warning("lease_lost", message_id=str(each.message.id), outcome="sent")
                continue
            OUTBOX_ATTEMPTS.labels(each.message.channel, "sent").inc()

    def _settle(self, message: Outgoing, outcome: Outcome, took_s: float) -> None:
        with self.transact() as uow:
            self._settle_in(uow, message, outcome, took_s)
        OUTBOX_SECONDS.labels(message.channel).observe(took_s)

    def _settle_in(self, uow: Uow, message: Outgoing, outcome: Outcome, took_s: float) -> None:
        values = self._values(message, outcome, uow.now)
        mine = store.settle(
            uow.session, message.id, worker=self.worker, attempt=message.attempt, values=values
        )
        if not mine:
            _log.warning("lease_lost", message_id=str(message.id), outcome=outcome.kind)
            return
        row = uow.session.get_one(OutboxMessage, message.id, populate_existing=True)
        self._note(uow, row, outcome.kind, worker=self.worker, error=outcome.error, took_s=took_s)

    def _values(self, message: Outgoing, outcome: Outcome, now: datetime) -> dict[str, Any]:
        if outcome.kind == "sent":
            return {"state": "sent", "receipt": outcome.receipt, "last_error": "", "settled_at": now}
        if outcome.kind == "refused" or message.attempt >= message.max_attempts:
            return {"state": "dead", "last_error": outcome.error, "settled_at": now}
        wait = max(self.plan.wait(message.attempt, self.chance), timedelta(seconds=outcome.after_s))
        return {"state": "pending", "last_error": outcome.error, "next_attempt_at": now + wait}

    def _note(
        self,
        uow: Uow,
        message: OutboxMessage,
        outcome: str,
        *,
        worker: str,
        error: str,
        took_s: float | None = None,
    ) -> None:
        attempt = OutboxAttempt(
            message_id=message.id,
            attempt=message.attempts,
            worker=worker,
            ended_at=uow.now,
            outcome=outcome,
            took_s=took_s,
            error=error,
            retry_at=message.next_attempt_at,
        )
        store.add_attempt(uow.session, attempt)
        OUTBOX_ATTEMPTS.labels(message.channel, outcome).inc()
        if message.state == "dead":
            _announce_death(uow, message, error)

    def _pause(self) -> float:
        with self.transact() as uow:
            moment = store.next_attempt_after(uow.session, uow.now)
            now = uow.now
        if moment is None:
            return MAX_SLEEP_S
        return min(MAX_SLEEP_S, max(0.05, (moment - now).total_seconds()))


def _announce_death(uow: Uow, message: OutboxMessage, error: str) -> None:
    after = {"state": "dead", "attempts": message.attempts}
    uow.record("outbox.dead", subject_of(message), unit_path=message.unit_path, after=after, note=error)
    uow.publish("outbox", subject_of(message), message.unit_path)


def _outgoing(message: OutboxMessage) -> Outgoing:
    return Outgoing(
        id=message.id,
        channel=message.channel,
        kind=message.kind,
        unit_path=message.unit_path,
        partner_path=message.partner_path,
        payload=message.payload,
        idempotency_key=message.idempotency_key,
        order_key=message.order_key,
        attempt=message.attempts,
        max_attempts=message.max_attempts,
        created_at=message.created_at,
        expires_at=message.expires_at,
    )
