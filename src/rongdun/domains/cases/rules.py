"""The life of a case as far as this desk takes it, who may do what to it, and which clocks that starts.

Sources: 公安机关办理刑事案件程序规定 (2020) articles 171, 175, 178, 179; filing review of 3, 7 or 30 days.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from rongdun.kernel.errors import Text
from rongdun.kernel.lifecycle import MAKERS, Facts, Guard, Lifecycle, State, Transition

REVIEWS = {
    "normal": "filing.review_normal",
    "check": "filing.review_check",
    "major": "filing.review_major",
}
"""Kinds of filing review and the rule that sets the term of each: 3, 7 and 30 days from acceptance."""

TRANSFER = "case.transfer"
REFUSAL_NOTICE = "filing.refusal_notice"

WRITE = frozenset({"case.write"})
APPROVE = frozenset({"case.approve"})
_RULES = "公安机关办理刑事案件程序规定(2020)"


def facts_of(*, makers: Collection[UUID], proposal: str, review: str, handlers: int, served: bool) -> Facts:
    """Return what the guards look at; ``makers`` accepted, handle or proposed the case."""
    return {
        MAKERS: frozenset(makers),
        "proposal": proposal,
        "review": review,
        "handlers": handlers,
        "served": served,
    }


def _proposes(key: str, zh: str, en: str) -> Guard:
    def check(facts: Facts, now: datetime) -> bool:
        return facts["proposal"] == key

    return Guard(
        f"case.proposed_{key}",
        Text(f"呈请的不是“{zh}”", f"What is proposed is not “{en}”"),
        f"{_RULES}第178条",
        check,
        Text("请退回，由主办民警改呈", "Return it, to be proposed anew"),
    )


HAS_HANDLER = Guard(
    "case.has_handler",
    Text("还没有主办民警", "Nobody handles the case yet"),
    f"{_RULES}第178条",
    lambda facts, now: bool(facts["handlers"]),
    Text("请先指定主办民警", "Name who handles it first"),
)

STILL_NORMAL = Guard(
    "case.review_normal",
    Text("立案审查已经延长过", "The filing review has been prolonged already"),
    "立案审查期限(3/7/30日)",
    lambda facts, now: facts["review"] == "normal",
    Text("重大、复杂的请报县级负责人批准", "For a major or complex case ask the county's approver"),
)

NOT_YET_MAJOR = Guard(
    "case.review_not_major",
    Text("立案审查已延长到30日", "The filing review already has 30 days"),
    "立案审查期限(3/7/30日)",
    lambda facts, now: facts["review"] != "major",
    Text("请在期限内作出决定", "Decide within the term"),
)

NOT_SERVED = Guard(
    "case.notice_not_served",
    Text("不予立案通知已经送达", "The notice of non-filing has been served"),
    f"{_RULES}第178条",
    lambda facts, now: not facts["served"],
    Text("无需再次登记", "Nothing more to enter"),
)

_OPEN = ("ACCEPTED",)
_REVIEW = ("UNDER_REVIEW",)
_REVIEW_CLOCKS = tuple(REVIEWS.values())


def _propose(action: str, zh: str, en: str, *, opens: tuple[str, ...] = ()) -> Transition:
    return Transition(
        action=action,
        name=Text(zh, en),
        from_states=_OPEN,
        to_state="UNDER_REVIEW",
        who=WRITE,
        guards=(HAS_HANDLER,),
        opens=opens,
        needs_reason=True,
    )


def _decide(
    action: str, name: Text, to_state: str, guard: Guard, *, opens: tuple[str, ...] = ()
) -> Transition:
    closes = (*_REVIEW_CLOCKS, TRANSFER) if to_state == "TRANSFERRED" else _REVIEW_CLOCKS
    return Transition(
        action=action,
        name=name,
        from_states=_REVIEW,
        to_state=to_state,
        who=APPROVE,
        guards=(guard,),
        opens=opens,
        closes=closes,
        maker_checker=True,
    )


CASE = Lifecycle(
    key="case",
    name=Text("案件", "Case"),
    states=(
        State("ACCEPTED", Text("已受案", "Accepted")),
        State("UNDER_REVIEW", Text("呈批中", "Awaiting decision")),
        State("FILED", Text("已立案", "Filed")),
        State("NOT_FILED", Text("不予立案", "Not filed")),
        State("TRANSFERRED", Text("已移送", "Transferred"), terminal=True),
        State("INVESTIGATING", Text("侦查中", "Under investigation")),
        State("CLOSED", Text("已办结", "Closed"), terminal=True),
        State("WITHDRAWN", Text("已撤案", "Withdrawn"), terminal=True),
    ),
    transitions=(
        _propose("propose_file", "呈请立案", "Propose filing"),
        _propose("propose_refuse", "呈请不予立案", "Propose not filing"),
        _propose("propose_transfer", "呈请移送", "Propose a transfer", opens=(TRANSFER,)),
        Transition(
            action="extend_check",
            name=Text("延长审查至7日", "Prolong the review to 7 days"),
            from_states=_OPEN,
            to_state="ACCEPTED",
            who=WRITE,
            guards=(STILL_NORMAL,),
            opens=(REVIEWS["check"],),
            closes=(REVIEWS["normal"],),
            needs_reason=True,
        ),
        Transition(
            action="extend_major",
            name=Text("批准延长审查至30日", "Allow the review 30 days"),
            from_states=_OPEN,
            to_state="ACCEPTED",
            who=APPROVE,
            guards=(NOT_YET_MAJOR,),
            opens=(REVIEWS["major"],),
            closes=(REVIEWS["normal"], REVIEWS["check"]),
            needs_reason=True,
            maker_checker=True,
        ),
        _decide("file", Text("批准立案", "Approve filing"), "FILED", _proposes("file", "立案", "filing")),
        _decide(
            "refuse",
            Text("批准不予立案", "Approve not filing"),
            "NOT_FILED",
            _proposes("refuse", "不予立案", "not filing"),
            opens=(REFUSAL_NOTICE,),
        ),
        _decide(
            "transfer",
            Text("批准移送", "Approve the transfer"),
            "TRANSFERRED",
            _proposes("transfer", "移送", "a transfer"),
        ),
        Transition(
            action="send_back",
            name=Text("退回", "Return"),
            from_states=_REVIEW,
            to_state="ACCEPTED",
            who=APPROVE,
            closes=(TRANSFER,),
            needs_reason=True,
            maker_checker=True,
        ),
        Transition(
            action="serve_notice",
            name=Text("登记不予立案通知已送达", "Enter that the notice was served"),
            from_states=("NOT_FILED",),
            to_state="NOT_FILED",
            who=WRITE,
            guards=(NOT_SERVED,),
            closes=(REFUSAL_NOTICE,),
        ),
        Transition(
            action="reconsider",
            name=Text("复议后重新审查", "Review again after reconsideration"),
            from_states=("NOT_FILED",),
            to_state="ACCEPTED",
            who=APPROVE,
            opens=(REVIEWS["normal"],),
            closes=(REFUSAL_NOTICE,),
            needs_reason=True,
        ),
        Transition(
            action="investigate",
            name=Text("开始侦查", "Begin the investigation"),
            from_states=("FILED",),
            to_state="INVESTIGATING",
            who=WRITE,
        ),
        Transition(
            action="withdraw",
            name=Text("撤销案件", "Withdraw the case"),
            from_states=("FILED", "INVESTIGATING"),
            to_state="WITHDRAWN",
            who=APPROVE,
            needs_reason=True,
            maker_checker=True,
        ),
        Transition(
            action="close",
            name=Text("办结", "Close"),
            from_states=("INVESTIGATING", "NOT_FILED"),
            to_state="CLOSED",
            who=WRITE,
            closes=(REFUSAL_NOTICE,),
            needs_reason=True,
        ),
    ),
)
"""Proposed by a handler, decided by the county's approver who took no part in it."""

FILED_STATES = frozenset({"FILED", "INVESTIGATING"})
"""States in which property may be frozen (article 174: not before filing)."""
