"""The traditional encryption of ZIP (PKWARE APPNOTE 6.1): weak, and what banks' packing programs use. Pure."""

import zlib
from functools import lru_cache

import numpy as np

from rongdun.analytics.statements.kernels.compiled import Bytes, Numbers, compiled_bare, whole

HEADER: int = 12
"""Random bytes before the data; the last of them checks the password."""


@lru_cache(maxsize=1)
def crc_table() -> Numbers:
    """Return the CRC-32 of each single byte, without the inversion at beginning and end."""
    return np.array([zlib.crc32(bytes((byte,)), 0xFFFFFFFF) ^ 0xFFFFFFFF for byte in range(256)], np.int64)


@compiled_bare
def _turn(keys: Numbers, byte: int, table: Numbers) -> None:
    keys[0] = table[(keys[0] ^ byte) & 0xFF] ^ (keys[0] >> 8)
    keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134_775_813 + 1) & 0xFFFFFFFF
    keys[2] = table[(keys[2] ^ (keys[1] >> 24)) & 0xFF] ^ (keys[2] >> 8)


@compiled_bare
def start(password: Bytes, keys: Numbers, table: Numbers) -> None:
    """Set the three keys from a password."""
    keys[0], keys[1], keys[2] = 0x12345678, 0x23456789, 0x34567890
    for byte in password:
        _turn(keys, whole(byte), table)


@compiled_bare
def decrypt(data: Bytes, keys: Numbers, table: Numbers) -> None:
    """Decrypt ``data`` in place; ``keys`` go on to what follows it."""
    for at in range(len(data)):
        turn = (keys[2] | 2) & 0xFFFF
        plain = whole(data[at]) ^ ((turn * (turn ^ 1)) >> 8) & 0xFF
        data[at] = plain
        _turn(keys, plain, table)
