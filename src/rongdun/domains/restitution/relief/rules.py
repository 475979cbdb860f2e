"""The life of a relief request, who may do what to it, and the clocks it runs under.

Sources: 反电信网络诈骗法 article 32 (reason, channel, documents; lift at once); 公安机关办理刑事案件程序规定 (2020)
articles 196 (30 days) and 247 (3 days for what proves unrelated); the centre's own target of 3 days.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from rongdun.kernel.errors import Text
from rongdun.kernel.lifecycle import Facts, Guard, Lifecycle, State, Transition
from rongdun.kernel.scope import Actor

REPLY = "relief.reply"
TARGET = "relief.target"
UNRELATED = "freeze.lift_unrelated"

_WRITE = frozenset({"relief.write"})
_DECIDE = frozenset({"relief.decide"})
_CLOCKS = (REPLY, TARGET, UNRELATED)


def facts_of(*, ordered_by: Collection[UUID], finding: str, measure: str, actor: Actor) -> Facts:
    """Return what the guards look at; ``ordered_by`` are those who ordered the measure."""
    return {
        "independent": actor.user_id is not None and actor.user_id not in set(ordered_by),
        "finding": finding,
        "measure": measure,
    }


def _independent(facts: Facts, now: datetime) -> bool:
    return bool(facts["independent"])


def _found(facts: Facts, now: datetime) -> bool:
    return bool(facts["finding"])


def _something_unrelated(facts: Facts, now: datetime) -> bool:
    return facts["finding"] in ("unrelated", "partly")


def _can_be_cut(facts: Facts, now: datetime) -> bool:
    return facts["measure"] == "freeze"


INDEPENDENT = Guard(
    "relief.independent",
    Text(
        "异议须由未参与下达该措施的人员审查",
        "Whoever ordered the measure does not decide on an objection to it",
    ),
    "反电信网络诈骗法第32条",
    _independent,
    Text("请由其他有审批权限的人员决定", "Have it decided by somebody else who may"),
)
FOUND = Guard(
    "relief.found",
    Text("还没有核查结论", "Nothing has been found out yet"),
    "反电信网络诈骗法第32条",
    _found,
    Text("请先登记核查结论", "Enter what was found first"),
)
SOMETHING_UNRELATED = Guard(
    "relief.something_unrelated",
    Text("核查结论为与案件有关，不能解除", "What was found says that the money belongs to the case"),
    "公安机关办理刑事案件程序规定(2020)第247条",
    _something_unrelated,
    Text("如有新的证据，请先更正核查结论", "With new evidence correct the finding first"),
)


CAN_BE_CUT = Guard(
    "relief.capped_freeze",
    Text(
        "紧急止付针对整个账户，不能只解除一部分；只有冻结可以限额",
        "A stop holds the account as a whole and cannot be lifted in part; only a freeze can be capped",
    ),
    "银发〔2016〕86号",
    _can_be_cut,
    Text(
        "案件立案后先按争议金额限额冻结，冻结生效后即可部分解除；或全部解除",
        "Once the case is filed, freeze what is disputed; when that holds, lift in part; or lift in full",
    ),
)


def _decision(action: str, name: Text, to_state: str, *guards: Guard) -> Transition:
    return Transition(
        action=action,
        name=name,
        from_states=("VERIFYING",),
        to_state=to_state,
        who=_DECIDE,
        guards=(INDEPENDENT, FOUND, *guards),
        closes=_CLOCKS,
        needs_reason=True,
    )


RELIEF = Lifecycle(
    key="relief_request",
    name=Text("异议", "Relief request"),
    states=(
        State("SUBMITTED", Text("已提出", "Submitted")),
        State("ACCEPTED", Text("已受理", "Accepted")),
        State("VERIFYING", Text("核查中", "Being verified")),
        State("LIFT_FULL", Text("全部解除", "Lifted in full"), terminal=True),
        State("LIFT_PARTIAL", Text("部分解除", "Lifted in part"), terminal=True),
        State("REJECTED", Text("不予解除", "Not lifted"), terminal=True),
    ),
    transitions=(
        Transition(
            action="accept",
            name=Text("受理", "Accept"),
            from_states=("SUBMITTED",),
            to_state="ACCEPTED",
            who=_WRITE,
        ),
        Transition(
            action="verify",
            name=Text("开始核查", "Begin to verify"),
            from_states=("ACCEPTED",),
            to_state="VERIFYING",
            who=_WRITE,
        ),
        Transition(
            action="find",
            name=Text("登记核查结论", "Enter the finding"),
            from_states=("VERIFYING",),
            to_state="VERIFYING",
            who=_WRITE,
            opens=(UNRELATED,),
        ),
        _decision("lift_full", Text("全部解除", "Lift in full"), "LIFT_FULL", SOMETHING_UNRELATED),
        _decision(
            "lift_partial", Text("部分解除", "Lift in part"), "LIFT_PARTIAL", SOMETHING_UNRELATED, CAN_BE_CUT
        ),
        _decision("reject", Text("不予解除", "Refuse"), "REJECTED"),
    ),
)
"""``relief.reply`` and ``relief.target`` begin when the request is submitted, the clock of ``find`` when money is
found to be unrelated."""
