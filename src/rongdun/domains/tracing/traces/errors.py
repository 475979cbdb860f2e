"""Refusals of traces."""

from rongdun.kernel.errors import Conflict, Invalid, NotFound, Text, Unavailable


class NoSeeds(Invalid):
    """A trace without a transfer of a victim to start from."""

    code = "no_seeds"
    message = Text("没有可追踪的转账", "There is no transfer to follow")
    action = Text("请至少填写一笔受害人转出的款项", "Enter at least one transfer of a victim")


class WrongSeeds(Invalid):
    """Some of the victims' transfers cannot be read with certainty."""

    code = "wrong_seeds"
    message = Text("有转账填写有误", "Some of the transfers are not valid")
    action = Text("请按标出的格子改正，其余内容已保留", "Correct the marked cells; the rest is kept")


class WrongTransfer(Invalid):
    """A transfer added by hand cannot be taken as it stands."""

    code = "wrong_transfer"
    message = Text("手工转账填写有误", "The transfer is not valid")
    action = Text("请按提示改正", "Correct what is marked")


class NotComputed(NotFound):
    """The trace has no result yet."""

    code = "trace_not_computed"
    message = Text("还没有算出结果", "There is no result yet")
    action = Text("请先计算", "Compute the trace first")


class NoSuchTraceAccount(NotFound):
    """The trace does not touch the account."""

    code = "no_such_trace_account"
    message = Text("这条追踪没有经过该账户", "The trace does not touch this account")
    action = Text("请刷新后重新选择", "Refresh and choose again")


class TraceAtWork(Conflict):
    """What is asked for must wait until the computation has ended."""

    code = "trace_at_work"
    message = Text("正在计算，暂不能改动", "It is being computed and cannot be changed now")
    action = Text("请等计算结束，或先取消计算", "Wait until it has ended, or cancel it first")


class TraceArchived(Conflict):
    """An archived trace stays as it is."""

    code = "trace_archived"
    message = Text("已归档，不能再改动", "It is archived and cannot be changed")
    action = Text("如需继续追踪，请另建一条", "Make a new trace to go on")


class NothingImported(Unavailable):
    """The ledger holds no statement the trace may look at."""

    code = "nothing_imported"
    message = Text("台账里还没有可用的流水", "The ledger holds no statement to follow money in")
    action = Text("请先导入相关账户的流水", "Import statements of the accounts first")
