"""How the one search finds deadlines: those still open, what expires first on top."""

from collections.abc import Sequence
from typing import Any

from rongdun.domains.duty.store import TABLE, open_deadlines_in
from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.errors import Text
from rongdun.runtime.search import Hit, Searcher, register_searcher
from rongdun.runtime.tables import TableQuery, first_rows
from rongdun.runtime.uow import Uow


def find(uow: Uow, q: str, limit: int) -> Sequence[Hit]:
    """Return open deadlines by their name or subject."""
    statement = open_deadlines_in(uow.actor.scope)
    rows = first_rows(uow.session, statement, TABLE, TableQuery(q=q, size=limit, sort="due_at"))
    return [_hit(row) for row in rows]


def _hit(row: Any) -> Hit:
    deadline = row.Deadline
    due = deadline.due_at.astimezone(SHANGHAI).strftime("%m-%d %H:%M")
    unit = row.unit_name or ""
    unit_en = row.unit_name_en or unit
    return Hit(
        id=str(deadline.id),
        label=Text(
            f"{deadline.name_zh} · {deadline.subject_label}", f"{deadline.name_en} · {deadline.subject_label}"
        ),
        sub=Text(f"{due} 到期 {unit}".strip(), f"due {due} {unit_en}".strip()),
        route=f"/duty/deadlines?id={deadline.id}",
    )


SEARCHER = register_searcher(Searcher(kind="deadline", permission="deadline.read", order=30, find=find))
