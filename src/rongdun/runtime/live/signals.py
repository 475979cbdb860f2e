"""Signals in the database: written with the change they tell of, kept for a day for those who lost the line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from rongdun.runtime.live.topics import permission_of
from rongdun.runtime.uow import Uow

CHANNEL = "rongdun_live"
"""NOTIFY channel that wakes every web process when signals were committed."""

KEPT = timedelta(days=1)

SINCE = (
    "select id, topic, subject_kind, subject_id, unit_path from live_events where id > %(after)s"
    " order by id limit %(limit)s"
)
"""SQL (psycopg style) of the signals after one id, oldest first."""

_SIGNAL = text(
    "select rongdun_signal(cast(:topics as text[]), cast(:kinds as text[]), cast(:ids as text[]),"
    " cast(:paths as text[]), :moment)"
)
_SINCE = text(SINCE.replace("%(after)s", ":after").replace("%(limit)s", ":limit"))
_EDGES = text("select coalesce(min(id), 0), coalesce(max(id), 0) from live_events")
_PRUNE = text("delete from live_events where at < :before")


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """One signal: ``id`` grows in the order of commits; the subject is named, never described."""

    id: int
    topic: str
    subject_kind: str
    subject_id: str
    unit_path: str

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "LiveEvent":
        """Build the event from its row."""
        return cls(**row)


def write_signals(uow: Uow) -> None:
    """Write what ``uow`` published, each signal once; runs last before the commit.

    From here to the commit one transaction at a time may signal: that is what makes ids grow in the
    order of commits, so that «after id 41» never skips one that was still under way. Raises
    :class:`ValueError` for a topic nobody was given permission to hear.
    """
    signals = list(dict.fromkeys((item.topic, item.subject[:2], item.unit_path) for item in uow.signals))
    for topic, _, _ in signals:
        permission_of(topic)
    if not signals:
        return
    uow.session.execute(
        _SIGNAL,
        {
            "topics": [topic for topic, _, _ in signals],
            "kinds": [subject[0] for _, subject, _ in signals],
            "ids": [subject[1] for _, subject, _ in signals],
            "paths": [path for _, _, path in signals],
            "moment": uow.now,
        },
    )


def events_since(session: Session, after: int, *, limit: int) -> Sequence[LiveEvent]:
    """Return up to ``limit`` signals with an id above ``after``, oldest first."""
    rows = session.execute(_SINCE, {"after": after, "limit": limit}).mappings()
    return [LiveEvent.of(dict(row)) for row in rows]


def kept_ids(session: Session) -> tuple[int, int]:
    """Return the lowest and highest id still kept; (0, 0) when there is none."""
    low, high = session.execute(_EDGES).one()
    return low, high


def prune_signals(uow: Uow) -> int:
    """Forget signals older than a day; return how many. Screens that were away longer read everything anew."""
    result = uow.session.execute(_PRUNE, {"before": uow.now - KEPT})
    return int(result.rowcount)  # type: ignore[attr-defined]
