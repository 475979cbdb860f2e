"""受案回执: what whoever reports takes home, as the procedure of 2020 asks (articles 170 and 171)."""

from pathlib import Path

from rongdun.domains.intake.content import Content
from rongdun.domains.intake.lists import names_of
from rongdun.domains.intake.model import Report
from rongdun.domains.intake.service import content_of
from rongdun.kernel.errors import Text
from rongdun.kernel.money import format_yuan
from rongdun.runtime.i18n import Language, say
from rongdun.runtime.letters import frame_of, render, say_date, say_time
from rongdun.runtime.uow import Uow

_TEMPLATE = Path(__file__).parent / "letters" / "receipt.typ"
TITLE = Text("受案回执", "Receipt of a report")


def receipt(uow: Uow, found: Report, language: Language) -> bytes:
    """Return the receipt as PDF; it names who reports in clear, and that it was printed goes on record."""
    content = content_of(uow, found)
    uow.record("report.receipt", found.reference, unit_path=found.unit_path)
    frame = frame_of(uow, title=TITLE, number=found.receipt_number, language=language)
    return render(_TEMPLATE, _data(uow, found, content, language), frame=frame, at=uow.now)


def _data(uow: Uow, found: Report, content: Content, language: Language) -> dict[str, object]:
    kind = names_of(uow, "fraud_types").get(found.fraud_type, Text("电信网络诈骗", "telecom or online fraud"))
    return {
        "reporter": content.reporter.name or content.victim.name or say(Text("报警人", "You"), language),
        "received": say_time(found.received_at),
        "date": say_date(found.received_at, language),
        "kind": say(kind, language),
        "number": found.number,
        "case": found.case_number,
        "unit": found.unit_name,
        "officer": found.maker_name,
        "loss": format_yuan(found.loss_fen) if found.loss_fen else "",
        "transfers": [
            [
                say_time(one.moment) if one.moment else "",
                one.institution,
                _last_four(one.account),
                format_yuan(one.amount_fen) if one.amount_fen else "",
            ]
            for one in content.transfers
        ],
    }


def _last_four(account: str) -> str:
    return f"…{account[-4:]}" if account else ""
