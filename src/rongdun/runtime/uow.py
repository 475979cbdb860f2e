"""The unit of work: one transaction with its audit entries and its live signals.

A service changes rows through ``uow.session``, says what it did with ``uow.record`` and whom to tell
with ``uow.publish``. What was said is written by :meth:`Uow.finish`, just before the entrypoint
commits, so that a change and its memory can never come apart.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from rongdun.kernel.clock import Clock
from rongdun.kernel.ids import new_id
from rongdun.kernel.scope import SYSTEM, Actor, SubjectRef
from rongdun.runtime.db import Database, set_scope
from rongdun.runtime.settings import Settings

if TYPE_CHECKING:
    from rongdun.runtime.crypto import Vault


@dataclass(frozen=True, slots=True)
class AuditDraft:
    """One thing that was done, before it is chained into the audit."""

    actor: Actor
    action: str
    subject: SubjectRef
    unit_path: str
    purpose: str | None = None
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    note: str = ""
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Signal:
    """A live update: browsers whose scope covers ``unit_path`` refetch what they show."""

    topic: str
    subject: SubjectRef
    unit_path: str


@dataclass(frozen=True, slots=True)
class Services:
    """What a unit of work can reach besides its rows. ``before_commit`` runs in order at the end."""

    settings: Settings
    database: Database
    clock: Clock
    vault: "Vault"
    before_commit: tuple[Callable[["Uow"], None], ...] = ()


@dataclass(slots=True)
class Uow:
    """One transaction: its rows, who acts, and the moment it takes place (``now`` does not move)."""

    session: Session
    services: Services
    now: datetime
    actor: Actor = SYSTEM
    entries: list[AuditDraft] = field(default_factory=list)
    signals: list[Signal] = field(default_factory=list)

    @property
    def settings(self) -> Settings:
        """The deployment's settings."""
        return self.services.settings

    @property
    def clock(self) -> Clock:
        """The clock that ``now`` was read from."""
        return self.services.clock

    @property
    def vault(self) -> "Vault":
        """The vault that seals and opens personal data."""
        return self.services.vault

    def act_as(self, actor: Actor) -> None:
        """Continue as ``actor``: row-level security follows at once."""
        self.actor = actor
        set_scope(self.session, actor.scope, actor_id=actor.user_id)

    def record(
        self,
        action: str,
        subject: SubjectRef,
        *,
        unit_path: str | None = None,
        purpose: str | None = None,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        note: str = "",
    ) -> UUID:
        """Put on record that the actor did ``action`` to ``subject``; return the entry's id.

        ``unit_path`` is the unit the record belongs to (default: the actor's); ``before`` and ``after``
        hold only the fields that changed, and never personal data in clear.
        """
        path = self.actor.unit_path if unit_path is None else unit_path
        draft = AuditDraft(
            actor=self.actor,
            action=action,
            subject=subject,
            unit_path=path,
            purpose=purpose,
            before=before,
            after=after,
            note=note,
        )
        self.entries.append(draft)
        return draft.id

    def publish(self, topic: str, subject: SubjectRef, unit_path: str) -> None:
        """Tell open screens, once this commits, that ``subject`` has changed."""
        self.signals.append(Signal(topic, subject, unit_path))

    @contextmanager
    def tried(self) -> Iterator[None]:
        """Do what may go wrong: on an error the block's rows, records and signals are as if never made.

        The error is raised again; whoever catches it can go on with the transaction.
        """
        savepoint, entries, signals = self.session.begin_nested(), len(self.entries), len(self.signals)
        try:
            yield
        except Exception:
            savepoint.rollback()
            del self.entries[entries:], self.signals[signals:]
            raise
        savepoint.commit()

    def release(self) -> None:
        """Give the connection back while waiting for the outside (a slow upload), dropping what was read.

        Call :meth:`act_as` to go on in a new transaction. Nothing may have been recorded yet.
        """
        if self.entries or self.signals or self.session.new or self.session.dirty or self.session.deleted:
            raise RuntimeError("something was already changed in this unit of work")
        self.session.rollback()

    def finish(self) -> None:
        """Write everything recorded and published; called once, right before the commit."""
        self.session.flush()
        for hook in self.services.before_commit:
            hook(self)


class Transact(Protocol):
    """Opens a unit of work that is committed on leaving; loops and jobs receive one of these."""

    def __call__(self, actor: Actor = SYSTEM) -> AbstractContextManager[Uow]:
        """Return a context manager that yields the unit of work of ``actor``."""
        ...
