"""The key that signs each day's audit root: Ed25519, in PEM files beside the master key.

The private half signs; every ``audit-signing*.pub`` in the key directory is trusted when verifying, so
a replaced key's public half stays useful. An auditor keeps a copy of the public half elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from rongdun.runtime.audit.errors import SigningKeyMissing, SigningKeyUnusable
from rongdun.runtime.crypto.errors import naming
from rongdun.runtime.crypto.primitives import SHA256, digest
from rongdun.runtime.crypto.signkeys import make_pair, private_in, public_in

NAME = "audit-signing"
PRIVATE_FILE = f"{NAME}.key"
PUBLIC_FILE = f"{NAME}.pub"
_PUBLIC_GLOB = "audit-signing*.pub"


@dataclass(frozen=True, slots=True)
class Signer:
    """The signing key in use."""

    private: Ed25519PrivateKey

    @property
    def fingerprint(self) -> str:
        """32 hex digits naming the public half."""
        return fingerprint(self.private.public_key())

    def sign(self, body: bytes) -> bytes:
        """Return the 64-byte signature of ``body``."""
        return self.private.sign(body)


def fingerprint(key: Ed25519PublicKey) -> str:
    """Return the first 32 hex digits of SHA-256 over the raw public key."""
    return digest(SHA256, key.public_bytes_raw()).hex()[:32]


def load_signer(keys_dir: Path) -> Signer:
    """Return the signing key, made on first use.

    Raises :class:`SigningKeyMissing` when only the public half is there (the private one was lost, and
    replacing it silently would hide that), :class:`SigningKeyUnusable` when the file is damaged.
    """
    path = keys_dir / PRIVATE_FILE
    if not path.exists():
        if (keys_dir / PUBLIC_FILE).exists():
            raise SigningKeyMissing(naming(SigningKeyMissing.message, path))
        return Signer(make_pair(keys_dir, NAME))
    return Signer(_private(path))


def trusted_keys(keys_dir: Path) -> Mapping[str, Ed25519PublicKey]:
    """Return every trusted public key in ``keys_dir`` by fingerprint."""
    return dict(_named(path) for path in sorted(keys_dir.glob(_PUBLIC_GLOB)))


def trusted_key(path: Path) -> Mapping[str, Ed25519PublicKey]:
    """Return the one public key in the PEM file ``path``, by fingerprint."""
    return dict([_named(path)])


def is_signed(key: Ed25519PublicKey, *, signature: bytes, body: bytes) -> bool:
    """Tell whether ``signature`` over ``body`` was made by the private half of ``key``."""
    try:
        key.verify(signature, body)
    except InvalidSignature:
        return False
    return True


def _private(path: Path) -> Ed25519PrivateKey:
    key = private_in(path)
    if key is None:
        raise SigningKeyUnusable(naming(SigningKeyUnusable.message, path))
    return key


def _named(path: Path) -> tuple[str, Ed25519PublicKey]:
    key = public_in(path)
    if key is None:
        raise SigningKeyUnusable(naming(SigningKeyUnusable.message, path))
    return fingerprint(key), key
