"""Signed messages: HTTP Message Signatures (RFC 9421) over method, path and the digest of the content (RFC 9530).

Ed25519 is what every installation has, SM2 stands beside it (``sm2.py``); both are a :class:`Signer` and a
:class:`Verifier`, told apart by ``alg``, and an institution is answered in the algorithm of its own key. What is signed
names the moment and a nonce, so that an old message is known as old.
"""

import base64
import binascii
import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from rongdun.adapters.banks.sm2 import Sm2Verifier, load_sm2_pair, public_of
from rongdun.kernel.errors import DomainError, Text
from rongdun.runtime.crypto.signkeys import make_pair, private_in, public_in

WINDOW = timedelta(minutes=5)
"""How far the moment of a signature may lie from our clock; older is a replay, later a wrong clock."""

CENTRE = "exchange-signing"
"""Name of the centre's own pair in the key directory."""

CENTRE_SM2 = "exchange-signing-sm2"
"""Name of the pair it has for institutions that sign with SM2."""

KEY_ID = "centre"
"""How institutions are told whose key signed."""

_LABEL = "rongdun"
_COMPONENTS = '("@method" "@path" "content-digest")'
_PARAMETERS = re.compile(
    rf"{_LABEL}="
    r'(\("@method" "@path" "content-digest"\);created=(\d{1,12});nonce="([\w-]{8,64})"'
    r';keyid="([\w.-]{1,64})";alg="([\w-]{1,20})")'
)
_SIGNATURE = re.compile(rf"{_LABEL}=:([A-Za-z0-9+/=]{{1,400}}):")


class ExchangeKeyUnusable(DomainError):
    """A key file of the exchange is damaged or missing its other half."""

    code = "exchange_key_unusable"
    message = Text("与机构交换报文的密钥不能使用", "The key of the exchange cannot be used")
    action = Text("请用保管的副本恢复该文件", "Restore the file from the copy you keep")


class Signer(Protocol):
    """Signs bytes."""

    @property
    def algorithm(self) -> str:
        """How the other side is told which algorithm it is."""
        ...

    @property
    def key_id(self) -> str:
        """How the other side is told which key it is."""
        ...

    @property
    def public_text(self) -> str:
        """The public half as institutions are given it, in base64."""
        ...

    def sign(self, body: bytes) -> bytes:
        """Return the signature of ``body``."""
        ...


class Verifier(Protocol):
    """Tells whether a signature is the other side's."""

    @property
    def algorithm(self) -> str:
        """The one algorithm it accepts."""
        ...

    def is_signed(self, signature: bytes, body: bytes) -> bool:
        """Tell whether ``signature`` over ``body`` was made with the private half."""
        ...


@dataclass(frozen=True, slots=True)
class Ed25519Signer:
    """Signs with Ed25519."""

    private: Ed25519PrivateKey
    key_id: str
    algorithm: str = "ed25519"

    def sign(self, body: bytes) -> bytes:
        """Return the 64-byte signature of ``body``."""
        return self.private.sign(body)

    @property
    def public_text(self) -> str:
        """The public half as institutions are given it: base64 of 32 bytes."""
        return base64.b64encode(self.private.public_key().public_bytes_raw()).decode("ascii")


@dataclass(frozen=True, slots=True)
class Ed25519Verifier:
    """Verifies Ed25519 signatures."""

    public: Ed25519PublicKey
    algorithm: str = "ed25519"

    def is_signed(self, signature: bytes, body: bytes) -> bool:
        """Tell whether ``signature`` over ``body`` was made with the private half."""
        try:
            self.public.verify(signature, body)
        except InvalidSignature:
            return False
        return True


def verifier_of(public_text: str) -> Verifier | None:
    """Return the verifier of a public key in base64: 32 bytes are Ed25519, 64 are SM2; None when it is neither."""
    try:
        raw = base64.b64decode(public_text, validate=True)
        sm2 = public_of(raw)
        return Sm2Verifier(sm2) if sm2 else Ed25519Verifier(Ed25519PublicKey.from_public_bytes(raw))
    except (ValueError, binascii.Error):
        return None


def signer_for(keys: Path, public_text: str) -> Signer:
    """Return the centre's own pair of the algorithm that an institution's key is of, made on first use.

    Raises :class:`ExchangeKeyUnusable`, and ``Sm2Missing`` where SM2 is wanted and not installed.
    """
    if not isinstance(verifier_of(public_text), Sm2Verifier):
        return load_pair(keys, CENTRE, KEY_ID)
    found = load_sm2_pair(keys, CENTRE_SM2, KEY_ID)
    if found is None:
        path = keys / f"{CENTRE_SM2}.key"
        raise ExchangeKeyUnusable(Text(f"密钥 {path} 不能使用", f"The key {path} cannot be used"))
    return found


def load_pair(folder: Path, name: str, key_id: str) -> Ed25519Signer:
    """Return the pair ``name`` in ``folder``, made on first use.

    Raises :class:`ExchangeKeyUnusable` when the private half is damaged, or gone while the public one is there.
    """
    path = folder / f"{name}.key"
    if not path.exists() and not (folder / f"{name}.pub").exists():
        return Ed25519Signer(make_pair(folder, name), key_id)
    private = private_in(path) if path.exists() else None
    if private is None:
        raise ExchangeKeyUnusable(Text(f"密钥 {path} 不能使用", f"The key {path} cannot be used"))
    return Ed25519Signer(private, key_id)


def verifier_in(path: Path) -> Ed25519Verifier:
    """Return the verifier of a public key in a PEM file; raises :class:`ExchangeKeyUnusable`."""
    public = public_in(path) if path.exists() else None
    if public is None:
        raise ExchangeKeyUnusable(Text(f"密钥 {path} 不能使用", f"The key {path} cannot be used"))
    return Ed25519Verifier(public)


def signed_headers(signer: Signer, method: str, path: str, body: bytes, now: datetime) -> dict[str, str]:
    """Return the headers that sign ``body`` for one request."""
    digest = content_digest(body)
    nonce = secrets.token_urlsafe(16)
    created, whose = int(now.timestamp()), f'keyid="{signer.key_id}";alg="{signer.algorithm}"'
    parameters = f'{_COMPONENTS};created={created};nonce="{nonce}";{whose}'
    signature = signer.sign(_base(method, path, digest, parameters))
    return {
        "Content-Digest": digest,
        "Signature-Input": f"{_LABEL}={parameters}",
        "Signature": f"{_LABEL}=:{base64.b64encode(signature).decode('ascii')}:",
    }


def fault_of(
    verifier: Verifier, headers: Mapping[str, str], method: str, path: str, body: bytes, now: datetime
) -> Text | None:
    """Return what is wrong with a request's signature; None when it is the sender's, about this content, and fresh."""
    parameters = _PARAMETERS.fullmatch(_header(headers, "signature-input"))
    signature = _SIGNATURE.fullmatch(_header(headers, "signature"))
    if not parameters or not signature:
        return Text("没有签名", "it is not signed")
    whole, created, _, _, algorithm = parameters.groups()
    if algorithm != verifier.algorithm:
        return Text("签名算法不符", "it is signed by another algorithm")
    digest = _header(headers, "content-digest")
    if not secrets.compare_digest(digest.encode(), content_digest(body).encode()):
        return Text("内容与摘要不符", "its content does not match its digest")
    if not verifier.is_signed(_bytes(signature.group(1)), _base(method, path, digest, whole)):
        return Text("签名不符", "its signature is wrong")
    if abs(now - datetime.fromtimestamp(int(created), UTC)) > WINDOW:
        return Text("签名时间超出允许范围", "it was signed too long ago, or by a wrong clock")
    return None


def proof_of(headers: Mapping[str, str]) -> str:
    """Return the headers that prove who sent a message, to be kept beside it."""
    names = ("content-digest", "signature-input", "signature")
    return "\n".join(f"{name}: {_header(headers, name)}" for name in names)


def content_digest(body: bytes) -> str:
    """Return the value of ``Content-Digest`` (RFC 9530) of ``body``, by SHA-256."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode('ascii')}:"


def _base(method: str, path: str, digest: str, parameters: str) -> bytes:
    lines = (
        f'"@method": {method.upper()}',
        f'"@path": {path}',
        f'"content-digest": {digest}',
        f'"@signature-params": {parameters}',
    )
    return "\n".join(lines).encode("ascii", "replace")


def _header(headers: Mapping[str, str], name: str) -> str:
    return (headers.get(name) or headers.get(name.title()) or "").strip()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return b""
