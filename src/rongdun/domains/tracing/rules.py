"""The life of an import, and who may do what to it."""

from datetime import datetime

from rongdun.kernel.errors import Text
from rongdun.kernel.lifecycle import Facts, Guard, Lifecycle, State, Transition
from rongdun.kernel.scope import Actor

_IMPORTERS = frozenset({"ledger.import"})
_SYSTEM = frozenset({"system"})
_BASIS = "资金数据管理"

IN_HAND = ("RECEIVED", "READING", "REREADING", "UNDOING")
"""States in which somebody still works on an import."""

COUNTING = ("IMPORTED", "IMPORTED_WITH_REJECTS", "REREADING")
"""States in which an import's rows are seen on the desks."""


def facts_of(*, unit_path: str, actor: Actor) -> Facts:
    """Return what the guards look at."""
    return {"own_unit": actor.unit_path == unit_path}


def _own_unit(facts: Facts, now: datetime) -> bool:
    return bool(facts["own_unit"])


OWN_UNIT = Guard(
    "ledger_import.own_unit",
    Text("只有导入单位可以处置自己的导入", "Only the unit that handed it in may act on an import"),
    _BASIS,
    _own_unit,
    Text("请联系导入单位办理", "Ask the unit that imported it"),
)


def _by_system(action: str, name: Text, from_states: tuple[str, ...], to_state: str) -> Transition:
    return Transition(action=action, name=name, from_states=from_states, to_state=to_state, who=_SYSTEM)


def _by_unit(
    action: str, name: Text, from_states: tuple[str, ...], to_state: str, *, needs_reason: bool = False
) -> Transition:
    return Transition(
        action=action,
        name=name,
        from_states=from_states,
        to_state=to_state,
        who=_IMPORTERS,
        guards=(OWN_UNIT,),
        needs_reason=needs_reason,
    )


IMPORT = Lifecycle(
    key="ledger_import",
    name=Text("流水导入", "Import of statements"),
    states=(
        State("RECEIVED", Text("已接收", "Received")),
        State("READING", Text("读取中", "Being read")),
        State("IMPORTED", Text("已入账", "Imported")),
        State("IMPORTED_WITH_REJECTS", Text("已入账，有拒收", "Imported with rejects")),
        State("REREADING", Text("补读中", "Being read again")),
        State("FAILED", Text("失败", "Failed")),
        State("CANCELLED", Text("已取消", "Cancelled"), terminal=True),
        State("UNDOING", Text("撤销中", "Being undone")),
        State("UNDONE", Text("已撤销", "Undone"), terminal=True),
    ),
    transitions=(
        _by_system("start", Text("开始读取", "Start reading"), ("RECEIVED",), "READING"),
        _by_system("finish", Text("全部入账", "Finish"), ("READING", "REREADING"), "IMPORTED"),
        _by_system(
            "finish_partly",
            Text("部分拒收", "Finish with rejects"),
            ("READING", "REREADING"),
            "IMPORTED_WITH_REJECTS",
        ),
        _by_system("fail", Text("读取失败", "Fail"), ("RECEIVED", "READING"), "FAILED"),
        _by_system("fail", Text("读取失败", "Fail"), ("REREADING",), "IMPORTED_WITH_REJECTS"),
        _by_unit("cancel", Text("取消", "Cancel"), ("RECEIVED", "READING"), "CANCELLED"),
        _by_unit("cancel", Text("取消", "Cancel"), ("REREADING",), "IMPORTED_WITH_REJECTS"),
        _by_unit("retry", Text("重新读取", "Try again"), ("FAILED",), "RECEIVED"),
        _by_unit("reread", Text("补读文件", "Read again"), ("IMPORTED_WITH_REJECTS",), "REREADING"),
        _by_unit(
            "undo",
            Text("撤销导入", "Undo"),
            ("IMPORTED", "IMPORTED_WITH_REJECTS"),
            "UNDOING",
            needs_reason=True,
        ),
        _by_system("undone", Text("撤销完成", "Undone"), ("UNDOING",), "UNDONE"),
        _by_system("restore", Text("撤销未成，恢复", "Restore"), ("UNDOING",), "IMPORTED"),
        _by_system(
            "restore_partly", Text("撤销未成，恢复", "Restore"), ("UNDOING",), "IMPORTED_WITH_REJECTS"
        ),
    ),
)
"""Reading is the system's; taking back, trying again and mapping are the importing unit's."""
