"""Setting up, and giving up, the authenticator of one's own account."""

from collections.abc import Sequence

from rongdun.domains.people import guard, recovery, sign_in, store_auth, store_factors, totp
from rongdun.domains.people.access_rules import access_rules
from rongdun.domains.people.errors_auth import CodeDoesNotFit, FactorState
from rongdun.domains.people.model import User
from rongdun.domains.people.totp import Secret
from rongdun.kernel.errors import FieldError, Text
from rongdun.runtime.uow import Uow

_ON_ALREADY = Text("验证器已经启用", "An authenticator is already in use")
_REMOVE_FIRST = Text("如需更换，请先停用现有验证器", "Remove it before you set up another one")
_NOT_BEGUN = Text("尚未开始绑定验证器", "Setting up an authenticator has not begun")
_BEGIN = Text("请重新开始绑定", "Begin again")
_NONE = Text("没有启用验证器", "No authenticator is in use")
_NOTHING = Text("无需停用", "There is nothing to remove")


def begin_totp(uow: Uow) -> Secret:
    """Return a fresh secret for the actor's authenticator; :class:`FactorState` when one is in use."""
    user = _oneself(uow)
    if user.totp_since is not None:
        raise FactorState(_ON_ALREADY, action=_REMOVE_FIRST)
    return totp.fresh_secret(uow, user)


def confirm_totp(uow: Uow, code: str) -> Sequence[str]:
    """Put the authenticator to use, once it has shown a code that fits; return the recovery codes.

    Raises :class:`CodeDoesNotFit`, and :class:`FactorState` when there is nothing to confirm.
    """
    user = _oneself(uow)
    if user.totp_secret is None or user.totp_since is not None:
        raise FactorState(_NOT_BEGUN, action=_BEGIN)
    if not totp.accept(uow, user, code):
        raise CodeDoesNotFit(fields=[FieldError("code", CodeDoesNotFit.message)])
    user.totp_since = uow.now
    uow.record("auth.second_factor_added", user.reference, after={"kind": "totp"})
    return recovery.renew(uow, user, count=access_rules(uow).recovery_codes)


def remove_totp(uow: Uow, password: str) -> None:
    """Give up the authenticator and its recovery codes, on showing the password.

    Raises :class:`WrongPassword`, :class:`Locked`, and :class:`FactorState` when there is none.
    """
    user = _oneself(uow)
    if user.totp_since is None:
        raise FactorState(_NONE, action=_NOTHING)
    guard.see_all(uow)
    sign_in.confirm_password(uow, user, password, field="password", rules=access_rules(uow))
    totp.forget(user)
    store_factors.delete_codes(uow.session, user.id)
    uow.record("auth.second_factor_removed", user.reference, after={"kind": "totp"})


def _oneself(uow: Uow) -> User:
    assert uow.actor.user_id is not None, "only somebody signed in gets here"
    return store_auth.lock_user(uow.session, uow.actor.user_id)
