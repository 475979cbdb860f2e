"""What the oversight endpoints answer, built from rows."""

from collections.abc import Mapping
from typing import Any

from rongdun.domains.oversight import service
from rongdun.domains.oversight.purposes import Purpose, purposes_in_force
from rongdun.domains.oversight.schemas import (
    ActorOut,
    AuditDetailOut,
    AuditEntryOut,
    CheckOut,
    CoveringRootOut,
    FaultOut,
    NeighbourOut,
    PurposeOut,
    RootOut,
    SubjectOut,
    Words,
)
from rongdun.kernel.errors import Text
from rongdun.runtime.audit import AuditEntry, AuditRoot, Fault
from rongdun.runtime.uow import Uow


def entry_out(entry: AuditEntry, purposes: Mapping[str, Text]) -> AuditEntryOut:
    """Return ``entry`` as the API shows it; ``purposes`` puts its purpose into words."""
    purpose = purposes.get(entry.purpose or "")
    return AuditEntryOut(
        id=entry.id,
        at=entry.at,
        actor=_actor_out(entry),
        ip=entry.ip,
        session=entry.session,
        action=entry.action,
        subject=SubjectOut(kind=entry.subject_kind, id=entry.subject_id, label=entry.subject_label),
        scope_path=entry.scope_path,
        purpose=entry.purpose,
        purpose_name=None if purpose is None else _words(purpose),
        note=entry.note,
        before=entry.before,
        after=entry.after,
        chain=entry.chain,
        seq=entry.seq,
        hash=bytes(entry.hash).hex(),
    )


def detail_out(uow: Uow, entry: AuditEntry) -> AuditDetailOut:
    """Return ``entry`` with its neighbours, its check and the root that covers it."""
    names = {purpose.code: purpose.name for purpose in purposes_in_force(uow)}
    fault = service.check(uow, entry)
    root = service.covering_root(uow, entry)
    return AuditDetailOut(
        entry=entry_out(entry, names),
        prev_hash=bytes(entry.prev_hash).hex(),
        alg=entry.alg,
        previous=_neighbour_out(uow, entry, step=-1),
        next=_neighbour_out(uow, entry, step=1),
        check=CheckOut(intact=fault is None, fault=None if fault is None else fault_out(fault)),
        root=None if root is None else _covering_root_out(root),
    )


def fault_out(fault: Fault) -> FaultOut:
    """Return ``fault`` as the API shows it."""
    return FaultOut(
        kind=fault.kind,
        message=_words(fault.message),
        chain=fault.chain,
        seq=fault.seq,
        entry_id=fault.entry_id,
        day=fault.day,
    )


def root_out(root: AuditRoot, summary: Mapping[str, Any]) -> RootOut:
    """Return ``root`` as the API shows it, with its ``summary`` (see ``service.root_summary``)."""
    return RootOut(
        day=root.day,
        hash=bytes(root.hash).hex(),
        signed_at=root.signed_at,
        late=root.late,
        key_fingerprint=root.key_fingerprint,
        **summary,
    )


def purpose_out(purpose: Purpose) -> PurposeOut:
    """Return ``purpose`` as the API shows it."""
    return PurposeOut(code=purpose.code, name=_words(purpose.name), note_required=purpose.note_required)


def _actor_out(entry: AuditEntry) -> ActorOut:
    return ActorOut(
        id=entry.actor_id,
        login=entry.actor_login,
        name=entry.actor_name,
        roles=entry.roles,
        unit_path=entry.unit_path,
    )


def _neighbour_out(uow: Uow, entry: AuditEntry, *, step: int) -> NeighbourOut | None:
    found = service.neighbour(uow, entry, step=step)
    if found is None:
        return None
    seq, other = found
    if other is None:
        return NeighbourOut(seq=seq, visible=False)
    return NeighbourOut(seq=seq, visible=True, id=other.id, at=other.at, action=other.action)


def _covering_root_out(root: AuditRoot) -> CoveringRootOut:
    return CoveringRootOut(day=root.day, signed_at=root.signed_at, late=root.late)


def _words(text: Text) -> Words:
    return Words(zh=text.zh, en=text.en)
