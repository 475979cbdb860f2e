"""Queries of what somebody signs in with besides a password, of half-finished ceremonies, and of forgetting."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, func, or_, select
from sqlalchemy.orm import Session

from rongdun.domains.people.model import (
    Ceremony,
    LoginAttempt,
    Passkey,
    RecoveryCode,
    SignInSession,
    UnknownLogin,
    User,
)


def unused_code(session: Session, user_id: UUID, code_hash: bytes) -> RecoveryCode | None:
    """Return somebody's recovery code of that hash that was not used yet, for change."""
    statement = select(RecoveryCode).where(
        RecoveryCode.user_id == user_id, RecoveryCode.code_hash == code_hash, RecoveryCode.used_at.is_(None)
    )
    return session.scalar(statement.with_for_update())


def count_unused_codes(session: Session, user_id: UUID) -> int:
    """Return how many recovery codes somebody has left."""
    unused = (RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return session.execute(select(func.count()).where(*unused)).scalar_one()


def delete_codes(session: Session, user_id: UUID) -> None:
    """Forget every recovery code of somebody."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))


def passkeys_of(session: Session, user_id: UUID) -> Sequence[Passkey]:
    """Return somebody's passkeys, the oldest first."""
    own = select(Passkey).where(Passkey.user_id == user_id)
    return session.scalars(own.order_by(Passkey.created_at, Passkey.id)).all()


def find_passkey(session: Session, user_id: UUID, passkey_id: UUID) -> Passkey | None:
    """Return one passkey of somebody."""
    return session.scalar(select(Passkey).where(Passkey.id == passkey_id, Passkey.user_id == user_id))


def lock_passkey(session: Session, credential_id: bytes) -> tuple[Passkey, User] | None:
    """Return the passkey of that credential and its owner, both for change."""
    statement = (
        select(Passkey, User)
        .join(User, User.id == Passkey.user_id)
        .where(Passkey.credential_id == credential_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    row = session.execute(statement).one_or_none()
    return (row[0], row[1]) if row else None


def is_known_credential(session: Session, credential_id: bytes) -> bool:
    """Tell whether anybody has registered that credential."""
    return session.scalar(select(Passkey.id).where(Passkey.credential_id == credential_id)) is not None


def find_ceremony(session: Session, ceremony_id: UUID, kind: str, *, now: datetime) -> Ceremony | None:
    """Return a ceremony that still waits for its answer."""
    waiting = (Ceremony.id == ceremony_id, Ceremony.kind == kind, Ceremony.expires_at > now)
    return session.scalar(select(Ceremony).where(*waiting))


def take_ceremony(session: Session, ceremony_id: UUID, kind: str, *, now: datetime) -> Ceremony | None:
    """Return a ceremony that still waits for its answer and forget it: nobody can answer it twice."""
    waiting = (Ceremony.id == ceremony_id, Ceremony.kind == kind, Ceremony.expires_at > now)
    return session.scalar(delete(Ceremony).where(*waiting).returning(Ceremony))


def forget_ceremonies(session: Session, *, now: datetime) -> int:
    """Forget the ceremonies nobody can finish any more; return how many."""
    return _rows(session.execute(delete(Ceremony).where(Ceremony.expires_at <= now)))


def forget_sessions(session: Session, *, before: datetime) -> int:
    """Forget the sessions that ended, or ran out, before that moment; return how many."""
    over = or_(SignInSession.ended_at < before, SignInSession.expires_at < before)
    return _rows(session.execute(delete(SignInSession).where(over)))


def forget_attempts(session: Session, *, before: datetime) -> int:
    """Forget the failed sign-ins before that moment; return how many."""
    return _rows(session.execute(delete(LoginAttempt).where(LoginAttempt.at < before)))


def forget_unknown_logins(session: Session, *, before: datetime) -> int:
    """Forget the logins nobody has that were last tried before that moment; return how many."""
    return _rows(session.execute(delete(UnknownLogin).where(UnknownLogin.tried_at < before)))


def _rows(result: Any) -> int:
    return cast("CursorResult[Any]", result).rowcount
