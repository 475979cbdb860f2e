"""Queries of signing in: who a session belongs to, sessions, and failed attempts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from rongdun.domains.people.model import (
    CaseTeamMember,
    LoginAttempt,
    Passkey,
    SignInSession,
    Unit,
    UnknownLogin,
    User,
)
from rongdun.kernel.scope import Scope

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


class Factors(NamedTuple):
    """What somebody has besides a password, and when their session ends."""

    expires_at: datetime
    totp_since: datetime | None
    passkeys: int


def holder_by_token(
    session: Session, token_hash: bytes, *, now: datetime, idle_since: datetime
) -> Holder | None:
    """Return who holds the full session of that token: open, not idle, its owner not disabled."""
    found = _holders(now, idle_since).where(SignInSession.token_hash == token_hash)
    row = session.execute(found).one_or_none()
    return Holder(*row) if row else None


def holder_by_id(session: Session, session_id: UUID, *, now: datetime, idle_since: datetime) -> Holder | None:
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


def lock_session(
    session: Session, token_hash: bytes, *, stages: Sequence[str], now: datetime, idle_since: datetime
) -> tuple[SignInSession, User] | None:
    """Return the open session of that token, if it stands at one of ``stages``, and its owner, both for change."""
    statement = (
        select(SignInSession, User)
        .join(User, User.id == SignInSession.user_id)
        .where(SignInSession.token_hash == token_hash, SignInSession.stage.in_(stages))
        .where(is_open(now, idle_since))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    row = session.execute(statement).one_or_none()
    return (row[0], row[1]) if row else None


def lock_user(session: Session, user_id: UUID) -> User:
    """Return one user for change; the caller knows that they are there."""
    statement = select(User).where(User.id == user_id).with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def lock_user_by_login(session: Session, login: str) -> User | None:
    """Return the user who signs in as ``login``, for change: attempts on one login stand in line."""
    statement = select(User).where(User.login == login).with_for_update()
    return session.scalar(statement.execution_options(populate_existing=True))


def claim_unknown_login(session: Session, login_blind: bytes, *, now: datetime) -> UnknownLogin:
    """Return the memory of a login nobody has, new if there was none, for change."""
    blank = {"login_blind": login_blind, "failed_logins": 0, "tried_at": now}
    session.execute(insert(UnknownLogin).values(blank).on_conflict_do_nothing())
    statement = select(UnknownLogin).where(UnknownLogin.login_blind == login_blind).with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def attempts_since(session: Session, ip: str, *, since: datetime) -> Sequence[datetime]:
    """Return the moments of the failed sign-ins from ``ip`` after ``since``, newest first."""
    statement = select(LoginAttempt.at).where(LoginAttempt.ip == ip, LoginAttempt.at > since)
    return session.scalars(statement.order_by(LoginAttempt.at.desc())).all()


def open_sessions(
    session: Session, scope: Scope, user_id: UUID, *, now: datetime, idle_since: datetime
) -> Sequence[SignInSession]:
    """Return the full sessions of somebody whose unit ``scope`` covers, the one used last on top."""
    statement = _sessions_in(scope).where(SignInSession.user_id == user_id, SignInSession.stage == FULL)
    newest = statement.where(is_open(now, idle_since)).order_by(SignInSession.last_seen_at.desc())
    return session.scalars(newest.order_by(SignInSession.id)).all()


def find_session(session: Session, scope: Scope, session_id: UUID) -> SignInSession | None:
    """Return one session that has not ended, of somebody whose unit ``scope`` covers."""
    statement = _sessions_in(scope).where(SignInSession.id == session_id, SignInSession.ended_at.is_(None))
    return session.scalar(statement.with_for_update(of=SignInSession))


def end_other_sessions(
    session: Session, user_id: UUID, *, kept: UUID, at: datetime, reason: str
) -> Sequence[UUID]:
    """End every session of a user but ``kept``; return which."""
    others = (SignInSession.user_id == user_id, SignInSession.id != kept, SignInSession.ended_at.is_(None))
    ended = update(SignInSession).where(*others).values(ended_at=at, end_reason=reason)
    return session.scalars(ended.returning(SignInSession.id)).all()


def end_every_session(session: Session, *, at: datetime, reason: str) -> int:
    """End every session there is; return how many."""
    open_ones = update(SignInSession).where(SignInSession.ended_at.is_(None))
    ended = open_ones.values(ended_at=at, end_reason=reason).returning(SignInSession.id)
    return len(session.scalars(ended).all())


def user_in(session: Session, scope: Scope, user_id: UUID) -> User | None:
    """Return one user if ``scope`` covers their unit."""
    return session.scalar(select(User).where(User.id == user_id, _covers(scope)))


def factors_of(session: Session, session_id: UUID) -> Factors:
    """Return what the owner of a session can sign in with, and when it ends at the latest."""
    count = select(func.count()).where(Passkey.user_id == User.id).correlate(User).scalar_subquery()
    statement = (
        select(SignInSession.expires_at, User.totp_since, count)
        .join(User, User.id == SignInSession.user_id)
        .where(SignInSession.id == session_id)
    )
    return Factors(*session.execute(statement).one())


def is_open(now: datetime, idle_since: datetime) -> ColumnElement[bool]:
    """Return the condition under which a session has not ended, by whatever end."""
    return (
        SignInSession.ended_at.is_(None)
        & (SignInSession.expires_at > now)
        & (SignInSession.last_seen_at > idle_since)
    )


def _holders(now: datetime, idle_since: datetime) -> Select[*tuple[Any, ...]]:
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


def _sessions_in(scope: Scope) -> Select[SignInSession]:
    return select(SignInSession).join(User, User.id == SignInSession.user_id).where(_covers(scope))


def _covers(scope: Scope) -> ColumnElement[bool]:
    return (User.unit_path >= scope.low) & (User.unit_path < scope.high)
