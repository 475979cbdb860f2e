"""The master key: a small text file outside the database that unlocks every data key.

Whoever has the database without this file has no personal data; whoever loses the file has lost it
too. It is created once, with 0600, and is never part of a backup.
"""

import base64
import binascii
from dataclasses import dataclass
from pathlib import Path

from rongdun.runtime.crypto import primitives
from rongdun.runtime.crypto.errors import KeyFileMalformed, MasterKeyMissing, naming
from rongdun.runtime.crypto.keyfiles import read_private, write_private

FILE_NAME = "master.key"
NEXT_FILE_NAME = "master.key.next"
"""A new master key waiting until the database's keys are wrapped under it."""

_FORM = "rongdun-master-key-1"
_NOTE = """\
# 榕盾主密钥。请立即复制到离线介质,与数据库备份分开保管。
# 没有它,库中加密的个人信息永远无法恢复;有了它和数据库,就能读出全部个人信息。
# Rongdun master key. Copy it to offline media now, and keep it apart from database backups.
# Without it sealed personal data is lost for good; with it and the database all of it can be read.
"""


@dataclass(frozen=True, slots=True)
class MasterKey:
    """32 secret bytes; ``repr`` never shows them."""

    secret: bytes

    def __repr__(self) -> str:
        return f"MasterKey({self.fingerprint})"

    @property
    def fingerprint(self) -> str:
        """32 hex digits that identify the key and tell nothing about it."""
        info = b"rongdun master key fingerprint"
        return primitives.derive(primitives.SHA256, self.secret, info=info, length=16).hex()

    def wrapping_key(self, cipher: str) -> bytes:
        """Return the key that wraps data keys with ``cipher``."""
        return primitives.derive(
            primitives.COMPANION_HASH[cipher],
            self.secret,
            info=b"rongdun key wrapping:" + cipher.encode("ascii"),
            length=primitives.KEY_BYTES[cipher],
        )


def master_key_file(keys_dir: Path) -> Path:
    """Return where the master key of ``keys_dir`` lies."""
    return keys_dir / FILE_NAME


def key_fingerprint(keys_dir: Path) -> str:
    """Return the fingerprint of the master key in ``keys_dir``, to write on a backup's label."""
    return read(master_key_file(keys_dir)).fingerprint


def read(path: Path) -> MasterKey:
    """Return the master key in ``path``.

    Raises :class:`MasterKeyMissing`, :class:`KeyFileUnsafe` when group or others may read it, or
    :class:`KeyFileMalformed`.
    """
    lines = [line for line in _text(path).splitlines() if line and not line.startswith("#")]
    if len(lines) != 2 or lines[0] != _FORM:
        raise KeyFileMalformed(naming(KeyFileMalformed.message, path))
    return MasterKey(_decode(lines[1], path))


def create(path: Path) -> MasterKey:
    """Make a new master key in ``path``, which must not exist; the directory becomes 0700."""
    key = MasterKey(primitives.fresh_secret())
    body = base64.b64encode(key.secret).decode("ascii")
    write_private(path, f"{_NOTE}{_FORM}\n{body}\n")
    return key


def _text(path: Path) -> str:
    try:
        return read_private(path)
    except FileNotFoundError:
        raise MasterKeyMissing(naming(MasterKeyMissing.message, path)) from None


def _decode(body: str, path: Path) -> bytes:
    try:
        secret = base64.b64decode(body, validate=True)
    except binascii.Error:
        secret = b""
    if len(secret) != 32:
        raise KeyFileMalformed(naming(KeyFileMalformed.message, path))
    return secret
