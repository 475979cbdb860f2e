"""Verification of the whole audit, or of a span of time: chains, heads, roots, files."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from rongdun.kernel.scope import Scope
from rongdun.runtime.audit.chains import Reading, Stretch, hash_at, read_chain
from rongdun.runtime.audit.entry import GENESIS
from rongdun.runtime.audit.faults import Fault, Report, entry_fault, root_fault
from rongdun.runtime.audit.roots import SignedRoot, is_authentic, read_root, root_path

_TO_THE_END = 2**62

_SCOPE = (
    "select set_config('rongdun.scope_low', %(low)s, true), set_config('rongdun.scope_high', %(high)s, true)"
)
_CHAINS = (
    "with recursive used (chain) as (select min(chain) from audit_entries union all"
    " select (select min(chain) from audit_entries e where e.chain > used.chain) from used"
    " where used.chain is not null)"
    " select chain, h.seq, h.hash from used full join audit_heads h using (chain)"
    " where chain is not null order by chain"
)
"""Every chain that has entries or a head; the recursion skips from one chain to the next in the index."""

_SPAN = (
    "select chain, min(seq), max(seq) from audit_entries where at >= %(since)s and at < %(until)s"
    " group by chain order by chain"
)
_ROOTS = "select day, body, signature, hash from audit_roots order by day"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What lies outside the database: where the roots' files are, and which public keys are trusted."""

    roots_dir: Path
    keys: Mapping[str, Ed25519PublicKey]


@contextmanager
def reader(dsn: str) -> Iterator[psycopg.Connection[Any]]:
    """Open a connection that sees every entry, and sees the audit as it stands at one moment."""
    everything = Scope.everything()
    with psycopg.connect(dsn, connect_timeout=10) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        connection.execute(_SCOPE, {"low": everything.low, "high": everything.high})
        yield connection


def verify_all(connection: psycopg.Connection[Any], evidence: Evidence) -> Report:
    """Check every entry of every chain, the heads, and every root in and outside the database."""
    report = Report()
    for chain, head_seq, head_hash in connection.execute(_CHAINS, binary=True).fetchall():
        reading = read_chain(connection, Stretch(chain, 1, _TO_THE_END))
        _count(report, reading, reading.fault or _head_fault(chain, reading, head_seq, head_hash))
    report.faults += _root_faults(connection, evidence, report)
    return report


def span_size(connection: psycopg.Connection[Any], *, since: datetime, until: datetime) -> int:
    """Return how many entries :func:`verify_span` would read for the span."""
    return sum(last - first + 1 for _, first, last in _span(connection, since, until))


def verify_span(
    connection: psycopg.Connection[Any], evidence: Evidence, *, since: datetime, until: datetime
) -> Report:
    """Check the entries between two moments, each chain from the entry before its first, and all roots."""
    report = Report()
    for stretch in _span(connection, since, until):
        reading = read_chain(connection, stretch)
        _count(report, reading, reading.fault)
    report.faults += _root_faults(connection, evidence, report)
    return report


def _span(connection: psycopg.Connection[Any], since: datetime, until: datetime) -> Sequence[Stretch]:
    rows = connection.execute(_SPAN, {"since": since, "until": until}).fetchall()
    return [Stretch(*row) for row in rows]


def _count(report: Report, reading: Reading, fault: Fault | None) -> None:
    report.chains += 1
    report.entries += reading.entries
    if fault is not None:
        report.faults.append(fault)


def _head_fault(chain: int, reading: Reading, head_seq: int | None, head_hash: bytes | None) -> Fault | None:
    if head_seq is None:
        return entry_fault("head_missing", chain=chain, seq=reading.seq)
    if head_seq > reading.seq:
        return entry_fault(
            "truncated", chain=chain, seq=reading.seq + 1, expected=head_seq, found=reading.seq
        )
    if head_seq < reading.seq:
        return entry_fault("beyond_head", chain=chain, seq=head_seq + 1, expected=head_seq, found=reading.seq)
    if head_hash != reading.hash:
        return entry_fault("head_altered", chain=chain, seq=head_seq)
    return None


def _root_faults(connection: psycopg.Connection[Any], evidence: Evidence, report: Report) -> Iterator[Fault]:
    prev = GENESIS
    days = set()
    for day, body, signature, found in connection.execute(_ROOTS).fetchall():
        root = SignedRoot(body.encode("utf-8"), bytes(signature))
        fault = _signature_fault(evidence, day, root=root, prev=prev) or _file_fault(
            evidence.roots_dir, day, root
        )
        fault = fault or _contradiction(connection, root)
        if fault is not None:
            yield fault
        prev = bytes(found)
        days.add(day.isoformat())
    report.roots = len(days)
    yield from _files_without_root(connection, evidence, days)


def _signature_fault(evidence: Evidence, day: date, *, root: SignedRoot, prev: bytes) -> Fault | None:
    name = day.isoformat()
    if not is_authentic(root, evidence.keys) or root.content["day"] != name:
        return root_fault("root_forged", name)
    if root.content["prev_root"] != prev.hex():
        return root_fault("root_unlinked", name)
    return None


def _file_fault(directory: Path, day: date, root: SignedRoot) -> Fault | None:
    path = root_path(directory, day)
    if not path.exists():
        return root_fault("root_file_missing", day.isoformat())
    try:
        same = read_root(path) == root
    except ValueError:
        same = False
    return None if same else root_fault("root_file_differs", day.isoformat())


def _contradiction(connection: psycopg.Connection[Any], root: SignedRoot) -> Fault | None:
    content = root.content
    for head in content["chains"]:
        chain, seq = head["chain"], head["seq"]
        found = hash_at(connection, chain=chain, seq=seq)
        if found is None:
            last = _last_seq(connection, chain)
            return entry_fault("truncated", chain=chain, seq=last + 1, expected=seq, found=last)
        if found.hex() != head["hash"]:
            return entry_fault("rewritten", chain=chain, seq=seq, day=content["day"])
    return None


def _last_seq(connection: psycopg.Connection[Any], chain: int) -> int:
    row = connection.execute(
        "select coalesce(max(seq), 0) from audit_entries where chain = %s", (chain,)
    ).fetchone()
    return 0 if row is None else int(row[0])


def _files_without_root(
    connection: psycopg.Connection[Any], evidence: Evidence, days: set[str]
) -> Iterator[Fault]:
    for path in sorted(evidence.roots_dir.glob("????-??-??.json")):
        if path.stem not in days:
            yield root_fault("root_missing", path.stem)
            yield from _what_a_file_tells(connection, evidence, path)


def _what_a_file_tells(
    connection: psycopg.Connection[Any], evidence: Evidence, path: Path
) -> Iterator[Fault]:
    try:
        root = read_root(path)
    except ValueError:
        yield root_fault("root_forged", path.stem)
        return
    if not is_authentic(root, evidence.keys):
        yield root_fault("root_forged", path.stem)
    elif (fault := _contradiction(connection, root)) is not None:
        yield fault
