"""Reading one chain from its first to its last entry and stopping at the first that does not hold.

Entries come through a server-side cursor: memory does not grow with the chain.
"""

from typing import Any, NamedTuple

import msgspec
import psycopg

from rongdun.runtime.audit.entry import GENESIS, Entry, entry_hash
from rongdun.runtime.audit.faults import Fault, entry_fault

PAGE = 5000
"""Entries fetched at once."""

_COLUMNS = (
    "chain, seq, encode(prev_hash, 'hex'), alg, id::text,"
    " to_char(at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'),"
    " actor_id::text, actor_login, actor_name, roles, unit_path, ip, session::text, action,"
    " subject_kind, subject_id, subject_label, scope_path, purpose, note, before::text, after::text"
)
_SELECT = (
    f"select {_COLUMNS}, hash from audit_entries"  # noqa: S608 - the columns stand above
    " where chain = %(chain)s and seq between %(first)s and %(last)s order by seq"
)
_HASH_AT = "select hash from audit_entries where chain = %(chain)s and seq = %(seq)s"
_PLACE = (
    "select seq - 1 from audit_entries where chain = %(chain)s and prev_hash = %(hash)s"
    " union all select seq from audit_heads where chain = %(chain)s and hash = %(hash)s limit 1"
)
"""Where an entry stood, as its follower or the chain's head remembers it."""


class Stretch(NamedTuple):
    """Entries ``first`` to ``last`` (both included) of one chain."""

    chain: int
    first: int
    last: int


class Reading(NamedTuple):
    """How far a chain was read, the hash it ended on, and what was wrong first."""

    entries: int
    seq: int
    hash: bytes
    fault: Fault | None


def read_chain(connection: psycopg.Connection[Any], stretch: Stretch) -> Reading:
    """Check every entry of ``stretch``: its place, its hash, and that it names its predecessor's."""
    chain, seq, _ = stretch
    prev = _hash_before(connection, stretch)
    if prev is None:
        gone = entry_fault("missing", chain=chain, seq=seq - 1, first=seq - 1, last=seq - 1)
        return Reading(0, seq - 1, GENESIS, gone)
    count, seq = 0, seq - 1
    with connection.cursor(name=f"audit_chain_{chain}", binary=True) as cursor:
        cursor.itersize = PAGE
        for *values, stored in cursor.execute(_SELECT, stretch._asdict()):
            entry = _entry(values)
            follows = entry.seq == seq + 1 and entry.prev == prev.hex()
            if not follows or entry_hash(entry) != stored:
                fault = _diagnose(connection, entry, stored=stored, seq=seq + 1)
                return Reading(count, seq, prev, fault)
            count, seq, prev = count + 1, entry.seq, stored
    return Reading(count, seq, prev, None)


def entry_fault_of(connection: psycopg.Connection[Any], *, chain: int, seq: int) -> Fault | None:
    """Return what is wrong with one entry and its link to the one before it, or ``None``."""
    reading = read_chain(connection, Stretch(chain, seq, seq))
    if reading.fault is None and reading.entries == 0:
        return entry_fault("missing", chain=chain, seq=seq, first=seq, last=seq)
    return reading.fault


def hash_at(connection: psycopg.Connection[Any], *, chain: int, seq: int) -> bytes | None:
    """Return the stored hash of the entry at ``seq``, or ``None`` when there is none."""
    row = connection.execute(_HASH_AT, {"chain": chain, "seq": seq}, binary=True).fetchone()
    return None if row is None else bytes(row[0])


def _hash_before(connection: psycopg.Connection[Any], stretch: Stretch) -> bytes | None:
    if stretch.first == 1:
        return GENESIS
    return hash_at(connection, chain=stretch.chain, seq=stretch.first - 1)


def _entry(values: list[Any]) -> Entry:
    before, after = values[-2:]
    values[-2] = None if before is None else _exact(before)
    values[-1] = None if after is None else _exact(after)
    return Entry(*values)


def _exact(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except msgspec.ValidationError:
        # A number no writer of ours produces: kept as text, it gives another hash.
        return text


def _diagnose(connection: psycopg.Connection[Any], entry: Entry, *, stored: bytes, seq: int) -> Fault:
    chain = entry.chain
    place = _own_place(connection, entry, stored)
    if place is not None and place != entry.seq:
        return entry_fault("reordered", chain=chain, seq=entry.seq, entry_id=entry.id, place=place)
    if entry_hash(entry) != stored:
        return entry_fault("altered", chain=chain, seq=entry.seq, entry_id=entry.id)
    if entry.seq != seq:
        return entry_fault("missing", chain=chain, seq=seq, first=seq, last=entry.seq - 1)
    return entry_fault("unlinked", chain=chain, seq=entry.seq, entry_id=entry.id)


def _own_place(connection: psycopg.Connection[Any], entry: Entry, stored: bytes) -> int | None:
    """Return the place for which the stored hash is right, if its follower or the head still tells it."""
    row = connection.execute(_PLACE, {"chain": entry.chain, "hash": stored}, binary=True).fetchone()
    place = entry.seq if row is None else int(row[0])
    return place if entry_hash(msgspec.structs.replace(entry, seq=place)) == stored else None
