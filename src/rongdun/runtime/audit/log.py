"""Writing the audit: what a transaction recorded becomes chained entries just before it commits.

Every chain is a list in which each entry carries its predecessor's hash, so entries of one chain must be
written one after another. There are several chains: a transaction takes one that nobody holds, and holds
it only from here to its commit.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import bindparam, insert, text
from sqlalchemy.orm import Session

from rongdun.runtime.audit.entry import Entry, entry_hash
from rongdun.runtime.audit.model import AuditEntry
from rongdun.runtime.audit.redact import instant, mask_text, redact
from rongdun.runtime.uow import AuditDraft, Uow

_CLAIM = text("select chain, seq, hash from audit_claim_chain(:chains)").bindparams(bindparam("chains"))


def write_entries(uow: Uow) -> None:
    """Write everything ``uow`` recorded; the last thing done before a commit."""
    if uow.entries:
        append(
            uow.session,
            uow.entries,
            now=uow.now,
            algorithm=uow.settings.hash_algorithm,
            chains=uow.settings.audit_chains,
        )
        uow.entries.clear()


def append(
    session: Session, drafts: Iterable[AuditDraft], *, now: datetime, algorithm: str, chains: int
) -> None:
    """Chain ``drafts`` in order and insert them in the transaction of ``session``.

    Locks one of ``chains`` chains until the transaction ends. ``algorithm`` is ``sm3`` or ``sha256``.
    """
    chain, seq, prev = session.execute(_CLAIM, {"chains": chains}).one()
    rows = []
    for draft in drafts:
        seq += 1
        entry = _entry(draft, at=now, place=(chain, seq, bytes(prev).hex(), algorithm))
        found = entry_hash(entry)
        rows.append(_row(entry, at=now, prev=bytes(prev), found=found))
        prev = found
    session.execute(insert(AuditEntry.__table__), rows)  # type: ignore[arg-type]


def _entry(draft: AuditDraft, *, at: datetime, place: tuple[int, int, str, str]) -> Entry:
    actor = draft.actor
    chain, seq, prev, algorithm = place
    return Entry(
        chain=chain,
        seq=seq,
        prev=prev,
        alg=algorithm,
        id=str(draft.id),
        at=instant(at),
        actor_id=_text(actor.user_id),
        actor_login=mask_text(actor.login),
        actor_name=mask_text(actor.name),
        roles=sorted(actor.roles),
        unit_path=actor.unit_path,
        ip=mask_text(actor.ip),
        session=_text(actor.session_id),
        action=mask_text(draft.action),
        subject_kind=mask_text(draft.subject.kind),
        subject_id=mask_text(draft.subject.id),
        subject_label=mask_text(draft.subject.label),
        scope_path=draft.unit_path,
        purpose=None if draft.purpose is None else mask_text(draft.purpose),
        note=mask_text(draft.note),
        before=redact(draft.before),
        after=redact(draft.after),
    )


def _row(entry: Entry, *, at: datetime, prev: bytes, found: bytes) -> dict[str, Any]:
    values = msgspec.structs.asdict(entry)
    del values["prev"], values["format"]
    return {
        **values,
        "id": UUID(entry.id),
        "at": at,
        "actor_id": _uuid(entry.actor_id),
        "session": _uuid(entry.session),
        "roles": _list(entry.roles),
        "prev_hash": prev,
        "hash": found,
    }


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def _uuid(value: str | None) -> UUID | None:
    return None if value is None else UUID(value)


def _list(values: Sequence[str]) -> list[str]:
    return list(values)
