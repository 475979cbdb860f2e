"""What is known already of the people, accounts and numbers of a report: other reports, their cases, traces."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from rongdun.domains import exchange, tracing
from rongdun.domains.intake import store
from rongdun.domains.intake.content import Content
from rongdun.domains.intake.entities import Entity, entities_of, key_of
from rongdun.domains.intake.rules import REPORT
from rongdun.kernel.errors import Text
from rongdun.runtime.uow import Uow

LONGEST = 50
DUPLICATE_WITHIN = timedelta(days=7)
"""The same victim and the same payee within a week: most likely the same matter told twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Something that shares a person, account or number: where in the form, with what, and whether it repeats."""

    path: str
    what: str
    same: str
    id: UUID
    number: str
    title: str
    state_name: Text
    at: datetime
    duplicate: bool = False


def hits_of(uow: Uow, content: Content, *, beside: UUID | None) -> list[Hit]:
    """Return what the actor may see that names the same as ``content``; ``beside``: the report itself."""
    named = list(entities_of(content))
    if not named:
        return []
    reports = _reports(uow, named, beside)
    return [*reports, *_traces(uow, content)]


def _reports(uow: Uow, named: Sequence[Entity], beside: UUID | None) -> list[Hit]:
    by_key = {key_of(uow.vault, one.kind, one.value): one for one in named}
    rows = store.naming(uow.session, uow.actor.scope, by_key, beside=beside, limit=LONGEST)
    shared: dict[UUID, set[str]] = {}
    for report, _, key in rows:
        shared.setdefault(report.id, set()).add(_side(by_key[key]))
    hits = []
    for report, _, key in rows:
        one = by_key[key]
        both = shared[report.id] >= {"victim", "payee"}
        recent = uow.now - report.received_at <= DUPLICATE_WITHIN
        hits.append(
            Hit(
                path=one.path,
                what="case" if report.case_id else "report",
                same=one.kind,
                id=report.case_id or report.id,
                number=report.case_number or report.number,
                title=report.title,
                state_name=REPORT.state(report.state).name,
                at=report.received_at,
                duplicate=both and recent,
            )
        )
    return hits


def _side(one: Entity) -> str:
    return "victim" if one.path.startswith("victim") else "payee"


def _traces(uow: Uow, content: Content) -> list[Hit]:
    if not uow.actor.may("trace.read"):
        return []
    places = _addresses(uow, content)
    if not places:
        return []
    return [
        Hit(
            path=f"transfers.{places[one.account]}.account",
            what="trace",
            same="account",
            id=one.trace_id,
            number=one.number,
            title=one.title,
            state_name=one.state_name,
            at=one.created_at,
        )
        for one in tracing.traces_touching(uow, places)
    ]


def _addresses(uow: Uow, content: Content) -> dict[str, int]:
    """Return the addresses under which traces may know each payee: by its institution, and by the number alone."""
    places: dict[str, int] = {}
    for place, one in enumerate(content.transfers):
        if not one.whole:
            continue
        known = exchange.institution_named(uow, one.institution) if one.institution else None
        names = {known.name if known else one.institution, one.institution, ""}
        for name in names:
            places.setdefault(tracing.account_address(uow, name, one.account), place)
    return places
