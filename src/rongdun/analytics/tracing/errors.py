"""What can go wrong with a trace, in words an officer can act on."""

from rongdun.kernel.errors import DomainError, Invalid, Text


class DoesNotConserve(DomainError):
    """What was found does not add up to the victims' money: a fault of the program, nothing is handed out."""

    code = "does_not_conserve"
    message = Text("追踪结果核对不平，未予输出", "The trace does not add up; nothing was handed out")
    action = Text("请保留台账并报告此问题", "Keep the ledger and report this")


class SeedTooLarge(Invalid):
    """Victims' transfers placed on one transfer come to more than it."""

    code = "seed_too_large"
    message = Text("被害人转账金额超过所对应的交易", "Victims' amounts exceed the transfer they stand for")
    action = Text("请核对被害人转账的金额", "Check the amounts of the victims' transfers")
