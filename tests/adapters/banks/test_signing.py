"""Signatures by RFC 9421: what is signed is exactly what the standard says, and nothing else passes."""

import base64
import hashlib
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from rongdun.adapters.banks.signing import (
    Ed25519Signer,
    Ed25519Verifier,
    ExchangeKeyUnusable,
    fault_of,
    load_pair,
    signed_headers,
    verifier_of,
)

NOW = datetime(2026, 7, 1, 6, 30, tzinfo=UTC)
# The secret key of RFC 8032, 7.1, TEST 1.
PRIVATE = Ed25519PrivateKey.from_private_bytes(
    bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
)
SIGNER = Ed25519Signer(PRIVATE, "bank-1")
VERIFIER = Ed25519Verifier(PRIVATE.public_key())
BODY, PATH = "演示".encode(), "/999000000011/messages"


def test_what_is_signed_is_the_base_of_the_standard() -> None:
    headers = signed_headers(SIGNER, "POST", PATH, BODY, NOW)
    digest = "sha-256=:" + base64.b64encode(hashlib.sha256(BODY).digest()).decode() + ":"
    parameters = headers["Signature-Input"].removeprefix("rongdun=")
    base = f'"@method": POST\n"@path": {PATH}\n"content-digest": {digest}\n"@signature-params": {parameters}'
    signature = base64.b64decode(headers["Signature"].removeprefix("rongdun=:").removesuffix(":"))
    PRIVATE.public_key().verify(signature, base.encode())
    assert headers["Content-Digest"] == digest
    assert re.search(r'created=1782887400;nonce="[^"]+";keyid="bank-1";alg="ed25519"$', parameters)


def test_a_message_signed_now_passes() -> None:
    assert _fault() is None


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"body": BODY + b"x"}, "digest"),
        ({"path": "/other/messages"}, "wrong"),
        ({"method": "PUT"}, "wrong"),
        ({"now": NOW + timedelta(minutes=6)}, "too long ago"),
        ({"now": NOW - timedelta(minutes=6)}, "too long ago"),
        ({"verifier": Ed25519Verifier(Ed25519PrivateKey.generate().public_key())}, "wrong"),
        ({"verifier": Ed25519Verifier(PRIVATE.public_key(), "sm2-sm3")}, "algorithm"),
        ({"drop": "Signature"}, "not signed"),
        ({"drop": "Signature-Input"}, "not signed"),
        ({"drop": "Content-Digest"}, "digest"),
    ],
)
def test_what_was_changed_is_seen(change: dict[str, object], fault: str) -> None:
    found = _fault(**change)
    assert found is not None and fault in found


def test_a_moment_that_is_pushed_forward_breaks_the_signature() -> None:
    headers = signed_headers(SIGNER, "POST", PATH, BODY, NOW)
    later = int((NOW + timedelta(hours=1)).timestamp())
    headers["Signature-Input"] = headers["Signature-Input"].replace(str(int(NOW.timestamp())), str(later))
    found = fault_of(VERIFIER, headers, "POST", PATH, BODY, NOW + timedelta(hours=1))
    assert found is not None and "wrong" in found.en


def test_two_signatures_of_one_message_have_two_nonces() -> None:
    one, two = (signed_headers(SIGNER, "POST", PATH, BODY, NOW)["Signature-Input"] for _ in range(2))
    assert one != two


def test_a_pair_is_made_once_for_its_owner_alone_and_a_lost_half_is_not_replaced(tmp_path: Path) -> None:
    first = load_pair(tmp_path, "exchange-signing", "centre")
    assert load_pair(tmp_path, "exchange-signing", "centre").public_text == first.public_text
    assert (tmp_path / "exchange-signing.key").stat().st_mode & 0o077 == 0
    (tmp_path / "exchange-signing.key").unlink()
    with pytest.raises(ExchangeKeyUnusable):
        load_pair(tmp_path, "exchange-signing", "centre")


@pytest.mark.parametrize("text", ["", "AAAA", "not base64!", "A" * 200])
def test_a_public_key_that_is_none_verifies_nothing(text: str) -> None:
    assert verifier_of(text) is None


def _fault(**change: object) -> str | None:
    headers = signed_headers(SIGNER, "POST", PATH, BODY, NOW)
    headers.pop(str(change.get("drop")), None)
    lowered = {name.lower(): value for name, value in headers.items()}
    found = fault_of(
        change.get("verifier", VERIFIER),  # type: ignore[arg-type]
        lowered,
        str(change.get("method", "POST")),
        str(change.get("path", PATH)),
        change.get("body", BODY),  # type: ignore[arg-type]
        change.get("now", NOW),  # type: ignore[arg-type]
    )
    return found.en if found else None
