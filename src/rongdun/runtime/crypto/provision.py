"""Opening the vault at start, and making its keys the first time.

Keys are read over a connection of their own, not the pool's: a refresh must not wait for a connection
that a request holds while it waits for the refresh.
"""

import logging
from datetime import datetime
from pathlib import Path

import psycopg

from rongdun.kernel.errors import Unavailable
from rongdun.runtime.crypto import keystore, masterkey
from rongdun.runtime.crypto.keystore import StoredKey
from rongdun.runtime.crypto.vault import Keyring, Vault
from rongdun.runtime.db import Database
from rongdun.runtime.settings import Settings

_log = logging.getLogger("rongdun.keys")


def open_vault(settings: Settings, database: Database) -> Vault:
    """Return the installation's vault; the first call makes the master key file and the first data keys.

    Raises :class:`MasterKeyMissing`, :class:`KeyFileUnsafe`, :class:`MasterKeyWrong` or
    :class:`KeyFileMalformed`; a missing file is never replaced while the database holds wrapped keys.
    """
    _provision(settings, database.dsn)
    return Vault(lambda: _load(database.dsn, settings.keys))


def _load(dsn: str, keys_dir: Path) -> Keyring:
    try:
        with psycopg.connect(dsn, connect_timeout=10) as connection:
            rows = _rows(connection)
    except psycopg.OperationalError as error:
        raise Unavailable() from error
    return keystore.keyring(rows, keystore.master_for(rows, keys_dir))


def _provision(settings: Settings, dsn: str) -> None:
    with psycopg.connect(dsn, connect_timeout=10) as connection:
        connection.execute(keystore.LOCK)
        if _rows(connection):
            return
        master = _first_master(settings.keys)
        now = _database_time(connection)
        for row in _first_keys(settings, master):
            connection.execute(keystore.INSERT, {**row._asdict(), "now": now})


def _rows(connection: psycopg.Connection) -> list[StoredKey]:
    return [keystore.row_of(row) for row in connection.execute(keystore.SELECT).fetchall()]


def _database_time(connection: psycopg.Connection) -> datetime:
    row = connection.execute("select now()").fetchone()
    assert row is not None
    moment: datetime = row[0]
    return moment


def _first_keys(settings: Settings, master: masterkey.MasterKey) -> tuple[StoredKey, StoredKey]:
    cipher = settings.cipher
    index_hash = settings.hash_algorithm
    return (
        keystore.new_key(1, purpose=keystore.SEAL, algorithm=cipher, cipher=cipher, master=master),
        keystore.new_key(2, purpose=keystore.INDEX, algorithm=index_hash, cipher=cipher, master=master),
    )


def _first_master(keys_dir: Path) -> masterkey.MasterKey:
    path = keys_dir / masterkey.FILE_NAME
    if path.exists():
        return masterkey.read(path)
    key = masterkey.create(path)
    _log.warning(
        "已生成主密钥 %s(指纹 %s),请立即复制到离线介质并与备份分开保管"
        " / master key created: copy it to offline media now, apart from backups",
        path,
        key.fingerprint,
    )
    return key
