"""The vault: seals personal data, opens it, and makes look-up values that reveal nothing."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock

from rongdun.kernel.clock import monotonic
from rongdun.kernel.errors import Unavailable
from rongdun.runtime.crypto import blob as blobs
from rongdun.runtime.crypto import primitives
from rongdun.runtime.crypto.errors import SealedValueUnreadable

REFRESH_S = 10.0
"""How long, in seconds, a process may go on sealing under a key that was replaced elsewhere."""


@dataclass(frozen=True, slots=True)
class DataKey:
    """One unwrapped data key; ``algorithm`` is its cipher."""

    id: int
    algorithm: str
    secret: bytes


@dataclass(frozen=True, slots=True)
class IndexKey:
    """The secret from which each column's blind-index key is derived; ``algorithm`` is its hash."""

    algorithm: str
    secret: bytes


@dataclass(frozen=True, slots=True)
class Keyring:
    """Every data key by id, which of them seals, and the index key."""

    keys: Mapping[int, DataKey]
    active: int
    index: IndexKey


class Vault:
    """Seals and opens column values. One per process; safe to share between threads.

    ``load`` reads the keyring from where it is kept; it is called again when a blob names a key that
    is not known yet, and before sealing when the keyring is older than :data:`REFRESH_S` seconds.
    """

    def __init__(self, load: Callable[[], Keyring]) -> None:
        self._load = load
        self._lock = Lock()
        self._index_keys: dict[str, bytes] = {}
        self._keyring = load()
        self._loaded_at = monotonic()

    @classmethod
    def ephemeral(cls, *, cipher: str = "sm4-gcm", hash_algorithm: str = "sm3") -> "Vault":
        """Return a vault whose keys exist only in memory, for drills and tests."""
        key = DataKey(1, cipher, primitives.fresh_key(cipher))
        index = IndexKey(hash_algorithm, primitives.fresh_secret())
        keyring = Keyring({1: key}, 1, index)
        return cls(lambda: keyring)

    @property
    def active_key_id(self) -> int:
        """Id of the data key that seals now."""
        return self._keyring.active

    def seal(self, plaintext: str, context: str) -> bytes:
        """Return ``plaintext`` sealed for ``context``, e.g. ``users.phone:<id>``.

        The same text sealed twice gives different bytes. ``context`` must be given again to open it.
        """
        _require(context)
        keyring = self._fresh()
        key = keyring.keys[keyring.active]
        header = blobs.Header(key.algorithm, key.id)
        return blobs.seal(header, key.secret, plaintext.encode("utf-8"), context=context)

    def open(self, blob: bytes, context: str) -> str:
        """Return the text sealed in ``blob``.

        Raises :class:`SealedValueUnreadable` when a bit was changed, the context is another one, or
        the key is unknown.
        """
        header = blobs.read_header(bytes(blob))
        key = self._keyring.keys.get(header.key_id) or self._reloaded().keys.get(header.key_id)
        if key is None or key.algorithm != header.cipher:
            raise SealedValueUnreadable()
        return blobs.unseal(bytes(blob), key.secret, context=context).decode("utf-8")

    def blind(self, value: str, context: str) -> bytes:
        """Return the 32-byte look-up value of ``value`` in ``context`` (a column, not a record).

        Equal inputs give equal bytes; without the key nothing about ``value`` can be computed from
        them. Normalise ``value`` first (spaces, country code).
        """
        _require(context)
        key = self._index_keys.get(context) or self._index_key(context)
        return primitives.mac(self._keyring.index.algorithm, key, value.encode("utf-8"))

    def refresh(self) -> None:
        """Read the keyring again now."""
        self._reloaded()

    def _index_key(self, context: str) -> bytes:
        index = self._keyring.index
        info = b"rongdun blind index:" + context.encode("utf-8")
        key = primitives.derive(index.algorithm, index.secret, info=info, length=32)
        self._index_keys[context] = key
        return key

    def _fresh(self) -> Keyring:
        if self._is_old():
            with self._lock:
                if self._is_old():
                    self._load_if_reachable()
        return self._keyring

    def _is_old(self) -> bool:
        return monotonic() - self._loaded_at > REFRESH_S

    def _load_if_reachable(self) -> None:
        # A key that was replaced a moment ago still opens: sealing under it beats refusing to work.
        with suppress(Unavailable):
            self._keyring = self._load()
        self._loaded_at = monotonic()

    def _reloaded(self) -> Keyring:
        with self._lock:
            self._keyring = self._load()
            self._loaded_at = monotonic()
            return self._keyring


def _require(context: str) -> None:
    if not context:
        raise ValueError("a sealed value needs a context: which column it belongs to")
