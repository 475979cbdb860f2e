"""Pairs of Ed25519 keys in PEM files: ``<name>.key`` (0600) and ``<name>.pub``, whatever they sign."""

from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from rongdun.runtime.crypto.keyfiles import read_private, write_private


def make_pair(folder: Path, name: str) -> Ed25519PrivateKey:
    """Make a new pair in ``folder``; neither file may exist yet. Return the private half."""
    private = Ed25519PrivateKey.generate()
    public_pem = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    private_pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    write_private(folder / f"{name}.key", private_pem.decode("ascii"))
    write_private(folder / f"{name}.pub", public_pem.decode("ascii"))
    return private


def private_in(path: Path) -> Ed25519PrivateKey | None:
    """Return the private key in a PEM file that its owner alone can read; None when it holds none."""
    try:
        key = serialization.load_pem_private_key(read_private(path).encode("ascii"), password=None)
    except ValueError:
        return None
    return key if isinstance(key, Ed25519PrivateKey) else None


def public_in(path: Path) -> Ed25519PublicKey | None:
    """Return the public key in a PEM file; None when it holds none."""
    try:
        key = serialization.load_pem_public_key(path.read_bytes())
    except ValueError:
        return None
    return key if isinstance(key, Ed25519PublicKey) else None
