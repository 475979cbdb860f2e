"""What can be wrong with an order to make a world."""

from rongdun.kernel.errors import Conflict, Invalid, NotFound, Text


class WrongParams(Invalid):
    """The parameter file cannot be used; ``extra`` says where."""

    code = "wrong_twin_params"
    message = Text("参数文件有误", "The parameter file is not valid")
    action = Text(
        "请对照 simulation/twin/params.toml 的名称和单位修改",
        "Compare names and units with simulation/twin/params.toml",
    )


class WrongBackground(Invalid):
    """A background file has not the columns of AMLGentex or AMLSim."""

    code = "wrong_twin_background"
    message = Text("背景流水文件的列不符", "The background file has other columns")
    action = Text(
        "需要 step、nameOrig、nameDest、amount,或 sourceNodeId、targetNodeId、value、time(Parquet)",
        "It needs step, nameOrig, nameDest, amount, or sourceNodeId, targetNodeId, value, time (Parquet)",
    )


class WorldThere(Conflict):
    """The directory already holds something."""

    code = "twin_world_there"
    message = Text("目录不是空的", "The directory is not empty")
    action = Text("请换一个目录,或先清空", "Choose another directory, or empty this one")


class NoSuchAccount(NotFound):
    """No institution of the world keeps this account."""

    code = "no_such_twin_account"
    message = Text("孪生世界里没有这个账户", "No institution of the twin keeps this account")
    action = Text("请核对账号", "Check the account number")
