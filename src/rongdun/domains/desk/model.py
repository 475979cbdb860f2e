"""Rows the desks share: uploads, drafts and saved views."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped

from rongdun.runtime.crypto import register_sealed
from rongdun.runtime.db import Base, id_column, path_column, time_column


class Upload(Base):
    """One upload of a file; the content lies in the file store under ``hash``."""

    __tablename__ = "files"

    id: Mapped[UUID] = id_column()
    hash: Mapped[str]
    size: Mapped[int]
    media_type: Mapped[str]
    name: Mapped[str]
    unit_path: Mapped[str] = path_column()
    uploaded_by: Mapped[UUID]
    uploaded_at: Mapped[datetime] = time_column()


class Draft(Base):
    """A half-filled form of one person; ``body`` is sealed JSON."""

    __tablename__ = "drafts"

    id: Mapped[UUID] = id_column()
    user_id: Mapped[UUID]
    form_key: Mapped[str]
    body: Mapped[bytes]
    updated_at: Mapped[datetime] = time_column()


class SavedView(Base):
    """A table as one person likes to see it; ``state`` is sealed JSON."""

    __tablename__ = "saved_views"

    id: Mapped[UUID] = id_column()
    user_id: Mapped[UUID]
    table_key: Mapped[str]
    name: Mapped[str]
    state: Mapped[bytes]
    created_at: Mapped[datetime] = time_column()


DRAFT_BODY = register_sealed("drafts", "id", "body", "drafts.body:{id}")
VIEW_STATE = register_sealed("saved_views", "id", "state", "saved_views.state:{id}")
