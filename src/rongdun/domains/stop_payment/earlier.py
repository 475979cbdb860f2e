"""What an approver weighs before a freeze: every stop and freeze of the account so far, whichever unit ordered it.

A county approves a freeze (article 239) of an account that the centre has stopped. Its own scope shows neither the
stop, nor when it ends, nor what the bank answered, nor who stands before it in line (article 242); whoever approves has
to know. So this is shown beyond the scope, on record, for freezes within it, and only what was done: no case, no
holder, no reasons, none of the bank's own words.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from rongdun.domains.stop_payment import store_earlier as store
from rongdun.domains.stop_payment.model import Order, OrderReply, OrderStep
from rongdun.domains.stop_payment.receiving import body_of
from rongdun.domains.stop_payment.rules import is_over, state_name
from rongdun.domains.stop_payment.schemas import Words
from rongdun.domains.stop_payment.schemas_earlier import (
    BeforeOut,
    EarlierOut,
    EarlierReplyOut,
    EarlierStepOut,
)
from rongdun.domains.stop_payment.wide import everything
from rongdun.kernel.errors import NotFound
from rongdun.runtime.uow import Uow

_Row = TypeVar("_Row", OrderStep, OrderReply)

MOST = 20
"""Measures shown of an account, the newest first: it has at most two stops by each organ."""

_SAME = (
    "number", "kind", "state", "unit_name", "sent_at", "answered_at", "starts_at", "ends_at", "held_fen",
    "balance_fen", "balance_at",
)  # fmt: skip


def earlier_of(uow: Uow, orders: Sequence[UUID]) -> list[BeforeOut]:
    """Return, for each of these freezes, the stops and freezes of its account sent before it; goes on record.

    Raises :class:`NotFound` when one lies outside the scope or is no freeze: only a freeze is approved on them.
    """
    freezes = store.freezes_named(uow.session, uow.actor.scope, orders)
    if len(freezes) < len(set(orders)):
        raise NotFound
    for one in freezes:
        uow.record("order.earlier", one.reference, unit_path=one.unit_path)
    with everything(uow) as scope:
        there = store.measures_on(uow.session, scope, {one.account_key for one in freezes})
        before = {one.id: _before(uow, one, there) for one in freezes}
        ids = {measure.id for found in before.values() for measure in found}
        steps = _by_order(store.sent_steps(uow.session, scope, ids))
        replies = _by_order(store.replies_to(uow.session, scope, ids))
    told = _Told(uow, steps, replies)
    return [
        BeforeOut(order_id=one.id, measures=[told.of(one, measure) for measure in before[one.id]])
        for one in freezes
    ]


def _before(uow: Uow, freeze: Order, there: Sequence[Order]) -> list[Order]:
    moment = freeze.sent_at or uow.now
    same = [one for one in there if one.account_key == freeze.account_key and one.id != freeze.id]
    return [one for one in same if one.sent_at is not None and one.sent_at <= moment][:MOST]


def _by_order(rows: Iterable[_Row]) -> dict[UUID | None, list[_Row]]:
    found: dict[UUID | None, list[_Row]] = {}
    for row in rows:
        found.setdefault(row.order_id, []).append(row)
    return found


@dataclass(frozen=True, slots=True)
class _Told:
    """What went out and came back for every measure that is shown, by order."""

    uow: Uow
    steps: Mapping[UUID | None, list[OrderStep]]
    replies: Mapping[UUID | None, list[OrderReply]]

    def of(self, freeze: Order, one: Order) -> EarlierOut:
        state = state_name(one.kind, one.state)
        return EarlierOut(
            **{name: getattr(one, name) for name in _SAME},
            id=one.id if _within(self.uow, one) else None,
            source=one.id == freeze.from_order,
            state_name=Words(zh=state.zh, en=state.en),
            over=is_over(one.kind, one.state),
            steps=[_step(each) for each in self.steps.get(one.id, []) if each.sent_at is not None],
            replies=[_reply(self.uow, each) for each in self.replies.get(one.id, [])],
        )


def _within(uow: Uow, one: Order) -> bool:
    scope = uow.actor.scope
    paths = [path for path in (one.unit_path, one.case_path) if path]
    return any(scope.covers(path) for path in paths) or one.case_id in scope.teams


def _step(one: OrderStep) -> EarlierStepOut:
    return EarlierStepOut(
        kind=one.kind,
        sent_at=one.sent_at,
        ends_at=one.ends_at,
        outcome=one.outcome,
        silent=one.silent_at is not None,
    )


def _reply(uow: Uow, one: OrderReply) -> EarlierReplyOut:
    former = body_of(uow, one).get("former") or {}
    until = former.get("until")
    return EarlierReplyOut(
        kind=one.kind,
        outcome=one.outcome,
        effect=one.effect,
        at=one.answered_at,
        held_fen=one.held_fen,
        balance_fen=one.balance_fen,
        former_authority=former.get("authority", ""),
        former_until=datetime.fromisoformat(until) if until else None,
    )
