"""The tables of people: ``units``, ``users``, ``sessions`` and what one signs in with."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Text
from sqlalchemy.orm import Mapped, mapped_column

from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.crypto import register_sealed
from rongdun.runtime.db import Base, id_column, path_column, time_column


class Unit(Base):
    """A unit of the tree: a bureau, a station, a bank, an outlet, a grid."""

    __tablename__ = "units"

    id: Mapped[UUID] = id_column()
    parent_id: Mapped[UUID | None]
    kind: Mapped[str]
    code: Mapped[str]
    path: Mapped[str] = path_column()
    district: Mapped[str] = mapped_column(default="")
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    short_name: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = time_column()
    updated_at: Mapped[datetime] = time_column()
    version: Mapped[int] = mapped_column(default=1)

    @property
    def reference(self) -> SubjectRef:
        """The unit as audit entries and live events name it."""
        return SubjectRef("unit", str(self.id), self.name)


class User(Base):
    """Somebody who may sign in, with their unit, their roles, and the unit whose subtree they see."""

    __tablename__ = "users"

    id: Mapped[UUID] = id_column()
    login: Mapped[str]
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    unit_id: Mapped[UUID]
    unit_path: Mapped[str] = path_column()
    scope_path: Mapped[str] = path_column()
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    disabled_at: Mapped[datetime | None] = time_column()
    password_hash: Mapped[str]
    password_changed_at: Mapped[datetime] = time_column()
    must_change_password: Mapped[bool]
    failed_logins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = time_column()
    phone: Mapped[bytes | None]
    phone_blind: Mapped[bytes | None]
    id_number: Mapped[bytes | None]
    id_number_blind: Mapped[bytes | None]
    police_number: Mapped[bytes | None]
    police_number_blind: Mapped[bytes | None]
    work_phone: Mapped[bytes | None]
    work_phone_blind: Mapped[bytes | None]
    totp_secret: Mapped[bytes | None]
    totp_since: Mapped[datetime | None] = time_column()
    totp_step: Mapped[int] = mapped_column(default=0)
    last_login_at: Mapped[datetime | None] = time_column()
    created_at: Mapped[datetime] = time_column()
    updated_at: Mapped[datetime] = time_column()
    version: Mapped[int] = mapped_column(default=1)

    @property
    def reference(self) -> SubjectRef:
        """The user as audit entries and live events name them."""
        return SubjectRef("user", str(self.id), self.name)


class SignInSession(Base):
    """One browser in which somebody is, or is about to be, signed in."""

    __tablename__ = "sessions"

    id: Mapped[UUID] = id_column()
    user_id: Mapped[UUID]
    unit_path: Mapped[str] = path_column()
    token_hash: Mapped[bytes]
    stage: Mapped[str]
    created_at: Mapped[datetime] = time_column()
    last_seen_at: Mapped[datetime] = time_column()
    expires_at: Mapped[datetime] = time_column()
    ended_at: Mapped[datetime | None] = time_column()
    end_reason: Mapped[str] = mapped_column(default="")
    ip: Mapped[str]
    user_agent: Mapped[str]


class Passkey(Base):
    """A WebAuthn credential."""

    __tablename__ = "passkeys"

    id: Mapped[UUID] = id_column()
    user_id: Mapped[UUID]
    credential_id: Mapped[bytes]
    public_key: Mapped[bytes]
    sign_count: Mapped[int]
    name: Mapped[str]
    created_at: Mapped[datetime] = time_column()
    last_used_at: Mapped[datetime | None] = time_column()


class RecoveryCode(Base):
    """A one-time code for somebody who lost their authenticator; only its hash is kept."""

    __tablename__ = "recovery_codes"

    id: Mapped[UUID] = id_column()
    user_id: Mapped[UUID]
    code_hash: Mapped[bytes]
    created_at: Mapped[datetime] = time_column()
    used_at: Mapped[datetime | None] = time_column()


class Ceremony(Base):
    """A sign-in with a passkey or through another system that has begun and waits for its answer."""

    __tablename__ = "ceremonies"

    id: Mapped[UUID] = id_column()
    user_id: Mapped[UUID | None]
    kind: Mapped[str]
    secret: Mapped[str]
    expires_at: Mapped[datetime] = time_column()


class LoginAttempt(Base):
    """A failed sign-in from an address."""

    __tablename__ = "login_attempts"

    id: Mapped[UUID] = id_column()
    ip: Mapped[str]
    at: Mapped[datetime] = time_column()


class UnknownLogin(Base):
    """A login that nobody has, and how often it was tried: it locks as one that somebody has."""

    __tablename__ = "unknown_logins"

    login_blind: Mapped[bytes] = mapped_column(primary_key=True)
    failed_logins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = time_column()
    tried_at: Mapped[datetime] = time_column()


class CaseTeamMember(Base):
    """Somebody who serves on the team of a case; the rows of that case lie in their scope meanwhile."""

    __tablename__ = "case_team_members"

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    joined_at: Mapped[datetime] = time_column(primary_key=True)
    left_at: Mapped[datetime | None] = time_column()


register_sealed("users", "id", "phone", "users.phone:{id}")
register_sealed("users", "id", "id_number", "users.id_number:{id}")
register_sealed("users", "id", "police_number", "users.police_number:{id}")
register_sealed("users", "id", "work_phone", "users.work_phone:{id}")
register_sealed("users", "id", "totp_secret", "users.totp_secret:{id}")
