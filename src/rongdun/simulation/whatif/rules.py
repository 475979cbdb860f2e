"""The life of a what-if run, and who may do what to it."""

from rongdun.kernel.errors import Text
from rongdun.kernel.lifecycle import Lifecycle, State, Transition

_ASKERS = frozenset({"twin.run"})
_SYSTEM = frozenset({"system"})

AT_WORK = ("WAITING", "RUNNING")
"""States of which the whole centre has at most one run."""


def _by_system(action: str, name: Text, from_states: tuple[str, ...], to_state: str) -> Transition:
    return Transition(action=action, name=name, from_states=from_states, to_state=to_state, who=_SYSTEM)


WHATIF = Lifecycle(
    key="whatif_run",
    name=Text("推演", "What-if run"),
    states=(
        State("WAITING", Text("等待开始", "Waiting")),
        State("RUNNING", Text("推演中", "Running")),
        State("DONE", Text("已完成", "Done"), terminal=True),
        State("FAILED", Text("未能完成", "Failed"), terminal=True),
        State("CANCELLED", Text("已取消", "Cancelled"), terminal=True),
    ),
    transitions=(
        _by_system("begin", Text("开始", "Begin"), ("WAITING",), "RUNNING"),
        _by_system("finish", Text("完成", "Finish"), ("RUNNING",), "DONE"),
        _by_system("fail", Text("未能完成", "Fail"), AT_WORK, "FAILED"),
        Transition(
            action="cancel",
            name=Text("取消推演", "Cancel"),
            from_states=AT_WORK,
            to_state="CANCELLED",
            who=_ASKERS,
        ),
    ),
)
"""Playing is the system's; whoever may start a run may cancel one they see. What was played stays readable."""
