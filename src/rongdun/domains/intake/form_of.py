"""A stored report in the words of the form, in clear: for whoever goes on typing it."""

from datetime import datetime

from rongdun.domains.intake.content import Content, TransferTold
from rongdun.domains.intake.model import Report
from rongdun.domains.intake.schemas_in import FileIn, NamedIn, ReporterIn, ReportIn, TransferIn, VictimIn
from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.money import format_yuan


def form_of(found: Report, content: Content) -> ReportIn:
    """Return the form that would make this report."""
    victim, reporter = content.victim, content.reporter
    return ReportIn(
        source=found.source,
        received_at=found.received_at,
        classification=found.classification,
        fraud_type=found.fraud_type,
        channels=list(found.channels),
        deceived_at=_time(found.deceived_at.isoformat() if found.deceived_at else ""),
        story=content.story,
        reporter=ReporterIn(name=reporter.name, phone=reporter.phone, relation=reporter.relation),
        victim=VictimIn.model_validate(
            {name: getattr(victim, name) for name in VictimIn.model_fields if hasattr(victim, name)}
        ),
        transfers=[_transfer(one) for one in content.transfers],
        named=[NamedIn.model_validate({"kind": one.kind, "value": one.value}) for one in content.named],
        files=[FileIn(sha256=one.sha256, name=one.name) for one in content.files],
        on_call=found.on_call,
        more_expected=found.more_expected,
        screen_shared=found.screen_shared,
        hardship=found.hardship,
    )


def _transfer(one: TransferTold) -> TransferIn:
    same = (
        "out_institution",
        "out_account",
        "out_name",
        "institution",
        "account",
        "name",
        "kind",
        "method",
        "serial",
    )
    return TransferIn.model_validate(
        {
            **{name: getattr(one, name) for name in same},
            "amount": format_yuan(one.amount_fen) if one.amount_fen else "",
            "time": _time(one.at),
        }
    )


def _time(iso: str) -> str:
    return datetime.fromisoformat(iso).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S") if iso else ""
