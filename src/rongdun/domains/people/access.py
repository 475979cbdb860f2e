"""Disabling, enabling and unlocking accounts, a new temporary password, and a lost second factor."""

from typing import Any
from uuid import UUID

from rongdun.domains.people import store, totp
from rongdun.domains.people.model import User
from rongdun.domains.people.passwords import hash_password, temporary_password
from rongdun.domains.people.standing import (
    check_administrator_remains,
    check_not_oneself,
    check_roles,
    end_sessions,
    open_unit,
)
from rongdun.domains.people.store import FoundUser
from rongdun.domains.people.users import lock_current, read, tell, touch
from rongdun.runtime.uow import Uow


def disable(uow: Uow, user_id: UUID, *, version: int) -> FoundUser:
    """Close an account and end its sessions; one already closed stays as it is.

    Raises :class:`NotOneself`, :class:`LastAdministrator`, and what :func:`users.lock_current` raises.
    """
    user = _of_another(uow, user_id, version)
    if user.disabled_at is None:
        check_administrator_remains(uow, user)
        user.disabled_at = uow.now
        _done(uow, user, "user.disable", {"disabled": False}, {"disabled": True})
        end_sessions(uow, user, "disabled")
    return read(uow, user.id)


def enable(uow: Uow, user_id: UUID, *, version: int) -> FoundUser:
    """Open a closed account again, where its unit is in use and its roles still belong there."""
    user = _of_another(uow, user_id, version)
    if user.disabled_at is not None:
        unit = open_unit(uow, user.unit_id)
        check_roles(user.roles, unit)
        user.disabled_at = None
        _done(uow, user, "user.enable", {"disabled": True}, {"disabled": False})
    return read(uow, user.id)


def unlock(uow: Uow, user_id: UUID, *, version: int) -> FoundUser:
    """Let somebody who failed too often try again."""
    user = _of_another(uow, user_id, version)
    if user.locked_until is not None or user.failed_logins:
        before = {"failed_logins": user.failed_logins}
        _forget_failures(user)
        _done(uow, user, "user.unlock", before, {"failed_logins": 0})
    return read(uow, user.id)


def reset_password(uow: Uow, user_id: UUID, *, version: int) -> tuple[FoundUser, str]:
    """Replace a password by a temporary one, which is returned this once, and end every session."""
    user = _of_another(uow, user_id, version)
    password = temporary_password()
    user.password_hash = hash_password(password)
    user.password_changed_at = uow.now
    before, user.must_change_password = user.must_change_password, True
    _forget_failures(user)
    _done(uow, user, "user.reset_password", {"must_change": before}, {"must_change": True})
    end_sessions(uow, user, "password_reset")
    return read(uow, user.id), password


def reset_factors(uow: Uow, user_id: UUID, *, version: int) -> FoundUser:
    """Take away a lost authenticator with its recovery codes, and every passkey; every session ends.

    The password alone opens the account until its holder sets up a new factor, so this is on record.
    """
    user = _of_another(uow, user_id, version)
    had = {
        "totp": user.totp_since is not None,
        "passkeys": store.forget_factors(uow.session, uow.actor, user.id),
    }
    if any(had.values()):
        totp.forget(user)
        _done(uow, user, "user.reset_factors", had, {"totp": False, "passkeys": 0})
        end_sessions(uow, user, "factors_reset")
    return read(uow, user.id)


def _of_another(uow: Uow, user_id: UUID, version: int) -> User:
    user = lock_current(uow, user_id, version=version, yours={})
    check_not_oneself(uow, user)
    return user


def _forget_failures(user: User) -> None:
    user.failed_logins, user.locked_until = 0, None


def _done(uow: Uow, user: User, action: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    touch(uow, user)
    tell(uow, user, action, before=before, after=after)
