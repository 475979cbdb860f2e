"""What can go wrong with a trace index, in words an officer can act on."""

from rongdun.kernel.errors import Conflict, Invalid, Text


class DamagedIndex(Conflict):
    """An index folder is not what its manifest says; building it again mends it."""

    code = "damaged_index"
    message = Text("追踪索引不完整", "The trace index is damaged")
    action = Text("请重建索引", "Build the index again")


class TooManyTransfers(Invalid):
    """One index numbers transfers and accounts with 31 bits."""

    code = "too_many_transfers"
    message = Text(
        "交易超过单个索引的上限（21 亿笔）", "More transfers than one index can hold (2.1 billion)"
    )
    action = Text("请改用 Spark 引擎", "Use the Spark engine")


class SeveralAccounts(Invalid):
    """A number without its institution stands for several accounts."""

    code = "several_accounts"
    message = Text("该账号在多家机构都有，请写明机构", "Several institutions have an account of this number")
    action = Text(
        "请在种子表的 institution 列写明机构", "Name the institution in the seeds' column institution"
    )
