"""Refusals of the reckoning of a return."""

from rongdun.kernel.errors import Invalid, Text


class NothingToReturn(Invalid):
    """Nothing is frozen, or no verified loss is outstanding."""

    code = "nothing_to_return"
    message = Text("没有可返还的款项", "There is nothing to return")
    action = Text(
        "请核对冻结余额和已核实的被害人损失",
        "Check the frozen balance and the verified losses",
    )


class WrongClaims(Invalid):
    """The same claim twice, or an amount below zero."""

    code = "wrong_claims"
    message = Text("被害人损失数据有误", "The victims' losses are not valid")
    action = Text("同一被害人只列一次，金额不得为负", "List each victim once, no amount below zero")
