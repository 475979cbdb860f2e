"""Table ``data_keys``: data keys wrapped by the master key, and the files that hold the latter."""

import fcntl
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rongdun.kernel.errors import Text
from rongdun.runtime.crypto import blob as blobs
from rongdun.runtime.crypto import masterkey, primitives
from rongdun.runtime.crypto.errors import MasterKeyWrong
from rongdun.runtime.crypto.masterkey import MasterKey
from rongdun.runtime.crypto.vault import DataKey, IndexKey, Keyring

SEAL = "seal"
INDEX = "index"

LOCK = "select pg_advisory_xact_lock(hashtext('rongdun.data_keys'))"
"""Taken by whoever creates, replaces or rewraps keys: one at a time."""

SELECT = "select id, purpose, algorithm, wrapped, wrapped_by, state from data_keys order by id"

INSERT = (
    "insert into data_keys (id, purpose, algorithm, wrapped, wrapped_by, state, created_at)"
    " values (%(id)s, %(purpose)s, %(algorithm)s, %(wrapped)s, %(wrapped_by)s, 'active', %(now)s)"
)


class StoredKey(NamedTuple):
    """One row of ``data_keys``."""

    id: int
    purpose: str
    algorithm: str
    wrapped: bytes
    wrapped_by: str
    state: str

    def context(self) -> str:
        """Return what the wrapped key is bound to."""
        return f"data_keys:{self.id}:{self.purpose}:{self.algorithm}"


def wrap(row: StoredKey, secret: bytes, *, master: MasterKey, cipher: str) -> StoredKey:
    """Return ``row`` holding ``secret`` wrapped by ``master`` with ``cipher``."""
    wrapped = blobs.seal(blobs.Header(cipher, 0), master.wrapping_key(cipher), secret, context=row.context())
    return row._replace(wrapped=wrapped, wrapped_by=master.fingerprint)


def unwrap(row: StoredKey, *, master: MasterKey) -> bytes:
    """Return the secret in ``row``."""
    wrapped = bytes(row.wrapped)
    cipher = blobs.read_header(wrapped).cipher
    return blobs.unseal(wrapped, master.wrapping_key(cipher), context=row.context())


def new_key(key_id: int, *, purpose: str, algorithm: str, cipher: str, master: MasterKey) -> StoredKey:
    """Return a fresh key, wrapped; ``algorithm`` is a cipher for ``seal``, a hash for ``index``."""
    secret = primitives.fresh_key(algorithm) if purpose == SEAL else primitives.fresh_secret()
    row = StoredKey(key_id, purpose, algorithm, b"", "", "active")
    return wrap(row, secret, master=master, cipher=cipher)


def keyring(rows: Sequence[StoredKey], master: MasterKey) -> Keyring:
    """Return the unwrapped keyring of ``rows``."""
    keys = {row.id: _data_key(row, master) for row in rows if row.purpose == SEAL}
    active = next(row.id for row in rows if row.purpose == SEAL and row.state == "active")
    index = next(row for row in rows if row.purpose == INDEX and row.state == "active")
    return Keyring(keys, active, IndexKey(index.algorithm, unwrap(index, master=master)))


def master_for(rows: Sequence[StoredKey], keys_dir: Path) -> MasterKey:
    """Return the master key that wrapped ``rows``.

    A rewrap that was cut off between the database and the file is finished here: the waiting key takes
    its place. Raises :class:`MasterKeyMissing` or :class:`MasterKeyWrong`.
    """
    wanted = rows[0].wrapped_by
    waiting = keys_dir / masterkey.NEXT_FILE_NAME
    if waiting.exists() and masterkey.read(waiting).fingerprint == wanted:
        promote(keys_dir)
    master = masterkey.read(keys_dir / masterkey.FILE_NAME)
    if master.fingerprint != wanted:
        raise _wrong(wanted, master.fingerprint)
    return master


def promote(keys_dir: Path) -> None:
    """Put the waiting master key in place; the replaced one stays beside it under its fingerprint.

    Several processes may try at once: the first does it, the others find it done.
    """
    directory = os.open(keys_dir, os.O_RDONLY)
    try:
        fcntl.flock(directory, fcntl.LOCK_EX)
        if (keys_dir / masterkey.NEXT_FILE_NAME).exists():
            _promote(keys_dir)
        os.fsync(directory)
    finally:
        os.close(directory)


def _promote(keys_dir: Path) -> None:
    current = keys_dir / masterkey.FILE_NAME
    if current.exists():
        os.replace(current, keys_dir / f"master.key.{masterkey.read(current).fingerprint}")
    os.replace(keys_dir / masterkey.NEXT_FILE_NAME, current)


def row_of(values: Sequence[Any]) -> StoredKey:
    """Return one result row of :data:`SELECT` as a :class:`StoredKey`."""
    return StoredKey(*values)


def _data_key(row: StoredKey, master: MasterKey) -> DataKey:
    return DataKey(row.id, row.algorithm, unwrap(row, master=master))


def _wrong(wanted: str, found: str) -> MasterKeyWrong:
    return MasterKeyWrong(
        Text(
            f"主密钥与数据库不匹配：需要指纹 {wanted}，现有 {found}",
            f"This master key does not fit the database: it needs {wanted}, found {found}",
        )
    )
