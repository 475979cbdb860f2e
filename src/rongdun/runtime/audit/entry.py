"""One audit entry: its fields, and the document that its hash is taken over."""

from collections.abc import Sequence
from typing import Any

import msgspec

from rongdun.runtime.audit.canonical import encode
from rongdun.runtime.crypto.primitives import digest

GENESIS = bytes(32)
"""What the first entry of a chain names as its predecessor's hash."""

FORMAT = 1


class Entry(msgspec.Struct, frozen=True):
    """An entry in the form it is hashed in: identifiers, moments and hashes as text.

    ``prev`` is the hash of the entry before it in the same chain, in hex; ``scope_path`` the unit the
    subject belongs to, ``unit_path`` the actor's; ``before`` and ``after`` hold only what changed.
    """

    chain: int
    seq: int
    prev: str
    alg: str
    id: str
    at: str
    actor_id: str | None
    actor_login: str
    actor_name: str
    roles: Sequence[str]
    unit_path: str
    ip: str
    session: str | None
    action: str
    subject_kind: str
    subject_id: str
    subject_label: str
    scope_path: str
    purpose: str | None
    note: str
    before: Any
    after: Any
    format: int = FORMAT


def document(entry: Entry) -> bytes:
    """Return the canonical JSON of ``entry``: an object with every field by its name."""
    return encode(entry)


def entry_hash(entry: Entry) -> bytes:
    """Return the 32-byte hash of ``entry`` by its own algorithm."""
    return digest(entry.alg, document(entry))
