"""What the desks hold of a drill's call so far: found by the accounts the caller named, whoever did the work.

Read as the system: the walk goes through many hands, and all of it is invented.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rongdun.domains import cases, exchange, intake, restitution, stop_payment, tracing
from rongdun.domains.stop_payment import OrderSeen
from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.uow import Uow
from rongdun.simulation.drill.told import Call
from rongdun.simulation.drill.walk import Seen

_DRAFTS = ("DRAFT", "REVIEWED", "WITHDRAWN")
_UNANSWERED = (*_DRAFTS, "SENT")
_RECKONED = ("TRACED", "PUBLIC_NOTICE", "OBJECTION")
_FROZEN = ("FROZEN", "RENEWED", "CONSUMED")


@dataclass(frozen=True, slots=True)
class _Orders:
    """Orders sorted by what they do."""

    stops: Sequence[OrderSeen]
    queries: Sequence[OrderSeen]
    freezes: Sequence[OrderSeen]


def seen_of(uow: Uow, call: Call) -> Seen:
    """Return what came of a call."""
    numbers = {each.payee.number for each in call.transfers}
    reports = intake.reports_naming(uow, numbers, since=call.time)
    report = reports[-1] if reports else None
    case = cases.case_of(uow, report.case_id) if report and report.case_id else None
    subjects = [report.reference] if report else []
    if case:
        subjects.append(SubjectRef("case", str(case.id), case.number))
    orders = _orders(uow, subjects)
    frozen_fen = sum(one.held_fen for one in orders.freezes if one.state in _FROZEN)
    returns = restitution.returns_of(uow, case.id) if case else []
    return Seen(
        report=str(report.id) if report else "",
        report_number=report.number if report else "",
        case=str(case.id) if case else "",
        case_number=case.number if case else "",
        case_proposed=bool(case and case.state != "ACCEPTED"),
        case_filed=bool(case and cases.is_filed(case)),
        stops_sent=sum(one.state not in _DRAFTS for one in orders.stops),
        stops_answered=sum(one.state not in _UNANSWERED for one in orders.stops),
        held_fen=max(sum(one.held_fen for one in orders.stops), frozen_fen),
        asked=sum(one.state not in _DRAFTS for one in orders.queries),
        traces=_traces(uow, call),
        freezes=sum(one.state != "WITHDRAWN" for one in orders.freezes),
        frozen=any(one.state in _FROZEN for one in orders.freezes),
        frozen_fen=frozen_fen,
        returns=[str(one.id) for one in returns],
        return_reckoned=any(one.approved or one.state in _RECKONED for one in returns),
        return_approved=any(one.approved for one in returns),
        paid_fen=sum(one.paid_fen for one in returns),
    )


def _orders(uow: Uow, subjects: Sequence[SubjectRef]) -> _Orders:
    found = {one.id: one for subject in subjects for one in stop_payment.orders_of(uow, subject)}
    by_kind = {
        kind: [one for one in found.values() if one.kind == kind] for kind in ("stop", "query", "freeze")
    }
    return _Orders(by_kind["stop"], by_kind["query"], by_kind["freeze"])


def _traces(uow: Uow, call: Call) -> list[str]:
    addresses = set()
    for each in call.transfers:
        known = exchange.institution_named(uow, each.payee.institution)
        names = {each.payee.institution, known.name if known else "", ""}
        addresses |= {tracing.account_address(uow, name, each.payee.number) for name in names}
    found = [one for one in tracing.traces_touching(uow, addresses) if one.created_at >= call.time]
    return [str(one.trace_id) for one in reversed(found)]
