"""Sessions: opened at the password, given a new token at every step up, ended and listed."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from rongdun.domains.people import store_auth
from rongdun.domains.people.authentication import actor_of, idle_since
from rongdun.domains.people.model import SignInSession, User
from rongdun.domains.people.store_auth import FULL
from rongdun.domains.people.tokens import new_token, token_hash
from rongdun.kernel.errors import Forbidden, NotFound
from rongdun.kernel.ids import new_id
from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.live.topics import EVERYWHERE, SESSION_ENDED
from rongdun.runtime.uow import Uow

PARTIAL_FOR = timedelta(minutes=10)
"""How long somebody may take from their password to the second factor or a new password."""

OTHERS = "user.sessions"
"""The permission to see and end other people's sessions."""


class Visitor(NamedTuple):
    """The browser at the door: the token it holds already, if any, and what it calls itself."""

    token: str
    user_agent: str


def open_session(uow: Uow, user: User, visitor: Visitor, *, stage: str) -> tuple[SignInSession, str]:
    """Open a session of ``user`` and return it with its token; the browser's earlier session ends."""
    end_by_token(uow, visitor.token, reason="replaced")
    row = SignInSession(
        id=new_id(),
        user_id=user.id,
        unit_path=user.unit_path,
        created_at=uow.now,
        ip=uow.actor.ip,
        user_agent=visitor.user_agent,
    )
    token = step_up(uow, row, stage=stage)
    uow.session.add(row)
    return row, token


def step_up(uow: Uow, row: SignInSession, *, stage: str) -> str:
    """Move a session to ``stage`` and return its new token; the old one opens nothing any more."""
    token = new_token()
    row.token_hash = token_hash(token)
    if row.stage != stage:
        whole = timedelta(hours=uow.settings.session_hours)
        row.expires_at = uow.now + (whole if stage == FULL else PARTIAL_FOR)
    row.stage = stage
    row.last_seen_at = uow.now
    return token


def become_holder(uow: Uow, row: SignInSession) -> None:
    """Go on as the person who has just signed in."""
    uow.session.flush()
    holder = store_auth.holder_by_id(uow.session, row.id, now=uow.now, idle_since=idle_since(uow))
    assert holder is not None, "the session was opened in this transaction"
    uow.act_as(actor_of(holder, ip=uow.actor.ip))


def end(uow: Uow, row: SignInSession, *, reason: str) -> None:
    """End a session at once, also on screens that are open."""
    row.ended_at = uow.now
    row.end_reason = reason
    tell_ended(uow, row.id)


def end_others(uow: Uow, user: User, *, kept: UUID, reason: str) -> int:
    """End every session of ``user`` but ``kept``; return how many."""
    ended = store_auth.end_other_sessions(uow.session, user.id, kept=kept, at=uow.now, reason=reason)
    for session_id in ended:
        tell_ended(uow, session_id)
    return len(ended)


def end_by_token(uow: Uow, token: str, *, reason: str) -> SignInSession | None:
    """End the open session of ``token``, whatever its stage; return it if there was one."""
    stages = (FULL, store_auth.SECOND_FACTOR, store_auth.PASSWORD_CHANGE)
    found = store_auth.lock_session(
        uow.session, token_hash(token), stages=stages, now=uow.now, idle_since=idle_since(uow)
    )
    if found is None:
        return None
    end(uow, found[0], reason=reason)
    return found[0]


def tell_ended(uow: Uow, session_id: UUID) -> None:
    """Tell the streams of a session that it is over."""
    uow.publish(SESSION_ENDED, SubjectRef("session", str(session_id)), EVERYWHERE)


def list_sessions(uow: Uow, user_id: UUID | None) -> Sequence[SignInSession]:
    """Return the open sessions of ``user_id`` (default: one's own).

    Raises :class:`Forbidden` without ``user.sessions``, :class:`NotFound` outside the actor's scope.
    """
    own = user_id is None or user_id == uow.actor.user_id
    if not own and not uow.actor.may(OTHERS):
        raise Forbidden(extra={"permission": OTHERS})
    wanted = user_id or uow.actor.user_id
    assert wanted is not None, "only somebody signed in gets here"
    if store_auth.user_in(uow.session, uow.actor.scope, wanted) is None:
        raise NotFound
    return store_auth.open_sessions(
        uow.session, uow.actor.scope, wanted, now=uow.now, idle_since=idle_since(uow)
    )


def revoke(uow: Uow, session_id: UUID) -> None:
    """End a session of one's own, or of somebody in scope with ``user.sessions``; else :class:`NotFound`."""
    row = store_auth.find_session(uow.session, uow.actor.scope, session_id)
    if row is None or (row.user_id != uow.actor.user_id and not uow.actor.may(OTHERS)):
        raise NotFound
    end(uow, row, reason="revoked")
    subject = SubjectRef("session", str(row.id))
    uow.record("auth.session_revoked", subject, unit_path=row.unit_path, after={"user_id": row.user_id})


def sign_out(uow: Uow, token: str) -> None:
    """End the session of ``token``, if there is one; leaving is never refused."""
    row = end_by_token(uow, token, reason="signed_out")
    if row is not None and row.stage == FULL:
        uow.record("auth.signed_out", SubjectRef("session", str(row.id)), unit_path=row.unit_path)
