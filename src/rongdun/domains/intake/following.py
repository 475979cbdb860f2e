"""From a report, or all reports of a case, to a trace of the money in one act: what victims paid is its beginning."""

from collections.abc import Sequence
from uuid import UUID

from rongdun.domains import cases, exchange, tracing
from rongdun.domains.intake import store
from rongdun.domains.intake.content import Content, TransferTold
from rongdun.domains.intake.errors import NothingToFollow
from rongdun.domains.intake.model import Report
from rongdun.domains.intake.service import content_of, find
from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.money import format_yuan
from rongdun.runtime.uow import Uow


def follow_report(uow: Uow, report_id: UUID) -> UUID:
    """Make a trace of what a report tells; return its id. Raises :class:`NothingToFollow`."""
    report = find(uow, report_id)
    if report.case_id is not None:
        return follow_case(uow, report.case_id)
    belongs = tracing.Belongs(report_id=report.id)
    return _follow(uow, report.number, report.title, [report], belongs)


def follow_case(uow: Uow, case_id: UUID) -> UUID:
    """Make a trace of what all reports of a case tell; return its id. Raises :class:`NothingToFollow`."""
    case = cases.case_of(uow, case_id)
    reports = store.reports_of_case(uow.session, uow.actor.scope, case_id)
    belongs = tracing.Belongs(case_id=case_id, case_path=case.unit_path)
    return _follow(uow, case.number, reports[0].title if reports else "", reports, belongs)


def _follow(uow: Uow, number: str, title: str, reports: Sequence[Report], belongs: tracing.Belongs) -> UUID:
    seeds = [seed for report in reports for seed in _seeds(uow, content_of(uow, report))]
    if not seeds:
        raise NothingToFollow()
    return tracing.begin_trace(uow, f"{number} {title}".strip()[:100], seeds, belongs).id


def _seeds(uow: Uow, content: Content) -> list[tracing.Written]:
    victim = content.victim.name or content.reporter.name or "受害人"
    return [
        _seed(uow, victim, one) for one in content.transfers if one.whole and one.amount_fen and one.moment
    ]


def _seed(uow: Uow, victim: str, one: TransferTold) -> tracing.Written:
    known = exchange.institution_named(uow, one.institution) if one.institution else None
    assert one.amount_fen is not None
    assert one.moment is not None
    return tracing.Written(
        victim=victim,
        institution=known.name if known else one.institution,
        account=one.account,
        amount=format_yuan(one.amount_fen),
        time=f"{one.moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}",
    )
