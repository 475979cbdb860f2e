"""Showing a masked field in clear, once, to somebody who says what for."""

from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from rongdun.domains.oversight import store
from rongdun.domains.oversight.errors import RevealLimitReached
from rongdun.domains.oversight.purposes import SHOWN_S, Purpose, limit_per_hour, purposes_in_force
from rongdun.kernel.errors import FieldError, Forbidden, Invalid, NotFound, Text
from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.reveal import Revealable, revealable
from rongdun.runtime.uow import Uow

_HOUR = timedelta(hours=1)
_SHORTEST_NOTE = 4

_UNKNOWN_PURPOSE = Text("请从列表中选择用途", "Choose a purpose from the list")
_NOTE_NEEDED = Text("该用途须写明事由（至少 4 个字）", "This purpose needs a note of at least 4 characters")


class Shown(NamedTuple):
    """A value in clear, the audit entry that records it, and how many seconds a page shows it."""

    value: str | None
    audit_id: UUID
    expires_s: int


def reveal(uow: Uow, subject: SubjectRef, *, field: str, purpose: str, note: str) -> Shown:
    """Return ``field`` of ``subject`` in clear and put on record who saw it and why; never the value.

    Raises :class:`NotFound` (no such field, or no such record in scope), :class:`Forbidden`,
    :class:`Invalid` for the purpose or its note, :class:`RevealLimitReached`.
    """
    target = _allowed(uow, subject.kind, field)
    check_purpose(uow, purpose, note.strip())
    _check_allowance(uow, SubjectRef(subject.kind, subject.id), field)
    found = target.loader(uow, subject.id)
    if found is None:
        raise NotFound()
    entry = uow.record(
        "reveal",
        found.subject,
        unit_path=found.unit_path,
        purpose=purpose,
        note=note.strip(),
        after={"field": field, "present": found.value is not None},
    )
    return Shown(found.value, entry, SHOWN_S)


def used_last_hour(uow: Uow) -> int:
    """Return how many values the actor has revealed in the past hour."""
    if uow.actor.user_id is None:
        return 0
    return store.reveals_since(uow.session, uow.actor.user_id, uow.now - _HOUR)[0]


def _allowed(uow: Uow, kind: str, field: str) -> Revealable:
    target = revealable(kind, field)
    if target is None:
        raise NotFound()
    if not uow.actor.may(target.permission):
        raise Forbidden(extra={"permission": target.permission})
    return target


def check_purpose(uow: Uow, code: str, note: str) -> None:
    """Refuse a purpose that is not in force, or one that lacks the note it needs; :class:`Invalid`."""
    purpose = _find(purposes_in_force(uow), code)
    if purpose is None:
        raise Invalid(fields=[FieldError("purpose", _UNKNOWN_PURPOSE)])
    if purpose.note_required and len(note) < _SHORTEST_NOTE:
        raise Invalid(fields=[FieldError("note", _NOTE_NEEDED)])


def _find(purposes: tuple[Purpose, ...], code: str) -> Purpose | None:
    return next((purpose for purpose in purposes if purpose.code == code), None)


def _check_allowance(uow: Uow, subject: SubjectRef, field: str) -> None:
    user = uow.actor.user_id
    assert user is not None, "the route lets only signed-in users through"
    store.lock_reveals(uow.session, user)
    used, first = store.reveals_since(uow.session, user, uow.now - _HOUR)
    limit = limit_per_hour(uow)
    if used >= limit:
        uow.record("reveal.refused", subject, after={"field": field, "limit": limit})
        wait = _HOUR if first is None else first + _HOUR - uow.now
        raise RevealLimitReached(extra={"limit": limit, "retry_after_s": int(wait.total_seconds()) + 1})
