"""Who is calling: the session behind a request's cookie, asked anew on every request."""

from dataclasses import replace
from datetime import datetime, timedelta

from fastapi import Request

from rongdun.domains.people import store_auth
from rongdun.domains.people.errors_auth import CsrfFailed
from rongdun.domains.people.store_auth import Holder
from rongdun.domains.people.tokens import csrf_of, same, token_hash
from rongdun.domains.people.visitor import SAFE_METHODS, address_of, token_of
from rongdun.kernel.scope import NOBODY, Actor, Scope
from rongdun.runtime.authz import permissions_of
from rongdun.runtime.uow import Uow

CSRF_HEADER = "x-csrf-token"
SEEN_EVERY = timedelta(minutes=1)
"""How often, at most, a session's last use is written down."""


def authenticate(request: Request, uow: Uow) -> Actor:
    """Return the actor behind ``request``, or nobody; one query, and a second once a minute.

    Raises :class:`CsrfFailed` when somebody signed in sends a change without the token of their own pages.
    """
    ip = address_of(request, uow.settings)
    token = token_of(request, uow.settings)
    holder = _holder(uow, token) if token else None
    if holder is None:
        return replace(NOBODY, ip=ip)
    if request.method not in SAFE_METHODS:
        _must_bring_csrf(request, token)
    if uow.now - holder.last_seen_at >= SEEN_EVERY:
        store_auth.mark_seen(uow.session, holder.session_id, now=uow.now)
    return actor_of(holder, ip=ip)


def recheck(uow: Uow, actor: Actor) -> Actor | None:
    """Return ``actor`` as they are now, or None when their session is over; being asked does not keep it open."""
    if actor.session_id is None:
        return None
    holder = store_auth.holder_by_id(uow.session, actor.session_id, now=uow.now, idle_since=idle_since(uow))
    return actor_of(holder, ip=actor.ip) if holder else None


def actor_of(holder: Holder, *, ip: str) -> Actor:
    """Return the actor who holds a session: what their roles allow, the subtree and the cases they see."""
    return Actor(
        user_id=holder.user_id,
        login=holder.login,
        name=holder.name,
        unit_id=holder.unit_id,
        unit_path=holder.unit_path,
        roles=frozenset(holder.roles),
        permissions=permissions_of(holder.roles),
        scope=Scope.subtree(holder.scope_path, teams=tuple(holder.teams or ())),
        session_id=holder.session_id,
        ip=ip,
        unit_name=holder.unit_name,
    )


def idle_since(uow: Uow) -> datetime:
    """Return the moment since which an open session must have been used."""
    return uow.now - timedelta(minutes=uow.settings.session_idle_minutes)


def _holder(uow: Uow, token: str) -> Holder | None:
    return store_auth.holder_by_token(uow.session, token_hash(token), now=uow.now, idle_since=idle_since(uow))


def _must_bring_csrf(request: Request, token: str) -> None:
    if not same(request.headers.get(CSRF_HEADER, ""), csrf_of(token)):
        raise CsrfFailed
