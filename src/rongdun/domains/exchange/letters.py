"""What became of messages that carry instructions, for the desk whose instructions they are."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from rongdun.domains.exchange import store
from rongdun.runtime.outbox import OutboxMessage, abandon
from rongdun.runtime.uow import Uow


class Letter(NamedTuple):
    """A message: its idempotency key, the order its payload names, its state, and the last error."""

    key: str
    order_id: str
    state: str
    error: str


def undelivered(uow: Uow, channel: str, *, since: datetime) -> list[Letter]:
    """Return the dead letters of a channel in the actor's scope, and those given up since ``since``."""
    return [_letter(row) for row in store.undelivered_of(uow.session, uow.actor.scope, channel, since)]


def letters_of(uow: Uow, keys: Collection[str]) -> list[Letter]:
    """Return how the messages of these idempotency keys stand, as far as the actor's scope covers them."""
    return [_letter(row) for row in store.messages_of(uow.session, uow.actor.scope, keys)]


def give_up(uow: Uow, keys: Collection[str], *, reason: str) -> None:
    """Abandon the dead letters among these, because another message takes their place; those behind them go on."""
    for row in store.messages_of(uow.session, uow.actor.scope, keys, lock=True):
        if row.state == "dead":
            abandon(uow, row, reason=reason)


def _letter(row: OutboxMessage) -> Letter:
    return Letter(row.idempotency_key, str(row.payload.get("order_id", "")), row.state, row.last_error)
