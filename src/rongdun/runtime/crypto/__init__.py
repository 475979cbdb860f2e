"""Envelope encryption of personal data: the vault, its keys, and how they are changed.

Other packages use :class:`Vault` (``seal``, ``open``, ``blind``) through ``uow.vault`` and name every
sealed column once with :func:`register_sealed`, so that key rotation finds it. See ``README.md``.
"""

from rongdun.runtime.crypto.errors import (
    KeyFileMalformed,
    KeyFileUnsafe,
    MasterKeyMissing,
    MasterKeyWrong,
    SealedValueUnreadable,
)
from rongdun.runtime.crypto.masterkey import key_fingerprint, master_key_file
from rongdun.runtime.crypto.provision import open_vault
from rongdun.runtime.crypto.registry import SealedColumn, register_sealed, sealed_columns
from rongdun.runtime.crypto.rotation import KeyUse, RotationReport, key_use, rewrap, rotate
from rongdun.runtime.crypto.vault import Vault

__all__ = [
    "KeyFileMalformed",
    "KeyFileUnsafe",
    "KeyUse",
    "MasterKeyMissing",
    "MasterKeyWrong",
    "RotationReport",
    "SealedColumn",
    "SealedValueUnreadable",
    "Vault",
    "key_fingerprint",
    "key_use",
    "master_key_file",
    "open_vault",
    "register_sealed",
    "rewrap",
    "rotate",
    "sealed_columns",
]
