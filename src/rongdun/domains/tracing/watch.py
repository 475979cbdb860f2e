"""A reading that can be followed and stopped: how far it is, told every other second; who cancels stops it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from rongdun.domains.tracing import store
from rongdun.domains.tracing.moves import TOPIC
from rongdun.kernel.clock import monotonic
from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.uow import Transact

if TYPE_CHECKING:
    from rongdun.analytics.statements.reading import Chunk, FileReading

BEAT_EVERY_S = 2.0


class Stopped(Exception):
    """The import is no longer to be read: somebody cancelled it, or it was given up."""


@dataclass(slots=True)
class Watch:
    """Follows the reading of one import."""

    transact: Transact
    import_id: UUID
    unit_path: str
    rows: int = 0
    files: int = 0
    _next: float = field(default=0.0)

    def over(self, reading: "FileReading") -> "FileReading":
        """Return the reading, followed chunk by chunk."""
        source = reading.source

        def followed(own: "FileReading") -> "Iterator[Chunk]":
            before = 0
            for chunk in source(own):
                self.rows += own.counts.rows - before
                before = own.counts.rows
                self.tell()
                yield chunk
            self.rows += own.counts.rows - before

        reading.source = followed
        return reading

    def file_done(self) -> None:
        """Count a file that was read to its end."""
        self.files += 1
        self.tell()

    def tell(self) -> None:
        """Say how far it is, unless that was just said; raise :class:`Stopped` when nobody wants to know."""
        if monotonic() < self._next:
            return
        self._next = monotonic() + BEAT_EVERY_S
        with self.transact() as uow:
            wanted = store.beat(
                uow.session,
                uow.actor.scope,
                self.import_id,
                at=uow.now,
                rows_read=self.rows,
                files_done=self.files,
            )
            if wanted:
                uow.publish(TOPIC, SubjectRef("ledger_import", str(self.import_id)), self.unit_path)
        if not wanted:
            raise Stopped
