"""Queries of signing in: who a session belongs to, sessions, and failed attempts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.orm import Session

from rongdun.domains.people.model import CaseTeamMember, SignInSession, Unit, User

FULL = "full"
SECOND_FACTOR = "second_factor"
PASSWORD_CHANGE = "password_change"  # noqa: S105 - a stage, not a password


class Holder(NamedTuple):
    """An open session and the person who holds it, as one row."""

    session_id: UUID
    last_seen_at: datetime
    expires_at: datetime
    user_id: UUID
    login: str
    name: str
    unit_id: UUID
    unit_path: str
    unit_name: str
    scope_path: str
    roles: Sequence[str]
    teams: Sequence[UUID] | None


def holder_by_token(
    session: Session, token_hash: bytes, *, now: datetime, idle_since: datetime
) -> Holder | None:
    """Return who holds the full session of that token: open, not idle, its owner not disabled."""
    found = _holders(now, idle_since).where(SignInSession.token_hash == token_hash)
    row = session.execute(found).one_or_none()
    return Holder(*row) if row else None


def holder_by_id(
    session: Session, session_id: UUID, *, now: datetime, idle_since: datetime
) -> Holder | None:
    """Return who holds the full session ``session_id``, on the same conditions."""
    row = session.execute(_holders(now, idle_since).where(SignInSession.id == session_id)).one_or_none()
    return Holder(*row) if row else None


def mark_seen(session: Session, session_id: UUID, *, now: datetime) -> None:
    """Note that the session was used; a request that is just doing so already is not waited for."""
    free = select(SignInSession.id).where(SignInSession.id == session_id).with_for_update(skip_locked=True)
    session.execute(
        update(SignInSession)
        .where(SignInSession.id == free.scalar_subquery())
        .values(last_seen_at=now)
        .execution_options(synchronize_session=False)
    )


def _holders(now: datetime, idle_since: datetime) -> Select[Any]:
    teams = (
        select(func.array_agg(CaseTeamMember.case_id))
        .where(CaseTeamMember.user_id == User.id, CaseTeamMember.left_at.is_(None))
        .correlate(User)
        .scalar_subquery()
    )
    return (
        select(
            SignInSession.id,
            SignInSession.last_seen_at,
            SignInSession.expires_at,
            User.id,
            User.login,
            User.name,
            User.unit_id,
            User.unit_path,
            Unit.name,
            User.scope_path,
            User.roles,
            teams,
        )
        .join(User, User.id == SignInSession.user_id)
        .join(Unit, Unit.id == User.unit_id)
        .where(SignInSession.stage == FULL, is_open(now, idle_since), User.disabled_at.is_(None))
    )


def is_open(now: datetime, idle_since: datetime) -> ColumnElement[bool]:
    """Return the condition under which a session has not ended, by whatever end."""
    return (
        SignInSession.ended_at.is_(None)
        & (SignInSession.expires_at > now)
        & (SignInSession.last_seen_at > idle_since)
    )
