"""In through another system, a real one on the loopback; and what is refused."""

from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from rongdun.runtime.settings import Settings
from tests.domains.people.conftest import NOON, URL, Desk
from tests.domains.people.provider import CLIENT, SECRET, Provider, running

START, BACK = "/api/auth/oidc/start", "/api/auth/oidc/callback"


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running(Provider(NOON)) as provider:
        yield provider


@pytest.fixture
def settings(tmp_path: Path, provider: Provider) -> Settings:
    """A centre that trusts ``provider``."""
    return Settings(
        data_dir=tmp_path,
        public_url=URL,
        audit_chains=1,
        oidc_issuer=provider.issuer,
        oidc_client_id=CLIENT,
        oidc_client_secret=SECRET,
    )


@pytest.fixture
def chen(desk: Desk) -> Desk:
    desk.user("chen1", "intake_officer")
    return desk


def go(desk: Desk, path: str, **params: str) -> str:
    """Follow one step of the browser; return where it is sent."""
    answer = desk.client.get(path, params=params, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def there_and_back(desk: Desk, provider: Provider, **change: str) -> str:
    brought = provider.authorize(go(desk, START))
    return go(desk, BACK, **{**brought, **change})


def test_whoever_the_other_system_vouches_for_is_signed_in(chen: Desk, provider: Provider) -> None:
    assert there_and_back(chen, provider) == "/"
    me = chen.call("GET", "/api/auth/me", 200)
    assert me["user"]["login"] == "chen1"
    assert chen.trail("auth.signed_in")[0].after == {"by": "oidc", "user_agent": "testclient"}
    assert chen.call("GET", "/api/auth/options", 200)["oidc"] == {"enabled": True, "label": "统一身份认证"}


def test_the_request_is_bound_to_browser_token_and_code(chen: Desk, provider: Provider) -> None:
    answer = chen.client.get(START, follow_redirects=False)
    cookie = answer.headers["set-cookie"].lower()
    assert "samesite=lax" in cookie  # the answer comes by a link of the other system
    assert "httponly" in cookie
    assert "max-age=300" in cookie
    provider.authorize(answer.headers["location"])
    asked = provider.asked
    assert asked["response_type"] == "code"
    assert asked["scope"].split()[0] == "openid"
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == f"{URL}/api/auth/oidc/callback"
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3
    assert all(len(asked[name]) >= 43 for name in ("state", "nonce", "code_challenge"))


def test_the_centre_proves_itself_with_its_secret(chen: Desk, provider: Provider) -> None:
    there_and_back(chen, provider)
    kind, _, given = provider.headers[0].partition(" ")
    assert kind == "Basic"
    # RFC 6749 section 2.3.1: each part form-encoded
    assert b64decode(given).decode() == "rongdun-centre:shared%3A%20only%20ever%20in%2Fthis%20test"


def test_no_account_is_made_for_a_stranger(chen: Desk, provider: Provider) -> None:
    provider.login = "stranger7"
    assert there_and_back(chen, provider) == "/login?problem=oidc_unknown"
    chen.call("GET", "/api/auth/me", 401)
    assert len(chen.trail("auth.oidc_unknown")) == 1
    assert "stranger7" not in " ".join(str(vars(row)) for row in chen.trail())


def test_a_disabled_account_stays_out(desk: Desk, provider: Provider) -> None:
    desk.user("chen1", "analyst", disabled_at=desk.clock.now())
    assert there_and_back(desk, provider) == "/login?problem=oidc_disabled"
    desk.call("GET", "/api/auth/me", 401)


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another-client"},
        {"aud": ["another-client", CLIENT], "azp": "another-client"},
        {"iss": "https://evil.test"},
        {"exp": int((NOON - timedelta(minutes=2)).timestamp())},
        {"exp": None},
        {"sub": None},
    ],
)
def test_a_token_that_does_not_hold_signs_nobody_in(
    chen: Desk, provider: Provider, claims: dict[str, Any]
) -> None:
    provider.claims = claims
    assert there_and_back(chen, provider) == "/login?problem=oidc_unavailable"
    chen.call("GET", "/api/auth/me", 401)


@pytest.mark.parametrize("said", [None, "", "a\x00b", ["chen1"], 7])
def test_a_name_that_is_none_belongs_to_nobody(chen: Desk, provider: Provider, said: Any) -> None:
    provider.claims = {"preferred_username": said}
    assert there_and_back(chen, provider) == "/login?problem=oidc_unknown"
    chen.call("GET", "/api/auth/me", 401)


def test_a_forged_signature_signs_nobody_in(chen: Desk, provider: Provider) -> None:
    provider.forged = True
    assert there_and_back(chen, provider) == "/login?problem=oidc_unavailable"
    assert len(chen.trail("auth.oidc_failed")) == 1
    provider.forged, provider.algorithm = False, "none"
    assert there_and_back(chen, provider) == "/login?problem=oidc_unavailable"
    chen.call("GET", "/api/auth/me", 401)


def test_a_token_signed_with_what_both_sides_know_is_refused(chen: Desk, provider: Provider) -> None:
    provider.algorithm = "HS256"
    provider._signed = lambda claims, key: hs256(claims)  # type: ignore[method-assign]
    assert there_and_back(chen, provider) == "/login?problem=oidc_unavailable"
    chen.call("GET", "/api/auth/me", 401)


def hs256(claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "HS256", "kid": "k1"}, claims, OctKey.import_key(SECRET.ljust(32)))


def test_an_answer_is_taken_once_from_the_browser_that_asked(chen: Desk, provider: Provider) -> None:
    brought = provider.authorize(go(chen, START))
    ceremony = chen.client.cookies["rongdun-ceremony"]
    assert go(chen, BACK, **{**brought, "state": "another"}) == "/login?problem=oidc_expired"
    chen.sign_out()
    assert go(chen, BACK, **brought) == "/login?problem=oidc_expired"
    chen.client.cookies.set("rongdun-ceremony", ceremony)
    assert go(chen, BACK, **brought) == "/"
    chen.sign_out()
    chen.client.cookies.set("rongdun-ceremony", ceremony)
    assert go(chen, BACK, **brought) == "/login?problem=oidc_expired"
    chen.call("GET", "/api/auth/me", 401)


def test_five_minutes_are_the_longest_it_may_take(chen: Desk, provider: Provider) -> None:
    brought = provider.authorize(go(chen, START))
    chen.clock.advance(timedelta(minutes=5))
    assert go(chen, BACK, **brought) == "/login?problem=oidc_expired"


def test_whoever_declines_over_there_is_told_so(chen: Desk, provider: Provider) -> None:
    state = provider.authorize(go(chen, START))["state"]
    assert go(chen, BACK, state=state, error="access_denied") == "/login?problem=oidc_cancelled"


def test_a_provider_that_is_away_or_another_is_told_so(chen: Desk, provider: Provider) -> None:
    brought = provider.authorize(go(chen, START))
    provider.broken = True
    assert go(chen, START) == "/login?problem=oidc_unavailable"
    assert go(chen, BACK, **brought) == "/login?problem=oidc_unavailable"
    provider.broken, real = False, provider.issuer
    provider.issuer = "https://evil.test"
    assert go(chen, START) == "/login?problem=oidc_unavailable"
    provider.issuer = real


def test_without_a_provider_there_is_no_such_way(chen: Desk) -> None:
    services = chen.centre.services
    chen.centre.services = replace(services, settings=replace(services.settings, oidc_issuer=""))
    chen.call("GET", START, 404)
    chen.call("GET", BACK, 404)
