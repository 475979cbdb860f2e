"""Refusals of cases."""

from rongdun.kernel.errors import Conflict, Invalid, Text


class NoDestination(Invalid):
    """A transfer without the organ it goes to."""

    code = "no_destination"
    message = Text("请写明移送到哪个机关", "Name the organ the case is transferred to")
    action = Text("填写有管辖权的公安机关名称", "Write the name of the organ that has jurisdiction")


class CaseOver(Conflict):
    """The case has ended."""

    code = "case_over"
    message = Text("案件已经结束", "The case is over")
    action = Text("如有新情况，请另行受案", "Accept a new case if there is something new")


class UnknownFraudType(Invalid):
    """The policy table has no such type of fraud."""

    code = "unknown_fraud_type"
    message = Text("没有这个诈骗类型", "There is no such type of fraud")
    action = Text("请从列表中选择", "Choose one from the list")
