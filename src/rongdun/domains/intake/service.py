"""Reports: taken from a form, changed while they are open, found."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from rongdun.domains.intake import store
from rongdun.domains.intake.content import Content, from_json, to_json
from rongdun.domains.intake.entities import key_of, rows_of
from rongdun.domains.intake.errors import EmptyReport, ReportOver, WrongReport
from rongdun.domains.intake.forms import read_form
from rongdun.domains.intake.lists import names_of
from rongdun.domains.intake.model import CONTENT, Report
from rongdun.domains.intake.moves import changed, move, seen
from rongdun.domains.intake.rules import ENDS, ENTRY, missing_of
from rongdun.domains.intake.schemas_in import NewReportIn, ReportIn
from rongdun.domains.intake.stops import Made, draft_stops
from rongdun.domains.intake.urgency import Facts, Urgency, urgency_of
from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.errors import FieldError, NotFound, Text, Unauthenticated
from rongdun.kernel.ids import new_id
from rongdun.kernel.person_name import mask_name
from rongdun.runtime.deadlines import open_deadline
from rongdun.runtime.uow import Uow

OLDEST = timedelta(hours=24)
"""A form opened longer ago than this was forgotten: the report counts from when it is sent."""

_CODES = {
    "source": "sources",
    "classification": "classifications",
    "fraud_type": "fraud_types",
}
_UNKNOWN = Text("列表中没有这一项", "The list has no such entry")


class Taken(NamedTuple):
    """A report that was taken, and the orders made of it."""

    report: Report
    stops: list[Made]


def take(uow: Uow, body: NewReportIn) -> Taken:
    """Take a report: kept, numbered, its clock started; classed and entered as far as the form allows.

    Raises :class:`WrongReport` with every field that cannot be read, :class:`EmptyReport` when it says nothing.
    """
    if uow.actor.user_id is None:
        raise Unauthenticated()
    content, deceived_at = _read(uow, body)
    found = _new(uow, body, uow.actor.user_id)
    _fill(uow, found, body, content, deceived_at)
    uow.session.add(found)
    uow.session.flush()
    _number(uow, found)
    uow.session.add_all(rows_of(uow.vault, found, content))
    open_deadline(
        uow, rule_key=ENTRY, subject=found.reference, unit_path=found.unit_path, start=found.received_at
    )
    after = {"source": found.source, "loss_fen": found.loss_fen, "urgency": found.urgency}
    changed(uow, found, "report.take", after=after)
    _advance(uow, found, content)
    return Taken(found, _stops(uow, found, content, body.stops) if body.stops != "none" else [])


def edit(uow: Uow, report_id: UUID, body: ReportIn, *, version: int) -> Report:
    """Change a report that is still open; its class is corrected by a step of its own."""
    found = seen(uow, report_id, version)
    if found.state in ENDS:
        raise ReportOver()
    content, deceived_at = _read(uow, body)
    keep = body.model_copy(update={"classification": found.classification or body.classification})
    _fill(uow, found, keep, content, deceived_at)
    store.drop_entities(uow.session, uow.actor.scope, found.id)
    uow.session.flush()
    uow.session.add_all(rows_of(uow.vault, found, content))
    changed(uow, found, "report.edit", after={"loss_fen": found.loss_fen, "urgency": found.urgency})
    _advance(uow, found, content)
    return found


def make_stops(uow: Uow, report_id: UUID, *, version: int, send: bool) -> Taken:
    """Draft stops for every payee of a report, and send the urgent ones if ``send``; nothing is doubled."""
    found = seen(uow, report_id, version)
    if found.state in ENDS:
        raise ReportOver()
    made = _stops(uow, found, content_of(uow, found), "send" if send else "draft")
    return Taken(found, made)


def find(uow: Uow, report_id: UUID) -> Report:
    """Return a report; :class:`NotFound` outside the scope."""
    found = store.find_report(uow.session, uow.actor.scope, report_id)
    if found is None:
        raise NotFound
    return found


def content_of(uow: Uow, found: Report) -> Content:
    """Return what a report says, in clear."""
    return from_json(uow.vault.open(found.content, CONTENT.context_of(found.id)))


def urgency_now(uow: Uow, found: Report) -> Urgency:
    """Return how pressing a stored report is at this moment."""
    flags = {name: getattr(found, name) for name in ("on_call", "more_expected", "screen_shared", "hardship")}
    facts = Facts(**flags, loss_fen=found.loss_fen, last_at=found.last_transfer_at)
    return urgency_of(facts, now=uow.now)


def code_faults(uow: Uow, body: ReportIn) -> list[FieldError]:
    """Return which coded fields hold something the lists do not have; empty ones are no fault."""
    faults = [
        FieldError(name, _UNKNOWN)
        for name, which in _CODES.items()
        if getattr(body, name) and getattr(body, name) not in names_of(uow, which)
    ]
    methods = names_of(uow, "methods")
    return faults + [
        FieldError(f"transfers.{place}.method", _UNKNOWN)
        for place, one in enumerate(body.transfers)
        if one.method and one.method not in methods
    ]


def _read(uow: Uow, body: ReportIn) -> tuple[Content, datetime | None]:
    read = read_form(body, now=uow.now)
    faults = [*code_faults(uow, body), *read.faults]
    if faults:
        raise WrongReport(fields=faults)
    content = read.content
    if not (content.story or content.victim.name or content.reporter.name or content.transfers):
        raise EmptyReport(fields=[FieldError("story", EmptyReport.message)])
    return content, read.deceived_at


def _new(uow: Uow, body: NewReportIn, maker: UUID) -> Report:
    return Report(
        id=new_id(),
        unit_path=uow.actor.unit_path,
        unit_name=uow.actor.unit_name,
        maker_id=maker,
        maker_name=uow.actor.name,
        state="RECEIVED",
        received_at=_received(uow, body.received_at),
        created_at=uow.now,
        version=0,
    )


def _received(uow: Uow, opened: datetime | None) -> datetime:
    if opened is None or opened.tzinfo is None or not uow.now - OLDEST <= opened <= uow.now:
        return uow.now
    return opened


def _fill(uow: Uow, found: Report, body: ReportIn, content: Content, deceived_at: datetime | None) -> None:
    found.source, found.fraud_type = body.source, body.fraud_type
    found.channels = list(body.channels)
    for name in ("on_call", "more_expected", "screen_shared", "hardship"):
        setattr(found, name, getattr(body, name))
    found.content = uow.vault.seal(to_json(content), CONTENT.context_of(found.id))
    found.victim_key = _victim_key(uow, content)
    found.loss_fen, found.transfers = content.loss_fen, len(content.transfers)
    found.last_transfer_at, found.deceived_at = content.last_at, deceived_at
    found.title = _title(uow, found.fraud_type, content)
    found.classification = body.classification
    found.urgency = urgency_now(uow, found).score
    found.updated_at = uow.now


def _victim_key(uow: Uow, content: Content) -> bytes | None:
    victim = content.victim
    if victim.id_number:
        return key_of(uow.vault, "person", victim.id_number)
    return key_of(uow.vault, "phone", victim.phone) if victim.phone else None


def _title(uow: Uow, fraud_type: str, content: Content) -> str:
    name = content.victim.name or content.reporter.name
    kind = names_of(uow, "fraud_types").get(fraud_type)
    who = mask_name(name) if name else "未具名"
    return f"{who} {kind.zh if kind else '诈骗警情'}"


def _number(uow: Uow, found: Report) -> None:
    year = uow.now.astimezone(SHANGHAI).year
    found.number = f"JQ{year}-{found.serial:06d}"
    found.receipt_number = f"反诈受回〔{year}〕{found.serial:06d}号"


def _advance(uow: Uow, found: Report, content: Content) -> None:
    """Class and enter a report in the same breath, as far as what it says allows."""
    if found.state == "RECEIVED" and found.classification:
        move(uow, found, "classify")
    if found.state == "CLASSIFIED" and not missing_of(content, found.classification):
        move(uow, found, "enter")


def _stops(uow: Uow, found: Report, content: Content, how: str) -> list[Made]:
    made = draft_stops(
        uow,
        found.reference,
        content,
        urgency_now(uow, found),
        unit_path=found.unit_path,
        reason=content.story,
        send=how == "send",
    )
    if made and found.state == "ENTERED":
        move(uow, found, "dispose")
    return made
