"""Queries about institutions: they are the same for every unit."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from rongdun.domains.exchange.model import Institution
from rongdun.kernel.errors import Text
from rongdun.kernel.scope import Scope
from rongdun.runtime.outbox import OutboxMessage

_SPEEDS = text(
    "select institution, kind, answered, median_s, p90_s, failed from rongdun_reply_speeds(:since)"
)


def all_institutions(session: Session) -> Sequence[Institution]:
    """Return every institution by code."""
    return session.scalars(select(Institution).order_by(Institution.code)).all()


def find_institution(session: Session, code: str) -> Institution | None:
    """Return the institution of a code."""
    return session.get(Institution, code)


def add_if_new(session: Session, values: dict[str, Any]) -> bool:
    """Insert an institution unless its code is known; tell whether it was new."""
    statement = insert(Institution).values(**values).on_conflict_do_nothing(index_elements=["code"])
    return session.scalar(statement.returning(Institution.code)) is not None


def count_refusal(session: Session, code: str, *, why: Text, at: datetime) -> None:
    """Note that a message in the name of an institution was turned away."""
    session.execute(
        update(Institution)
        .where(Institution.code == code)
        .values(
            refusals=Institution.refusals + 1, last_refusal=why.zh, last_refusal_en=why.en, last_refused_at=at
        )
    )


def speeds_since(session: Session, since: datetime) -> Sequence[Any]:
    """Return rows ``(institution, kind, answered, median_s, p90_s, failed)`` over every unit's messages."""
    return session.execute(_SPEEDS, {"since": since}).all()


def undelivered(session: Session, scope: Scope) -> dict[str, int]:
    """Return how many dead letters of instructions there are, by the partner's unit."""
    statement = (
        select(OutboxMessage.partner_path, func.count())
        .where(OutboxMessage.channel == "bank", OutboxMessage.state == "dead")
        .where(and_(OutboxMessage.unit_path >= scope.low, OutboxMessage.unit_path < scope.high))
        .group_by(OutboxMessage.partner_path)
    )
    return {path or "": count for path, count in session.execute(statement)}
