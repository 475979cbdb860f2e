"""The life of a deadline on the duty board, and who may do what to it."""

from datetime import datetime

from rongdun.kernel.errors import Text
from rongdun.kernel.lifecycle import Facts, Guard, Lifecycle, State, Transition
from rongdun.kernel.policy import Tag
from rongdun.runtime.deadlines import Deadline

_ACT = frozenset({"deadline.act"})
_SYSTEM = frozenset({"system"})
_OPEN = ("RUNNING", "OVERDUE", "PAUSED")


def facts_of(row: Deadline) -> Facts:
    """Return what the guards look at."""
    return {"acknowledged": row.acknowledged_at is not None, "certainty": row.certainty}


def state_of(row: Deadline, now: datetime) -> str:
    """Return the state of ``row`` at ``now``, by the clock and not by what a sweeper has marked."""
    if row.closed_at is not None:
        return "CANCELLED" if row.outcome in ("cancelled", "missed") else str(row.outcome).upper()
    if row.paused_at is not None:
        return "PAUSED"
    return "OVERDUE" if now > row.due_at else "RUNNING"


def _not_acknowledged(facts: Facts, now: datetime) -> bool:
    return not facts["acknowledged"]


def _own_promise(facts: Facts, now: datetime) -> bool:
    return facts["certainty"] == Tag.DESIGN.value


ONCE = Guard(
    "deadline.acknowledged_once",
    Text("已有人知悉并负责", "Somebody has acknowledged it already"),
    "值班工作规范",
    _not_acknowledged,
    Text("请与知悉人联系", "Speak to whoever acknowledged it"),
)
OWN_PROMISE = Guard(
    "deadline.statutory_runs_on",
    Text("法定期限不因内部原因停止计算", "A statutory term does not stop for internal reasons"),
    "各时限所依据的法律、规章",
    _own_promise,
    Text(
        "只有本中心自定的时限可以暂停；法定中止事由由所属业务办理",
        "Only terms the centre has set itself may be paused; a lawful suspension is made where it belongs",
    ),
)

DEADLINE = Lifecycle(
    key="deadline",
    name=Text("时限", "Deadline"),
    states=(
        State("RUNNING", Text("计时中", "Running")),
        State("OVERDUE", Text("已逾期", "Overdue")),
        State("PAUSED", Text("已暂停", "Paused")),
        State("MET", Text("按时办结", "Met"), terminal=True),
        State("MET_LATE", Text("逾期办结", "Met late"), terminal=True),
        State("CANCELLED", Text("已取消", "Cancelled"), terminal=True),
    ),
    transitions=(
        *(
            Transition(
                action="acknowledge",
                name=Text("知悉", "Acknowledge"),
                from_states=(state,),
                to_state=state,
                who=_ACT,
                guards=(ONCE,),
            )
            for state in _OPEN
        ),
        Transition(
            action="pause",
            name=Text("暂停计时", "Pause"),
            from_states=("RUNNING",),
            to_state="PAUSED",
            who=_ACT,
            guards=(OWN_PROMISE,),
            needs_reason=True,
        ),
        Transition(
            action="resume",
            name=Text("恢复计时", "Resume"),
            from_states=("PAUSED",),
            to_state="RUNNING",
            who=_ACT,
            needs_reason=True,
        ),
        Transition(
            action="complete",
            name=Text("办结", "Complete"),
            from_states=("RUNNING", "PAUSED"),
            to_state="MET",
            who=_ACT,
            needs_reason=True,
        ),
        Transition(
            action="complete",
            name=Text("办结", "Complete"),
            from_states=("OVERDUE",),
            to_state="MET_LATE",
            who=_ACT,
            needs_reason=True,
        ),
        Transition(
            action="fall_due",
            name=Text("到期", "Fall due"),
            from_states=("RUNNING",),
            to_state="OVERDUE",
            who=_SYSTEM,
        ),
        Transition(
            action="cancel",
            name=Text("事由消失", "Its reason falls away"),
            from_states=_OPEN,
            to_state="CANCELLED",
            who=_SYSTEM,
        ),
    ),
)
