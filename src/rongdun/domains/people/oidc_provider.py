"""The other system people may sign in through: OpenID Connect Core 1.0, code flow with PKCE (RFC 7636).

Everything is fetched anew at each sign-in, a few a minute at most, so a provider's new key counts at once.
"""

import secrets
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import httpx
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from rongdun.runtime.settings import Settings

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures with a public key only: what both sides know could be signed by either."""

_TIMEOUT_S = 10.0
_LEEWAY_S = 60


class OidcFailed(Exception):
    """The provider cannot be reached, or what it says does not hold; the message is for the log."""


class Flow(NamedTuple):
    """What one sign-in is bound to: ``state`` to the browser, ``nonce`` to the token, ``verifier`` to the code."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def fresh(cls) -> "Flow":
        """Return the secrets of a new sign-in."""
        return cls(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))


class Endpoints(NamedTuple):
    """Where the provider does what."""

    authorization: str
    token: str
    keys: str


def authorization_url(settings: Settings, flow: Flow) -> str:
    """Return where to send the browser; raises :class:`OidcFailed`."""
    with _client() as client:
        endpoint = _metadata(client, settings).authorization
    query = {
        "response_type": "code",
        "client_id": settings.oidc_client_id,
        "redirect_uri": redirect_uri(settings),
        "scope": "openid profile",
        "state": flow.state,
        "nonce": flow.nonce,
        "code_challenge": create_s256_code_challenge(flow.verifier),
        "code_challenge_method": "S256",
    }
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"


def claims_for(settings: Settings, flow: Flow, *, code: str, now: datetime) -> dict[str, Any]:
    """Exchange ``code`` for an ID token and return its claims, verified; raises :class:`OidcFailed`."""
    with _client() as client:
        metadata = _metadata(client, settings)
        answer = _ask(client, "POST", metadata.token, **_token_request(settings, flow, code))
        keys = _ask(client, "GET", metadata.keys)
    return _verified(settings, flow, answer, keys, now)


def redirect_uri(settings: Settings) -> str:
    """Return where the provider sends the browser back to; it must be registered there."""
    return f"{settings.public_url.rstrip('/')}/api/auth/oidc/callback"


def _verified(
    settings: Settings, flow: Flow, answer: dict[str, Any], keys: dict[str, Any], now: datetime
) -> dict[str, Any]:
    try:
        token = jwt.decode(answer["id_token"], KeySet.import_key_set(keys), algorithms=ALGORITHMS)  # type: ignore[arg-type]
        claims = CodeIDToken(
            token.claims,
            token.header,
            options={
                "iss": {"essential": True, "value": settings.oidc_issuer},
                "aud": {"essential": True, "value": settings.oidc_client_id},
            },
            params={
                "nonce": flow.nonce,
                "client_id": settings.oidc_client_id,
                "access_token": answer.get("access_token"),
            },
        )
        claims.validate(now=int(now.timestamp()), leeway=_LEEWAY_S)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise OidcFailed(f"the ID token does not hold: {type(error).__name__}: {error}") from error
    return dict(claims)


def _token_request(settings: Settings, flow: Flow, code: str) -> dict[str, Any]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri(settings),
        "code_verifier": flow.verifier,
        "client_id": settings.oidc_client_id,
    }
    if not settings.oidc_client_secret:
        return {"data": form}
    # RFC 6749 §2.3.1: both parts are form-encoded before they become a Basic credential
    credentials = (quote(settings.oidc_client_id, safe=""), quote(settings.oidc_client_secret, safe=""))
    return {"data": form, "auth": credentials}


def _metadata(client: httpx.Client, settings: Settings) -> Endpoints:
    found = _ask(client, "GET", f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != settings.oidc_issuer:
        raise OidcFailed(f"the provider calls itself {found.get('issuer')!r}, not {settings.oidc_issuer!r}")
    wanted = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    if missing := [name for name in wanted if not isinstance(found.get(name), str)]:
        raise OidcFailed(f"the provider does not say its {missing[0]}")
    return Endpoints(*(found[name] for name in wanted))


def _ask(client: httpx.Client, method: str, url: str, **request: Any) -> dict[str, Any]:
    try:
        found = client.request(method, url, **request).raise_for_status().json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise OidcFailed(f"{method} {url}: {type(error).__name__}: {error}") from error
    if not isinstance(found, dict):
        raise OidcFailed(f"{method} {url}: not a JSON object")
    return found


def _client() -> httpx.Client:
    return httpx.Client(timeout=_TIMEOUT_S, follow_redirects=False)
