"""A small OpenID provider on the loopback: everybody who comes is `login`; faults can be switched on."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from tests.domains.people.authenticator import encode

CLIENT = "rongdun-centre"
SECRET = "shared: only ever in/this test"


@dataclass
class Provider:
    """What the provider knows and how it misbehaves."""

    now: datetime
    issuer: str = ""
    login: str = "Chen1"
    algorithm: str = "ES256"
    claims: dict[str, Any] = field(default_factory=dict)
    broken: bool = False
    forged: bool = False
    asked: dict[str, str] = field(default_factory=dict)
    headers: list[str] = field(default_factory=list)
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "k1"}))
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def authorize(self, url: str) -> dict[str, str]:
        """Let the person at the browser agree: return what the browser brings back."""
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        code = f"code-{len(self.codes)}"
        self.codes[code] = self.asked
        return {"code": code, "state": self.asked["state"]}

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """Exchange a code, once, for an ID token (OpenID Connect Core section 3.1.3.3)."""
        asked = self.codes.pop(form.get("code", ""), None)
        self.headers.append(authorization)
        if asked is None or asked["redirect_uri"] != form.get("redirect_uri"):
            return None
        if encode(sha256(form["code_verifier"].encode()).digest()) != asked["code_challenge"]:
            return None
        at = int(self.now.timestamp())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "s-1",
            "iat": at,
            "exp": at + 300,
            "nonce": asked["nonce"],
            "preferred_username": self.login,
            **self.claims,
        }
        key = ECKey.generate_key("P-256", {"kid": "k1"}) if self.forged else self.key
        return {"access_token": "a", "token_type": "Bearer", "id_token": self._signed(claims, key)}

    def _signed(self, claims: dict[str, Any], key: ECKey) -> str:
        if self.algorithm == "none":
            parts = ({"alg": "none"}, claims)
            return ".".join(encode(json.dumps(part).encode()) for part in parts) + "."
        return jwt.encode({"alg": self.algorithm, "kid": "k1"}, claims, key)

    def answer(self, path: str) -> dict[str, Any] | None:
        """Answer a GET."""
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            }
        if path == "/keys":
            return dict(KeySet([self.key]).as_dict(private=False))
        return None


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send(None if provider.broken else provider.answer(self.path))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._send(provider.token(form, self.headers.get("authorization", "")))

        def _send(self, found: dict[str, Any] | None) -> None:
            body = json.dumps(found or {"error": "invalid_request"}).encode()
            self.send_response(200 if found else 400)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    return Handler


@contextmanager
def running(provider: Provider) -> Iterator[Provider]:
    """Serve ``provider`` on a free port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider))
    provider.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
