"""What becomes of a report: its class, a case, another unit's matter, or nothing more."""

from collections.abc import Sequence
from uuid import UUID

from rongdun.domains import cases, people, stop_payment
from rongdun.domains.cases import Case, CaseDraft, Person, Victim
from rongdun.domains.intake import store
from rongdun.domains.intake.content import Content
from rongdun.domains.intake.errors import NoHandlingUnit, NoSuchDuplicate, WrongReport
from rongdun.domains.intake.lists import names_of
from rongdun.domains.intake.model import Report
from rongdun.domains.intake.moves import move, seen
from rongdun.domains.intake.schemas_in import AcceptIn, MoveIn
from rongdun.domains.intake.service import content_of
from rongdun.kernel.errors import FieldError, NotFound, Text
from rongdun.runtime.uow import Uow

HANDLING = frozenset({"county", "station"})
"""Kinds of units that handle cases."""

_NO_CLASS = Text("请选择分类", "Choose a class")
_NOBODY = Text("请写明移送到哪个单位", "Name the unit it is referred to")


def step(uow: Uow, report_id: UUID, body: MoveIn) -> Report:
    """Take a step of the report's life with what the step needs; :class:`WrongReport` when that is missing."""
    found = seen(uow, report_id, body.version)
    if body.action in ("classify", "reclassify"):
        _classify(uow, found, body)
    if body.action == "refer":
        if not body.referred_to:
            raise WrongReport(fields=[FieldError("referred_to", _NOBODY)])
        found.referred_to = body.referred_to
    if body.duplicate_of:
        _repeats(uow, found, body.duplicate_of)
    move(uow, found, body.action, reason=body.reason)
    return found


def accept(uow: Uow, report_id: UUID, body: AcceptIn) -> Case:
    """Accept a report as a case (受案): the case is opened, the report's orders follow it; return the case."""
    found = seen(uow, report_id, body.version)
    unit_path, unit_name = _handling(uow, body.unit_id)
    content = content_of(uow, found)
    handlers = _handlers(uow, unit_path)
    case = cases.open_case(
        uow,
        CaseDraft(
            unit_path=unit_path,
            unit_name=unit_name,
            fraud_type=found.fraud_type or "99",
            story=content.story,
            victims=[victim_of(found, content)],
            jurisdiction=body.jurisdiction,
            handlers=handlers,
        ),
    )
    found.case_id, found.case_number, found.handling_path = case.id, case.number, unit_path
    move(uow, found, "accept")
    store.let_see(uow.session, uow.actor.scope, found.id, unit_path)
    stop_payment.adopt(uow, found.id, case.id, case.number)
    return case


def victim_of(found: Report, content: Content) -> Victim:
    """Return the victim of a report as a case keeps them: with the account money came from, if it is known."""
    victim = content.victim
    paid = next((one for one in content.transfers if one.out_account and "*" not in one.out_account), None)
    person = Person(
        name=victim.name or content.reporter.name,
        id_number=victim.id_number,
        phone=victim.phone or content.reporter.phone,
        institution=paid.out_institution if paid else "",
        account=paid.out_account if paid else "",
    )
    return Victim(person=person, loss_fen=found.loss_fen, report_id=found.id)


def _classify(uow: Uow, found: Report, body: MoveIn) -> None:
    if body.classification not in names_of(uow, "classifications"):
        raise WrongReport(fields=[FieldError("classification", _NO_CLASS)])
    found.classification = body.classification
    if body.fraud_type in names_of(uow, "fraud_types"):
        found.fraud_type = body.fraud_type


def _repeats(uow: Uow, found: Report, number: str) -> None:
    first = store.report_numbered(uow.session, uow.actor.scope, number)
    if first is None or first.id == found.id:
        raise NoSuchDuplicate(fields=[FieldError("duplicate_of", NoSuchDuplicate.message)])
    found.duplicate_of = first.id


def _handling(uow: Uow, unit_id: UUID | None) -> tuple[str, str]:
    try:
        unit = people.unit_by_id(uow, unit_id) if unit_id else people.unit_at(uow, uow.actor.unit_path)
    except NotFound:
        unit = None
    if unit is None or unit.kind not in HANDLING:
        raise NoHandlingUnit(fields=[FieldError("unit_id", NoHandlingUnit.message)])
    return unit.path, unit.name


def _handlers(uow: Uow, unit_path: str) -> Sequence[tuple[UUID, str]]:
    actor = uow.actor
    if actor.user_id is not None and actor.unit_path.startswith(unit_path):
        return [(actor.user_id, actor.name)]
    return []
