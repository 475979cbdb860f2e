"""The few cryptographic operations used, in the national (SM3, SM4) and the international family.

SM3 is GB/T 32905, SM4-GCM is GB/T 32907 in the mode of RFC 8998, HKDF is RFC 5869, HMAC RFC 2104.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SM3 = "sm3"
SHA256 = "sha256"
SM4_GCM = "sm4-gcm"
AES_GCM = "aes-gcm"

NONCE_BYTES = 12
TAG_BYTES = 16
KEY_BYTES = {SM4_GCM: 16, AES_GCM: 32}
"""Length of a key in bytes, by cipher."""

COMPANION_HASH = {SM4_GCM: SM3, AES_GCM: SHA256}
"""The hash of the same family, by cipher; keys of that cipher are derived with it."""

_HASHES: dict[str, type[hashes.HashAlgorithm]] = {SM3: hashes.SM3, SHA256: hashes.SHA256}
_BLOCKS: dict[str, type[algorithms.SM4] | type[algorithms.AES]] = {
    SM4_GCM: algorithms.SM4,
    AES_GCM: algorithms.AES,
}


def digest(algorithm: str, data: bytes) -> bytes:
    """Return the 32-byte hash of ``data`` by ``algorithm`` (``sm3`` or ``sha256``)."""
    running = hashes.Hash(_HASHES[algorithm]())
    running.update(data)
    return running.finalize()


def mac(algorithm: str, key: bytes, data: bytes) -> bytes:
    """Return the 32-byte HMAC of ``data`` under ``key``."""
    running = HMAC(key, _HASHES[algorithm]())
    running.update(data)
    return running.finalize()


def derive(algorithm: str, secret: bytes, *, info: bytes, length: int) -> bytes:
    """Return ``length`` bytes derived from ``secret`` for the use that ``info`` names (HKDF, no salt)."""
    return HKDF(algorithm=_HASHES[algorithm](), length=length, salt=None, info=info).derive(secret)


def encrypt(cipher: str, key: bytes, *, nonce: bytes, plaintext: bytes, aad: bytes) -> bytes:
    """Return ciphertext followed by its 16-byte tag; ``aad`` is authenticated, not stored."""
    running = Cipher(_BLOCKS[cipher](key), modes.GCM(nonce)).encryptor()
    running.authenticate_additional_data(aad)
    return running.update(plaintext) + running.finalize() + running.tag


def decrypt(cipher: str, key: bytes, *, nonce: bytes, sealed: bytes, aad: bytes) -> bytes | None:
    """Return the plaintext of ciphertext+tag, or ``None`` when it or ``aad`` is not authentic."""
    body, tag = sealed[:-TAG_BYTES], sealed[-TAG_BYTES:]
    running = Cipher(_BLOCKS[cipher](key), modes.GCM(nonce, tag)).decryptor()
    running.authenticate_additional_data(aad)
    try:
        return running.update(body) + running.finalize()
    except InvalidTag:
        return None


def fresh_nonce() -> bytes:
    """Return 12 random bytes; a key seals far fewer than the 2**32 values GCM allows for these."""
    return os.urandom(NONCE_BYTES)


def fresh_key(cipher: str) -> bytes:
    """Return a random key of the length ``cipher`` needs."""
    return os.urandom(KEY_BYTES[cipher])


def fresh_secret() -> bytes:
    """Return 32 random bytes from which other keys are derived."""
    return os.urandom(32)
