"""Refusals of intake."""

from rongdun.kernel.errors import Conflict, Invalid, NotFound, Text


class WrongReport(Invalid):
    """Some of what was entered cannot be read."""

    code = "wrong_report"
    message = Text("有内容无法识别", "Some of it cannot be read")
    action = Text("请改正标出的格子，其余内容已保留", "Correct the marked fields; the rest is kept")


class EmptyReport(Invalid):
    """A report that says nothing."""

    code = "empty_report"
    message = Text("警情是空的", "The report is empty")
    action = Text("请填写案情，或报警人、受害人", "Fill in what happened, or who reports or was deceived")


class ReportOver(Conflict):
    """The report has ended; its words stay as they are."""

    code = "report_over"
    message = Text("警情已经办结，不能修改", "The report is over and cannot be changed")
    action = Text("新情况请记入案件，或另行登记", "Put what is new into the case, or take another report")


class NoSuchDuplicate(NotFound):
    """The report that this one is said to repeat is not there."""

    code = "no_such_duplicate"
    message = Text("没有找到被重复的警情", "The report it repeats was not found")
    action = Text("请核对编号", "Check its number")


class NoHandlingUnit(Invalid):
    """A case needs a county or station that handles it."""

    code = "no_handling_unit"
    message = Text("请选择受案单位", "Choose the unit that handles the case")
    action = Text("受案单位是县级公安机关或派出所", "A county bureau or a station handles cases")


class NothingToFollow(Invalid):
    """No transfer is known well enough to follow the money."""

    code = "nothing_to_follow"
    message = Text("还没有完整的转账，无法追踪资金", "No transfer is known well enough to follow the money")
    action = Text(
        "请先补全对方账号、金额和转账时间", "Complete the payee's account, the amount and the time first"
    )
