"""Refusals of relief and return."""

from rongdun.kernel.errors import Conflict, Invalid, NotFound, Text


class NoSuchMeasure(NotFound):
    """There is no running measure of that order, or it holds nothing."""

    code = "no_such_measure"
    message = Text("没有正在执行的止付或冻结", "There is no stop or freeze in force")
    action = Text(
        "请核对单号，或查看该措施是否已解除", "Check the number, or whether it has been lifted already"
    )


class AlreadyObjected(Conflict):
    """A request about the same measure is still open."""

    code = "already_objected"
    message = Text("该措施已有一件异议在办理", "A request about this measure is being dealt with already")
    action = Text("请在原异议中补充", "Add to the request that is open")


class WrongKept(Invalid):
    """The amount to be kept does not lie between nothing and what is held."""

    code = "wrong_kept"
    message = Text("保留金额应大于零且小于已控制金额", "What is kept lies between nothing and what is held")
    action = Text(
        "全部放行请选择全部解除；全部保留请选择不予解除", "To release all lift in full; to keep all refuse"
    )


class WrongFinding(Invalid):
    """The unrelated part does not fit the finding."""

    code = "wrong_finding"
    message = Text("无关金额与核查结论不符", "The unrelated amount does not fit the finding")
    action = Text(
        "部分无关的，请填写大于零、小于已控制金额的数额",
        "For a part, enter an amount between nothing and what is held",
    )


class WrongClaim(Invalid):
    """A victim's claim cannot be taken as it stands."""

    code = "wrong_claim"
    message = Text("被害人信息填写有误", "The victim's claim is not valid")
    action = Text("请按标出的格子改正", "Correct what is marked")


class WrongOfficers(Invalid):
    """Two different officers go to the bank, one of them the actor."""

    code = "wrong_officers"
    message = Text("须由两名民警持证到银行办理", "Two different officers go to the bank")
    action = Text("请选择另一名同单位的民警", "Choose another officer of the unit")


class NoSuchClaim(NotFound):
    """The return has no such claim or objection."""

    code = "no_such_claim"
    message = Text("返还单中没有这一项", "The return has no such entry")
    action = Text("请刷新后重新选择", "Refresh and choose again")


class NotReckoned(Conflict):
    """Nothing has been reckoned yet."""

    code = "not_reckoned"
    message = Text("还没有测算", "Nothing has been reckoned yet")
    action = Text("请先测算返还方案", "Reckon the return first")


class NothingFrozen(Conflict):
    """Nothing of the frozen sum is free for a return."""

    code = "nothing_frozen"
    message = Text("该账户已没有可供返还的冻结余额", "Nothing frozen is free for a return")
    action = Text("请核对其他返还单已占用的金额", "Look at what other returns of this account take up")
