"""Orders as the API shows them: personal data masked."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rongdun.domains.stop_payment import clocks, store
from rongdun.domains.stop_payment.facts import facts_of, look_around
from rongdun.domains.stop_payment.model import (
    NOTE,
    Details,
    Order,
    OrderEvent,
    OrderReply,
    OrderStep,
    details_of,
)
from rongdun.domains.stop_payment.moves import offers
from rongdun.domains.stop_payment.reasons import reason_of, step_reason
from rongdun.domains.stop_payment.receiving import body_of
from rongdun.domains.stop_payment.rules import HOLDING, LIFECYCLES, WAITING_FOR_BANK, is_over, state_name
from rongdun.domains.stop_payment.schemas import (
    ActionOut,
    ClockOut,
    ConsequencesOut,
    EventOut,
    OrderDetailOut,
    OrderOut,
    PayerOut,
    RefusedOut,
    ReplyOut,
    ReviewOut,
    StatementOut,
    StepOut,
    SubjectOut,
    Words,
)
from rongdun.domains.stop_payment.sending import Refusal
from rongdun.domains.stop_payment.sweeping import length_of
from rongdun.kernel.account import mask_account
from rongdun.kernel.errors import Text
from rongdun.kernel.lifecycle import Facts, Offer
from rongdun.kernel.person_name import mask_name
from rongdun.runtime.deadlines import Deadline
from rongdun.runtime.uow import Uow

_SAME = [
    "id", "number", "kind", "question", "state", "unit_name", "institution", "institution_name", "amount_fen",
    "transfer_at", "missing", "urgent", "scope", "months", "level", "held_fen", "balance_fen", "balance_at",
    "outcome", "attention", "maker_name", "made_at", "reviewer_name", "reviewed_at", "sender_name", "sent_at",
    "answered_at", "starts_at", "ends_at", "over_at", "batch_id", "trace_id", "from_order", "version",
]  # fmt: skip
"""Fields of an order that are shown as they are."""

_LONG = re.compile(r"(?<!\d)\d{11,}(?!\d)")
_OTHERS = 5


def words(text: Text) -> Words:
    """Return a text as the API shows it."""
    return Words(zh=text.zh, en=text.en)


def masked(text: str) -> str:
    """Return an officer's or a bank's words with long numbers masked."""
    return _LONG.sub(lambda found: mask_account(found[0]), text)


def _masked_words(text: Text) -> Words:
    return Words(zh=masked(text.zh), en=masked(text.en))


def order_out(uow: Uow, order: Order) -> OrderOut:
    """Return an order as lists show it."""
    return OrderOut(**_fields(uow, order, details_of(uow.vault, order)))


def reviews_out(uow: Uow, orders: Sequence[Order]) -> list[ReviewOut]:
    """Return drafts as the board of those to be reviewed shows them; what they need is looked up together."""
    around = look_around(uow, orders)
    others: dict[str, list[Order]] = {}
    for one in store.orders_at_any(uow.session, uow.actor.scope, {order.account for order in orders}):
        others.setdefault(one.account, []).insert(0, one)
    return [
        _review_out(uow, order, facts_of(uow, order, around=around), others.get(order.account, []))
        for order in orders
    ]


def _review_out(uow: Uow, order: Order, facts: Facts, others: Sequence[Order]) -> ReviewOut:
    told = details_of(uow.vault, order)
    return ReviewOut(
        **_fields(uow, order, told),
        actions=[action_out(offer) for offer in offers(uow, order, facts=facts)],
        consequences=_consequences(uow, order, facts, others),
        payer=_payer(told),
        reason=_masked_words(reason_of(told)),
    )


def detail_out(uow: Uow, order: Order) -> OrderDetailOut:
    """Return an order's page."""
    session, scope, told = uow.session, uow.actor.scope, details_of(uow.vault, order)
    steps = store.steps_of(session, scope, order.id)
    facts = facts_of(uow, order, step=_prepared(steps))
    offered = offers(uow, order, facts=facts)
    return OrderDetailOut(
        **_fields(uow, order, told),
        payer=_payer(told),
        reason=_masked_words(reason_of(told)),
        remark=masked(told.remark),
        fruits=told.fruits,
        account_kind=told.kind,
        period_from=_moment(told.period[0]) if told.period else None,
        period_to=_moment(told.period[1]) if told.period else None,
        override_name=order.override_name,
        override_reason=order.override_reason,
        end_reason=order.end_reason,
        actions=[action_out(offer) for offer in offered if offer.action != "edit"],
        consequences=_consequences(uow, order, facts, store.orders_at(session, scope, order.account)),
        clocks=[_clock(one) for one in store.clocks_of(session, scope, order.id)],
        steps=[_step(uow, one) for one in steps],
        events=[_event(uow, order, one) for one in store.events_of(session, scope, order.id)],
        replies=[_reply(uow, one) for one in store.replies_of(session, scope, order.id)],
        statements=[
            StatementOut.model_validate(one, from_attributes=True)
            for one in store.statements_of(session, scope, order.id)
        ],
        may_edit=any(offer.action == "edit" and offer.refusal is None for offer in offered),
        may_answer=uow.actor.may("order.answer") and any(one.state == "SENT" for one in steps),
    )


def action_out(offer: Offer) -> ActionOut:
    """Return an offered step as the API shows it."""
    refusal = offer.refusal
    return ActionOut(
        action=offer.action,
        name=words(offer.name),
        needs_reason=offer.needs_reason,
        allowed=refusal is None,
        rule=refusal.rule.key if refusal else None,
        refusal=words(refusal.text) if refusal else None,
        legal_basis=refusal.rule.legal_basis if refusal else None,
        remedy=words(refusal.remedy) if refusal else None,
    )


def refused_out(one: Refusal) -> RefusedOut:
    """Return an order that was not taken, and why."""
    rule = one.error.rule
    return RefusedOut(
        id=one.order_id,
        number=one.number,
        message=words(one.error.message),
        remedy=words(one.error.action),
        rule=rule.key if rule else None,
        legal_basis=rule.legal_basis if rule else None,
    )


def _fields(uow: Uow, order: Order, told: Details) -> dict[str, Any]:
    begun, due = _due(uow, order)
    return {
        **{name: getattr(order, name) for name in _SAME},
        "state_name": words(state_name(order.kind, order.state)),
        "over": is_over(order.kind, order.state),
        "subject": SubjectOut(**order.subject._asdict()),
        "account_ref": order.account,
        "account": mask_account(told.number),
        "name": mask_name(told.name) if told.name else "",
        "returned_reason": masked(order.returned_reason),
        "due_at": due,
        "due_from": begun,
    }


def _due(uow: Uow, order: Order) -> tuple[datetime | None, datetime | None]:
    """Return the clock that runs on an order: of the bank's answer, or of the measure."""
    if order.over_at is not None:
        return None, None
    if order.state in WAITING_FOR_BANK and order.sent_at is not None:
        term = clocks.reply_term(uow, order.kind, order.sent_at)
        return order.sent_at, order.sent_at + length_of(term)
    if order.state in HOLDING or order.state in ("QUEUED", "WATCHING", "CONVERTING"):
        return order.starts_at, order.ends_at
    return None, None


def _payer(told: Details) -> PayerOut:
    one = told.payer
    return PayerOut(
        institution=one.institution_name,
        account=mask_account(one.number) if one.number else "",
        name=mask_name(one.name) if one.name else "",
    )


def _consequences(uow: Uow, order: Order, facts: Facts, there: Sequence[Order]) -> ConsequencesOut:
    """Return what sending would mean; ``there``: the orders on the same account, the newest first."""
    others = [one for one in there if one.id != order.id and one.state != "WITHDRAWN"]
    running = facts.get("in_force")
    return ConsequencesOut(
        stops=_count(facts.get("stops")),
        stops_max=_count(facts.get("stops_max")),
        overridden=order.override_by is not None,
        in_force=str(running) if running else None,
        filed=bool(facts.get("filed", False)),
        ends_at=_end_if_sent(uow, order),
        others=[order_out(uow, one) for one in others[:_OTHERS]],
    )


def _count(value: object) -> int:
    return value if isinstance(value, int) else 0


def _end_if_sent(uow: Uow, order: Order) -> datetime | None:
    if order.sent_at is not None:
        return order.ends_at
    if order.kind == "stop":
        return clocks.stop_end(uow, uow.now)
    if order.kind == "freeze" and order.months:
        return clocks.freeze_end(uow, uow.now, order.months)
    return None


def _prepared(steps: Any) -> OrderStep | None:
    drafts = [one for one in steps if one.state == "DRAFT"]
    return drafts[-1] if drafts else None


def _clock(one: Deadline) -> ClockOut:
    return ClockOut(
        id=one.id,
        rule_key=one.rule_key,
        name=Words(zh=one.name_zh, en=one.name_en),
        legal_basis=one.legal_basis,
        started_at=one.started_at,
        due_at=one.due_at,
        level=one.level,
        closed_at=one.closed_at,
        outcome=one.outcome,
    )


def _step(uow: Uow, one: OrderStep) -> StepOut:
    same = [
        "application_id", "kind", "state", "amount_fen", "starts_at", "ends_at", "months", "maker_name",
        "made_at", "sender_name", "sent_at", "answered_at", "outcome",
    ]  # fmt: skip
    return StepOut(
        **{name: getattr(one, name) for name in same},
        reason=_masked_words(step_reason(uow, one)),
        silent=one.silent_at is not None,
    )


def _event(uow: Uow, order: Order, one: OrderEvent) -> EventOut:
    known = {state.key for state in LIFECYCLES[order.kind].states}
    name = state_name(order.kind, one.to_state) if one.to_state in known else Text("", "")
    return EventOut(
        at=one.at,
        kind=one.kind,
        from_state=one.from_state,
        to_state=one.to_state,
        to_state_name=words(name),
        actor_name=one.actor_name,
        note=masked(uow.vault.open(one.note, NOTE.context_of(one.id))) if one.note else "",
        detail=one.detail,
    )


def _reply(uow: Uow, one: OrderReply) -> ReplyOut:
    told = body_of(uow, one)
    former = told.get("former") or {}
    same = [
        "id", "kind", "outcome", "effect", "answered_at", "received_at", "code", "balance_fen", "held_fen",
        "rows",
    ]  # fmt: skip
    return ReplyOut(
        **{name: getattr(one, name) for name in same},
        text=masked(told["text"]),
        clerk=told["clerk"],
        former_authority=former.get("authority", ""),
        former_until=_moment(former["until"]) if former.get("until") else None,
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
