"""Signing in through another system: only people who have an account here, and nobody who is disabled.

That system decides how its users prove themselves; its word stands for both factors.
"""

import json
from typing import NamedTuple
from urllib.parse import urlencode

from rongdun.domains.people import ceremonies, guard, oidc_provider, sessions, sign_in, store_auth
from rongdun.domains.people.errors_auth import AccountDisabled
from rongdun.domains.people.model import Ceremony
from rongdun.domains.people.oidc_provider import Flow, OidcFailed
from rongdun.domains.people.sessions import Visitor
from rongdun.domains.people.tokens import same
from rongdun.kernel.errors import NotFound
from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.logs import describe, get_logger
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import Uow

HOME = "/"
PROVIDER = SubjectRef("identity_provider", "oidc")

_log = get_logger("oidc")


class Departure(NamedTuple):
    """Where to send the browser, and the id of the ceremony for its cookie (empty: none was begun)."""

    url: str
    ceremony: str = ""


class Arrival(NamedTuple):
    """Where to send the browser that came back, and its session's token (empty: not signed in)."""

    url: str
    token: str = ""


class Answer(NamedTuple):
    """What the provider gave the browser to bring."""

    state: str
    code: str
    error: str


def enabled(settings: Settings) -> bool:
    """Tell whether a provider is set."""
    return bool(settings.oidc_issuer and settings.oidc_client_id)


def depart(uow: Uow) -> Departure:
    """Send the browser to the provider; :class:`NotFound` when none is set."""
    if not enabled(uow.settings):
        raise NotFound
    visitor = uow.actor
    flow = Flow.fresh()
    uow.release()
    try:
        url = oidc_provider.authorization_url(uow.settings, flow)
    except OidcFailed as error:
        _log.warning("oidc_failed", fault=describe(error))
        return Departure(problem("unavailable"))
    uow.act_as(visitor)
    guard.see_all(uow)
    return Departure(url, ceremonies.begin(uow, ceremonies.OIDC, json.dumps(flow)))


def arrive(uow: Uow, visitor: Visitor, cookie: str, answer: Answer) -> Arrival:
    """Let in whoever the provider vouches for, or say on the sign-in page why not.

    The database is given back while the provider is asked; the ceremony is closed after that, once.
    """
    if not enabled(uow.settings):
        raise NotFound
    door = uow.actor
    guard.see_all(uow)
    waiting = ceremonies.peek(uow, ceremonies.OIDC, cookie)
    if waiting is None or not _fits(waiting, answer):
        return Arrival(problem("expired"))
    if answer.error or not answer.code:
        ceremonies.take(uow, ceremonies.OIDC, cookie)
        return Arrival(problem("cancelled"))
    flow = _flow(waiting)
    uow.release()
    login = _vouched_for(uow, flow, answer.code)
    uow.act_as(door)
    guard.see_all(uow)
    if ceremonies.take(uow, ceremonies.OIDC, cookie) is None:
        return Arrival(problem("expired"))
    return _let_in(uow, visitor, login)


def problem(kind: str) -> str:
    """Return the sign-in page that says what went wrong: expired, cancelled, unavailable, unknown, disabled."""
    return f"/login?{urlencode({'problem': f'oidc_{kind}'})}"


def _let_in(uow: Uow, visitor: Visitor, login: str | None) -> Arrival:
    if login is None:
        uow.record("auth.oidc_failed", PROVIDER)
        return Arrival(problem("unavailable"))
    user = sign_in.find_user(uow, login)
    if user is None:
        uow.record("auth.oidc_unknown", PROVIDER)
        return Arrival(problem("unknown"))
    try:
        sign_in.must_be_enabled(uow, user)
    except AccountDisabled:
        return Arrival(problem("disabled"))
    row, _ = sessions.open_session(uow, user, visitor, stage=store_auth.SECOND_FACTOR)
    return Arrival(HOME, sign_in.let_in(uow, user, row, by="oidc", owes_password=False).token)


def _vouched_for(uow: Uow, flow: Flow, code: str) -> str | None:
    """Return the login the provider vouches for, or None when its answer does not hold."""
    try:
        claims = oidc_provider.claims_for(uow.settings, flow, code=code, now=uow.now)
    except OidcFailed as error:
        _log.warning("oidc_failed", fault=describe(error))
        return None
    return str(claims.get(uow.settings.oidc_claim) or "").strip().lower()


def _fits(waiting: Ceremony, answer: Answer) -> bool:
    return same(_flow(waiting).state, answer.state)


def _flow(waiting: Ceremony) -> Flow:
    return Flow(*json.loads(waiting.secret))
