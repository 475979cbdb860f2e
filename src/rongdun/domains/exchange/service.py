"""Looking at outgoing messages, and deciding about those that could not be delivered."""

from collections.abc import Sequence
from typing import Literal, NamedTuple
from uuid import UUID

from rongdun.domains.exchange import store
from rongdun.domains.exchange.rules import MESSAGE, facts_of
from rongdun.kernel.errors import NotFound, StaleVersion
from rongdun.kernel.lifecycle import take
from rongdun.runtime.outbox import OutboxAttempt, OutboxMessage, abandon, retry
from rongdun.runtime.tables import Page, TableQuery, run_table
from rongdun.runtime.uow import Uow


class Detail(NamedTuple):
    """A message with its attempts and how many messages wait behind it."""

    message: OutboxMessage
    attempts: Sequence[OutboxAttempt]
    waiting_behind: int


def search(uow: Uow, query: TableQuery) -> "Page[OutboxMessage]":
    """Return the page of messages ``query`` asks for, inside the actor's scope."""
    return run_table(uow.session, store.messages_in(uow.actor.scope), store.TABLE, query)


def read(uow: Uow, message_id: UUID) -> Detail:
    """Return one message; :class:`NotFound` outside the scope."""
    message = store.find(uow.session, uow.actor.scope, message_id)
    if message is None:
        raise NotFound
    behind = store.count_behind(uow.session, uow.actor.scope, message)
    return Detail(message, store.attempts_of(uow.session, message_id), behind)


def settle(
    uow: Uow, message_id: UUID, *, action: Literal["retry", "abandon"], version: int, reason: str
) -> OutboxMessage:
    """Retry or abandon a dead letter as it was seen in ``version``; return how it stands now.

    Raises :class:`StaleVersion` when it has changed since, and what the lifecycle refuses, by name.
    """
    message = store.lock(uow.session, uow.actor.scope, message_id)
    if message is None:
        raise NotFound
    if message.version != version:
        current = {"state": message.state, "action": None}
        raise StaleVersion.between(current=current, yours={"action": action}, version=message.version)
    facts = facts_of(message)
    take(
        MESSAGE, state=message.state, action=action, actor=uow.actor, facts=facts, now=uow.now, reason=reason
    )
    carry_out = {"retry": retry, "abandon": abandon}[action]
    carry_out(uow, message, reason=reason)
    return message
