"""Slowing guessing down: a lock after wrong answers in a row, and a limit on the address they come from.

A login nobody has is counted and locked as one that somebody has, so that trying tells nothing.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from rongdun.domains.people import store_auth
from rongdun.domains.people.access_rules import AccessRules
from rongdun.domains.people.errors_auth import AddressBlocked, Locked
from rongdun.domains.people.model import LoginAttempt, UnknownLogin, User
from rongdun.kernel.errors import DomainError
from rongdun.kernel.ids import new_id
from rongdun.kernel.scope import Scope, SubjectRef
from rongdun.runtime.uow import Uow


class Guarded(Protocol):
    """A row that counts wrong answers in a row."""

    failed_logins: int
    locked_until: datetime | None


def see_all(uow: Uow) -> None:
    """Let the sign-in look people up for whoever is at the door; who acts, for the record, does not change."""
    uow.act_as(replace(uow.actor, scope=Scope.everything()))


def must_not_be_blocked(uow: Uow, rules: AccessRules) -> None:
    """Raise :class:`AddressBlocked` when too many sign-ins from the caller's address have failed lately."""
    moments = store_auth.attempts_since(
        uow.session, uow.actor.ip, since=uow.now - rules.login_attempts_window
    )
    if len(moments) >= rules.login_attempts_per_address:
        freeing = moments[rules.login_attempts_per_address - 1]
        wait = freeing + rules.login_attempts_window - uow.now
        raise AddressBlocked(extra={"retry_after_s": max(1, round(wait.total_seconds()))})


def must_not_be_locked(uow: Uow, guarded: User | UnknownLogin) -> None:
    """Raise :class:`Locked` while a lock lasts; the refused attempt counts for its address and is kept."""
    if guarded.locked_until is not None and guarded.locked_until > uow.now:
        note_attempt(uow)
        _record(uow, "auth.refused_while_locked", guarded)
        raise Locked.until(guarded.locked_until)


def wrong_answer(
    uow: Uow,
    guarded: User | UnknownLogin,
    rules: AccessRules,
    *,
    what: str,
    otherwise: Callable[[], DomainError],
) -> DomainError:
    """Count a wrong answer (``what``: password, code) and return the error to raise: the lock it brings, or another."""
    note_attempt(uow)
    guarded.failed_logins += 1
    _record(uow, "auth.failed", guarded, what=what, in_a_row=guarded.failed_logins)
    if guarded.failed_logins < rules.login_failures:
        return otherwise()
    guarded.failed_logins = 0
    guarded.locked_until = uow.now + rules.lockout
    _record(uow, "auth.locked", guarded, until=guarded.locked_until)
    return Locked.until(guarded.locked_until)


def right_answer(user: User) -> None:
    """Forget the wrong answers before a completed sign-in."""
    user.failed_logins = 0
    user.locked_until = None


def note_attempt(uow: Uow) -> None:
    """Count a failed sign-in for the address it came from."""
    uow.session.add(LoginAttempt(id=new_id(), ip=uow.actor.ip, at=uow.now))


def _record(uow: Uow, action: str, guarded: User | UnknownLogin, **after: object) -> None:
    """Put on record; what was typed as an unknown login may be a password, and is never written."""
    if isinstance(guarded, User):
        uow.record(action, guarded.reference, unit_path=guarded.unit_path, after=after)
    else:
        subject = SubjectRef("unknown_login", bytes(guarded.login_blind).hex()[:16])
        uow.record(action, subject, after=after)
