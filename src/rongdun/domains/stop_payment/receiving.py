"""Taking what institutions answer: each message once, whatever its order of arrival, and each leads somewhere."""

import hashlib
import json
from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from rongdun.domains.exchange import Outcome, Reply
from rongdun.domains.stop_payment import store
from rongdun.domains.stop_payment.answers import apply
from rongdun.domains.stop_payment.model import BODY, Order, OrderReply, OrderStep
from rongdun.domains.stop_payment.moves import changed
from rongdun.domains.stop_payment.statements import keep
from rongdun.domains.stop_payment.wide import everything
from rongdun.kernel.ids import new_id
from rongdun.kernel.scope import Scope, SubjectRef
from rongdun.runtime.uow import Uow

DUPLICATE, CONTRADICTION, UNKNOWN, FOREIGN = "duplicate", "contradiction", "unknown", "foreign"


def receive(uow: Uow, reply: Reply) -> str:
    """Take an answer; return what it did: ``applied``, ``noted``, or why it did nothing.

    Idempotent by institution and message id: the same message again changes nothing (``duplicate``); one that says
    something else under the same id is marked on its order (``contradiction``). An answer to an application nobody
    made (``unknown``), or of another institution than was asked (``foreign``), is kept and put on record.
    """
    with everything(uow) as scope:
        store.serialise_message(uow.session, scope, reply.institution, reply.message_id)
        earlier = store.find_reply(uow.session, scope, reply.institution, reply.message_id)
        if earlier is not None:
            return _again(uow, scope, earlier, reply)
        return _first(uow, scope, reply)


def _first(uow: Uow, scope: Scope, reply: Reply) -> str:
    order, step = _asked(uow.session, scope, reply)
    row = _row(uow, reply, order)
    uow.session.add(row)
    uow.session.flush()
    if order is None or step is None:
        row.effect = UNKNOWN
        uow.record("order_reply.unknown", _reference(row), unit_path=row.unit_path, after=_told(row))
        return row.effect
    if reply.institution != order.institution:
        row.effect = FOREIGN
        _mark(uow, order, FOREIGN, row)
        return row.effect
    row.effect = apply(uow, order, step, reply)
    if reply.rows:
        keep(uow, order, row, reply)
    return row.effect


def _asked(session: Session, scope: Scope, reply: Reply) -> tuple[Order | None, OrderStep | None]:
    """Return the order and the instruction an answer is to, the order locked first, as everybody locks."""
    found = store.find_steps(session, scope, [reply.application_id])
    if not found:
        return None, None
    order = store.lock_order(session, scope, found[0][0].id)
    return order, store.lock_step(session, scope, reply.application_id)


def _again(uow: Uow, scope: Scope, earlier: OrderReply, reply: Reply) -> str:
    if earlier.digest == digest_of(reply):
        return DUPLICATE
    if earlier.order_id is not None:
        order = store.lock_order(uow.session, scope, earlier.order_id)
        if order is not None:
            _mark(uow, order, CONTRADICTION, earlier)
    return CONTRADICTION


def _mark(uow: Uow, order: Order, why: str, row: OrderReply) -> None:
    order.attention = why
    changed(uow, order, f"reply_{why}", detail=_told(row))


def _row(uow: Uow, reply: Reply, order: Order | None) -> OrderReply:
    row = OrderReply(
        id=new_id(),
        institution=reply.institution,
        message_id=reply.message_id,
        application_id=reply.application_id,
        order_id=order.id if order else None,
        unit_path=order.unit_path if order else "",
        kind=str(reply.kind),
        outcome=str(reply.outcome),
        answered_at=reply.answered_at,
        received_at=uow.now,
        digest=digest_of(reply),
        code=reply.code,
        balance_fen=reply.balance_fen,
        held_fen=reply.held_fen,
        rows=len(reply.rows),
        accounts=len(reply.accounts),
        received_by=uow.actor.name,
    )
    row.body = uow.vault.seal(_text(reply), BODY.context_of(row.id))
    return row


def digest_of(reply: Reply) -> str:
    """Return the SHA-256 of what an answer says."""
    return hashlib.sha256(_text(reply).encode()).hexdigest()


def body_of(uow: Uow, row: OrderReply) -> dict[str, Any]:
    """Return what an institution answered, in clear."""
    told: dict[str, Any] = json.loads(uow.vault.open(row.body, BODY.context_of(row.id)))
    return told


def _text(reply: Reply) -> str:
    return json.dumps(
        asdict(reply), ensure_ascii=False, separators=(",", ":"), default=_plain, sort_keys=True
    )


def _plain(value: Any) -> str:
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)


def _reference(row: OrderReply) -> SubjectRef:
    return SubjectRef("order_reply", str(row.id), row.application_id)


def _told(row: OrderReply) -> dict[str, Any]:
    return {"reply": str(row.id), "outcome": Outcome(row.outcome).value, "institution": row.institution}
