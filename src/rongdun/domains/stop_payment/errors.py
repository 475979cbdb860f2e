"""Refusals of orders that are no rule of a table."""

from rongdun.kernel.errors import Conflict, Invalid, Text


class UnknownInstitution(Invalid):
    """The institution is not one the centre can send orders to."""

    code = "unknown_institution"
    message = Text(
        "没有登记这家机构，无法发出", "This institution is not registered; the order cannot be sent"
    )
    action = Text("请从列表选择机构，或请管理员登记", "Choose one from the list, or have it registered")


class WrongOrder(Invalid):
    """What was entered for an order cannot be taken as it stands."""

    code = "wrong_order"
    message = Text("指令填写有误", "The order is not valid")
    action = Text("请按标出的格子改正，其余内容已保留", "Correct the marked fields; the rest is kept")


class NothingChosen(Invalid):
    """A batch without an account."""

    code = "nothing_chosen"
    message = Text("没有选择账户", "No account was chosen")
    action = Text("请至少选择一个账户", "Choose at least one account")


class NothingToRelease(Conflict):
    """More is to be released than is held, or nothing is held."""

    code = "nothing_to_release"
    message = Text("没有这么多可解除的资金", "Not so much is held as is to be released")
    action = Text("请核对冻结余额", "Check what is still frozen")


class NotAnswerable(Conflict):
    """The order waits for no answer."""

    code = "not_answerable"
    message = Text("该指令没有等待反馈的事项", "This order waits for no answer")
    action = Text("请刷新后查看最新状态", "Refresh to see how it stands")
