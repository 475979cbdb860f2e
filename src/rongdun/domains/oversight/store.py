"""Reads of the audit inside the asking scope; row-level security holds the same line below."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, func, or_, select, text, tuple_
from sqlalchemy.orm import Session

from rongdun.kernel.errors import Text
from rongdun.kernel.scope import Scope
from rongdun.runtime.audit import AuditEntry, AuditRoot
from rongdun.runtime.tables import Column, TableSpec

ENTRIES = TableSpec(
    columns={
        "at": Column(AuditEntry.at, Text("时间", "Time")),
        "actor_name": Column(AuditEntry.actor_name, Text("操作人", "Who")),
        "actor_login": Column(AuditEntry.actor_login, Text("账号", "Login")),
        "actor_id": Column(AuditEntry.actor_id, Text("操作人编号", "User id"), exported=False),
        "unit_path": Column(AuditEntry.unit_path, Text("所在单位", "Unit"), kind="path"),
        "action": Column(AuditEntry.action, Text("操作", "Action")),
        "subject_kind": Column(AuditEntry.subject_kind, Text("对象类别", "Kind of subject")),
        "subject_id": Column(AuditEntry.subject_id, Text("对象编号", "Subject")),
        "subject_label": Column(AuditEntry.subject_label, Text("对象", "Subject label")),
        "scope_path": Column(AuditEntry.scope_path, Text("对象所属单位", "Subject's unit"), kind="path"),
        "purpose": Column(AuditEntry.purpose, Text("用途", "Purpose")),
        "note": Column(AuditEntry.note, Text("说明", "Note")),
        "ip": Column(AuditEntry.ip, Text("网络地址", "IP address")),
        "session": Column(AuditEntry.session, Text("会话", "Session"), exported=False),
        "chain": Column(AuditEntry.chain, Text("链", "Chain")),
        "seq": Column(AuditEntry.seq, Text("链内序号", "Place in chain")),
    },
    key=AuditEntry.id,
    search=[
        AuditEntry.actor_name,
        AuditEntry.actor_login,
        AuditEntry.action,
        AuditEntry.subject_id,
        AuditEntry.subject_label,
        AuditEntry.note,
    ],
    default_sort="-at",
)

ROOTS = TableSpec(
    columns={
        "day": Column(AuditRoot.day, Text("日期", "Day")),
        "signed_at": Column(AuditRoot.signed_at, Text("签名时间", "Signed at")),
        "late": Column(AuditRoot.late, Text("补签", "Signed late")),
    },
    key=AuditRoot.day,
    default_sort="-day",
)

_LOCK_REVEALS = text("select pg_advisory_xact_lock(hashtext('rongdun.reveal'), hashtext(:user))")


def entries_in(scope: Scope, *, own: UUID | None) -> Select[AuditEntry]:
    """Return the select of entries whose actor or subject lies in ``scope``, and those of ``own`` user."""
    return select(AuditEntry).where(
        or_(
            (AuditEntry.scope_path >= scope.low) & (AuditEntry.scope_path < scope.high),
            (AuditEntry.unit_path >= scope.low) & (AuditEntry.unit_path < scope.high),
            AuditEntry.actor_id == own,
        )
    )


def entries_about(
    session: Session, scope: Scope, subjects: Collection[tuple[str, str]], *, own: UUID | None, limit: int
) -> Sequence[AuditEntry]:
    """Return what was done, not merely read or revealed, to ``subjects`` (kind, id); the newest first."""
    about = tuple_(AuditEntry.subject_kind, AuditEntry.subject_id).in_(list(subjects))
    looked = or_(*(AuditEntry.action.like(one) for one in ("%.read", "%.open", "%.open\\_form", "%reveal%")))
    found = entries_in(scope, own=own).where(about, ~looked)
    return session.scalars(found.order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(limit)).all()


def find_entry(session: Session, scope: Scope, entry_id: UUID, *, own: UUID | None) -> AuditEntry | None:
    """Return the entry ``entry_id`` if it lies in ``scope``."""
    return session.scalar(entries_in(scope, own=own).where(AuditEntry.id == entry_id))


def entry_at(session: Session, scope: Scope, *, chain: int, seq: int, own: UUID | None) -> AuditEntry | None:
    """Return the entry at ``seq`` of ``chain`` if it lies in ``scope``."""
    statement = entries_in(scope, own=own).where(AuditEntry.chain == chain, AuditEntry.seq == seq)
    return session.scalar(statement)


def head_seq(session: Session, chain: int) -> int:
    """Return how many entries ``chain`` has."""
    statement = text("select seq from audit_heads where chain = :chain")
    return session.execute(statement, {"chain": chain}).scalar() or 0


def all_roots() -> Select[AuditRoot]:
    """Return the select of every daily root; roots tell no unit's data."""
    return select(AuditRoot)


def roots_from(session: Session, day: date, *, most: int) -> Sequence[AuditRoot]:
    """Return up to ``most`` roots from ``day`` on, oldest first."""
    return session.scalars(all_roots().where(AuditRoot.day >= day).order_by(AuditRoot.day).limit(most)).all()


def lock_reveals(session: Session, user_id: UUID) -> None:
    """Let the reveals of one user go one after another, so that none slips past the count."""
    session.execute(_LOCK_REVEALS, {"user": str(user_id)})


def reveals_since(session: Session, user_id: UUID, since: datetime) -> tuple[int, datetime | None]:
    """Return how many values the user has revealed since a moment, and when the first of these was."""
    statement = select(func.count(), func.min(AuditEntry.at)).where(
        AuditEntry.actor_id == user_id, AuditEntry.at > since, AuditEntry.action == "reveal"
    )
    count, first = session.execute(statement).one()
    return count, first
