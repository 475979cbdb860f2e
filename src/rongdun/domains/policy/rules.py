"""The life of a rule change, and who may do what to it."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from rongdun.domains.policy.plan import Consequences, Kind, Proposal
from rongdun.kernel.errors import Text
from rongdun.kernel.lifecycle import MAKERS, Facts, Guard, Lifecycle, State, Transition
from rongdun.kernel.scope import Actor

REVIEW = "policy.review"
"""The clock that runs while a change waits for its checker."""

DRAFTERS = frozenset({"policy.draft"})
CHECKERS = frozenset({"policy.confirm"})

_BASIS = "规则变更管理"


class ChangeState(StrEnum):
    """Where a change stands."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    RETURNED = "RETURNED"
    CONFIRMED = "CONFIRMED"
    WITHDRAWN = "WITHDRAWN"


def facts_of(
    *, makers: Iterable[UUID], actor: Actor, planned: Consequences | None, proposal: Proposal
) -> Facts:
    """Return what the guards look at: who wrote the change, and what it would bring about.

    ``planned`` is None when the row that the change corrects or ends is no longer there.
    """
    written_by = frozenset(makers)
    return {
        MAKERS: written_by,
        "wrote": actor.user_id in written_by,
        "possible": planned is not None,
        "overlaps": len(planned.overlaps) if planned else 0,
        "reasoned": bool(proposal.reason.strip()) or not (planned and reaches_back(proposal, planned)),
    }


def reaches_back(proposal: Proposal, planned: Consequences) -> bool:
    """Tell whether the change alters what applied, or was to apply, on days already settled."""
    return planned.retroactive or proposal.kind is Kind.CORRECT


def _possible(facts: Facts, now: datetime) -> bool:
    return bool(facts["possible"])


def _no_overlap(facts: Facts, now: datetime) -> bool:
    return not facts["overlaps"]


def _reasoned(facts: Facts, now: datetime) -> bool:
    return bool(facts["reasoned"])


def _wrote(facts: Facts, now: datetime) -> bool:
    return bool(facts["wrote"])


POSSIBLE = Guard(
    "policy_change.possible",
    Text("被更正、终止的版本须仍然存在", "The version it corrects or ends must still be there"),
    _BASIS,
    _possible,
    Text("请核对规则的现有版本后修改", "Look at the rule's versions, then edit the change"),
)
NO_OVERLAP = Guard(
    "policy_change.no_overlap",
    Text("同一规则的各版本生效期间不得重叠", "Versions of one rule never apply on the same day"),
    _BASIS,
    _no_overlap,
    Text("请调整生效或失效日期", "Change the dates"),
)
REASONED = Guard(
    "policy_change.reasoned",
    Text("追溯生效或更正须说明理由", "A rule that reaches back, or a correction, needs a reason"),
    _BASIS,
    _reasoned,
    Text("请填写理由，写明依据的文件", "Give the reason and the document it rests on"),
)
OWN = Guard(
    "policy_change.own",
    Text("只有起草、修改过的人可以撤回", "Only somebody who wrote on it may withdraw it"),
    _BASIS,
    _wrote,
    Text("请由起草人撤回，或由复核人退回", "Have its maker withdraw it, or its checker return it"),
)

CHANGE = Lifecycle(
    key="policy_change",
    name=Text("规则变更", "Change of a rule"),
    states=(
        State("DRAFT", Text("草稿", "Draft")),
        State("SUBMITTED", Text("待复核", "Waiting for review")),
        State("RETURNED", Text("已退回", "Returned")),
        State("CONFIRMED", Text("已确认", "Confirmed"), terminal=True),
        State("WITHDRAWN", Text("已撤回", "Withdrawn"), terminal=True),
    ),
    transitions=(
        Transition(
            action="edit",
            name=Text("修改", "Edit"),
            from_states=("DRAFT", "RETURNED"),
            to_state="DRAFT",
            who=DRAFTERS,
        ),
        Transition(
            action="submit",
            name=Text("提交复核", "Submit for review"),
            from_states=("DRAFT", "RETURNED"),
            to_state="SUBMITTED",
            who=DRAFTERS,
            guards=(POSSIBLE, NO_OVERLAP, REASONED),
            opens=(REVIEW,),
        ),
        Transition(
            action="confirm",
            name=Text("确认", "Confirm"),
            from_states=("SUBMITTED",),
            to_state="CONFIRMED",
            who=CHECKERS,
            guards=(POSSIBLE, NO_OVERLAP, REASONED),
            closes=(REVIEW,),
            maker_checker=True,
        ),
        Transition(
            action="return",
            name=Text("退回", "Return"),
            from_states=("SUBMITTED",),
            to_state="RETURNED",
            who=CHECKERS,
            closes=(REVIEW,),
            needs_reason=True,
            maker_checker=True,
        ),
        Transition(
            action="withdraw",
            name=Text("撤回", "Withdraw"),
            from_states=("DRAFT", "SUBMITTED", "RETURNED"),
            to_state="WITHDRAWN",
            who=DRAFTERS,
            guards=(OWN,),
            closes=(REVIEW,),
        ),
    ),
)
