"""What can go wrong with a change of a rule."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from rongdun.kernel.errors import FieldError, Invalid, NotFound, Text
from rongdun.kernel.policy import PolicyRule, RuleOverlaps


class UnknownRule(NotFound):
    """No rule of that key has ever been in the table."""

    code = "unknown_rule"
    message = Text("没有这条规则", "There is no such rule")
    action = Text(
        "请从规则表中选择；新的规则随产品版本提供",
        "Choose one from the rule table; new rules come with a release",
    )


class PolicyOverlap(RuleOverlaps):
    """The proposal would apply on a day on which another row of the rule applies; ``extra.overlaps``."""

    code = "policy_overlap"

    @classmethod
    def with_rows(cls, rows: Sequence[PolicyRule], shown: Sequence[Any]) -> "PolicyOverlap":
        """Build the error from the rows in the way and how the API shows them."""
        spans = [_span(row) for row in rows]
        message = Text(
            f"与“{rows[0].name.zh}”的其他版本重叠:" + "、".join(zh for zh, _ in spans),
            f"This overlaps other versions of “{rows[0].name.en}”: " + ", ".join(en for _, en in spans),
        )
        action = Text(
            "请调整生效或失效日期；如要替换当日起生效的版本，请选择“更正”",
            "Change the dates; to put it in place of the version that begins that day, choose “Correction”",
        )
        fields = [FieldError("effective_from", message)]
        return cls(message, action=action, fields=fields, extra={"overlaps": list(shown)})


class RetroactiveNeedsReason(Invalid):
    """A rule that reaches back, or corrects what already applied, needs a reason."""

    code = "retroactive_needs_reason"
    message = Text("追溯生效或更正须说明理由", "A rule that reaches back, or a correction, needs a reason")
    action = Text("请填写理由，写明依据的文件", "Give the reason and the document it rests on")

    @classmethod
    def now(cls) -> "RetroactiveNeedsReason":
        """Build the error, pointing at the reason."""
        return cls(fields=[FieldError("reason", cls.message)])


class NothingToCorrect(Invalid):
    """No version of the rule begins on the day that is to be corrected."""

    code = "nothing_to_correct"

    @classmethod
    def on(cls, key: str, day: date) -> "NothingToCorrect":
        """Build the error for the rule ``key`` and the day."""
        message = Text(
            f"规则“{key}”没有自 {day} 起生效的版本", f"No version of “{key}” takes effect on {day}"
        )
        action = Text(
            "更正时，生效日期须与被更正的版本相同", "A correction begins on the same day as what it corrects"
        )
        return cls(message, action=action, fields=[FieldError("effective_from", message)])


class NothingToEnd(Invalid):
    """No version of the rule is in force on the day it is to end."""

    code = "nothing_to_end"

    @classmethod
    def on(cls, key: str, day: date) -> "NothingToEnd":
        """Build the error for the rule ``key`` and the day."""
        message = Text(f"规则“{key}”在 {day} 没有生效的版本", f"No version of “{key}” is in force on {day}")
        action = Text("请选择规则有效期内的日期", "Choose a day on which the rule is in force")
        return cls(message, action=action, fields=[FieldError("effective_from", message)])


class NothingChanges(Invalid):
    """The proposal says what the rule in force already says."""

    code = "nothing_changes"
    message = Text("内容与现行规则相同，无需变更", "This says what the rule already says")
    action = Text("请修改内容或撤回", "Change something, or withdraw it")


def _span(row: PolicyRule) -> tuple[str, str]:
    if row.effective_to:
        return f"{row.effective_from} 至 {row.effective_to} 前", f"{row.effective_from} to {row.effective_to}"
    return f"{row.effective_from} 起", f"from {row.effective_from} on"
