"""The life of a report, who may do what to it, and which clocks that starts.

Sources: 公安机关办理刑事案件程序规定 (2020) articles 169–171; data entered within 30 minutes of the report; first stop
within 5 minutes of that.
"""

from collections.abc import Sequence
from datetime import datetime

from rongdun.domains.intake.content import Content
from rongdun.kernel.errors import Text
from rongdun.kernel.lifecycle import Facts, Guard, Lifecycle, State, Transition

ENTRY = "report.entry"
FIRST_STOP = "report.first_stop"
FRAUD = frozenset({"consummated", "attempted"})
"""Classes of which a case may be accepted."""

_WRITE = frozenset({"report.write"})
_ACCEPT = frozenset({"case.write"})
_RULES = "公安机关办理刑事案件程序规定(2020)"

ITEMS = {
    "classification": Text("警情分类", "Class"),
    "story": Text("简要案情", "What happened"),
    "victim_name": Text("受害人姓名", "The victim's name"),
    "transfer": Text("至少一笔转账", "A transfer"),
    "amount": Text("转账金额", "The amount"),
    "time": Text("转账时间", "The time of the transfer"),
    "account": Text("收款账号", "The payee's account"),
}
"""What a report must hold before it counts as entered: brief facts and the first-tier account."""


def missing_of(content: Content, classification: str) -> list[str]:
    """Return what a report still lacks to be entered, by the keys of :data:`ITEMS`.

    Enquiries and what is no fraud need a class and a story; an attempt needs the person too; a consummated fraud
    the first-tier account with amount and time of at least one transfer.
    """
    lacks = [] if classification else ["classification"]
    lacks += [] if content.story.strip() else ["story"]
    if classification not in FRAUD:
        return lacks
    lacks += [] if content.victim.name else ["victim_name"]
    return lacks + (_transfer_lacks(content) if classification == "consummated" else [])


def _transfer_lacks(content: Content) -> list[str]:
    if not content.transfers:
        return ["transfer"]
    best = min((_lacks_of(one) for one in content.transfers), key=len)
    return list(best)


def _lacks_of(one: object) -> Sequence[str]:
    has = {
        "amount": getattr(one, "amount_fen", None),
        "time": getattr(one, "at", ""),
        "account": getattr(one, "account", "") or getattr(one, "method", "") in ("cash", "gold", "parcel"),
    }
    return [key for key, there in has.items() if not there]


def facts_of(*, classification: str, missing: Sequence[str], duplicate: bool) -> Facts:
    """Return what the guards look at; ``duplicate``: the report it repeats is named."""
    return {"classification": classification, "missing": list(missing), "duplicate": duplicate}


COMPLETE = Guard(
    "report.complete",
    Text("要素不全，不能录入完成", "Items are missing, so it is not entered yet"),
    "紧急止付信息录入要求(简要案情、一级账户)",
    lambda facts, now: not facts["missing"],
    Text("请补全标出的要素", "Fill in what is marked"),
)

IS_FRAUD = Guard(
    "report.is_fraud",
    Text("分类不是电信网络诈骗，不能受案", "Not classed as fraud, so no case can be accepted of it"),
    f"{_RULES}第171条",
    lambda facts, now: facts["classification"] in FRAUD,
    Text("如属诈骗，请先更正分类", "If it is fraud, correct the class first"),
)


def _may_close(facts: Facts, now: datetime) -> bool:
    return facts["classification"] != "consummated" and (
        facts["classification"] != "duplicate" or bool(facts["duplicate"])
    )


MAY_CLOSE = Guard(
    "report.may_close",
    Text(
        "被骗既遂的警情应当受案或移送；重复警情须写明重复哪一起",
        "A consummated fraud is accepted or referred",
    ),
    f"{_RULES}第169至171条",
    _may_close,
    Text("请受案、移送，或先更正分类", "Accept or refer it, or correct the class first"),
)

_OPEN = ("CLASSIFIED", "ENTERED", "IN_DISPOSAL")
_CLASSIFY = Text("更正分类", "Correct the class")


def _by_officer(
    action: str,
    name: Text,
    from_states: tuple[str, ...],
    to_state: str,
    *,
    guards: tuple[Guard, ...] = (),
    opens: tuple[str, ...] = (),
    closes: tuple[str, ...] = (),
    needs_reason: bool = False,
    who: frozenset[str] = _WRITE,
) -> Transition:
    return Transition(
        action=action,
        name=name,
        from_states=from_states,
        to_state=to_state,
        who=who,
        guards=guards,
        opens=opens,
        closes=closes,
        needs_reason=needs_reason,
    )


REPORT = Lifecycle(
    key="report",
    name=Text("警情", "Report"),
    states=(
        State("RECEIVED", Text("已接报", "Received")),
        State("CLASSIFIED", Text("已分类", "Classified")),
        State("ENTERED", Text("已录入", "Entered")),
        State("IN_DISPOSAL", Text("处置中", "In disposal")),
        State("CASE_ACCEPTED", Text("已受案", "Accepted as a case"), terminal=True),
        State("REFERRED", Text("已移送", "Referred"), terminal=True),
        State("CLOSED", Text("已办结", "Closed"), terminal=True),
    ),
    transitions=(
        _by_officer("classify", Text("分类", "Classify"), ("RECEIVED",), "CLASSIFIED"),
        *(_by_officer("reclassify", _CLASSIFY, (state,), state, needs_reason=True) for state in _OPEN),
        _by_officer(
            "enter",
            Text("录入完成", "Entered"),
            ("CLASSIFIED",),
            "ENTERED",
            guards=(COMPLETE,),
            opens=(FIRST_STOP,),
            closes=(ENTRY,),
        ),
        _by_officer("dispose", Text("开始处置", "Begin disposal"), ("ENTERED",), "IN_DISPOSAL"),
        _by_officer(
            "accept",
            Text("受案", "Accept as a case"),
            ("ENTERED", "IN_DISPOSAL"),
            "CASE_ACCEPTED",
            guards=(IS_FRAUD,),
            who=_ACCEPT,
        ),
        _by_officer(
            "refer",
            Text("移送其他单位", "Refer"),
            ("RECEIVED", *_OPEN),
            "REFERRED",
            closes=(ENTRY, FIRST_STOP),
            needs_reason=True,
        ),
        _by_officer(
            "close",
            Text("办结", "Close"),
            _OPEN,
            "CLOSED",
            guards=(MAY_CLOSE,),
            closes=(ENTRY, FIRST_STOP),
            needs_reason=True,
        ),
    ),
)
"""Reports are counted apart from cases: only an accepted one becomes a case."""

ENDS = frozenset(state.key for state in REPORT.states if state.terminal)
