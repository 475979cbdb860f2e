"""What happened to something, as its own page tells it: who did what and when, without what was changed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from rongdun.domains.oversight import store
from rongdun.runtime.audit import AuditEntry
from rongdun.runtime.uow import Uow

LONGEST = 500
"""How many lines a history shows at most, the newest."""


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One thing that was done: to which subject, by whom, and in which state it left it, if it moved."""

    at: datetime
    action: str
    actor_name: str
    subject_kind: str
    subject_id: str
    subject_label: str
    note: str
    state: str


def history_of(uow: Uow, subjects: Collection[tuple[str, str]]) -> list[HistoryLine]:
    """Return what the audit tells of ``subjects`` (kind, id) within the actor's scope, the newest first.

    Reading is left out: it is the auditor's to see who looked.
    """
    rows = store.entries_about(uow.session, uow.actor.scope, subjects, own=uow.actor.user_id, limit=LONGEST)
    return [_line(row) for row in rows]


def _line(row: AuditEntry) -> HistoryLine:
    state = (row.after or {}).get("state")
    return HistoryLine(
        row.at,
        row.action,
        row.actor_name,
        row.subject_kind,
        row.subject_id,
        row.subject_label,
        row.note,
        state if isinstance(state, str) else "",
    )
