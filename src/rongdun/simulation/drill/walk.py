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
        Text("录入警情，发出首批止付", "Enter the report, send the first stops"),
        Text(
            "在接警页粘贴来电内容，账户、金额、时间自动填入；核对后按 Ctrl+Enter。",
            "Paste what was said on the intake page: accounts, amounts and times fill themselves; Ctrl+Enter.",
        ),
        "intake_officer",
    ),
    Step(
        "sent",
        Text("复核并发送止付", "Review and send the stops"),
        Text(
            "紧急止付直接发出；其余由值班长复核后发出。",
            "Urgent stops go out at once; the duty leader reviews the rest.",
        ),
        "duty_leader",
    ),
    Step(
        "answered",
        Text("银行反馈", "The bank answers"),
        Text(
            "银行核对户名、账号、金额、时间四要素后止付并反馈余额，页面自动更新。",
            "The bank checks name, number, amount and time, stops, and tells the balance; pages update themselves.",
        ),
    ),
    Step(
        "asked",
        Text("调取一级卡流水", "Ask for the first accounts' statements"),
        Text(
            "在警情或案件页对一级卡发出“交易明细查询”；流水回来后自动导入台账。",
            "On the report's or case's page, ask for the transactions; the answer goes into the ledger by itself.",
        ),
        "stop_officer",
    ),
    Step(
        "accepted",
        Text("受案", "Accept the case"),
        Text(
            "在警情页点“受案”，受案单位选鼓楼分局，打印受案回执；止付单随案移交。",
            "On the report's page press “Accept”, choose the Gulou bureau and print the receipt; the orders follow.",
        ),
        "intake_officer",
    ),
    Step(
        "traced",
        Text("追踪资金", "Trace the money"),
        Text(
            "在案件页点“追踪资金”，看每名受害人的钱在哪一级；按“下一步”建议继续止付、调单。",
            "On the case's page press “Trace the money”; go on by the advice beside the tree: stop, ask.",
        ),
        "stop_officer",
    ),
    Step(
        "proposed",
        Text("呈请立案", "Propose filing"),
        Text(
            "登记为主办民警，呈请立案。立案前不得冻结。",
            "Become the handler and propose filing. Nothing may be frozen before filing.",
        ),
        "case_handler",
    ),
    Step(
        "filed",
        Text("批准立案", "File the case"),
        Text(
            "县级公安机关负责人审批，经办与审批不得为同一人。",
            "The county approver decides; whoever proposed it may not.",
        ),
        "approver_county",
    ),
    Step(
        "freeze_drafted",
        Text("提请冻结", "Propose a freeze"),
        Text(
            "止付只有48小时：对还有钱的账户提请冻结，六个月。",
            "A stop lasts 48 hours: propose to freeze what still holds money, for six months.",
        ),
        "case_handler",
    ),
    Step(
        "frozen",
        Text("批准并发出冻结", "Approve and send the freeze"),
        Text(
            "县级批准六个月，银行反馈冻结金额。",
            "Six months by county approval; the bank tells the sum frozen.",
        ),
        "approver_county",
    ),
    Step(
        "return_drafted",
        Text("提请返还", "Propose the return"),
        Text(
            "新建返还，告知被害人，核对材料，测算返还方案（单笔、时间戳、按比例）。",
            "Begin a return, tell the victim, check the papers, reckon the lawful mode.",
        ),
        "case_handler",
    ),
    Step(
        "return_approved",
        Text("批准返还", "Approve the return"),
        Text(
            "设区的市级公安机关批准，出具返还决定书。",
            "The city approves and issues the decision.",
        ),
        "approver_city",
    ),
    Step(
        "paid",
        Text("银行返还", "The bank pays"),
        Text(
            "两名民警持通知书到银行；银行三个工作日内返还至原账户，回执由银行填报或民警代录。",
            "Two officers hand the notice in; the bank pays the original account; the receipt is entered.",
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
    case_proposed: bool = False
    case_filed: bool = False
    stops_sent: int = 0
    stops_answered: int = 0
    held_fen: int = 0
    asked: int = 0
    traces: Sequence[str] = ()
    freezes: int = 0
    frozen: bool = False
    frozen_fen: int = 0
    returns: Sequence[str] = ()
    return_reckoned: bool = False
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
    return f"/intake/reports/{seen.report}" if seen.report else "/intake"


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


def _proposed(seen: Seen) -> Told:
    return seen.case_proposed, _case_page(seen), _NOTHING


def _freeze_drafted(seen: Seen) -> Told:
    return seen.freezes > 0, _case_page(seen), _NOTHING


def _frozen(seen: Seen) -> Told:
    note = Text(f"已冻结 {_yuan(seen.frozen_fen)} 元", f"{_yuan(seen.frozen_fen)} yuan frozen")
    return seen.frozen, _case_page(seen), note if seen.frozen_fen else _NOTHING


def _return_page(seen: Seen) -> str:
    return f"/restitution/returns/{seen.returns[-1]}" if seen.returns else _case_page(seen)


def _return_drafted(seen: Seen) -> Told:
    return seen.return_reckoned, _return_page(seen), _NOTHING


def _return_approved(seen: Seen) -> Told:
    return seen.return_approved, _return_page(seen), _NOTHING


def _paid(seen: Seen) -> Told:
    note = Text(f"已返还 {_yuan(seen.paid_fen)} 元", f"{_yuan(seen.paid_fen)} yuan returned")
    return seen.paid_fen > 0, _return_page(seen), note if seen.paid_fen else _NOTHING


_OF: Final = {
    "report": _report,
    "sent": _sent,
    "answered": _answered,
    "asked": _asked,
    "accepted": _accepted,
    "traced": _traced,
    "proposed": _proposed,
    "filed": _filed,
    "freeze_drafted": _freeze_drafted,
    "frozen": _frozen,
    "return_drafted": _return_drafted,
    "return_approved": _return_approved,
    "paid": _paid,
}
