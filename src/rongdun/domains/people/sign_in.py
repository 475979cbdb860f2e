"""The way in by login and password: the password, the second factor, a new password where one is owed."""

from typing import NamedTuple

from rongdun.domains.people import guard, passwords, recovery, sessions, store_auth, totp
from rongdun.domains.people.access_rules import AccessRules, access_rules
from rongdun.domains.people.authentication import idle_since
from rongdun.domains.people.errors_auth import (
    AccountDisabled,
    BadCode,
    BadCredentials,
    WeakPassword,
    WrongPassword,
)
from rongdun.domains.people.model import SignInSession, UnknownLogin, User
from rongdun.domains.people.password_rules import fault
from rongdun.domains.people.rules import is_login
from rongdun.domains.people.sessions import Visitor
from rongdun.domains.people.store_auth import FULL, PASSWORD_CHANGE, SECOND_FACTOR
from rongdun.domains.people.tokens import token_hash
from rongdun.kernel.errors import FieldError, Text, Unauthenticated
from rongdun.runtime.uow import Uow

_BLIND = "unknown_logins.login"
_SAME = Text("新密码不能与当前密码相同", "The new password must differ from the current one")
_WRONG = Text("当前密码不正确", "The current password is wrong")


class Step(NamedTuple):
    """How far somebody has got: the stage of their session, and its token for the browser."""

    stage: str
    token: str


def sign_in(uow: Uow, visitor: Visitor, *, login: str, password: str) -> Step:
    """Take login and password; return how far they lead.

    Raises :class:`BadCredentials`, :class:`Locked`, :class:`AddressBlocked`, :class:`AccountDisabled`.
    """
    guard.see_all(uow)
    rules = access_rules(uow)
    guard.must_not_be_blocked(uow, rules)
    found = _find(uow, login.strip().lower())
    guard.must_not_be_locked(uow, found)
    user = _proven(uow, found, password, rules)
    row, token = sessions.open_session(uow, user, visitor, stage=SECOND_FACTOR)
    if user.totp_since is not None:
        return Step(SECOND_FACTOR, token)
    return let_in(uow, user, row, by="password", owes_password=user.must_change_password)


def second_factor(uow: Uow, visitor: Visitor, *, code: str) -> Step:
    """Take the second factor of somebody whose password was right: an authenticator's code or a recovery code.

    Raises :class:`BadCode`, :class:`Locked` (the sign-in starts over), :class:`Unauthenticated` when none waits.
    """
    guard.see_all(uow)
    rules = access_rules(uow)
    guard.must_not_be_blocked(uow, rules)
    row, user = _waiting(uow, visitor, SECOND_FACTOR)
    guard.must_not_be_locked(uow, user)
    by = _factor_shown(uow, user, code)
    if by is None:
        raise guard.wrong_answer(uow, user, rules, what="code", otherwise=BadCode)
    return let_in(uow, user, row, by=by, owes_password=user.must_change_password)


def change_password(uow: Uow, visitor: Visitor, *, current: str, new: str) -> Step:
    """Replace one's password, freely or because it was handed over; every other session of the person ends.

    Raises :class:`WrongPassword`, :class:`WeakPassword`, :class:`Locked`.
    """
    guard.see_all(uow)
    rules = access_rules(uow)
    row, user = _waiting(uow, visitor, FULL, PASSWORD_CHANGE)
    confirm_password(uow, user, current, field="current", rules=rules)
    must_be_good(user, new, current=current, rules=rules)
    user.password_hash = passwords.hash_password(new)
    user.password_changed_at = uow.now
    user.must_change_password = False
    sessions.end_others(uow, user, kept=row.id, reason="password_changed")
    owed = row.stage == PASSWORD_CHANGE
    uow.record("auth.password_changed", user.reference, unit_path=user.unit_path, after={"owed": owed})
    if owed:
        return let_in(uow, user, row, by="password", owes_password=False)
    token = sessions.step_up(uow, row, stage=FULL)
    sessions.become_holder(uow, row)
    return Step(FULL, token)


def let_in(uow: Uow, user: User, row: SignInSession, *, by: str, owes_password: bool) -> Step:
    """Open the session fully, or as far as a new password; ``by`` says what was shown last."""
    guard.right_answer(user)
    if owes_password:
        return Step(PASSWORD_CHANGE, sessions.step_up(uow, row, stage=PASSWORD_CHANGE))
    user.last_login_at = uow.now
    token = sessions.step_up(uow, row, stage=FULL)
    sessions.become_holder(uow, row)
    uow.record("auth.signed_in", user.reference, after={"by": by, "user_agent": row.user_agent})
    return Step(FULL, token)


def find_user(uow: Uow, login: str) -> User | None:
    """Return who signs in as ``login`` (lower case), for change: attempts on one account stand in line."""
    return store_auth.lock_user_by_login(uow.session, login) if is_login(login) else None


def must_be_enabled(uow: Uow, user: User) -> None:
    """Raise :class:`AccountDisabled`, on record, for somebody who may not sign in any more."""
    if user.disabled_at is not None:
        uow.record("auth.refused_disabled", user.reference, unit_path=user.unit_path)
        raise AccountDisabled


def confirm_password(uow: Uow, user: User, password: str, *, field: str, rules: AccessRules) -> None:
    """Ask somebody signed in for their password again; a wrong one counts as at the door."""
    guard.must_not_be_locked(uow, user)
    if passwords.check(password, user.password_hash).fits:
        return
    wrong = WrongPassword(fields=[FieldError(field, _WRONG)])
    raise guard.wrong_answer(uow, user, rules, what="password", otherwise=lambda: wrong)


def must_be_good(user: User, new: str, *, current: str, rules: AccessRules) -> None:
    """Raise :class:`WeakPassword`, which says why, for a password that must not become the user's."""
    wrong = fault(new, shortest=rules.password_min_length, login=user.login, name=user.name)
    if wrong is None and new == current:
        wrong = _SAME
    if wrong is not None:
        raise WeakPassword(fields=[FieldError("new", wrong)])


def _find(uow: Uow, login: str) -> User | UnknownLogin:
    user = find_user(uow, login)
    if user is not None:
        return user
    unknown = store_auth.claim_unknown_login(uow.session, uow.vault.blind(login, _BLIND), now=uow.now)
    unknown.tried_at = uow.now
    return unknown


def _proven(uow: Uow, found: User | UnknownLogin, password: str, rules: AccessRules) -> User:
    """Return the user whose password it is; nobody's login takes as long, and gets the same answer."""
    stored = found.password_hash if isinstance(found, User) else ""
    checked = passwords.check(password, stored)
    if not checked.fits or not isinstance(found, User):
        raise guard.wrong_answer(uow, found, rules, what="password", otherwise=BadCredentials)
    must_be_enabled(uow, found)
    found.password_hash = checked.new_hash or found.password_hash
    return found


def _waiting(uow: Uow, visitor: Visitor, *stages: str) -> tuple[SignInSession, User]:
    found = store_auth.lock_session(
        uow.session, token_hash(visitor.token), stages=stages, now=uow.now, idle_since=idle_since(uow)
    )
    if found is None:
        raise Unauthenticated
    must_be_enabled(uow, found[1])
    return found


def _factor_shown(uow: Uow, user: User, code: str) -> str | None:
    if totp.accept(uow, user, code):
        return "totp"
    return "recovery_code" if recovery.spend(uow, user, code) else None
