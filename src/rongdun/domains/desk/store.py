"""Queries of the desks' own rows; each is held to its owner here, and by row-level security again."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, Select, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from rongdun.domains.desk.model import Draft, SavedView, Upload
from rongdun.kernel.ids import new_id
from rongdun.kernel.scope import Scope


def find_upload(session: Session, hash: str, scope: Scope) -> Upload | None:
    """Return the newest upload of that content within ``scope``."""
    statement = (
        select(Upload)
        .where(Upload.hash == hash, Upload.unit_path >= scope.low, Upload.unit_path < scope.high)
        .order_by(Upload.uploaded_at.desc(), Upload.id.desc())
        .limit(1)
    )
    return session.scalars(statement).first()


def uploads_by_hash(session: Session, hashes: Collection[str], scope: Scope) -> dict[str, Upload]:
    """Return the newest upload within ``scope`` of each of these contents."""
    covered = (Upload.unit_path >= scope.low, Upload.unit_path < scope.high)
    statement = select(Upload).where(Upload.hash.in_(hashes), *covered)
    return {found.hash: found for found in session.scalars(statement.order_by(Upload.uploaded_at, Upload.id))}


def recorded_hashes(session: Session, scope: Scope) -> Sequence[str]:
    """Return every hash that an upload within ``scope`` names, once each."""
    covered = (Upload.unit_path >= scope.low, Upload.unit_path < scope.high)
    return session.scalars(select(Upload.hash).where(*covered).distinct().order_by(Upload.hash)).all()


def find_draft(session: Session, user_id: UUID, form_key: str) -> Draft | None:
    """Return the person's draft of one form."""
    return session.scalars(_draft_of(user_id, form_key)).first()


def claim_draft(session: Session, user_id: UUID, form_key: str, *, now: datetime) -> Draft:
    """Return the person's draft of one form, new and empty if there was none, locked until the commit."""
    blank = {"id": new_id(), "user_id": user_id, "form_key": form_key, "body": b"", "updated_at": now}
    session.execute(insert(Draft).values(blank).on_conflict_do_nothing())
    return session.scalars(_draft_of(user_id, form_key).with_for_update()).one()


def count_drafts(session: Session, user_id: UUID) -> int:
    """Return how many drafts the person keeps."""
    return session.execute(select(func.count()).where(Draft.user_id == user_id)).scalar_one()


def delete_draft(session: Session, user_id: UUID, form_key: str) -> None:
    """Forget the person's draft of one form, if there is one."""
    session.execute(delete(Draft).where(Draft.user_id == user_id, Draft.form_key == form_key))


def delete_drafts_before(session: Session, moment: datetime) -> int:
    """Forget every draft not touched since ``moment``; return how many."""
    return _rows(session.execute(delete(Draft).where(Draft.updated_at < moment)))


def views_of(session: Session, user_id: UUID, table_key: str) -> Sequence[SavedView]:
    """Return the person's saved views of one table, by name."""
    own = select(SavedView).where(SavedView.user_id == user_id, SavedView.table_key == table_key)
    return session.scalars(own.order_by(SavedView.name, SavedView.id)).all()


def claim_view(session: Session, user_id: UUID, table_key: str, *, name: str, now: datetime) -> SavedView:
    """Return the person's view of that name, new and empty if there was none, locked until the commit."""
    blank = {"id": new_id(), "user_id": user_id, "table_key": table_key, "name": name}
    session.execute(insert(SavedView).values(**blank, state=b"", created_at=now).on_conflict_do_nothing())
    own = select(SavedView).where(
        SavedView.user_id == user_id, SavedView.table_key == table_key, SavedView.name == name
    )
    return session.scalars(own.with_for_update()).one()


def delete_view(session: Session, user_id: UUID, view_id: UUID) -> bool:
    """Forget one saved view of the person; tell whether there was one."""
    own = delete(SavedView).where(SavedView.user_id == user_id, SavedView.id == view_id)
    return _rows(session.execute(own)) == 1


def _draft_of(user_id: UUID, form_key: str) -> Select[Draft]:
    return select(Draft).where(Draft.user_id == user_id, Draft.form_key == form_key)


def _rows(result: Any) -> int:
    return cast("CursorResult[Any]", result).rowcount
