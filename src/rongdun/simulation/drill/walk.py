"""The walk: what a newcomer does from the ringing to the money back, step by step, and which steps are done. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rongdun.kernel.errors import Text


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it is, how it is done, who does it (a role; empty: nobody, it comes by itself)."""

    key: str
    name: Text
    how: Text
    role: str = ""


STEPS: Final = (
    Step(
        "report",
        Text("录入警情,发出首批止付", "Enter the report, send the first stops"),
        Text(
            "在接警页粘贴来电内容,账户、金额、时间自动填入;核对后按 Ctrl+Enter。",
            "Paste what was said on the intake page: accounts, amounts and times fill themselves; Ctrl+Enter.",
        ),
        "intake_officer",
    ),
    Step(
        "sent",
        Text("复核并发送止付", "Review and send the stops"),
        Text(
            "紧急止付直接发出;其余由值班长复核后发出。",
            "Urgent stops go out at once; the duty leader reviews the rest.",
        ),
        "duty_leader",
    ),
    Step(
        "answered",
        Text("银行反馈", "The bank answers"),
        Text(
            "银行核对户名、账号、金额、时间四要素后止付并反馈余额,页面自动更新。",
            "The bank checks name, number, amount and time, stops, and tells the balance; pages update themselves.",
        ),
    ),
    Step(
        "asked",
        Text("调取一级卡流水", "Ask for the first accounts' statements"),
        Text(
            "在警情或案件页对一级卡发出“交易明细查询”;流水回来后自动导入台账。",
            "On the report's or case's page, ask for the transactions; the answer goes into the ledger by itself.",
        ),
        "stop_officer",
    ),
    Step(
        "accepted",
        Text("受案", "Accept the case"),
        Text(
            "在警情页点“受案”,打印受案回执。", "On the report's page press “Accept”, and print the receipt."
        ),
        "case_handler",
    ),
    Step(
        "traced",
        Text("追踪资金", "Trace the money"),
        Text(
            "新建资金追踪,看每名受害人的钱在哪一级;按“下一步”建议继续止付、调单。",
            "Make a trace, see where each victim's money is, and go on by the advice: stop, ask.",
        ),
        "analyst",
    ),
    Step(
        "filed",
        Text("立案", "File the case"),
        Text(
            "主办民警提请立案,县级公安机关负责人批准。立案前不得冻结。",
            "The handler proposes, the county approver files. No freeze before filing.",
        ),
        "approver_county",
    ),
    Step(
        "frozen",
        Text("冻结", "Freeze"),
        Text(
            "止付期内提请冻结,县级批准六个月,银行反馈冻结金额。",
            "Propose a freeze within the stop's 48 hours; six months by county approval; the bank tells the sum held.",
        ),
        "approver_county",
    ),
    Step(
        "return_approved",
        Text("返还审批", "Approve the return"),
        Text(
            "新建返还,核对材料,选定返还方式(单笔、时间戳、按比例),市级公安机关批准。",
            "Make a return, check the papers, choose the lawful mode; the city approves.",
        ),
        "approver_city",
    ),
    Step(
        "paid",
        Text("银行返还", "The bank pays"),
        Text(
            "两名民警持通知书到银行办理,银行三个工作日内返还至原账户;回执由银行填报,或由民警凭纸质回执代录。",
            "Two officers hand the notice in; the bank pays the original account within three working days.",
        ),
        "case_handler",
    ),
)
"""In the order in which a newcomer meets them."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the centre's desks hold of a drill: where each thing is, empty where there is none yet."""

    report: str = ""
    report_number: str = ""
    case: str = ""
    case_number: str = ""
    case_filed: bool = False
    stops_sent: int = 0
    stops_answered: int = 0
    held_fen: int = 0
    asked: int = 0
    traces: Sequence[str] = ()
    frozen_fen: int = 0
    returns: Sequence[str] = ()
    return_approved: bool = False
    paid_fen: int = 0


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a step stands, and the page on which it is done."""

    step: Step
    done: bool
    page: str
    note: Text


def stands(seen: Seen) -> list[Stand]:
    """Return every step with whether it is done, where to go for it, and what came of it."""
    return [Stand(step, *_OF[step.key](seen)) for step in STEPS]


Told = tuple[bool, str, Text]
_NOTHING: Final = Text("", "")


def _report_page(seen: Seen) -> str:
    return f"/intake/reports/{seen.report}" if seen.report else "/intake/new"


def _case_page(seen: Seen) -> str:
    return f"/cases/{seen.case}" if seen.case else _report_page(seen)


def _yuan(fen: int) -> str:
    return f"{fen / 100:,.2f}"


def _report(seen: Seen) -> Told:
    note = Text(f"警情 {seen.report_number}", f"Report {seen.report_number}") if seen.report else _NOTHING
    return bool(seen.report), _report_page(seen), note


def _sent(seen: Seen) -> Told:
    note = Text(f"已发出 {seen.stops_sent} 份", f"{seen.stops_sent} sent") if seen.stops_sent else _NOTHING
    return seen.stops_sent > 0, _report_page(seen), note


def _answered(seen: Seen) -> Told:
    note = Text(f"已止付 {_yuan(seen.held_fen)} 元", f"{_yuan(seen.held_fen)} yuan held")
    return seen.stops_answered > 0, _report_page(seen), note if seen.stops_answered else _NOTHING


def _asked(seen: Seen) -> Told:
    return seen.asked > 0, _case_page(seen), _NOTHING


def _accepted(seen: Seen) -> Told:
    note = Text(f"案件 {seen.case_number}", f"Case {seen.case_number}") if seen.case else _NOTHING
    return bool(seen.case), _report_page(seen), note


def _traced(seen: Seen) -> Told:
    page = f"/tracing/traces/{seen.traces[-1]}" if seen.traces else _case_page(seen)
    return bool(seen.traces), page, _NOTHING


def _filed(seen: Seen) -> Told:
    return seen.case_filed, _case_page(seen), _NOTHING


def _frozen(seen: Seen) -> Told:
    note = Text(f"已冻结 {_yuan(seen.frozen_fen)} 元", f"{_yuan(seen.frozen_fen)} yuan frozen")
    return seen.frozen_fen > 0, _case_page(seen), note if seen.frozen_fen else _NOTHING


def _return_approved(seen: Seen) -> Told:
    page = f"/returns/{seen.returns[-1]}" if seen.returns else _case_page(seen)
    return seen.return_approved, page, _NOTHING


def _paid(seen: Seen) -> Told:
    page = f"/returns/{seen.returns[-1]}" if seen.returns else _case_page(seen)
    note = Text(f"已返还 {_yuan(seen.paid_fen)} 元", f"{_yuan(seen.paid_fen)} yuan returned")
    return seen.paid_fen > 0, page, note if seen.paid_fen else _NOTHING


_OF: Final = {
    "report": _report,
    "sent": _sent,
    "answered": _answered,
    "asked": _asked,
    "accepted": _accepted,
    "traced": _traced,
    "filed": _filed,
    "frozen": _frozen,
    "return_approved": _return_approved,
    "paid": _paid,
}
