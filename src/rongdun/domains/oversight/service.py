"""Reading the audit, which is itself audited, and checking it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from rongdun.domains.oversight import store
from rongdun.domains.oversight.errors import SpanTooLong
from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.errors import FieldError, Invalid, NotFound, Text
from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.audit import (
    AuditEntry,
    AuditRoot,
    Evidence,
    Fault,
    Report,
    SignedRoot,
    entry_fault_of,
    is_authentic,
    reader,
    span_size,
    trusted_keys,
    verify_span,
)
from rongdun.runtime.tables import Page, TableQuery, run_table
from rongdun.runtime.uow import Uow

LONGEST_SPAN = 200_000
"""Entries one request may check: a few seconds of work."""

_ROOTS_LOOKED_AT = 4


def search(uow: Uow, query: TableQuery) -> "Page[AuditEntry]":
    """Return the page of entries ``query`` asks for, inside the actor's scope; the search is recorded."""
    statement = store.entries_in(uow.actor.scope, own=uow.actor.user_id)
    page = run_table(uow.session, statement, store.ENTRIES, query)
    asked = {"filter": list(query.filter), "sort": query.sort, "q": query.q, "page": query.page}
    uow.record("audit.search", SubjectRef("audit", "entries", "审计"), after=asked)
    return page


def read(uow: Uow, entry_id: UUID) -> AuditEntry:
    """Return one entry; raise :class:`NotFound` outside the scope. The reading is recorded."""
    entry = store.find_entry(uow.session, uow.actor.scope, entry_id, own=uow.actor.user_id)
    if entry is None:
        raise NotFound()
    uow.record("audit.read", SubjectRef("audit", str(entry_id), entry.action), unit_path=entry.scope_path)
    return entry


def neighbour(uow: Uow, entry: AuditEntry, *, step: int) -> tuple[int, AuditEntry | None] | None:
    """Return the place ``step`` entries further in the chain, and its entry if in scope; None past an end."""
    seq = entry.seq + step
    if not 1 <= seq <= store.head_seq(uow.session, entry.chain):
        return None
    scope, own = uow.actor.scope, uow.actor.user_id
    return seq, store.entry_at(uow.session, scope, chain=entry.chain, seq=seq, own=own)


def check(uow: Uow, entry: AuditEntry) -> Fault | None:
    """Return what is wrong with ``entry`` or its link to the one before it, or ``None``."""
    with reader(uow.services.database.dsn) as connection:
        return entry_fault_of(connection, chain=entry.chain, seq=entry.seq)


def covering_root(uow: Uow, entry: AuditEntry) -> AuditRoot | None:
    """Return the first daily root whose heads reach ``entry``, or ``None`` when none is signed yet."""
    day = entry.at.astimezone(SHANGHAI).date()
    for root in store.roots_from(uow.session, day, most=_ROOTS_LOOKED_AT):
        if any(head["chain"] == entry.chain and head["seq"] >= entry.seq for head in _heads(root)):
            return root
    return None


def verify(uow: Uow, *, since: datetime, until: datetime) -> Report:
    """Check the entries of a span and every root; the check is recorded with its outcome.

    Raises :class:`Invalid` for an empty span, :class:`SpanTooLong` above :data:`LONGEST_SPAN` entries.
    """
    if until <= since:
        message = Text("结束时间须晚于开始时间", "The end must be later than the start")
        raise Invalid(fields=[FieldError("until", message)])
    evidence = Evidence(uow.settings.audit_roots, trusted_keys(uow.settings.keys))
    with reader(uow.services.database.dsn) as connection:
        size = span_size(connection, since=since, until=until)
        if size > LONGEST_SPAN:
            raise SpanTooLong(extra={"entries": size, "limit": LONGEST_SPAN})
        report = verify_span(connection, evidence, since=since, until=until)
    outcome = {"since": since, "until": until, "entries": report.entries, "faults": len(report.faults)}
    uow.record("audit.verify", SubjectRef("audit", "entries", "审计"), after=outcome)
    return report


def roots(uow: Uow, query: TableQuery) -> "Page[AuditRoot]":
    """Return the page of daily roots ``query`` asks for."""
    return run_table(uow.session, store.all_roots(), store.ROOTS, query)


def root_summary(uow: Uow) -> Callable[[AuditRoot], dict[str, Any]]:
    """Return a function that tells a root's extent and whether a trusted key signed it."""
    keys = trusted_keys(uow.settings.keys)

    def summary(root: AuditRoot) -> dict[str, Any]:
        signed = _signed(root)
        return {"authentic": is_authentic(signed, keys), "entries": _total(root), "chains": len(_heads(root))}

    return summary


def _signed(root: AuditRoot) -> SignedRoot:
    return SignedRoot(root.body.encode("utf-8"), bytes(root.signature))


def _heads(root: AuditRoot) -> Sequence[dict[str, Any]]:
    found: Sequence[dict[str, Any]] = _signed(root).content["chains"]
    return found


def _total(root: AuditRoot) -> int:
    return sum(head["seq"] for head in _heads(root))
