"""Somebody locked out, let in again from the machine's console; it goes on record as the system's doing."""

from rongdun.domains.people import access, store_auth
from rongdun.domains.people.model import User
from rongdun.kernel.errors import NotFound, Text
from rongdun.runtime.uow import Uow


def reset_password_of(uow: Uow, login: str) -> str:
    """Give whoever signs in as ``login`` a temporary password, and return it; their sessions end.

    Raises :class:`NotFound`.
    """
    user = _by_login(uow, login)
    _, password = access.reset_password(uow, user.id, version=user.version)
    return password


def unlock_login(uow: Uow, login: str) -> None:
    """Let whoever signs in as ``login`` and failed too often try again. Raises :class:`NotFound`."""
    user = _by_login(uow, login)
    access.unlock(uow, user.id, version=user.version)


def end_every_session(uow: Uow, *, reason: str) -> int:
    """Let everybody sign in anew: whoever was out when a backup was made must not be in again after it.

    Returns how many sessions ended; nothing is running that would have to be told.
    """
    return store_auth.end_every_session(uow.session, at=uow.now, reason=reason)


def _by_login(uow: Uow, login: str) -> User:
    user = store_auth.lock_user_by_login(uow.session, login)
    if user is None:
        raise NotFound(
            Text(f"没有账号“{login}”", f"Nobody signs in as {login!r}"),
            action=Text("请核对账号", "Check the login"),
        )
    return user
