"""Entries of a ZIP under its traditional encryption, decrypted as a stream."""

import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Final

import numpy as np
import pyzipper

from rongdun.analytics.statements.kernels.zip_cipher import HEADER, crc_table, decrypt, start

_PIECE: Final = 1 << 20
_LOCAL: Final = struct.Struct("<4s5H3I2H")
_SIZES_FOLLOW: Final = 0x8
_STORED: Final = 0
_DEFLATED: Final = 8


class WrongPassword(Exception):
    """The password does not fit, as its check byte or the data's checksum shows."""


def can_read(info: pyzipper.ZipInfo) -> bool:
    """Tell whether an encrypted entry is one of this kind: stored or deflated, not under AES."""
    return info.compress_type in (_STORED, _DEFLATED) and not getattr(info, "wz_aes_version", None)


def open_entry(stream: BinaryIO, info: pyzipper.ZipInfo, password: bytes) -> Iterator[bytes]:
    """Yield the entry's bytes; raise :class:`WrongPassword` when they turn out to be none, ``zlib.error`` likewise."""
    stream.seek(info.header_offset)
    header = _LOCAL.unpack(stream.read(_LOCAL.size))
    if header[0] != b"PK\x03\x04":
        raise pyzipper.BadZipFile
    stream.seek(header[-2] + header[-1], 1)
    keys, table = np.zeros(3, np.int64), crc_table()
    start(np.frombuffer(bytearray(password), np.uint8), keys, table)
    check = np.frombuffer(bytearray(stream.read(HEADER)), np.uint8)
    decrypt(check, keys, table)
    wanted = header[4] >> 8 if info.flag_bits & _SIZES_FOLLOW else info.CRC >> 24
    if len(check) != HEADER or check[-1] != wanted:
        raise WrongPassword
    unpack = zlib.decompressobj(-15) if info.compress_type == _DEFLATED else None
    left, sum_ = info.compress_size - HEADER, 0
    while left > 0 and (piece := stream.read(min(_PIECE, left))):
        left -= len(piece)
        data = np.frombuffer(bytearray(piece), np.uint8)
        decrypt(data, keys, table)
        for plain in _plain(unpack, data.tobytes()):
            sum_ = zlib.crc32(plain, sum_)
            yield plain
    rest = unpack.flush() if unpack else b""
    sum_ = zlib.crc32(rest, sum_)
    yield rest
    if sum_ != info.CRC:
        raise WrongPassword


def _plain(unpack: "zlib._Decompress | None", data: bytes) -> Iterator[bytes]:
    """Yield unpacked pieces, each of bounded size, so that a bomb is seen before it bursts."""
    if unpack is None:
        yield data
        return
    while data:
        yield unpack.decompress(data, _PIECE)
        data = unpack.unconsumed_tail
