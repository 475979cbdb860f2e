"""A sealed value: ``version | cipher | key id | nonce | ciphertext | tag``, all in one ``bytea``.

Byte 0 is the format version, byte 1 the cipher, bytes 2–5 the data key's id (big endian), 6–17 the nonce.
The header and the context (which column of which record) are authenticated along with the text, so a
value cannot be altered, moved to another column or passed off as sealed by another key.
"""

import struct
from typing import NamedTuple

from rongdun.runtime.crypto import primitives
from rongdun.runtime.crypto.errors import SealedValueUnreadable

_VERSION = 1
_HEADER = struct.Struct(">BBI")
_CIPHER_CODES = {primitives.SM4_GCM: 1, primitives.AES_GCM: 2}
_CIPHERS = {code: name for name, code in _CIPHER_CODES.items()}
_SHORTEST = _HEADER.size + primitives.NONCE_BYTES + primitives.TAG_BYTES

KEY_ID_FIRST = 3
"""Where the key id begins, counted from 1 as SQL's ``substring`` does."""

KEY_ID_BYTES = 4


class Header(NamedTuple):
    """What a blob says about itself before anything is decrypted."""

    cipher: str
    key_id: int


def key_id_bytes(key_id: int) -> bytes:
    """Return the key id as it stands in a blob, to compare with in SQL."""
    return key_id.to_bytes(KEY_ID_BYTES, "big")


def read_header(blob: bytes) -> Header:
    """Return the header of ``blob``; raise :class:`SealedValueUnreadable` when it is not a blob."""
    if len(blob) < _SHORTEST:
        raise SealedValueUnreadable()
    version, code, key_id = _HEADER.unpack_from(blob)
    if version != _VERSION or code not in _CIPHERS:
        raise SealedValueUnreadable()
    return Header(_CIPHERS[code], key_id)


def seal(header: Header, key: bytes, plaintext: bytes, *, context: str) -> bytes:
    """Return ``plaintext`` sealed under ``key`` for ``context``."""
    head = _HEADER.pack(_VERSION, _CIPHER_CODES[header.cipher], header.key_id)
    nonce = primitives.fresh_nonce()
    aad = head + context.encode("utf-8")
    sealed = primitives.encrypt(header.cipher, key, nonce=nonce, plaintext=plaintext, aad=aad)
    return head + nonce + sealed


def unseal(blob: bytes, key: bytes, *, context: str) -> bytes:
    """Return what ``blob`` holds; raise :class:`SealedValueUnreadable` when anything does not match."""
    header = read_header(blob)
    body = _HEADER.size + primitives.NONCE_BYTES
    plaintext = primitives.decrypt(
        header.cipher,
        key,
        nonce=blob[_HEADER.size : body],
        sealed=blob[body:],
        aad=blob[: _HEADER.size] + context.encode("utf-8"),
    )
    if plaintext is None:
        raise SealedValueUnreadable()
    return plaintext
