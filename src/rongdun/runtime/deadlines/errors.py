"""What can go wrong with a deadline, besides what the kernel already names."""

from rongdun.kernel.errors import Conflict, NotFound, Text


class NoSuchDeadline(NotFound):
    """No such deadline is open within the asking scope."""

    code = "no_such_deadline"
    message = Text("没有找到这项时限，或它已办结", "There is no such deadline, or it is closed")


class DeadlineAlreadyOpen(Conflict):
    """The subject already has an open deadline under this rule."""

    code = "deadline_already_open"
    message = Text("该事项已有同一规则的时限在计时", "A deadline of this rule already runs for this subject")
    action = Text("请先办结原有时限", "Close the running deadline first")


class DeadlineOverdue(Conflict):
    """The deadline has been missed: its clock can no longer be stopped."""

    code = "deadline_overdue"
    message = Text("时限已经逾期，不能再暂停", "The deadline is overdue and can no longer be paused")
    action = Text("请尽快办结并说明逾期原因", "Complete it now, and say why it is late")
