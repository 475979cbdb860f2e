"""Where a request comes from, the cookies it carries, and the ways in that are offered."""

from pathlib import Path

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from rongdun.domains import people
from rongdun.domains.people import OfferedAccount, demo_accounts, offer_accounts
from rongdun.domains.people.passwords import hash_password
from rongdun.domains.people.views_auth import options_out
from rongdun.domains.people.visitor import address_of
from rongdun.entrypoints.bootstrap import Centre
from rongdun.kernel.errors import Invalid, Text
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import Services
from tests.domains.people.conftest import Desk


def address(peer: str, forwarded: str, proxies: str = "10.0.0.0/8, 192.0.2.7") -> str:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    request = Request({"type": "http", "client": (peer, 4000), "headers": headers})
    return address_of(request, Settings(trusted_proxies=proxies))


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),  # not from a proxy: anybody may write that
        ("10.1.1.1", "198.51.100.1", "198.51.100.1"),
        ("10.1.1.1", "1.2.3.4, 198.51.100.1", "198.51.100.1"),  # what stands further left was only claimed
        ("10.1.1.1", "198.51.100.1, 192.0.2.7", "198.51.100.1"),
        ("10.1.1.1", "198.51.100.1, garbage", "10.1.1.1"),
        ("10.1.1.1", "2001:db8::5", "2001:db8::5"),
        ("10.1.1.1", "", "10.1.1.1"),
    ],
)
def test_only_our_own_proxies_are_believed(peer: str, forwarded: str, expected: str) -> None:
    assert address(peer, forwarded) == expected


def test_nobody_is_believed_where_no_proxy_is_set() -> None:
    assert address("10.1.1.1", "198.51.100.1", proxies="") == "10.1.1.1"


def test_a_proxy_list_that_is_none_names_its_variable() -> None:
    with pytest.raises(Invalid, match="RONGDUN_TRUSTED_PROXIES"):
        address("10.1.1.1", "", proxies="the-proxy")


def app_of(desk: Desk, settings: Settings) -> FastAPI:
    """Return the sign-in of a centre with other settings on the same database."""
    old = desk.centre.services
    app = FastAPI()
    services = Services(settings, old.database, old.clock, old.vault, old.before_commit)
    app.state.gate = Centre(services, people.authenticate)
    app.include_router(people.auth_router)
    return app


def test_over_tls_the_cookie_is_bound_to_this_host(desk: Desk, tmp_path: Path) -> None:
    desk.user("chen1", "analyst", password_hash=hash_password("four-quiet-banyans"))
    secure = Settings(data_dir=tmp_path, secure_cookies=True, audit_chains=1)
    with TestClient(app_of(desk, secure), base_url="https://testserver") as client:
        body = {"login": "chen1", "password": "four-quiet-banyans"}
        cookie = client.post("/api/auth/login", json=body).headers["set-cookie"]
        assert cookie.startswith("__Host-rongdun=")
        assert "Secure" in cookie
        assert "Domain" not in cookie
        assert client.get("/api/auth/me").status_code == 200


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_accounts, "_providers", [])
    offer_accounts(
        lambda: [
            OfferedAccount(
                "demo1", "shown-to-all", "演示·甲", "duty_leader", Text("演示·福州市局", "Demo Fuzhou Bureau")
            )
        ]
    )


@pytest.mark.usefixtures("offered")
def test_accounts_are_offered_in_a_demonstration_only(desk: Desk, tmp_path: Path) -> None:
    plain = desk.call("GET", "/api/auth/options", 200)
    assert plain == {
        "demo": False,
        "demo_accounts": [],
        "oidc": {"enabled": False, "label": "统一身份认证"},
        "passkeys": False,
    }
    with TestClient(app_of(desk, Settings(data_dir=tmp_path, demo=True))) as client:
        options = client.get("/api/auth/options").json()
    assert options["demo"] is True
    assert options["demo_accounts"] == [
        {
            "login": "demo1",
            "password": "shown-to-all",
            "name": "演示·甲",
            "role": "duty_leader",
            "role_name": {"zh": "值班长", "en": "Duty leader"},
            "unit": {"zh": "演示·福州市局", "en": "Demo Fuzhou Bureau"},
        }
    ]


@pytest.mark.parametrize(
    ("public_url", "offered"),
    [
        ("http://127.0.0.1:8000", False),  # a browser takes no number for a passkey's home
        ("http://localhost:8000", True),
        ("https://rongdun.fz.test", True),
        ("http://rongdun.fz.test", False),
        ("https://10.0.0.1", False),
        ("https://[2001:db8::1]:8443", False),
    ],
)
def test_passkeys_are_offered_where_browsers_have_them(public_url: str, offered: bool) -> None:
    assert options_out(Settings(public_url=public_url)).passkeys is offered
