"""The life of a trace, and who may do what to it."""

from collections.abc import Collection
from datetime import datetime

from rongdun.kernel.errors import Text
from rongdun.kernel.lifecycle import Facts, Guard, Lifecycle, State, Transition
from rongdun.kernel.scope import Actor

_TRACERS = frozenset({"trace.run"})
_SYSTEM = frozenset({"system"})
_BASIS = "资金数据管理"
_RESTING = ("DRAFT", "READY", "FAILED")


def facts_of(*, units: Collection[str | None], computed: bool, actor: Actor) -> Facts:
    """Return what the guards look at: ``units`` made it or handle its case; ``computed``: there is a result."""
    return {"own_unit": actor.unit_path in units, "computed": computed}


def _own_unit(facts: Facts, now: datetime) -> bool:
    return bool(facts["own_unit"])


def _computed(facts: Facts, now: datetime) -> bool:
    return bool(facts["computed"])


OWN_UNIT = Guard(
    "trace.own_unit",
    Text(
        "只有建立单位和承办案件的单位可以改动资金追踪",
        "Only the unit that made a trace, or handles its case, may change it",
    ),
    _BASIS,
    _own_unit,
    Text("请联系建立单位办理，或为本单位另建", "Ask the unit that made it, or make one for your own unit"),
)

HAS_RESULT = Guard(
    "trace.has_result",
    Text("还没有算出过结果，不能保留", "There is no earlier result to keep"),
    _BASIS,
    _computed,
    Text("请取消计算", "Cancel the computation instead"),
)


def _by_unit(
    action: str,
    name: Text,
    from_states: tuple[str, ...],
    to_state: str,
    *,
    guards: tuple[Guard, ...] = (),
    needs_reason: bool = False,
) -> Transition:
    return Transition(
        action=action,
        name=name,
        from_states=from_states,
        to_state=to_state,
        who=_TRACERS,
        guards=(OWN_UNIT, *guards),
        needs_reason=needs_reason,
    )


def _by_system(action: str, name: Text, to_state: str) -> Transition:
    return Transition(action=action, name=name, from_states=("COMPUTING",), to_state=to_state, who=_SYSTEM)


TRACE = Lifecycle(
    key="trace",
    name=Text("资金追踪", "Trace"),
    states=(
        State("DRAFT", Text("草稿", "Draft")),
        State("COMPUTING", Text("计算中", "Being computed")),
        State("READY", Text("已算出", "Ready")),
        State("FAILED", Text("计算失败", "Failed")),
        State("ARCHIVED", Text("已归档", "Archived"), terminal=True),
    ),
    transitions=(
        _by_unit("compute", Text("计算", "Compute"), _RESTING, "COMPUTING"),
        _by_system("finish", Text("算出", "Finish"), "READY"),
        _by_system("fail", Text("计算失败", "Fail"), "FAILED"),
        _by_unit("cancel", Text("取消计算", "Cancel"), ("COMPUTING",), "DRAFT"),
        _by_unit(
            "keep",
            Text("取消计算，保留原结果", "Cancel and keep the earlier result"),
            ("COMPUTING",),
            "READY",
            guards=(HAS_RESULT,),
        ),
        _by_unit("archive", Text("归档", "Archive"), _RESTING, "ARCHIVED", needs_reason=True),
    ),
)
"""Computing is the system's; everything else is the unit's whose trace it is."""
