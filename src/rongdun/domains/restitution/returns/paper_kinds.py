"""Which papers of a return there are, in which state, and for whom. Pure."""

from collections.abc import Mapping

from rongdun.domains.restitution.returns.model import ReturnOrder
from rongdun.kernel.errors import Text
from rongdun.kernel.scope import Actor

TITLES: Mapping[str, Text] = {
    "application": Text(
        "电信网络新型违法犯罪冻结资金返还申请表", "Application for the return of frozen money"
    ),
    "report": Text("呈请返还资金报告书", "Report asking for the return"),
    "notice": Text("冻结资金返还公告", "Public notice of a return"),
    "decision": Text("电信网络新型违法犯罪冻结资金返还决定书", "Return decision"),
    "assist_notice": Text("电信网络新型违法犯罪冻结资金协助返还通知书", "Notice to assist the return"),
    "receipt": Text("协助返还资金回执", "Receipt of the return"),
}

_RECKONED = ("TRACED", "PUBLIC_NOTICE", "OBJECTION")
_APPROVED = ("APPROVED_CITY", "BANK_NOTICED", "PAID", "RECEIPT_FILED", "CLOSED")
_OF_BANK = frozenset({"decision", "assist_notice", "receipt"})


def papers_of(found: ReturnOrder, actor: Actor) -> list[str]:
    """Return the papers of a return that the actor may take now: those who work on it all, its bank what it needs."""
    there = _there(found)
    if any(actor.may(each) for each in ("return.draft", "return.approve", "return.execute")):
        return there
    if actor.may("return.receipt"):
        return [each for each in there if each in _OF_BANK]
    return [each for each in there if each == "notice"]


def _there(found: ReturnOrder) -> list[str]:
    if found.state == "WITHDRAWN":
        return []
    reckoned = ["report", *(["notice"] if found.mode == "C" else [])]
    if found.state in _APPROVED:
        return ["application", *reckoned, "decision", "assist_notice", "receipt"]
    return ["application", *(reckoned if found.state in _RECKONED else [])]
